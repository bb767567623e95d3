"""Tables as CSV and XLSX, written row by row, of which no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for another encoding
MOST_ROWS = 1_048_575  # of a sheet, beside its header
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")  # of a sheet
# What a spreadsheet takes for the begin of a formula, also behind a line break, or in full width.
FORMULA = re.compile(r"[=+\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                     r"\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]")  # fmt: skip
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # cannot stand in a workbook


def safe(value: Any) -> Any:
    """The value as a cell may hold it: words that look like a formula get an apostrophe before them."""
    if not isinstance(value, str):
        return value
    clean = UNPRINTABLE.sub("", value)
    return f"'{clean}" if FORMULA.match(clean) else clean


def write_csv(
    *, to: IO[bytes], header: Sequence[str], portions: Iterable[Sequence[Sequence[Any]]]
) -> int:
    """Write UTF-8 with a mark that Excel knows it by; how many rows. Numbers and days stay plain."""
    text = io.TextIOWrapper(to, encoding="utf-8", newline="", write_through=False)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow([safe(one) for one in header])
    count = 0
    for portion in portions:
        writer.writerows([safe(value) for value in row] for row in portion)
        count += len(portion)
    text.flush()
    text.detach()
    return count


def write_xlsx(
    *,
    to: IO[bytes],
    title: str,
    header: Sequence[str],
    portions: Iterable[Sequence[Sequence[Any]]],
    about: Sequence[tuple[str, str]] = (),
) -> int:
    """Write a workbook with numbers and days as such; how many rows. `about` stands in a sheet of its own.
    Its caller sees to it that the rows fit into a sheet (MOST_ROWS)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_A_NAME.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"
    sheet.append([safe(one) for one in header])
    count = 0
    for portion in portions:
        for row in portion:
            sheet.append([safe(value) for value in row])
        count += len(portion)
    if about:
        told = book.create_sheet("About")
        for pair in about:
            told.append([safe(one) for one in pair])
    book.save(to)
    return count
