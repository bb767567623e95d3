"""What documents and the floor refuse, and why. Every code is explained in docs/errors.md."""

from django.utils.translation import gettext_noop

from inventory_site.core.errors import DomainError, Kind

# --- Pick lists ---


class OrderNotFound(DomainError):
    """There is no order of that reference."""

    code = "order_not_found"
    title = gettext_noop("No such order")
    kind = Kind.NOT_FOUND


class NothingToPick(DomainError):
    """Nothing of these orders can be put on a pick list; each item says why."""

    code = "nothing_to_pick"
    title = gettext_noop("Nothing to pick")
    kind = Kind.CONFLICT


class PickListNotFound(DomainError):
    """There is no pick list of that number."""

    code = "pick_list_not_found"
    title = gettext_noop("No such pick list")
    kind = Kind.NOT_FOUND


class PickLineNotFound(DomainError):
    """The pick list has no such line."""

    code = "pick_line_not_found"
    title = gettext_noop("No such line on the list")
    kind = Kind.NOT_FOUND


class ListClaimed(DomainError):
    """Somebody else walks with this list; the message says who."""

    code = "list_claimed"
    title = gettext_noop("Somebody else has this list")
    kind = Kind.CONFLICT


class ListNotYours(DomainError):
    """A list is picked only by the person who claimed it."""

    code = "list_not_yours"
    title = gettext_noop("The list is not yours")
    kind = Kind.CONFLICT


class NoSuchPerson(DomainError):
    """The list is to be given to somebody who is not there, or does not pick there."""

    code = "no_such_person"
    title = gettext_noop("No such person")
    kind = Kind.NOT_FOUND


class UnknownCode(DomainError):
    """What was scanned is neither a bin nor a product that we know."""

    code = "unknown_code"
    title = gettext_noop("Unknown code")


class WrongBin(DomainError):
    """Another bin was scanned than the one to pick from."""

    code = "wrong_bin"
    title = gettext_noop("The wrong bin")


class WrongItem(DomainError):
    """Another product was scanned than the one to pick."""

    code = "wrong_item"
    title = gettext_noop("The wrong product")


class OtherWarehouse(DomainError):
    """The code belongs to a bin of another warehouse."""

    code = "other_warehouse"
    title = gettext_noop("A code of another warehouse")


class MoreThanNeeded(DomainError):
    """More is scanned than the line still needs."""

    code = "more_than_needed"
    title = gettext_noop("More than is needed")
    kind = Kind.CONFLICT


class LineOver(DomainError):
    """The line that a scan was made for is over, and the list is at another one."""

    code = "line_over"
    title = gettext_noop("The line is over")
    kind = Kind.CONFLICT


class BinHoldsLess(DomainError):
    """By the books the bin holds less than what is to be taken from it."""

    code = "bin_holds_less"
    title = gettext_noop("The books know of less")
    kind = Kind.CONFLICT


class OrderCancelled(DomainError):
    """The order was cancelled while it was picked."""

    code = "order_cancelled"
    title = gettext_noop("The order was cancelled")
    kind = Kind.CONFLICT


class NothingToUndo(DomainError):
    """There is no scan of yours on this list that could be taken back."""

    code = "nothing_to_undo"
    title = gettext_noop("Nothing to undo")
    kind = Kind.CONFLICT


class NotShort(DomainError):
    """A problem was reported, but what was found is enough."""

    code = "not_short"
    title = gettext_noop("There is enough")


class UnknownProblem(DomainError):
    """The problem is none that the floor knows, or what was found contradicts it."""

    code = "unknown_problem"
    title = gettext_noop("Not a problem that we know")


# --- Orders ---


class InvalidOrder(DomainError):
    """A field of the order is out of its range, or two of them contradict each other."""

    code = "invalid_order"
    title = gettext_noop("The order cannot be used")


class NotOnOrder(DomainError):
    """A line names a SKU that the order does not have, or more of it than is still to come."""

    code = "not_on_order"
    title = gettext_noop("Not on this order")
    kind = Kind.CONFLICT


class NothingToShip(DomainError):
    """Nothing of the order is there to leave: it waits for stock, or no tote holds any of it."""

    code = "nothing_to_ship"
    title = gettext_noop("Nothing to ship")
    kind = Kind.CONFLICT


