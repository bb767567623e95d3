"""What was found out about a row, and what follows from it."""

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Generic, TypeVar

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
        "sku_blank": "the SKU is empty",
        "sku_case": "the SKU is in lower or mixed case",
        "sku_whitespace": "the SKU has spaces around it, or characters that cannot be seen",
        "sku_as_number": "the SKU is a number cell, not text",
        "sku_as_date": "the spreadsheet has turned the SKU into a date",
        "sku_unclear": "the SKU cannot be read for certain",
        "name_blank": "the name is empty",
        "name_whitespace": "the name has double or outer spaces or a line break",
        "name_looks_like_formula": "the name begins like a formula; it stays text",
        "name_unclear": "the name cannot be read as text",
        "qty_blank": "the quantity is empty: not counted, which is not zero",
        "qty_thousands": "the quantity is text with a thousands separator",
        "qty_text_unit": "the quantity is text, or carries a unit of single pieces",
        "qty_not_a_number": "the quantity is not a number",
        "qty_negative": "the quantity is below zero",
        "qty_fraction": "the quantity is not whole",
        "qty_formula": "the quantity is a formula without a result",
        "qty_unclear": "the quantity can be read in two ways",
        "qty_implausible": "the quantity is too large to be a count",
        "wh_blank": "the warehouse is empty",
        "wh_spelling": "a known warehouse, spelled differently",
        "wh_unknown": "a warehouse that does not exist",
        "bin_blank": "the bin is empty: stock without a bin",
        "bin_format": "the bin is written in another form",
        "bin_invalid": "the bin cannot be read as aisle-rack-shelf",
        "cost_blank": "the unit cost is empty",
        "cost_text": "the unit cost is text, with a currency sign or a decimal comma",
        "cost_unclear": "the unit cost can be read in two ways, or not at all",
        "cost_currency": "the unit cost is in another currency than the column",
        "cost_negative": "the unit cost is below zero",
        "cost_zero": "the unit cost is zero",
        "cost_conflict": "the unit cost differs from the other rows of the same SKU",
        "barcode_blank": "the barcode is empty, which is allowed",
        "barcode_as_number": "the barcode is a number cell, not text",
        "barcode_format": "the barcode is written with spaces, hyphens or several in one cell",
        "barcode_scientific": "the barcode was saved in scientific notation: digits are lost",
        "barcode_check_digit": "the check digit of the barcode is wrong",
        "barcode_invalid": "the barcode is no EAN-8, UPC-A, EAN-13 or GTIN-14",
        "barcode_other_sku": "the barcode belongs to another SKU",
        "supplier_blank": "the supplier is empty, which is allowed",
        "supplier_spelling": "the supplier is spelled differently from the other rows",
        "supplier_unclear": "the supplier cannot be read as text",
        "lead_time_blank": "the lead time is empty, which is allowed",
        "lead_time_text": "the lead time is text, or in weeks",
        "lead_time_unclear": "the lead time cannot be read as a number of days",
        "date_blank": "the date of the count is empty, which is allowed",
        "date_as_text": "the date of the count is text",
        "date_serial": "the date of the count is a bare serial number",
        "date_ambiguous": "day and month cannot be told apart",
        "date_unclear": "the date of the count cannot be read, or cannot be right",
        "formula_without_value": "a cell holds a formula without a result",
        "formula_value": "the result that the spreadsheet has stored for a formula was taken",
        "too_long": "the text is longer than can be stored",
        "row_too_long": "the row has more cells than the header",
        "sku_merged": "two spellings of a SKU become one, but their names differ",
        "stock_there": "the item has stock or a history already",
        "sku_unknown": "there is no such product",
        "wh_not_yours": "a warehouse that the person is not allowed in, or that does not exist",
        "bin_kind": "no kind of bin, or another than the bin has",
        "number_unclear": "no whole number in range",
        "active_unclear": "neither yes nor no",
        "row_stale": "what is stored has changed since the sheet was exported",
        "row_unknown": "the row is of an export, and what it is about is not there",
        "row_twice": "two rows about one thing that differ",
        "example_row": "the example of a template",
        "duplicate_exact": "an exact copy of an earlier row",
        "duplicate_conflict": "same SKU, warehouse and bin as another row, with other values",
        "blank_row": "an empty row",
        "repeated_header": "the header again, as at a page break",
        "subtotal_row": "a subtotal",
        "totals_row": "a total",
    }
)
