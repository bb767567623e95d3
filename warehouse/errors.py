"""What the stock engine refuses, and why. Every code is explained in docs/errors.md."""

from django.utils.translation import gettext_noop

from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.errors import WarehouseNotAllowed as WarehouseNotAllowed


class InsufficientStock(DomainError):
    """There is less than was asked for. Each item: sku, requested, available, held, next_inbound."""

    code = "insufficient_stock"
    title = gettext_noop("Not enough stock")
    kind = Kind.CONFLICT
    keeps_record = True


class NotEnoughToTake(DomainError):
    """A transfer, damage or adjustment takes more than is there (or than is not promised)."""

    code = "not_enough_to_take"
    title = gettext_noop("Not enough stock to take")
    kind = Kind.CONFLICT


class NotEnoughInBin(DomainError):
    """The bin named holds less than is to be taken from it."""

    code = "not_enough_in_bin"
    title = gettext_noop("The bin holds less")
    kind = Kind.CONFLICT


class UnknownSku(DomainError):
    """A line names a SKU that the catalog does not have; each such line is named."""

    code = "unknown_sku"
    title = gettext_noop("Unknown SKU")


class ProductInactive(DomainError):
    """A line asks for a product that is not sold any more; each such line is named."""

    code = "product_inactive"
    title = gettext_noop("Not sold any more")
    kind = Kind.CONFLICT


class SkuNotFound(DomainError):
    """The SKU asked for is not in the catalog; each missing one is named."""

    code = "sku_not_found"
    title = gettext_noop("No such SKU")
    kind = Kind.NOT_FOUND


class UnknownWarehouse(DomainError):
    """There is no warehouse of that code."""

    code = "unknown_warehouse"
    title = gettext_noop("Unknown warehouse")


class UnknownBin(DomainError):
    """The warehouse has no bin of that code; each such line is named."""

    code = "unknown_bin"
    title = gettext_noop("Unknown bin")


class WrongBinKind(DomainError):
    """The bin exists but is not for this: quarantined goods need a quarantine bin, sellable ones none."""

    code = "wrong_bin_kind"
    title = gettext_noop("Not in that kind of bin")


class InvalidLines(DomainError):
    """No lines, too many, a quantity that is not a whole number in range, or lines that contradict."""

    code = "invalid_lines"
    title = gettext_noop("The lines cannot be used")


class InvalidReference(DomainError):
    """The reference is empty, too long, or holds characters that cannot be printed."""

    code = "invalid_reference"
    title = gettext_noop("The reference cannot be used")


class ReasonRequired(DomainError):
    """An adjustment or a damage says why, in 1 to 200 characters."""

    code = "reason_required"
    title = gettext_noop("A reason is required")


class ReferenceConflict(DomainError):
    """The reference was used for another request."""

    code = "reference_conflict"
    title = gettext_noop("The reference is taken")
    kind = Kind.CONFLICT


class ReservationNotFound(DomainError):
    """There is no reservation under this reference."""

    code = "reservation_not_found"
    title = gettext_noop("No such reservation")
    kind = Kind.NOT_FOUND


class ReservationClosed(DomainError):
    """The reservation is released, expired or fulfilled, so this can no longer be done to it."""

    code = "reservation_closed"
    title = gettext_noop("The reservation is closed")
    kind = Kind.CONFLICT


class NeverExpires(DomainError):
    """The reservation was made without an expiry, so there is none to put off."""

    code = "never_expires"
    title = gettext_noop("It does not run out")
    kind = Kind.CONFLICT


class ReservationOwned(DomainError):
    """The reservation belongs to a document (a sales order); change that instead."""

    code = "reservation_owned"
    title = gettext_noop("Part of a document")
    kind = Kind.CONFLICT


class ReceiptOwned(DomainError):
    """Goods under this reference are received with its document (a purchase or transfer order)."""

    code = "receipt_owned"
    title = gettext_noop("Received with its document")
    kind = Kind.CONFLICT


class ReservationDiffers(DomainError):
    """The reservation to be taken over does not hold what the document says; each SKU is named."""

    code = "reservation_differs"
    title = gettext_noop("The reservation holds something else")
    kind = Kind.CONFLICT


class NotReserved(DomainError):
    """More is to be shipped or released than this reservation holds."""

    code = "not_reserved"
    title = gettext_noop("Not reserved for this reference")
    kind = Kind.CONFLICT


