"""What one row of an opening-stock sheet says, once it has been read and cleaned."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OpeningStockRow:
    """One product counted in one bin; every value is in its final form.

    `row` is the number the person sees beside the row in the spreadsheet. An empty `bin` means the
    sheet names none. `on_hand` is in single units, `unit_cost` in the sheet's currency per unit.
    `None` means the sheet does not say.
    """

    row: int
    sku: str
    name: str
    barcodes: tuple[str, ...]
    supplier: str | None
    unit_cost: Decimal | None
    lead_time_days: int | None
    warehouse: str
    bin: str
    on_hand: int
    counted_on: date | None = None
