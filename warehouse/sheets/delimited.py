"""Text files with separators: which encoding, which separator, which rows."""

import csv
import io

from warehouse.sheets.cells import Cell, text_cell
from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.workbook import too_long
from warehouse.sheets.worksheet import Grid

SEPARATORS = (",", ";", "\t", "|")
UNREADABLE = gettext_noop(
    "The text of the file is in no encoding that is read. Save it as CSV UTF-8."
)


def decode(content: bytes) -> str:
    """The text of the file: UTF-8, UTF-16 with its mark, else Windows-1252 as Excel saves it.

    Raises `SheetRefused("unreadable_text")`.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused("unreadable_text", _(UNREADABLE))


def read_rows(*, text: str, separator: str, limits: Limits, deadline: Deadline) -> Grid:
    """All filled rows; a quoted line break stays within its row, as in the spreadsheet."""
    grid = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader, start=1):
            if number % 500 == 0:
                deadline.check()
            if len(row) > limits.columns and any(row[limits.columns :]):
                raise SheetRefused(
                    "too_many_columns",
                    _("Row %(number)s has more than %(columns)s columns.")
                    % {"number": number, "columns": limits.columns},
                )
            grid.add(number=number, cells=_cells(row[: limits.columns], limits), limits=limits)
    except csv.Error as problem:
        raise SheetRefused("cell_too_long", too_long(limits)) from problem
    return grid


def _cells(row: list[str], limits: Limits) -> list[Cell]:
    if any(len(value) > limits.cell_length for value in row):
        raise SheetRefused("cell_too_long", too_long(limits))
    return [text_cell(value) for value in row]
