"""What is promised to orders, warehouse by warehouse, beside what of it lies in totes."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows

# One row per order line and item that its reservation holds (or held) something of.
PROMISED = """
    SELECT o.id, o.reference, o.status, r.reference, y.id, p.sku, h.item_id, w.id, w.code,
           h.quantity - h.shipped - h.released - h.backordered, h.backordered,
           coalesce(t.in_tote, 0)
      FROM orders_salesorder o
      JOIN warehouse_reservation r ON r.id = o.reservation_id
      JOIN warehouse_reservationline h ON h.reservation_id = r.id AND h.quantity > 0
      JOIN warehouse_inventoryitem i ON i.id = h.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN orders_orderline y ON y.order_id = o.id AND y.product_id = i.product_id
     CROSS JOIN LATERAL (
           SELECT sum(x.picked - x.shipped)::int AS in_tote
             FROM orders_pickline x
            WHERE x.order_line_id = y.id AND x.item_id = h.item_id
              AND (%(list)s::bigint IS NULL OR x.pick_list_id = %(list)s::bigint)) t
     WHERE o.id = ANY(%(orders)s::bigint[])
     ORDER BY o.id, y.id, h.id
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """`open`: promised and there; `waiting`: promised, not there yet; `in_tote`: picked, not shipped.

    More may be in totes than is open, where a count took the promise away after the goods were picked.
    """

    order_id: int
    order: str
    status: str
    reservation: str
    line_id: int
    sku: str
    item_id: int
    warehouse_id: int
    warehouse: str
    open: int
    waiting: int
    in_tote: int


def promised(*, order_ids: Collection[int], pick_list_id: int | None = None) -> list[Promised]:
    """In the order of orders and lines. With a pick list, only its own totes count as `in_tote`."""
    found = rows(PROMISED, {"orders": list(order_ids), "list": pick_list_id})
    return [Promised(*row) for row in found]
