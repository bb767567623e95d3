"""What documents refuse, beside orders/states.WrongState. Every code is explained in docs/errors.md."""

from inventory_site.core.errors import DomainError, Kind

# --- Sales orders and shipments ---


class OrderNotFound(DomainError):
    """There is no order of that reference."""

    code = "order_not_found"
    title = "No such order"
    kind = Kind.NOT_FOUND


class InvalidOrder(DomainError):
    """A field of the order is out of its range, or two of them contradict each other."""

    code = "invalid_order"
    title = "The order cannot be used"


class NotOnOrder(DomainError):
    """A line names a SKU that the order does not have, or more of it than is still to come."""

    code = "not_on_order"
    title = "Not on this order"
    kind = Kind.CONFLICT


class NothingToShip(DomainError):
    """Nothing of the order is there to leave: it waits for stock, or no tote holds any of it."""

    code = "nothing_to_ship"
    title = "Nothing to ship"
    kind = Kind.CONFLICT


class NotPicked(DomainError):
    """The tote is not to be packed yet: the list still has goods to pick for this order."""

    code = "not_picked"
    title = "Not picked yet"
    kind = Kind.CONFLICT


class NotOnList(DomainError):
    """The pick list has no tote for this order."""

    code = "not_on_list"
    title = "Not on this pick list"
    kind = Kind.CONFLICT


class ShipmentNotFound(DomainError):
    """There is no shipment of that number."""

    code = "shipment_not_found"
    title = "No such shipment"
    kind = Kind.NOT_FOUND


# --- Pick lists ---


class PickListNotFound(DomainError):
    """There is no pick list of that number."""

    code = "pick_list_not_found"
    title = "No such pick list"
    kind = Kind.NOT_FOUND
