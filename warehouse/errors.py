"""What the stock engine refuses, and why. Every code is explained in docs/errors.md."""

from inventory_site.core.errors import DomainError, Kind


class InsufficientStock(DomainError):
    """There is less than was asked for. Each item: sku, requested, available, held, next_inbound."""

    code = "insufficient_stock"
    title = "Not enough stock"
    kind = Kind.CONFLICT
    keeps_record = True


class NotEnoughToTake(DomainError):
    """A transfer, damage or adjustment takes more than is there (or than is not promised)."""

    code = "not_enough_to_take"
    title = "Not enough stock to take"
    kind = Kind.CONFLICT


class NotEnoughInBin(DomainError):
    """The bin named holds less than is to be taken from it."""

    code = "not_enough_in_bin"
    title = "The bin holds less"
    kind = Kind.CONFLICT


class UnknownSku(DomainError):
    code = "unknown_sku"
    title = "Unknown SKU"


class SkuNotFound(DomainError):
    code = "sku_not_found"
    title = "No such SKU"
    kind = Kind.NOT_FOUND


class UnknownWarehouse(DomainError):
    code = "unknown_warehouse"
    title = "Unknown warehouse"


class UnknownBin(DomainError):
    code = "unknown_bin"
    title = "Unknown bin"


class WrongBinKind(DomainError):
    """The bin exists but is not for this: quarantined goods need a quarantine bin, sellable ones none."""

    code = "wrong_bin_kind"
    title = "Not in that kind of bin"


class InvalidLines(DomainError):
    """No lines, too many, a quantity that is not a whole number in range, or lines that contradict."""

    code = "invalid_lines"
    title = "The lines cannot be used"


class InvalidReference(DomainError):
    code = "invalid_reference"
    title = "The reference cannot be used"


class ReasonRequired(DomainError):
    code = "reason_required"
    title = "A reason is required"


class ReferenceConflict(DomainError):
    """The reference was used for another request."""

    code = "reference_conflict"
    title = "The reference is taken"
    kind = Kind.CONFLICT


class ReservationNotFound(DomainError):
    code = "reservation_not_found"
    title = "No such reservation"
    kind = Kind.NOT_FOUND


class ReservationClosed(DomainError):
    """The reservation is released, expired or fulfilled, so this can no longer be done to it."""

    code = "reservation_closed"
    title = "The reservation is closed"
    kind = Kind.CONFLICT


class NotReserved(DomainError):
    """More is to be shipped or released than this reservation holds."""

    code = "not_reserved"
    title = "Not reserved for this reference"
    kind = Kind.CONFLICT


class StockChanged(DomainError):
    """Compare-and-set: the quantity to be replaced is no longer what the caller saw."""

    code = "stock_changed"
    title = "The stock has changed"
    kind = Kind.CONFLICT


class TooLarge(DomainError):
    code = "quantity_too_large"
    title = "The quantity is too large"


class OverReceipt(DomainError):
    """More arrives of a transfer than was dispatched."""

    code = "over_receipt"
    title = "More than was dispatched"
    kind = Kind.CONFLICT


class NothingExpected(DomainError):
    """Nothing (more) is expected under this reference."""

    code = "nothing_expected"
    title = "Nothing is expected under this reference"
    kind = Kind.CONFLICT


class StockAlreadyThere(DomainError):
    """An opening stock is for items that have none yet."""

    code = "stock_already_there"
    title = "These items have stock already"
    kind = Kind.CONFLICT


class WarehouseNotAllowed(DomainError):
    code = "warehouse_not_allowed"
    title = "Not your warehouse"
    kind = Kind.FORBIDDEN


class InvalidLocation(DomainError):
    code = "invalid_location"
    title = "The code cannot be used"


class LocationTaken(DomainError):
    code = "location_taken"
    title = "The code is taken"
    kind = Kind.CONFLICT


class BarcodeTaken(DomainError):
    """A barcode leads to one product only."""

    code = "barcode_taken"
    title = "The barcode belongs to another product"
    kind = Kind.CONFLICT
