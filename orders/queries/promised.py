"""What is promised to orders, warehouse by warehouse, beside what of it lies in totes."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows

COLUMNS = """
    SELECT o.id, o.reference, o.status, r.reference, y.id, p.sku, h.item_id, w.id, w.code,
           h.quantity - h.shipped - h.released - h.backordered, h.backordered,
           coalesce(t.in_tote, 0)
"""

# One row per order line and item that its reservation holds (or held) something of. `OFFSET 0` has the
# line looked up by order and product; by product alone is a year's orders.
PROMISED = f"""
    {COLUMNS}
      FROM orders_salesorder o
      JOIN warehouse_reservation r ON r.id = o.reservation_id
      JOIN warehouse_reservationline h ON h.reservation_id = r.id AND h.quantity > 0
      JOIN warehouse_inventoryitem i ON i.id = h.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      JOIN warehouse_product p ON p.id = i.product_id
     CROSS JOIN LATERAL (
           SELECT id FROM orders_orderline
            WHERE order_id = o.id AND product_id = i.product_id OFFSET 0) y
     CROSS JOIN LATERAL (
           SELECT sum(x.picked - x.shipped)::int AS in_tote
             FROM orders_pickline x WHERE x.order_line_id = y.id AND x.item_id = h.item_id) t
     WHERE o.id = ANY(%(orders)s::bigint[])
     ORDER BY o.id, y.id, h.id
"""

# The same for what lies in the totes of one list.
IN_TOTES = f"""
    {COLUMNS}
      FROM (SELECT order_line_id, item_id, sum(picked - shipped)::int AS in_tote
              FROM orders_pickline WHERE pick_list_id = %(list)s::bigint AND picked > shipped
             GROUP BY order_line_id, item_id) t
      JOIN orders_orderline y ON y.id = t.order_line_id
      JOIN orders_salesorder o ON o.id = y.order_id
      JOIN warehouse_reservation r ON r.id = o.reservation_id
      JOIN warehouse_reservationline h ON h.reservation_id = r.id AND h.item_id = t.item_id
      JOIN warehouse_inventoryitem i ON i.id = h.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      JOIN warehouse_product p ON p.id = i.product_id
     WHERE o.id = ANY(%(orders)s::bigint[]) AND h.quantity > 0
     ORDER BY o.id, y.id, h.id
"""

# What the order waits for, and what other warehouses hold for it, of one item's product.
PROMISES = """
    SELECT coalesce(sum(r.backordered), 0)::int,
           coalesce(sum(r.quantity - r.shipped - r.released - r.backordered)
                    FILTER (WHERE r.item_id <> i.id), 0)::int
      FROM orders_salesorder o
      JOIN warehouse_inventoryitem i ON i.id = %s
      JOIN warehouse_inventoryitem j ON j.product_id = i.product_id
      JOIN warehouse_reservationline r ON r.reservation_id = o.reservation_id AND r.item_id = j.id
     WHERE o.id = %s
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
    """In the order of orders and lines. With a pick list, only what lies in its totes."""
    if pick_list_id is None:
        return [Promised(*row) for row in rows(PROMISED, {"orders": list(order_ids)})]
    found = rows(IN_TOTES, {"orders": list(order_ids), "list": pick_list_id})
    return [Promised(*row) for row in found]


def waiting_and_elsewhere(*, item_id: int, order_id: int) -> tuple[int, int]:
    """Units of an item's product that the order waits for, and that other warehouses hold for it."""
    ((waiting, elsewhere),) = rows(PROMISES, [item_id, order_id])
    return waiting, elsewhere
