"""The rows that were not imported, as a workbook in which they can be put right."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from warehouse.sheets.cells import Cell, Kind
from warehouse.sheets.cleaning import CleanResult
from warehouse.sheets.columns import FIELDS
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.reading import Sheet

TO_DO = "What to put right"
ROW = "Row in the first sheet"


Wrong = Sequence[tuple[int, str]]  # numbers of rows, and what to put right in each


class Judged(Protocol):
    """A row of which it is known what becomes of it."""

    @property
    def number(self) -> int: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


def wrong_rows(rows: Iterable[Judged]) -> Wrong:
    """The rows for a person, and the rejected ones, each with what to put right."""
    return [
        (row.number, " ".join(f.message for f in row.findings if f.outcome >= Outcome.ASK))
        for row in rows
        if row.outcome in {Outcome.ASK, Outcome.REJECT}
    ]


def write_remainder(*, path: Path, sheet: Sheet, result: CleanResult) -> int:
    """Write the rows for a person, and the rejected ones, as they stood, with what to do beside.

    Returns how many. Text stays text in the new file, though it begin like a formula.
    Raises OSError when the file cannot be written, or is there already.
    """
    wrong = wrong_rows(result.rows)
    with path.open("xb") as file:  # what somebody has mended is not written over
        write_rows_to_mend(file=file, sheet=sheet, wrong=wrong, fields=FIELDS)
    return len(wrong)


def mending_titles(*, titles: Mapping[str, str], fields: Sequence[str]) -> list[str]:
    """The titles of a sheet of rows to mend; `titles` are those of the first sheet, by field."""
    return [*(titles[field] for field in fields if field in titles), TO_DO, ROW]


def write_rows_to_mend(
    *, file: BinaryIO, sheet: Sheet, wrong: Wrong, fields: Sequence[str]
) -> None:
    """As `write_remainder`, of any kind of sheet, into an open file."""
    book = Workbook(write_only=True)
    page = book.create_sheet("To put right")
    fields = [field for field in fields if sheet.has(field)]
    titles = {field: sheet.header.columns[field].title for field in fields}
    page.append([_text(page, title) for title in mending_titles(titles=titles, fields=fields)])
    for number, message in wrong:
        cells = [_as_it_stood(page, sheet.cell(row=number, field=name)) for name in fields]
        page.append([*cells, _text(page, message), number])
    book.save(file)


def _as_it_stood(page: WriteOnlyWorksheet, cell: Cell) -> object:
    if cell.kind is Kind.EMPTY:
        return None
    if cell.number is not None:
        return cell.number
    if cell.day is not None:
        return cell.day
    return _text(page, cell.text)


def _text(page: WriteOnlyWorksheet, text: str) -> object:
    """A cell of text. The library would make a formula of what begins with an equals sign."""
    legal = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
    cell = WriteOnlyCell(page, value=legal)
    cell.data_type = "s"
    return cell
