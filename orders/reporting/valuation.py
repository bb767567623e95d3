"""What the stock is worth by what was paid for it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.reporting.definition import (
    Chart,
    Column,
    Figure,
    Kind,
    OnDay,
    Report,
    Search,
)
from warehouse.reporting.places import MATCHES, PLACE
from warehouse.reporting.stock import AT_THAT_DAY, ITEM

# What a product cost on average: everything received up to that day, in every warehouse, each unit at the
# price of its purchase order's line, or at the product's unit cost where it had none (ADR 17).
AVERAGE = """paid AS (
        SELECT i.product_id, sum(m.quantity)::bigint AS units,
               sum(m.quantity * coalesce(l.unit_cost, p.unit_cost)) / sum(m.quantity) AS average
          FROM warehouse_stockmovement m
          JOIN warehouse_inventoryitem i ON i.id = m.item_id
          JOIN warehouse_product p ON p.id = i.product_id
          LEFT JOIN orders_purchaseorder o ON o.reference = m.reference
          LEFT JOIN orders_purchaseline l ON l.order_id = o.id AND l.product_id = i.product_id
         WHERE m.type = 'receive' AND m.occurred_at < %(last_until)s::timestamptz
           AND coalesce(l.unit_cost, p.unit_cost) IS NOT NULL
         GROUP BY i.product_id)"""

VALUATION = Report(
    key="valuation",
    title=_("Valuation"),
    question=_("What is my stock worth?"),
    about=_(
        "Units at the end of a day times the weighted average cost of all that was received up to then: each "
        "unit at the price of its purchase order, or at the product's unit cost where that has none. A "
        "product never received is valued at its unit cost. Source: IAS 2, weighted average cost formula, "
        "over all receipts."
    ),
    parameters=(OnDay(), Search("q", _("SKU or name"))),
    columns=(
        Column("sku", _("SKU"), link=ITEM),
        Column("name", _("name")),
        Column("warehouse", _("warehouse")),
        Column("on_hand", _("units"), Kind.UNITS),
        Column("average", _("average cost"), Kind.MONEY),
        Column("value", _("value"), Kind.MONEY),
        Column("received", _("units received"), Kind.UNITS),
        Column("source", _("cost from")),
    ),
    found=f"""
        WITH {PLACE}, {AT_THAT_DAY}, {AVERAGE}
        SELECT s.item_id, p.sku, p.name, s.code AS warehouse, s.on_hand, c.average,
               round(s.on_hand * c.average, 4) AS value, a.units AS received,
               CASE WHEN a.average IS NOT NULL THEN %(receipts)s::text
                    WHEN p.unit_cost IS NOT NULL THEN %(unit_cost)s::text
                    ELSE %(not_known)s::text END AS source
          FROM stock s
          JOIN warehouse_product p ON p.id = s.product_id
          LEFT JOIN paid a ON a.product_id = s.product_id
         CROSS JOIN LATERAL (SELECT round(coalesce(a.average, p.unit_cost), 4) AS average) c
         WHERE s.on_hand <> 0 AND {MATCHES}""",
    prepare=lambda given: {
        "receipts": gettext("receipts"),
        "unit_cost": gettext("unit cost"),
        "not_known": gettext("not known"),
    },
    order="r.value DESC NULLS LAST, r.sku, r.warehouse",
    figures=(
        Figure(_("value"), "coalesce(sum(r.value), 0)", Kind.MONEY),
        Figure(_("units"), "coalesce(sum(r.on_hand), 0)"),
        Figure(_("items"), "count(*)"),
        Figure(_("items of unknown cost"), "count(*) FILTER (WHERE r.average IS NULL)"),
    ),
    chart=Chart(
        _("Value by warehouse"),
        "SELECT r.warehouse, coalesce(sum(r.value), 0) FROM found r GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12",
        Kind.MONEY,
    ),
)
