"""Rows that are no stock: empty ones, headers again, subtotals and totals."""

import re

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.columns import FIELDS, title_key
from warehouse.sheets.fields import EXAMPLE
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.reading import Sheet

SUBTOTAL = re.compile(
    r"(?:sub|page|section)[- ]?total\b.*|total (?:for|of|in)\b.*|.*\bsub[- ]?total"
    r"|(?:carried|brought) (?:forward|over)|c/f|b/f|zwischensumme\b.*|page sum",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"(?:grand |overall |sum |stock )?totals?\b.*|.*\b(?:grand )?total|sum|gesamt(?:summe)?|summe",
    re.IGNORECASE,
)
ARTICLE_ONLY = ("barcode", "bin", "supplier", "lead_time_days", "counted_on")
MOST_BLANK_ROWS = 1000  # of a gap, so that a stray cell far below does not fill the report


def structural(*, sheet: Sheet, row: int) -> Finding | None:
    """What the row is, if it is no stock; None for a row of stock."""
    cells = {field: sheet.cell(row=row, field=field) for field in FIELDS}
    if all(cell.blank for cell in cells.values()) and all(c.blank for c in sheet.rows[row]):
        return _skip("blank_row", _("An empty row."))
    if _is_header(sheet=sheet, cells=cells):
        return _skip("repeated_header", _("The header again; left out."))
    if cells["sku"].text.startswith(f"{EXAMPLE}-"):
        return _skip("example_row", _("The example of the template; left out."))
    label = _label(sheet=sheet, row=row, cells=cells)
    if label and SUBTOTAL.fullmatch(label):
        return _skip("subtotal_row", _('"%(label)s" is a subtotal; left out.') % {"label": label})
    if label and TOTAL.fullmatch(label):
        return _skip("totals_row", _('"%(label)s" is a total; left out.') % {"label": label})
    return None


def blank_rows(sheet: Sheet) -> list[int]:
    """Numbers of rows that the file leaves out between its rows of stock."""
    filled = [row for row in sheet.rows if row > sheet.header.row]
    gaps: list[int] = []
    before = sheet.header.row
    for row in filled:
        gaps.extend(range(before + 1, min(row, before + 1 + MOST_BLANK_ROWS)))
        before = row
        if len(gaps) > MOST_BLANK_ROWS:
            return gaps[:MOST_BLANK_ROWS]
    return gaps


def blank_row() -> Finding:
    """The finding about a row that the file leaves out."""
    return _skip("blank_row", _("An empty row."))


def _skip(code: str, message: str) -> Finding:
    return Finding(code=code, outcome=Outcome.SKIP, column="", raw=None, message=message)


def _is_header(*, sheet: Sheet, cells: dict[str, Cell]) -> bool:
    columns = sheet.header.columns
    again = [
        field
        for field, column in columns.items()
        if cells[field].kind is Kind.TEXT
        and title_key(cells[field].text) == title_key(column.title)
    ]
    filled = [field for field in columns if not cells[field].blank]
    return len(again) >= 2 and 2 * len(again) > len(filled)


def _label(*, sheet: Sheet, row: int, cells: dict[str, Cell]) -> str:
    """The words of a row that names nothing but a sum; "" where an article could be meant.

    A sum has a label and numbers. Whatever has both a SKU and a name, or a barcode, bin, supplier or
    lead time, is an article, though its name be TOTAL ECLIPSE POSTER.
    """
    if any(not cells[field].blank for field in ARTICLE_ONLY):
        return ""
    if not cells["sku"].blank and not cells["name"].blank:
        return ""
    texts = [plain(c.text) for c in sheet.rows[row] if c.kind is Kind.TEXT and not c.blank]
    return next((text for text in texts if re.search("[^\\W\\d]{3}", text)), "").rstrip(" :.=")
