"""Stock: how much there was, what it was worth, and how long it will last."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Choice,
    Column,
    Figure,
    Given,
    Kind,
    OnDay,
    Report,
    Search,
)
from warehouse.reporting.places import MATCHES, PLACE
from warehouse.reporting.words import in_order

ITEM = ("admin:warehouse_inventoryitem_change", "item_id")

# Items of the places, and their units at the end of the day asked for: on hand now, less all that moved
# since. What the last movement up to then left behind is the same (verify_ledger proves it); this way only
# what came later is read, and no index of its own is needed. For use as CTEs after `place`.
AT_THAT_DAY = """mine AS MATERIALIZED (
        SELECT i.id, i.product_id, i.on_hand, w.code, w.since, w.until
          FROM warehouse_inventoryitem i JOIN place w ON w.id = i.warehouse_id
    ), later AS (
        SELECT m.item_id, sum(m.quantity) AS units
          FROM warehouse_stockmovement m
          JOIN mine i ON i.id = m.item_id
         WHERE m.occurred_at >= %(first_until)s::timestamptz AND m.occurred_at >= i.until
         GROUP BY m.item_id
    ), stock AS (
        SELECT i.id AS item_id, i.product_id, i.code, (i.on_hand - coalesce(l.units, 0))::int AS on_hand
          FROM mine i LEFT JOIN later l ON l.item_id = i.id)"""

STOCK_AT_DATE = Report(
    key="stock-at-date",
    title=_("Stock at a date"),
    question=_("What was on the shelves that day?"),
    about=_(
        "Units on hand at the end of a day, in each warehouse's own zone: on hand now, less every movement "
        "of the ledger since. Value at the product's present unit cost; what was paid for it is in "
        "the valuation."
    ),
    parameters=(OnDay(), Search("q", _("SKU or name"))),
    columns=(
        Column("sku", _("SKU"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("on_hand", _("units"), Kind.UNITS),
        Column("unit_cost", _("unit cost"), Kind.MONEY),
        Column("value", _("value"), Kind.MONEY),
    ),
    found=f"""
        WITH {PLACE}, {AT_THAT_DAY}
        SELECT s.item_id, p.sku, p.name, s.code AS warehouse, s.on_hand, p.unit_cost,
               s.on_hand * p.unit_cost AS value
          FROM stock s JOIN warehouse_product p ON p.id = s.product_id
         WHERE s.on_hand <> 0 AND {MATCHES}""",
    order="r.sku, r.warehouse",
    figures=(
        Figure(_("items in stock"), "count(*)"),
        Figure(_("units"), "coalesce(sum(r.on_hand), 0)"),
        Figure(_("value at unit cost"), "coalesce(sum(r.value), 0)", Kind.MONEY),
        Figure(_("items without a cost"), "count(*) FILTER (WHERE r.unit_cost IS NULL)"),
    ),
    chart=Chart(
        _("Value by warehouse"),
        "SELECT r.warehouse, coalesce(sum(r.value), 0) FROM found r GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12",
        Kind.MONEY,
    ),
)

# Upper bounds of days, and what their bars are called.
COVERS = """(VALUES (1, 0), (2, 7), (3, 14), (4, 30), (5, 90), (6, 180), (7, 2147483647)) AS b(n, most)"""
COVER_WORDS = (
    _("None left"), _("Up to 7 days"), _("Up to 14"), _("Up to 30"), _("Up to 90"), _("Up to 180"),
    _("Longer"),
)  # fmt: skip


def _cover_words(given: Given) -> Mapping[str, Any]:
    return {"covers": in_order(COVER_WORDS), "yes": str(_("yes"))}


DAYS_OF_COVER = Report(
    key="days-of-cover",
    title=_("Days of cover"),
    question=_("How long will it last?"),
    about=_(
        "Available units (on hand, less unsellable, less reserved) by what was shipped a day in the period "
        "before now; an item whose first movement is younger counts from there. Below the lead time it "
        "runs out before a new order can be here. What was not shipped at all has no cover and comes last."
    ),
    parameters=(
        Choice("over", _("Shipped over"), [("28", _("28 days")), ("90", _("90 days")), ("365", _("a year"))]),
        Search("q", _("SKU or name")),
    ),
    columns=(
        Column("sku", _("SKU"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("available", _("available"), Kind.UNITS),
        Column("inbound", _("inbound"), Kind.UNITS),
        Column("a_day", _("shipped a day"), Kind.NUMBER),
        Column("cover", _("days of cover"), Kind.NUMBER),
        Column("lead_days", _("lead time, days"), Kind.UNITS),
        Column("too_short", _("too short")),
    ),
    found=f"""
        WITH {PLACE}, sold AS (
            SELECT m.item_id, -sum(m.quantity) AS units
              FROM warehouse_stockmovement m
             WHERE m.type = 'ship' AND m.occurred_at < %(now)s::timestamptz
               AND m.occurred_at >= %(now)s::timestamptz - %(over)s::int * interval '1 day'
             GROUP BY m.item_id
        ), level AS (
            SELECT i.id AS item_id, p.sku, p.name, w.code AS warehouse, i.inbound,
                   i.on_hand - i.unsellable - i.reserved AS available,
                   coalesce(p.lead_time_days, u.lead_time_days) AS lead_days,
                   s.units / greatest(1, least(%(over)s::int,
                       extract(epoch FROM %(now)s::timestamptz - f.occurred_at) / 86400)) AS a_day
              FROM warehouse_inventoryitem i
              JOIN place w ON w.id = i.warehouse_id
              JOIN warehouse_product p ON p.id = i.product_id
              LEFT JOIN warehouse_supplier u ON u.id = p.supplier_id
              LEFT JOIN sold s ON s.item_id = i.id
              LEFT JOIN LATERAL (SELECT occurred_at FROM warehouse_stockmovement
                                  WHERE item_id = s.item_id ORDER BY id LIMIT 1) f ON true
             WHERE (i.on_hand > 0 OR s.units > 0) AND {MATCHES})
        SELECT l.*, c.cover,
               CASE WHEN c.cover < l.lead_days THEN %(yes)s::text ELSE '' END AS too_short
          FROM level l CROSS JOIN LATERAL (SELECT l.available / nullif(l.a_day, 0) AS cover) c""",
    order="r.cover NULLS LAST, r.sku, r.warehouse",
    figures=(
        Figure(_("items"), "count(*)"),
        Figure(_("too short"), "count(*) FILTER (WHERE r.too_short <> '')"),
        Figure(_("of those, something is inbound"),
               "count(*) FILTER (WHERE r.too_short <> '' AND r.inbound > 0)"),
        Figure(_("not shipped at all"), "count(*) FILTER (WHERE r.cover IS NULL)"),
    ),
    chart=Chart(
        _("Items by days of cover"),
        f"""SELECT (%(covers)s::text[])[b.n], (SELECT count(*) FROM found r WHERE r.cover <= b.most
                   AND r.cover > coalesce((SELECT max(c.most) FROM {COVERS.replace('b(', 'c(')}
                                            WHERE c.n < b.n), -2147483648))
              FROM {COVERS} ORDER BY b.n""",
    ),
    prepare=_cover_words,
)  # fmt: skip
