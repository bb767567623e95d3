"""What a kind of sheet holds: its columns, what firms call them, and where they stand in a table."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.columns import Column, Header, read_header, read_title, title_key
from warehouse.sheets.limits import SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.reading import Sheet, sheet_of
from warehouse.sheets.tables import Table

FIRST_ROWS = 60
SAMPLES = 3
EXAMPLE = "EXAMPLE"  # what the first column of a template's example row begins with
Columns = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a kind of sheet. `names`: titles by which firms know it, with | between them."""

    name: str
    label: str
    help: str
    example: str | int | float = ""
    required: bool = False
    names: str = ""


@dataclass(frozen=True)
class SheetKind:
    """A kind of sheet. `about` says what an import of it does."""

    code: str
    label: str
    about: str
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def known(self) -> Mapping[str, tuple[str, int]]:
        """Field and rank of each title that is understood; a name earlier in the list is surer."""
        known: dict[str, tuple[str, int]] = {}
        for field in self.fields:
            words = [field.label, field.name.replace("_", " "), *field.names.split("|")]
            for rank, name in enumerate(words):
                if name:
                    known.setdefault(title_key(name), (field.name, rank))
        return known

    def missing(self, columns: Columns) -> list[Field]:
        """Columns that are needed and that nothing is mapped to."""
        given = set(columns.values())
        return [field for field in self.fields if field.required and field.name not in given]

    def guess(self, *, row: int, cells: Sequence[Cell]) -> dict[int, str]:
        """Which column is what, if this row is the header. Two that could be one thing: neither."""
        best: dict[str, tuple[int, list[int]]] = {}
        for index, cell in enumerate(cells):
            found = self.known.get(title_key(cell.text)) if cell.kind is Kind.TEXT else None
            if found is None:
                continue
            name, rank = found
            before, places = best.get(name, (rank, []))
            if rank == before:
                best[name] = (rank, [*places, index])
            elif rank < before:
                best[name] = (rank, [index])
        return {places[0]: name for name, (_, places) in best.items() if len(places) == 1}


@dataclass(frozen=True)
class OpeningStockKind(SheetKind):
    """An opening stock has names of its own for its columns, of many firms (columns.py)."""

    def guess(self, *, row: int, cells: Sequence[Cell]) -> dict[int, str]:
        try:
            header = read_header(row=row, cells=cells)
        except SheetRefused:
            return super().guess(row=row, cells=cells)
        return {column.index: name for name, column in header.columns.items()}


def signature_of(titles: Sequence[str]) -> str:
    """One for all headers that differ in case and punctuation alone."""
    keys = json.dumps([title_key(title) for title in titles])
    return hashlib.sha256(keys.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Layout:
    """A table, the row that heads it, and what its columns seem to be."""

    table: Table
    row: int
    titles: tuple[str, ...]
    columns: Columns

    @property
    def signature(self) -> str:
        """By which the same headers are known again, in whatever case and punctuation."""
        return signature_of(self.titles)

    def samples(self, index: int) -> list[str]:
        """The first values below a title, as a person sees them."""
        found: list[str] = []
        for number, cells in self.table.grid.rows.items():
            if number > self.row and index < len(cells) and not cells[index].blank:
                found.append(str(cells[index].raw))
                if len(found) == SAMPLES:
                    break
        return found


def lay_out(*, table: Table, kind: SheetKind) -> Layout:
    """The row that heads the table best, and its columns. Raises `SheetRefused("no_header")`."""
    first = list(table.grid.rows.items())[:FIRST_ROWS]
    if not first:
        raise SheetRefused("no_header", _('The sheet "%(name)s" is empty.') % {"name": table.name})
    guesses = {number: kind.guess(row=number, cells=cells) for number, cells in first}
    row = max(guesses, key=lambda number: _fit(kind, guesses[number]))
    if not guesses[row]:  # the first row that looks like titles at all
        row = next((n for n, cells in first if _texts(cells) > 1), first[0][0])
    return at_row(table=table, row=row, columns=guesses[row])


def at_row(*, table: Table, row: int, columns: Columns) -> Layout:
    """The table under that row, with those columns."""
    cells = table.grid.rows.get(row, ())
    titles = tuple(plain(c.text) if c.kind is Kind.TEXT else str(c.raw or "") for c in cells)
    return Layout(table=table, row=row, titles=titles, columns=columns)


def best_layout(*, tables: Sequence[Table], kind: SheetKind) -> Layout:
    """Of several sheets, or separators, the one that fits best. Raises `SheetRefused("no_header")`."""
    layouts = [lay_out(table=table, kind=kind) for table in tables if table.grid.rows]
    if not layouts:
        raise SheetRefused("no_header", _("The file has only one column, or no rows at all."))
    return max(layouts, key=lambda one: (_fit(kind, one.columns), len(one.titles)))


def _fit(kind: SheetKind, columns: Columns) -> tuple[int, int]:
    return (-len(kind.missing(columns)), len(columns))


def _texts(cells: Sequence[Cell]) -> int:
    return sum(cell.kind is Kind.TEXT for cell in cells)


def understood(*, layout: Layout, columns: Columns, digest: str) -> Sheet:
    """The sheet in which a person, or a guess, has said which column is what."""
    found = {
        name: _column(name, index, layout.titles[index])
        for index, name in columns.items()
        if name and index < len(layout.titles)
    }
    header = Header(row=layout.row, titles=layout.titles, columns=MappingProxyType(found))
    return sheet_of(table=layout.table, header=header, digest=digest)


def _column(name: str, index: int, title: str) -> Column:
    """With the unit that the title names, where it is one that is known for this field."""
    read = (column for field, column in read_title(index=index, text=title) if field == name)
    return next(read, Column(index=index, title=title))
