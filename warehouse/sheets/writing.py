"""Sheets for people: exports and templates, as CSV or as a workbook. No cell ever becomes a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from warehouse.sheets.fields import SheetKind
from warehouse.sheets.safety import escaped, harmless, number_text

Value = str | int | float | Decimal | None
MARK = "\ufeff"  # by which spreadsheet programs know UTF-8
FORMATS = ("xlsx", "csv")
WIDEST = 60


class _Line:
    """What the csv module writes to: keeps the line for whoever streams it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def csv_lines(*, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A CSV in UTF-8 for spreadsheet programs, line by line."""
    line = _Line()
    writer = csv.writer(line)
    for number, row in enumerate(_with(titles, rows)):
        writer.writerow([_plain(value) for value in row])
        yield (MARK + line.text if number == 0 else line.text).encode()


def _with(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield titles
    yield from rows


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return harmless(value)
    return number_text(value) if isinstance(value, int | Decimal) else str(value or "")


def write_book(
    *,
    file: BinaryIO,
    name: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Value]],
    notes: Iterable[Sequence[str]] = (),
) -> None:
    """A workbook of one sheet of rows, and one of notes where there are any; written row by row."""
    book = Workbook(write_only=True)
    _write_page(book.create_sheet(name), titles, rows)
    told = list(notes)
    if told:
        _write_page(book.create_sheet("Notes"), told[0], told[1:])
    book.save(file)


def _write_page(page: Any, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    page.freeze_panes = "A2"
    for place, title in enumerate(titles, start=1):
        page.column_dimensions[get_column_letter(place)].width = min(WIDEST, len(title) + 12)
    page.append([_text(page, title, bold=True) for title in titles])
    for row in rows:
        page.append([_text(page, v) if isinstance(v, str) else v for v in row])


def _text(page: Any, text: str, *, bold: bool = False) -> Any:
    """A cell of text, also where the library would take it for a formula."""
    cell = WriteOnlyCell(page, value=escaped(harmless(text)))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def template_rows(kind: SheetKind) -> tuple[list[str], list[Value]]:
    """The titles of a kind of sheet, and its one example row."""
    return [field.label for field in kind.fields], [field.example for field in kind.fields]


def template_notes(kind: SheetKind) -> list[list[str]]:
    """What each column of a kind of sheet means."""
    head = [["Column", "Needed", "What it is", "Example"]]
    told = [
        [field.label, "yes" if field.required else "no", field.help, str(field.example)]
        for field in kind.fields
    ]
    return [*head, *told, [kind.about, "", "The row of the example is left out when imported.", ""]]


def write_template(*, file: BinaryIO, kind: SheetKind) -> None:
    """An empty sheet of a kind as a workbook: titles, an example, and a sheet of notes."""
    titles, example = template_rows(kind)
    write_book(
        file=file, name=kind.label, titles=titles, rows=[example], notes=template_notes(kind)
    )
