"""What is so about orders: the facts from which their status follows."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows
from orders.states import Facts

# `OFFSET 0` has pick lines looked up by the order's own lines; a list holds those of many orders.
FACTS = """
    SELECT o.id, o.reference, o.status, l.ordered, l.cancelled, l.shipped,
           coalesce(r.backordered, 0), coalesce(p.in_hand, 0),
           p.packed AND p.in_tote = l.ordered - l.cancelled - l.shipped
      FROM orders_salesorder o
     CROSS JOIN LATERAL (
           SELECT sum(quantity)::int AS ordered, sum(cancelled)::int AS cancelled,
                  sum(shipped)::int AS shipped
             FROM orders_orderline WHERE order_id = o.id) l
     CROSS JOIN LATERAL (
           SELECT sum(backordered)::int AS backordered
             FROM warehouse_reservationline WHERE reservation_id = o.reservation_id) r
     CROSS JOIN LATERAL (
           SELECT sum(CASE WHEN t.status = 'claimed' THEN x.quantity - x.short - x.shipped
                           ELSE x.picked - x.shipped END)::int AS in_hand,
                  sum(x.picked - x.shipped)::int AS in_tote,
                  coalesce(bool_and(s.packed_at IS NOT NULL)
                           FILTER (WHERE x.picked > x.shipped), false) AS packed
             FROM orders_orderline y
            CROSS JOIN LATERAL (
                  SELECT pick_list_id, quantity, picked, short, shipped FROM orders_pickline
                   WHERE order_line_id = y.id OFFSET 0) x
             JOIN orders_picklist t ON t.id = x.pick_list_id AND t.status <> 'cancelled'
             JOIN orders_picklistorder s ON s.pick_list_id = t.id AND s.order_id = o.id
            WHERE y.order_id = o.id) p
     WHERE o.id = ANY(%s::bigint[])
     ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    id: int
    reference: str
    facts: Facts


def facts_of(*, order_ids: Collection[int]) -> list[OrderFacts]:
    """The facts of these orders, as they stand in this transaction."""
    return [
        OrderFacts(
            id=row[0],
            reference=row[1],
            facts=Facts(
                status=row[2],
                ordered=row[3] or 0,
                cancelled=row[4] or 0,
                shipped=row[5] or 0,
                backordered=row[6],
                in_hand=row[7],
                packed=bool(row[8]),
            ),
        )
        for row in rows(FACTS, [list(order_ids)])
    ]


def ids_by_reservation(*, references: Collection[str]) -> list[int]:
    """Ids of the orders whose reservations these are."""
    found = rows(
        """SELECT o.id FROM orders_salesorder o
             JOIN warehouse_reservation r ON r.id = o.reservation_id
            WHERE r.reference = ANY(%s) ORDER BY o.id""",
        [list(references)],
    )
    return [order_id for (order_id,) in found]
