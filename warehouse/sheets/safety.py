"""Text that a spreadsheet program would take for a formula: made harmless on its way out, and put back."""

import re
from dataclasses import replace
from decimal import Decimal

from warehouse.sheets.cells import Cell, Kind

# Also behind a line break, and in full width.
BEGINS_A_FORMULA = (
    "[=+@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    "\N{FULLWIDTH COMMERCIAL AT}-]"
)
DANGEROUS = re.compile(f"'*{BEGINS_A_FORMULA}")
MADE_HARMLESS = re.compile(f"''*{BEGINS_A_FORMULA}")


def harmless(text: str) -> str:
    """The text, led by an apostrophe where it begins like a formula.

    Where it begins with apostrophes and then like a formula too, so that `restored` undoes just this.
    """
    return f"'{text}" if DANGEROUS.match(text) else text


def restored(cell: Cell) -> Cell:
    """The cell as it was before `harmless`."""
    if cell.kind is Kind.TEXT and MADE_HARMLESS.match(cell.text):
        return replace(cell, text=cell.text[1:])
    return cell


def escaped(text: str) -> str:
    """The text as a workbook keeps it: characters that XML cannot hold, and what looks like their escape."""
    apart = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub("[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", apart)


def number_text(value: Decimal | int | None) -> str:
    """A number as a sheet shows it: no exponent, no zeros that mean nothing."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
