"""The cells of one sheet of a workbook, read as a stream."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from warehouse.sheets.archive import DAMAGED, Archive
from warehouse.sheets.cells import EMPTY, Cell, Kind, text_cell
from warehouse.sheets.limits import Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.markup import parse
from warehouse.sheets.workbook import Format, Workbook, too_long, unescape

LAST_ROW = 1_048_576
LAST_DATE = 2_958_465  # 9999-12-31
PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
EXPONENT = 40  # beyond it no quantity, price or code can be meant


@dataclass(slots=True)
class Grid:
    """Rows that hold anything, by the number the person sees; cells by position from 0."""

    rows: dict[int, list[Cell]] = field(default_factory=dict)
    hidden_rows: int = 0
    cells: int = 0
    characters: int = 0

    def add(self, *, number: int, cells: list[Cell], limits: Limits) -> None:
        """Take one row in. Raises `SheetRefused` once there are too many rows or cells."""
        while cells and cells[-1].blank:
            cells.pop()
        if not cells:
            return
        if len(cells) > limits.columns:
            raise SheetRefused(
                "too_many_columns",
                _("Row %(number)s has more than %(columns)s columns.")
                % {"number": number, "columns": limits.columns},
            )
        self.cells += len(cells)
        self.characters += sum(len(cell.text) for cell in cells)
        if len(self.rows) >= limits.rows:
            raise SheetRefused(
                "too_many_rows",
                _("The sheet has more than %(rows)s rows. Split it into smaller files.")
                % {"rows": f"{limits.rows:,}"},
            )
        if self.cells > limits.cells:
            raise SheetRefused(
                "too_many_cells",
                _("The sheet has more than %(cells)s filled cells.")
                % {"cells": f"{limits.cells:,}"},
            )
        if self.characters > limits.characters:
            raise SheetRefused(
                "too_much_text",
                _("The cells hold more than %(characters)s characters.")
                % {"characters": f"{limits.characters:,}"},
            )
        self.rows[number] = cells


def serial_date(*, serial: Decimal, date1904: bool) -> datetime | None:
    """The date of a serial number; None where the calendar of spreadsheets has none."""
    if not 1 <= serial <= LAST_DATE - (1462 if date1904 else 0):
        return None
    if date1904:
        epoch = datetime(1904, 1, 1)
    else:  # they count a 29 February 1900 that never was
        epoch = datetime(1899, 12, 30 if serial >= 60 else 31)
    return epoch + timedelta(seconds=round(float(serial) * 86_400))


def column_number(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Cells:
    """Handler for a worksheet part."""

    def __init__(self, *, workbook: Workbook, limits: Limits) -> None:
        self.grid = Grid()
        self._book = workbook
        self._limits = limits
        self._row = 0
        self._row_elements = 0
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = "n"
        self._style = Format()
        self._formula = False
        self._formula_text: list[str] = []
        self._in_formula = False
        self._value: list[str] = []
        self._length = 0
        self._taking = False
        self._in_cell = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif self._in_cell:
            if name == "f":
                self._formula = self._in_formula = True
            elif name == "rPh":
                self._phonetic = True
            elif name in {"v", "t"}:
                self._taking = not self._phonetic

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._taking = False
        elif name == "f":
            self._in_formula = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.grid.add(number=self._row, cells=self._cells, limits=self._limits)
            self._cells = []

    def text(self, data: str) -> None:
        if not self._taking and not self._in_formula:
            return
        self._length += len(data)
        if self._length > self._limits.cell_length:
            raise SheetRefused("cell_too_long", too_long(self._limits))
        (self._formula_text if self._in_formula else self._value).append(data)

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", "")
        number = int(written) if re.fullmatch("[0-9]{1,7}", written) else self._row + 1
        if not self._row < number <= LAST_ROW:
            raise SheetRefused("damaged", DAMAGED)
        self._row, self._column, self._cells = number, -1, []
        self.grid.hidden_rows += attributes.get("hidden", "0") in {"1", "true"}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = PLACE.fullmatch(attributes.get("r", ""))
        column = column_number(place[1]) if place else self._column + 1
        if column <= self._column:
            raise SheetRefused("damaged", DAMAGED)
        style = attributes.get("s", "0")
        at = int(style) if re.fullmatch("[0-9]{1,6}", style) else 0
        self._style = self._book.formats[at] if at < len(self._book.formats) else Format()
        self._column, self._kind = column, attributes.get("t", "n")
        self._formula, self._in_formula, self._in_cell = False, False, True
        self._formula_text, self._value, self._length = [], [], 0

    def _end_cell(self) -> None:
        self._in_cell = False
        cell = self._read_cell("".join(self._value))
        if cell.blank:
            return
        if self._column >= self._limits.columns:
            raise SheetRefused(
                "too_many_columns",
                _("Row %(row)s has a cell beyond column %(columns)s.")
                % {"row": self._row, "columns": self._limits.columns},
            )
        self._cells.extend([EMPTY] * (self._column - len(self._cells)))
        self._cells.append(cell)

    def _read_cell(self, value: str) -> Cell:
        if self._formula and not value:
            return Cell(kind=Kind.FORMULA, text="=" + "".join(self._formula_text))
        match self._kind:
            case "s":
                return self._shared(value)
            case "inlineStr" | "str":
                cell = text_cell(unescape(value))
            case "b":
                cell = Cell(kind=Kind.BOOL, text="TRUE" if value == "1" else "FALSE")
            case "e":
                cell = Cell(kind=Kind.ERROR, text=value)
            case "d":
                cell = text_cell(value)  # an ISO date, which is text to every later step
            case _:
                return self._number(value) if value.strip() else EMPTY
        return _result(cell) if self._formula and cell is not EMPTY else cell

    def _shared(self, value: str) -> Cell:
        if not re.fullmatch("[0-9]{1,9}", value) or int(value) >= len(self._book.texts):
            raise SheetRefused("damaged", DAMAGED)
        return text_cell(self._book.texts[int(value)])

    def _number(self, value: str) -> Cell:
        """Numbers are binary doubles: 15 digits are meant, what follows is noise."""
        try:
            exact = Decimal(value.strip())
        except InvalidOperation as problem:
            raise SheetRefused("damaged", DAMAGED) from problem
        if not exact.is_finite() or abs(exact.adjusted()) > EXPONENT:
            return Cell(kind=Kind.ERROR, text=value.strip()[:40], formula=self._formula)
        number = Decimal(f"{exact:.15g}") if len(exact.as_tuple().digits) > 15 else exact
        if self._style.date:
            day = serial_date(serial=number, date1904=self._book.date1904)
            if day is not None:
                return Cell(kind=Kind.DATE, text=value, day=day, formula=self._formula)
        return Cell(
            kind=Kind.NUMBER,
            text=value,
            number=number,
            pad=self._style.pad,
            formula=self._formula,
            shown_scientific=self._style.scientific,
        )


def _result(cell: Cell) -> Cell:
    return Cell(kind=cell.kind, text=cell.text, formula=True)


def read_cells(*, archive: Archive, part: str, workbook: Workbook, limits: Limits) -> Grid:
    """All filled rows of one sheet. What the sheet claims about its size is not believed."""
    handler = _Cells(workbook=workbook, limits=limits)
    parse(chunks=archive.chunks(part), handler=handler)
    return handler.grid