class StockChanged(DomainError):
    """Compare-and-set: the quantity to be replaced is no longer what the caller saw."""

    code = "stock_changed"
    title = gettext_noop("The stock has changed")
    kind = Kind.CONFLICT


class TooLarge(DomainError):
    """A quantity, or the stock that would result, is beyond what the system counts."""

    code = "quantity_too_large"
    title = gettext_noop("The quantity is too large")


class OverReceipt(DomainError):
    """More arrives of a transfer than was dispatched."""

    code = "over_receipt"
    title = gettext_noop("More than was dispatched")
    kind = Kind.CONFLICT


class NotOnTransfer(DomainError):
    """What arrives under a transfer's reference is not what was dispatched, or not where it was sent to."""

    code = "not_on_transfer"
    title = gettext_noop("Not on this transfer")
    kind = Kind.CONFLICT


class NothingExpected(DomainError):
    """Nothing (more) is expected under this reference."""

    code = "nothing_expected"
    title = gettext_noop("Nothing is expected under this reference")
    kind = Kind.CONFLICT


class StockAlreadyThere(DomainError):
    """An opening stock is for items that have none yet."""

    code = "stock_already_there"
    title = gettext_noop("These items have stock already")
    kind = Kind.CONFLICT


class AdviceNotFound(DomainError):
    """There is no advice of that number; each missing one is named."""

    code = "advice_not_found"
    title = gettext_noop("No such advice")
    kind = Kind.NOT_FOUND


class AdviceStale(DomainError):
    """Advice was decided already, or its item has been set anew since; each row is named."""

    code = "advice_stale"
    title = gettext_noop("The advice is out of date")
    kind = Kind.CONFLICT


class InvalidLocation(DomainError):
    """The code of a warehouse or a bin is empty, too long, or not in the form that it must have."""

    code = "invalid_location"
    title = gettext_noop("The code cannot be used")


class LocationTaken(DomainError):
    """Another warehouse, or another bin of this warehouse, has this code already."""

    code = "location_taken"
    title = gettext_noop("The code is taken")
    kind = Kind.CONFLICT


class BarcodeTaken(DomainError):
    """A barcode leads to one product only."""

    code = "barcode_taken"
    title = gettext_noop("The barcode belongs to another product")
    kind = Kind.CONFLICT


class SettingsChanged(DomainError):
    """Somebody has set these items anew since the page was opened; each is named with what it is set to."""

    code = "settings_changed"
    title = gettext_noop("Set by somebody else meanwhile")
    kind = Kind.CONFLICT


class ItemNotFound(DomainError):
    """An item asked for is not there, or nothing of it is in stock; each one is named."""

    code = "item_not_found"
    title = gettext_noop("No such item")
    kind = Kind.NOT_FOUND


class AlreadyQueued(DomainError):
    """Something is to be done with this dead stock already; each item is named."""

    code = "already_queued"
    title = gettext_noop("In the queue already")
    kind = Kind.CONFLICT


class ClearanceNotFound(DomainError):
    """There is nothing of that number in the queue of dead stock; each missing one is named."""

    code = "clearance_not_found"
    title = gettext_noop("Not in the queue")
    kind = Kind.NOT_FOUND


class ImportNotFound(DomainError):
    """There is no import of that number, or it is somebody else's."""

    code = "import_not_found"
    title = gettext_noop("No such import")
    kind = Kind.NOT_FOUND


class ImportMovedOn(DomainError):
    """The import has been checked, started or ended since the page was opened."""

    code = "import_moved_on"
    title = gettext_noop("The import has moved on")
    kind = Kind.CONFLICT


class ColumnsMissing(DomainError):
    """A column that this kind of sheet needs is named by none of its titles."""

    code = "columns_missing"
    title = gettext_noop("A column is missing")


class NothingToImport(DomainError):
    """No row of the sheet can be imported."""

    code = "nothing_to_import"
    title = gettext_noop("Nothing to import")


class RowsAtFault(DomainError):
    """Rows are at fault, and the import was to take all rows or none."""

    code = "rows_at_fault"
    title = gettext_noop("Rows are at fault")
    kind = Kind.CONFLICT


class RowsChanged(DomainError):
    """What rows of a sheet would change is not what it was when they were checked; each is named."""

    code = "rows_changed"
    title = gettext_noop("Changed in the meantime")
    kind = Kind.CONFLICT
