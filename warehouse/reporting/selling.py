"""What sells: classes, and how often stock turns over."""

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Kind,
    Period,
    Report,
    Search,
    Shape,
)
from warehouse.reporting.places import MATCHES, PLACE
from warehouse.reporting.stock import AT_THAT_DAY, ITEM

CLASSES = [f"{value}{evenness}" for value in "ABC" for evenness in "XYZ"]

ABC_XYZ = Report(
    key="abc-xyz",
    title=_("ABC / XYZ"),
    question=_("Which goods matter, and which can be foreseen?"),
    about=_(
        "A: the items that together shipped the first 80 % of their warehouse's value in the last 52 whole "
        "weeks; B: up to 95 %; C: the rest. X, Y, Z: how much weekly demand varies (standard deviation to "
        "mean below 0.5, below 1, above). As of the last night. Source: Silver, Pyke, Thomas, "
        "Inventory and Production Management in Supply Chains."
    ),
    parameters=(
        Choice("class", _("Class"), [("", _("All")), *((x, x) for x in CLASSES)]),
        Search("q", _("SKU or name")),
    ),
    columns=(
        Column("sku", _("SKU"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("class", _("class")),
        Column("shipped", _("value shipped"), Kind.MONEY),
        Column("weekly", _("asked for a week"), Kind.NUMBER),
        Column("variation", _("variation"), Kind.PERCENT),
        Column("on_hand", _("on hand"), Kind.UNITS),
        Column("value", _("stock value"), Kind.MONEY),
    ),
    found=f"""
        WITH {PLACE}
        SELECT i.id AS item_id, p.sku, p.name, w.code AS warehouse, c.abc, c.xyz,
               c.abc || c.xyz AS class, c.value AS shipped, c.weekly_mean AS weekly,
               100 * c.variation AS variation, i.on_hand, i.on_hand * p.unit_cost AS value
          FROM warehouse_itemclass c
          JOIN warehouse_inventoryitem i ON i.id = c.item_id
          JOIN place w ON w.id = i.warehouse_id
          JOIN warehouse_product p ON p.id = i.product_id
         WHERE (%(class)s = '' OR c.abc || c.xyz = %(class)s) AND {MATCHES}""",
    order="r.shipped DESC, r.sku, r.warehouse",
    figures=(
        Figure(_("items"), "count(*)"),
        Figure(_("value shipped"), "coalesce(sum(r.shipped), 0)", Kind.MONEY),
        Figure(_("stock value"), "coalesce(sum(r.value), 0)", Kind.MONEY),
        Figure(
            _("of it in class C"),
            "coalesce(sum(r.value) FILTER (WHERE r.abc = 'C'), 0)",
            Kind.MONEY,
        ),
    ),
    chart=Chart(
        _("Items by class, and what their stock is worth"),
        """SELECT r.abc, r.xyz, count(*), to_char(coalesce(sum(r.value), 0), 'FM999,999,999,990')
             FROM found r GROUP BY 1, 2 ORDER BY 1, 2""",
        shape=Shape.MATRIX,
    ),
)

# Mean units on hand, each moment of the period counting alike: what was there at its end, less each change
# for the part of the period that had passed before it. The end of a period that goes on is now.
TURNOVER_FOUND = f"""
    WITH {PLACE}, {AT_THAT_DAY}, moved AS (
        SELECT m.item_id, -sum(m.quantity) FILTER (WHERE m.type = 'ship') AS shipped,
               sum(m.quantity * date_part('epoch', m.occurred_at - i.since)) AS late
          FROM warehouse_stockmovement m
          JOIN mine i ON i.id = m.item_id
         WHERE m.occurred_at >= %(first_since)s::timestamptz
           AND m.occurred_at < %(last_until)s::timestamptz
           AND m.occurred_at >= i.since AND m.occurred_at < i.until
         GROUP BY m.item_id
    ), item AS (
        SELECT CASE WHEN %(by)s = 'item' THEN s.item_id END AS item_id,
               CASE WHEN %(by)s = 'item' THEN p.sku ELSE coalesce(c.abc || c.xyz, 'not classed') END
                    AS subject,
               CASE WHEN %(by)s = 'item' THEN p.name ELSE '' END AS name,
               CASE WHEN %(by)s = 'item' THEN s.code ELSE '' END AS warehouse,
               coalesce(m.shipped, 0) AS shipped, coalesce(m.shipped, 0) * p.unit_cost AS cost,
               (s.on_hand - coalesce(m.late, 0)::numeric / y.seconds) * p.unit_cost AS mean,
               y.seconds / 86400 AS long
          FROM stock s
          JOIN (SELECT code, greatest(1, extract(epoch FROM
                         least(until, %(now)s::timestamptz) - since)) AS seconds FROM place) y USING (code)
          JOIN warehouse_product p ON p.id = s.product_id
          LEFT JOIN warehouse_itemclass c ON c.item_id = s.item_id
          LEFT JOIN moved m ON m.item_id = s.item_id
         WHERE (s.on_hand <> 0 OR m.item_id IS NOT NULL) AND {MATCHES})
    SELECT max(item_id) AS item_id, subject, max(name) AS name, warehouse,
           sum(shipped)::bigint AS shipped, sum(cost) AS cost, round(sum(mean), 4) AS mean,
           round(sum(cost) / nullif(sum(mean), 0) * 365 / max(long), 4) AS turns,
           round(sum(mean) / nullif(sum(cost), 0) * max(long), 4) AS days, max(long) AS long
      FROM item
     GROUP BY subject, warehouse"""

TURNOVER = Report(
    key="turnover",
    title=_("Turnover"),
    question=_("How often does stock turn over?"),
    about=_(
        "Cost of goods shipped in the period, by the mean value of stock in it (each moment counts alike), "
        "as turns a year; and the days that the mean stock would last. Both at the product's present unit "
        "cost; goods without one are left out of money. Source: Silver, Pyke, Thomas, as above."
    ),
    parameters=(
        Period(90),
        Choice("by", _("By"), [("item", _("Item")), ("class", _("Class"))]),
        Search("q", _("SKU or name")),
    ),
    columns=(
        Column("subject", _("item or class"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("shipped", _("units shipped"), Kind.UNITS),
        Column("cost", _("cost of goods shipped"), Kind.MONEY),
        Column("mean", _("mean stock value"), Kind.MONEY),
        Column("turns", _("turns a year"), Kind.NUMBER),
        Column("days", _("days it lasts"), Kind.NUMBER),
    ),
    found=TURNOVER_FOUND,
    order="r.cost DESC NULLS LAST, r.subject, r.warehouse",
    figures=(
        Figure(_("units shipped"), "coalesce(sum(r.shipped), 0)"),
        Figure(_("cost of goods shipped"), "coalesce(sum(r.cost), 0)", Kind.MONEY),
        Figure(_("mean stock value"), "coalesce(sum(r.mean), 0)", Kind.MONEY),
        Figure(
            _("turns a year"),
            "sum(r.cost) / nullif(sum(r.mean), 0) * 365 / max(r.long)",
            Kind.NUMBER,
        ),
    ),
    chart=Chart(
        _("The largest by cost of goods shipped"),
        """SELECT r.subject || CASE WHEN r.warehouse = '' THEN '' ELSE ' · ' || r.warehouse END, r.cost
             FROM found r WHERE r.cost > 0 ORDER BY r.cost DESC, 1 LIMIT 12""",
        Kind.MONEY,
    ),
)