class NotPicked(DomainError):
    """The tote is not to be packed yet: the list still has goods to pick for this order."""

    code = "not_picked"
    title = gettext_noop("Not picked yet")
    kind = Kind.CONFLICT


class NotInTote(DomainError):
    """The tote holds less of the product, by the books, than was said of it."""

    code = "not_in_tote"
    title = gettext_noop("Not in the tote")
    kind = Kind.CONFLICT


class NotOnList(DomainError):
    """The pick list has no tote for this order."""

    code = "not_on_list"
    title = gettext_noop("Not on this pick list")
    kind = Kind.CONFLICT


class ShipmentNotFound(DomainError):
    """There is no shipment of that number."""

    code = "shipment_not_found"
    title = gettext_noop("No such shipment")
    kind = Kind.NOT_FOUND


# --- What comes in: purchase orders, returns, transfers ---


class DocumentNotFound(DomainError):
    """There is no purchase order, return or transfer of that reference."""

    code = "document_not_found"
    title = gettext_noop("No such document")
    kind = Kind.NOT_FOUND


class NotOnDocument(DomainError):
    """A line names a product that the document does not have; each such line is named."""

    code = "not_on_document"
    title = gettext_noop("Not on this document")
    kind = Kind.CONFLICT


class OverDelivery(DomainError):
    """More came than was ordered, and nobody has said yet that it shall be booked all the same."""

    code = "over_delivery"
    title = gettext_noop("More than was ordered")
    kind = Kind.CONFLICT


class UnlikelyQuantity(DomainError):
    """Far more is said to have come than ever did, or a label was scanned as the number of units."""

    code = "unlikely_quantity"
    title = gettext_noop("Hardly so many")
    kind = Kind.CONFLICT


class TooMuchReturned(DomainError):
    """More is to come back of an order than was shipped of it, less what came back before."""

    code = "too_much_returned"
    title = gettext_noop("More than was shipped")
    kind = Kind.CONFLICT


class NotReceived(DomainError):
    """More is to be graded than was received and is not graded yet."""

    code = "not_received"
    title = gettext_noop("Not received yet")
    kind = Kind.CONFLICT


class UnknownSupplier(DomainError):
    """There is no supplier of that code."""

    code = "unknown_supplier"
    title = gettext_noop("Unknown supplier")


# --- Counts ---


class CountTaskNotFound(DomainError):
    """There is no count task of that number."""

    code = "count_task_not_found"
    title = gettext_noop("No such count task")
    kind = Kind.NOT_FOUND


class CountTaskClaimed(DomainError):
    """Somebody else is counting this, or nobody has begun to."""

    code = "count_task_claimed"
    title = gettext_noop("Not yours to count")
    kind = Kind.CONFLICT


class OwnCount(DomainError):
    """Whoever counted does not approve the count, as long as there is another manager."""

    code = "own_count"
    title = gettext_noop("Counted by yourself")
    kind = Kind.CONFLICT


class NotInCount(DomainError):
    """What was counted or scanned is not what this task is about."""

    code = "not_in_count"
    title = gettext_noop("Not part of this count")


class NothingToCount(DomainError):
    """The product lies in no bin there, or the place holds only what the books put there."""

    code = "nothing_to_count"
    title = gettext_noop("Nothing to count")


class CountOutdated(DomainError):
    """The bin was counted or corrected since; what was found then no longer tells a difference."""

    code = "count_outdated"
    title = gettext_noop("Corrected since it was counted")
    kind = Kind.CONFLICT


class LabelsRefused(DomainError):
    """No labels, or more than are printed at once, or a place that the paper does not have."""

    code = "labels_refused"
    title = gettext_noop("The labels cannot be printed")


class NotToMove(DomainError):
    """Goods that belong to an order are not carried about by hand."""

    code = "not_to_move"
    title = gettext_noop("Not to be moved")
    kind = Kind.CONFLICT


class BookedAlready(DomainError):
    """What was in hand is booked: the label of its bin was scanned twice."""

    code = "booked_already"
    title = gettext_noop("Booked already")
    kind = Kind.CONFLICT


class NotInHand(DomainError):
    """The page was made for goods that are not in hand any more: others were scanned since."""

    code = "not_in_hand"
    title = gettext_noop("Not in hand")
    kind = Kind.CONFLICT
