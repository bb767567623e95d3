"""What documents refuse, beside orders/states.WrongState."""

from inventory_site.core.errors import DomainError, Kind


class DocumentNotFound(DomainError):
    """There is no purchase order, return or transfer of that reference."""

    code = "document_not_found"
    title = "No such document"
    kind = Kind.NOT_FOUND


class NotOnDocument(DomainError):
    """A line names a product that the document does not have; each such line is named."""

    code = "not_on_document"
    title = "Not on this document"
    kind = Kind.CONFLICT


class OverDelivery(DomainError):
    """More came than was ordered, and nobody has said yet that it shall be booked all the same."""

    code = "over_delivery"
    title = "More than was ordered"
    kind = Kind.CONFLICT


class TooMuchReturned(DomainError):
    """More is to come back of an order than was shipped of it, less what came back before."""

    code = "too_much_returned"
    title = "More than was shipped"
    kind = Kind.CONFLICT


class NotReceived(DomainError):
    """More is to be graded than was received and is not graded yet."""

    code = "not_received"
    title = "Not received yet"
    kind = Kind.CONFLICT


class UnknownSupplier(DomainError):
    """There is no supplier of that code."""

    code = "unknown_supplier"
    title = "Unknown supplier"
