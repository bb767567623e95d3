"""What sells: classes of items by the value that they shipped."""

from collections.abc import Collection
from datetime import datetime

from inventory_site.core.sql import rows

A_SHARE, B_SHARE = 0.80, 0.95

# Items by class: those that together make the first 80 % of their warehouse's shipped value are A, up to
# 95 % B, all others C. A product without a cost is valued at 1 a unit. For use as a subquery.
CLASSES = f"""
    SELECT i.id AS item_id, v.value,
           CASE WHEN v.value IS NULL THEN 'C'
                WHEN v.before < {A_SHARE} * v.total THEN 'A'
                WHEN v.before < {B_SHARE} * v.total THEN 'B' ELSE 'C' END AS class
      FROM warehouse_inventoryitem i
      LEFT JOIN (
           SELECT s.item_id, s.value,
                  sum(s.value) OVER (PARTITION BY s.warehouse_id) AS total,
                  sum(s.value) OVER (PARTITION BY s.warehouse_id
                                     ORDER BY s.value DESC, s.item_id) - s.value AS before
             FROM (SELECT m.item_id, n.warehouse_id,
                          sum(-m.quantity) * coalesce(min(p.unit_cost), 1) AS value
                     FROM warehouse_stockmovement m
                     JOIN warehouse_inventoryitem n ON n.id = m.item_id
                     JOIN warehouse_product p ON p.id = n.product_id
                    WHERE m.type = 'ship'
                      AND m.occurred_at >= %(since)s AND m.occurred_at < %(until)s
                    GROUP BY m.item_id, n.warehouse_id) s
            WHERE s.value > 0) v ON v.item_id = i.id
"""


def classes(
    *, since: datetime, until: datetime, within: Collection[str] | None = None
) -> dict[tuple[str, str], str]:
    """The class (A, B, C) of each item, by SKU and warehouse, from what it shipped in that time."""
    found = rows(
        f"""SELECT p.sku, w.code, c.class
              FROM ({CLASSES}) c
              JOIN warehouse_inventoryitem i ON i.id = c.item_id
              JOIN warehouse_product p ON p.id = i.product_id
              JOIN warehouse_warehouse w ON w.id = i.warehouse_id
             WHERE %(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[])""",
        {
            "since": since,
            "until": until,
            "within": None if within is None else sorted(within),
        },
    )
    return {(sku, code): letter for sku, code, letter in found}
