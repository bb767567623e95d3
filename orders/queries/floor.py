"""What every floor page needs to know first: where a person may work."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows


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
