"""What was found out about a row, and what follows from it."""

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from warehouse.sheets.marking import gettext_noop as _

Raw = str | int | float | bool | None
T = TypeVar("T")


class Outcome(IntEnum):
    """What happens to a row; the gravest finding decides."""

    CLEAN = 0
    FIX = 1
    ASK = 2
    REJECT = 3
    SKIP = 4

    @property
    def word(self) -> str:
        """The name in reports: clean, fix, ask, reject, skip."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one cell (or the whole row): what it is, and what to do, in plain words."""

    code: str
    outcome: Outcome
    column: str
    raw: Raw
    message: str
    of_row: int | None = None


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The value of one cell, and what had to be said about it. No value where a person decides."""

    value: T | None
    findings: tuple[Finding, ...] = ()


CODES = MappingProxyType(
    {
        "sku_blank": _("the SKU is empty"),
        "sku_case": _("the SKU is in lower or mixed case"),
        "sku_whitespace": _("the SKU has spaces around it, or characters that cannot be seen"),
        "sku_as_number": _("the SKU is a number cell, not text"),
        "sku_as_date": _("the spreadsheet has turned the SKU into a date"),
        "sku_unclear": _("the SKU cannot be read for certain"),
        "name_blank": _("the name is empty"),
        "name_whitespace": _("the name has double or outer spaces or a line break"),
        "name_looks_like_formula": _("the name begins like a formula; it stays text"),
        "name_unclear": _("the name cannot be read as text"),
        "qty_blank": _("the quantity is empty: not counted, which is not zero"),
        "qty_thousands": _("the quantity is text with a thousands separator"),
        "qty_text_unit": _("the quantity is text, or carries a unit of single pieces"),
        "qty_not_a_number": _("the quantity is not a number"),
        "qty_negative": _("the quantity is below zero"),
        "qty_fraction": _("the quantity is not whole"),
        "qty_formula": _("the quantity is a formula without a result"),
        "qty_unclear": _("the quantity can be read in two ways"),
        "qty_implausible": _("the quantity is too large to be a count"),
        "wh_blank": _("the warehouse is empty"),
        "wh_spelling": _("a known warehouse, spelled differently"),
        "wh_unknown": _("a warehouse that does not exist"),
        "bin_blank": _("the bin is empty: stock without a bin"),
        "bin_format": _("the bin is written in another form"),
        "bin_invalid": _("the bin cannot be read as aisle-rack-shelf"),
        "cost_blank": _("the unit cost is empty"),
        "cost_text": _("the unit cost is text, with a currency sign or a decimal comma"),
        "cost_unclear": _("the unit cost can be read in two ways, or not at all"),
        "cost_currency": _("the unit cost is in another currency than the column"),
        "cost_negative": _("the unit cost is below zero"),
        "cost_zero": _("the unit cost is zero"),
        "cost_conflict": _("the unit cost differs from the other rows of the same SKU"),
        "barcode_blank": _("the barcode is empty, which is allowed"),
        "barcode_as_number": _("the barcode is a number cell, not text"),
        "barcode_format": _("the barcode is written with spaces, hyphens or several in one cell"),
        "barcode_scientific": _("the barcode was saved in scientific notation: digits are lost"),
        "barcode_check_digit": _("the check digit of the barcode is wrong"),
        "barcode_invalid": _("the barcode is no EAN-8, UPC-A, EAN-13 or GTIN-14"),
        "barcode_other_sku": _("the barcode belongs to another SKU"),
        "supplier_blank": _("the supplier is empty, which is allowed"),
        "supplier_spelling": _("the supplier is spelled differently from the other rows"),
        "supplier_unclear": _("the supplier cannot be read as text"),
        "lead_time_blank": _("the lead time is empty, which is allowed"),
        "lead_time_text": _("the lead time is text, or in weeks"),
        "lead_time_unclear": _("the lead time cannot be read as a number of days"),
        "date_blank": _("the date of the count is empty, which is allowed"),
        "date_as_text": _("the date of the count is text"),
        "date_serial": _("the date of the count is a bare serial number"),
        "date_ambiguous": _("day and month cannot be told apart"),
        "date_unclear": _("the date of the count cannot be read, or cannot be right"),
        "formula_without_value": _("a cell holds a formula without a result"),
        "formula_value": _("the result that the spreadsheet has stored for a formula was taken"),
        "text_turned": _("signs that cannot be seen turn the direction of writing"),
        "too_long": _("the text is longer than can be stored"),
        "row_too_long": _("the row has more cells than the header"),
        "sku_merged": _("two spellings of a SKU become one, but their names differ"),
        "stock_there": _("the item has stock or a history already"),
        "product_inactive": _("the product is not active; its stock is taken over, and not sold"),
        "sku_unknown": _("there is no such product"),
        "wh_not_yours": _("a warehouse that the person is not allowed in, or that does not exist"),
        "bin_kind": _("no kind of bin, or another than the bin has"),
        "number_unclear": _("no whole number in range"),
        "active_unclear": _("neither yes nor no"),
        "row_stale": _("what is stored has changed since the sheet was exported"),
        "row_unknown": _("the row is of an export, and what it is about is not there"),
        "row_twice": _("two rows about one thing that differ"),
        "example_row": _("the example of a template"),
        "duplicate_exact": _("an exact copy of an earlier row"),
        "duplicate_conflict": _("same SKU, warehouse and bin as another row, with other values"),
        "blank_row": _("an empty row"),
        "repeated_header": _("the header again, as at a page break"),
        "subtotal_row": _("a subtotal"),
        "totals_row": _("a total"),
    }
)
