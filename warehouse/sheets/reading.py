"""A file on disk becomes a sheet: rows of cells under a header that has been understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.sheets.cells import EMPTY, Cell
from warehouse.sheets.columns import Header, find_header
from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.tables import (
    DEFAULT_LIMITS,
    Table,
    digest_of,
    judge_name,
    judge_size,
    read_tables,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells by the number the person sees, below a header that maps the columns.

    `typed` tells a workbook, which knows text from numbers, from a text file, which does not.
    """

    name: str
    header: Header
    rows: Mapping[int, Sequence[Cell]]
    typed: bool
    date1904: bool
    digest: str
    notes: tuple[str, ...] = ()

    def cell(self, *, row: int, field: str) -> Cell:
        """The cell of a field; an empty one where the sheet has no such column."""
        column = self.header.columns.get(field)
        cells = self.rows.get(row, ())
        if column is None or column.index >= len(cells):
            return EMPTY
        return cells[column.index]

    def has(self, field: str) -> bool:
        """Whether the sheet has a column for the field."""
        return field in self.header.columns


def sheet_of(*, table: Table, header: Header, digest: str) -> Sheet:
    """The table under a header that says which column is what."""
    return Sheet(
        name=table.name,
        header=header,
        rows=table.grid.rows,
        typed=table.typed,
        date1904=table.date1904,
        digest=digest,
        notes=table.notes,
    )


def read_sheet(
    *,
    path: Path,
    limits: Limits = DEFAULT_LIMITS,
    sheet_name: str | None = None,
    deadline: Deadline | None = None,
) -> Sheet:
    """Read a .csv or .xlsx file. Raises `SheetRefused` with a code of `limits.REFUSALS`.

    `deadline` is that of a longer work which this is a part of; by itself, it has `limits.seconds`.
    """
    judge_name(path.name)
    content = _load(path=path, limits=limits)
    tables = read_tables(
        content=content, name=path.name, limits=limits, sheet_name=sheet_name, deadline=deadline
    )
    found: list[tuple[Table, Header]] = []
    refusals: list[tuple[Table, SheetRefused]] = []
    for table in tables:
        try:
            found.append((table, find_header(table.grid.rows)))
        except SheetRefused as problem:
            refusals.append((table, problem))
    workbook = bool(tables) and tables[0].typed
    table, header = _only_sheet(found, refusals) if workbook else _widest(found, refusals)
    return sheet_of(table=table, header=header, digest=digest_of(content))


def _load(*, path: Path, limits: Limits) -> bytes:
    if not path.is_file():  # a pipe or a device could keep us waiting for ever
        raise SheetRefused("not_found", _("%(path)s is no file.") % {"path": path})
    try:
        with path.open("rb") as file:
            content = file.read(min(limits.file_bytes, path.stat().st_size) + 1)
    except OSError as problem:
        raise SheetRefused(
            "not_found",
            _("%(path)s cannot be read: %(strerror)s.")
            % {"path": path, "strerror": problem.strerror},
        ) from problem
    judge_size(content, limits=limits)
    return content


def _furthest(refusals: list[tuple[Table, SheetRefused]]) -> tuple[Table, SheetRefused]:
    """Of the reasons of several attempts the one that got furthest: it names most columns."""
    return max(refusals, key=lambda pair: pair[1].message.count('"'))


def _widest(
    found: list[tuple[Table, Header]], refusals: list[tuple[Table, SheetRefused]]
) -> tuple[Table, Header]:
    """Of the separators that a text could be divided by, the one that gives most columns."""
    if found:
        return max(found, key=lambda pair: len(pair[1].columns))
    if refusals:
        raise _furthest(refusals)[1]
    raise SheetRefused("no_header", _("The file has only one column."))


def _only_sheet(
    found: list[tuple[Table, Header]], refusals: list[tuple[Table, SheetRefused]]
) -> tuple[Table, Header]:
    if len(found) > 1:
        names = ", ".join(f'"{table.name}"' for table, _ in found)
        raise SheetRefused(
            "several_sheets",
            _("Several sheets look like an opening stock: %(names)s. Name one.") % {"names": names},
        )
    if found:
        return found[0]
    table, problem = _furthest(refusals)
    raise SheetRefused(
        problem.code,
        _('Sheet "%(name)s": %(message)s') % {"name": table.name, "message": problem.message},
    ) from problem
