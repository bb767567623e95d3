"""What is to be ordered of an item that is low: one rule, wherever it is asked. And what advice waits."""

from collections.abc import Collection

from inventory_site.core.sql import rows_planned

# Of inventory items `i` with their products `p`. For use within a statement. What is not sold any more is
# not low, however little there is of it.
LOW = """p.active AND i.reorder_point > 0
       AND i.on_hand - i.unsellable - i.reserved + i.inbound <= i.reorder_point"""

# At least the reorder quantity, and enough to come above the point again, in whole packs. Read when it is
# asked for: an item sinks further after its suggestion has opened. policy.to_order says the same.
TO_ORDER = """((greatest(i.reorder_quantity,
                     i.reorder_point - (i.on_hand - i.unsellable - i.reserved) - i.inbound + 1)
            + p.pack_size - 1) / p.pack_size * p.pack_size)"""

WAITING = """
    SELECT w.code, count(*)
      FROM warehouse_reorderadvice a
      JOIN warehouse_inventoryitem i ON i.id = a.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE a.decided_at IS NULL
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     GROUP BY w.code
"""


def advice_waiting(*, within: Collection[str] | None = None) -> dict[str, int]:
    """How many items of each warehouse have advice that nobody has decided. One statement."""
    given = {"within": None if within is None else sorted(within)}
    return dict(rows_planned(WAITING, given))
