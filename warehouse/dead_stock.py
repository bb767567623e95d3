"""Dead stock: goods that lie and are not sold. With what they cost, since when, and where.

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

# What shipped in the period is found by time, and only of what is left is the whole past read.
DEAD = """
    SELECT i.id, i.product_id, i.warehouse_id, i.on_hand, i.on_hand * p.unit_cost AS value,
           t.sold_at, t.stocked_at, greatest(t.sold_at, t.stocked_at) AS idle_since
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     CROSS JOIN LATERAL (
           SELECT max(m.occurred_at) FILTER (WHERE m.type = 'ship') AS sold_at,
                  min(m.occurred_at) FILTER (WHERE m.id > m.emptied) AS stocked_at
             FROM (SELECT id, type, occurred_at,
                          coalesce(max(id) FILTER (WHERE on_hand_after = 0 AND type <> 'move')
                                   OVER (), 0) AS emptied
                     FROM warehouse_stockmovement
                    WHERE item_id = i.id AND occurred_at < %(now)s::timestamptz) m) t
     WHERE i.on_hand > 0
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
       AND i.id NOT IN (SELECT item_id FROM warehouse_stockmovement
                         WHERE type = 'ship' AND occurred_at >= %(before)s::timestamptz
                           AND occurred_at < %(now)s::timestamptz)
       AND t.stocked_at < %(before)s::timestamptz
"""

LIST = f"""
    SELECT p.sku, p.name, w.code, s.code, d.on_hand, d.value, d.sold_at, d.stocked_at,
           extract(epoch FROM %(now)s::timestamptz - d.idle_since)::bigint / 86400
      FROM ({DEAD}) d
      JOIN warehouse_product p ON p.id = d.product_id
      JOIN warehouse_warehouse w ON w.id = d.warehouse_id
      LEFT JOIN LATERAL (
           SELECT b.code FROM warehouse_binstock k JOIN warehouse_bin b ON b.id = k.bin_id
            WHERE k.item_id = d.id AND k.quantity > 0
            ORDER BY k.quantity DESC, b.code LIMIT 1) s ON true
     ORDER BY d.value DESC NULLS LAST, d.on_hand DESC, p.sku, w.code
     LIMIT %(limit)s OFFSET %(skip)s
"""

SUMMARY = f"""
    SELECT w.code, count(*), sum(d.on_hand)::bigint, coalesce(sum(d.value), 0),
           count(*) FILTER (WHERE d.value IS NULL)
      FROM ({DEAD}) d
      JOIN warehouse_warehouse w ON w.id = d.warehouse_id
     GROUP BY w.code ORDER BY w.code
"""


@dataclass(frozen=True, slots=True)
class Dead:
    """Units of an item that lie; `value` at unit cost, None where that is not known.

    `bin` holds the most of them. `idle_days` since the last sale, or since they came where that was later.
    """

    sku: str
    name: str
    warehouse: str
    bin: str | None
    quantity: int
    value: Decimal | None
    sold_at: datetime | None
    stocked_at: datetime
    idle_days: int


@dataclass(frozen=True, slots=True)
class DeadInWarehouse:
    """What lies in one warehouse; `unvalued` items have no unit cost and are not in `value`."""

    warehouse: str
    items: int
    units: int
    value: Decimal
    unvalued: int


def dead_stock(
    *,
    days: int,
    now: datetime,
    within: Collection[str] | None = None,
    limit: int | None = None,
    skip: int = 0,
) -> list[Dead]:
    """What was not sold in so many days though it lay there all the time, the most valuable first."""
    found = rows_planned(LIST, {**_given(days, now, within), "limit": limit, "skip": skip})
    return [Dead(*row) for row in found]


def dead_stock_summary(
    *, days: int, now: datetime, within: Collection[str] | None = None
) -> list[DeadInWarehouse]:
    """The same, added up per warehouse; one without dead stock is left out."""
    return [DeadInWarehouse(*row) for row in rows_planned(SUMMARY, _given(days, now, within))]


def _given(days: int, now: datetime, within: Collection[str] | None) -> dict[str, Any]:
    return {
        "now": now,
        "before": now - timedelta(days=days),
        "within": None if within is None else sorted(within),
    }
