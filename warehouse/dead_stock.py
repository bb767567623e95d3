"""Dead stock: goods that lie and are not sold: which those are, and what they cost. The report lists them.

An item counts when it has stock, has had it without a break for so many days, and shipped nothing in
them. Goods that were moved from bin to bin are no newer for it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory_site.core.sql import rows_planned

PERIODS = (90, 180)  # days that the back office offers

# What shipped in the period is found by time. Of what is left only the newest movements are read, back to
# the last sale: since then it lies, or since it came, where it was sold out meanwhile.
DEAD = """
    SELECT i.id, i.product_id, i.warehouse_id, i.on_hand, i.on_hand * p.unit_cost AS value,
           s.sold_at, t.idle_since
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN LATERAL (
           SELECT id, occurred_at AS sold_at FROM warehouse_stockmovement
            WHERE item_id = i.id AND type = 'ship' AND occurred_at < %(now)s::timestamptz
            ORDER BY id DESC LIMIT 1) s ON true
     CROSS JOIN LATERAL (
           SELECT min(m.occurred_at) FILTER (WHERE m.id > m.emptied) AS idle_since
             FROM (SELECT id, occurred_at,
                          coalesce(max(id) FILTER (WHERE on_hand_after = 0 AND type <> 'move')
                                   OVER (), 0) AS emptied
                     FROM warehouse_stockmovement
                    WHERE item_id = i.id AND id >= coalesce(s.id, 0)
                      AND occurred_at < %(now)s::timestamptz) m) t
     WHERE i.on_hand > 0
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
       AND i.id NOT IN (SELECT item_id FROM warehouse_stockmovement
                         WHERE type = 'ship' AND occurred_at >= %(before)s::timestamptz
                           AND occurred_at < %(now)s::timestamptz)
       AND t.idle_since < %(before)s::timestamptz
"""

# Since when an item has been in stock without a break: its whole past, so for what is shown alone.
HERE_SINCE = """
    SELECT min(m.occurred_at) FILTER (WHERE m.id > m.emptied) AS stocked_at
      FROM (SELECT id, occurred_at, coalesce(max(id) FILTER (WHERE on_hand_after = 0 AND type <> 'move')
                                             OVER (), 0) AS emptied
              FROM warehouse_stockmovement
             WHERE item_id = {item} AND occurred_at < %(now)s::timestamptz) m
"""

SUMMARY = f"""
    SELECT w.code, count(*), sum(d.on_hand)::bigint, coalesce(sum(d.value), 0),
           count(*) FILTER (WHERE d.value IS NULL)
      FROM ({DEAD}) d
      JOIN warehouse_warehouse w ON w.id = d.warehouse_id
     GROUP BY w.code ORDER BY w.code
"""


@dataclass(frozen=True, slots=True)
class DeadInWarehouse:
    """What lies in one warehouse; `unvalued` items have no unit cost and are not in `value`."""

    warehouse: str
    items: int
    units: int
    value: Decimal
    unvalued: int


def dead_stock_summary(
    *, days: int, now: datetime, within: Collection[str] | None = None
) -> list[DeadInWarehouse]:
    """What was not sold in so many days though it lay there all the time, added up per warehouse; one without
    is left out. One statement; the report of dead stock lists it."""
    return [DeadInWarehouse(*row) for row in rows_planned(SUMMARY, _given(days, now, within))]


def _given(days: int, now: datetime, within: Collection[str] | None) -> dict[str, Any]:
    return {
        "now": now,
        "before": now - timedelta(days=days),
        "within": None if within is None else sorted(within),
    }
