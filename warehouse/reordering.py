"""What is to be ordered of an item at or under its reorder point. One rule, wherever it is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from inventory_site.core.sql import rows_planned

# Of inventory items `i` with their products `p`. For use within a statement.
LOW = """i.reorder_point > 0
       AND i.on_hand - i.unsellable - i.reserved + i.inbound <= i.reorder_point"""

# At least the reorder quantity, and enough to come above the point again, in whole packs. Read when it is
# asked for: an item sinks further after its suggestion has opened. policy.to_order says the same.
TO_ORDER = """((greatest(i.reorder_quantity,
                     i.reorder_point - (i.on_hand - i.unsellable - i.reserved) - i.inbound + 1)
            + p.pack_size - 1) / p.pack_size * p.pack_size)"""

LOW_ITEMS = f"""
    SELECT p.sku, w.code, i.on_hand - i.unsellable - i.reserved, i.inbound, i.reorder_point,
           {TO_ORDER}, s.code, g.opened_at
      FROM warehouse_reordersuggestion g
      JOIN warehouse_inventoryitem i ON i.id = g.item_id
      JOIN warehouse_product p ON p.id = i.product_id AND p.active
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_supplier s ON s.id = p.supplier_id
     WHERE g.closed_at IS NULL
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     ORDER BY w.code, p.sku
"""

WAITING = """
    SELECT w.code, count(*)
      FROM warehouse_reorderadvice a
      JOIN warehouse_inventoryitem i ON i.id = a.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE a.decided_at IS NULL
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     GROUP BY w.code
"""


@dataclass(frozen=True, slots=True)
class Low:
    """An item at or under its reorder point as it is now, in units; `since` its suggestion is open."""

    sku: str
    warehouse: str
    available: int
    inbound: int
    reorder_point: int
    to_order: int
    supplier: str | None
    since: datetime


def low_items(*, within: Collection[str] | None = None) -> list[Low]:
    """Everything with an open suggestion, by warehouse and SKU. One statement."""
    return [Low(*row) for row in rows_planned(LOW_ITEMS, {"within": _codes(within)})]


def advice_waiting(*, within: Collection[str] | None = None) -> dict[str, int]:
    """How many items of each warehouse have advice that nobody has decided. One statement."""
    return dict(rows_planned(WAITING, {"within": _codes(within)}))


def _codes(within: Collection[str] | None) -> list[str] | None:
    return None if within is None else sorted(within)
