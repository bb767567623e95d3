"""What every floor page needs to know first: where a person may work."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows
from orders.queries.filtering import array


@dataclass(frozen=True, slots=True)
class Workplace:
    """A warehouse in which somebody works."""

    id: int
    code: str
    name: str
    time_zone: str


def workplaces(*, within: Collection[str] | None) -> list[Workplace]:
    """The warehouses, or those of `within`, in the order in which they are used."""
    found = rows(
        """SELECT id, code, name, time_zone FROM warehouse_warehouse
            WHERE %s::text[] IS NULL OR code = ANY(%s::text[])
            ORDER BY priority, code""",
        [None if within is None else list(within)] * 2,
    )
    return [Workplace(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shipment as the floor names it."""

    reference: str
    carrier: str
    tracking_number: str
    units: int


def parcels(*, pick_list_id: int, order: str) -> list[Parcel]:
    """What left of an order from this list, in the order in which it left."""
    found = rows(
        """SELECT s.reference, s.carrier, s.tracking_number, sum(l.quantity)::int
             FROM orders_shipment s
             JOIN orders_salesorder o ON o.id = s.order_id
             JOIN orders_shipmentline l ON l.shipment_id = s.id
            WHERE s.pick_list_id = %s AND o.reference = %s
            GROUP BY s.id ORDER BY s.id""",
        [pick_list_id, order],
    )
    return [Parcel(*row) for row in found]


# The list that has work for the order, or its latest parcel: those of this warehouse come first. Whoever is
# limited is told of lists, and of what left, in their own warehouses.
ORDER_HERE = """
    SELECT o.status, l.reference, l.code, l.status, l.claimed_by_id, l.tote,
           o.status IN ('partly_shipped', 'shipped', 'closed')
           AND (%(within)s::text[] IS NULL OR EXISTS (
                SELECT FROM warehouse_reservationline r
                  JOIN warehouse_inventoryitem i ON i.id = r.item_id
                  JOIN warehouse_warehouse w ON w.id = i.warehouse_id
                 WHERE r.reservation_id = o.reservation_id AND r.shipped > 0
                   AND w.code = ANY(%(within)s::text[]))),
           (SELECT s.reference FROM orders_shipment s JOIN warehouse_warehouse w ON w.id = s.warehouse_id
             WHERE s.order_id = o.id AND w.code = %(warehouse)s ORDER BY s.id DESC LIMIT 1)
      FROM orders_salesorder o
      LEFT JOIN LATERAL (
           SELECT t.reference, w.code, t.status, t.claimed_by_id, s.tote
             FROM orders_picklistorder s
             JOIN orders_picklist t ON t.id = s.pick_list_id
             JOIN warehouse_warehouse w ON w.id = t.warehouse_id
            WHERE s.order_id = o.id AND t.status IN ('open', 'claimed', 'picked')
              AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
              AND EXISTS (SELECT FROM orders_pickline x JOIN orders_orderline y ON y.id = x.order_line_id
                           WHERE x.pick_list_id = t.id AND y.order_id = o.id
                             AND (x.quantity > x.picked + x.short OR x.picked > x.shipped))
            ORDER BY (w.code = %(warehouse)s) DESC, t.id DESC LIMIT 1) l ON true
     WHERE o.reference = %(reference)s
"""


@dataclass(frozen=True, slots=True)
class OrderHere:
    """Where an order is met on the floor: the list and tote that have work for it, and its latest parcel.

    `warehouse` is the list's, which may be another one; `parcel` left from here, `shipped` from anywhere
    that the person may see.
    """

    status: str
    pick_list: str | None
    warehouse: str | None
    list_status: str | None
    claimed_by: int | None
    tote: int | None
    shipped: bool
    parcel: str | None


def order_here(
    *, reference: str, warehouse: str, within: Collection[str] | None = None
) -> OrderHere | None:
    """An order as it is met in this warehouse: one statement."""
    asked = {"reference": reference, "warehouse": warehouse, "within": array(within)}
    found = rows(ORDER_HERE, asked)
    return OrderHere(*found[0]) if found else None
