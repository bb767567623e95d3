"""A file on disk becomes a sheet: rows of cells under a header that has been understood."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.sheets.archive import DAMAGED, Archive
from warehouse.sheets.cells import EMPTY, Cell
from warehouse.sheets.columns import Header, find_header
from warehouse.sheets.delimited import SEPARATORS, decode, read_rows
from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.workbook import SheetEntry, open_workbook
from warehouse.sheets.worksheet import Grid, read_cells

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DEFAULT_LIMITS = Limits()
OTHER_KINDS = {
    ".xlsm": "a workbook with macros (.xlsm)",
    ".xltm": "a template with macros (.xltm)",
    ".xls": "a workbook of the old kind (.xls)",
    ".xlsb": "a binary workbook (.xlsb)",
    ".ods": "an OpenDocument sheet (.ods)",
    ".numbers": "an Apple Numbers sheet",
}
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV UTF-8, and import that."


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
    deadline = deadline or Deadline.after(limits.seconds)
    suffix = path.suffix.lower()
    if suffix in OTHER_KINDS:
        raise SheetRefused("wrong_kind", f"This is {OTHER_KINDS[suffix]}. {SAVE_AS}")
    if suffix not in {".csv", ".txt", ".tsv", ".xlsx"}:
        raise SheetRefused("wrong_kind", f'Files named "{suffix}" are not read. {SAVE_AS}')
    content = _load(path=path, limits=limits)
    digest = hashlib.sha256(content).hexdigest()
    _judge_kind(content=content, workbook=suffix == ".xlsx")
    if suffix == ".xlsx":
        return _read_workbook(
            path=path, digest=digest, limits=limits, deadline=deadline, sheet_name=sheet_name
        )
    return _read_text(content=content, path=path, digest=digest, limits=limits, deadline=deadline)


def _load(*, path: Path, limits: Limits) -> bytes:
    if not path.is_file():  # a pipe or a device could keep us waiting for ever
        raise SheetRefused("not_found", f"{path} is no file.")
    try:
        with path.open("rb") as file:
            content = file.read(min(limits.file_bytes, path.stat().st_size) + 1)
    except OSError as problem:
        raise SheetRefused("not_found", f"{path} cannot be read: {problem.strerror}.") from problem
    if len(content) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise SheetRefused("too_large", f"The file is larger than {size} MiB. Split it.")
    if not content.strip():
        raise SheetRefused("empty_file", "The file is empty.")
    return content


def _judge_kind(*, content: bytes, workbook: bool) -> None:
    """The content decides, not the name; where they disagree the person is told."""
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetRefused("encrypted", "The workbook has a password. Remove it and try again.")
        raise SheetRefused("wrong_kind", f"This is {OTHER_KINDS['.xls']} in truth. {SAVE_AS}")
    zipped = content.startswith(ZIP)
    if workbook and not zipped:
        raise SheetRefused(
            "wrong_kind", f"The file is named .xlsx, but is no Excel workbook. {SAVE_AS}"
        )
    if zipped and not workbook:
        raise SheetRefused(
            "wrong_kind", "The file is named as text, but is a workbook or zip file. Rename it."
        )


def _read_text(
    *, content: bytes, path: Path, digest: str, limits: Limits, deadline: Deadline
) -> Sheet:
    text = decode(content)
    found: list[tuple[Header, Grid]] = []
    refusal: SheetRefused | None = None
    for separator in SEPARATORS:
        if separator not in text:
            continue
        try:
            grid = read_rows(text=text, separator=separator, limits=limits, deadline=deadline)
            found.append((find_header(grid.rows), grid))
        except SheetRefused as problem:
            if problem.code not in {"no_header", "columns_unclear"}:
                raise
            refusal = _clearer(refusal, problem)
    if not found:
        raise refusal or SheetRefused("no_header", "The file has only one column.")
    header, grid = max(found, key=lambda pair: len(pair[0].columns))
    return Sheet(
        name=path.name, header=header, rows=grid.rows, typed=False, date1904=False, digest=digest
    )


def _clearer(one: SheetRefused | None, other: SheetRefused) -> SheetRefused:
    """Of the reasons of several attempts the one that got furthest: it names most columns."""
    if one is None or other.message.count('"') > one.message.count('"'):
        return other
    return one


def _read_workbook(
    *, path: Path, digest: str, limits: Limits, deadline: Deadline, sheet_name: str | None
) -> Sheet:
    with Archive(path=path, limits=limits, deadline=deadline) as archive:
        _judge_parts(archive)
        book = open_workbook(archive=archive, limits=limits)
        maps: list[tuple[SheetEntry, Header, Grid]] = []
        refusals: list[tuple[SheetEntry, SheetRefused]] = []
        for entry in _wanted(book.sheets, sheet_name):
            grid = read_cells(archive=archive, part=entry.part, workbook=book, limits=limits)
            try:
                maps.append((entry, find_header(grid.rows), grid))
            except SheetRefused as problem:
                refusals.append((entry, problem))
    entry, header, grid = _only(maps, refusals)
    return Sheet(
        name=entry.name,
        header=header,
        rows=grid.rows,
        typed=True,
        date1904=book.date1904,
        digest=digest,
        notes=tuple(_notes(entry=entry, grid=grid, entries=book.sheets)),
    )


def _judge_parts(archive: Archive) -> None:
    names = archive.names
    if "xl/vbaProject.bin" in names:
        raise SheetRefused("wrong_kind", f"This is {OTHER_KINDS['.xlsm']} in truth. {SAVE_AS}")
    if "mimetype" in names and "content.xml" in names:
        raise SheetRefused("wrong_kind", f"This is {OTHER_KINDS['.ods']} in truth. {SAVE_AS}")
    if "xl/workbook.bin" in names:
        raise SheetRefused("wrong_kind", f"This is {OTHER_KINDS['.xlsb']} in truth. {SAVE_AS}")


def _wanted(entries: Sequence[SheetEntry], name: str | None) -> list[SheetEntry]:
    if name is None:
        visible = [entry for entry in entries if not entry.hidden]
        return visible or list(entries)
    wanted = [entry for entry in entries if entry.name.strip() == name.strip()]
    if not wanted:
        names = ", ".join(f'"{entry.name}"' for entry in entries[:20])
        raise SheetRefused("no_such_sheet", f'No sheet is named "{name}". There are: {names}.')
    return wanted


def _only(
    maps: list[tuple[SheetEntry, Header, Grid]],
    refusals: list[tuple[SheetEntry, SheetRefused]],
) -> tuple[SheetEntry, Header, Grid]:
    if len(maps) > 1:
        names = ", ".join(f'"{entry.name}"' for entry, _, _ in maps)
        raise SheetRefused(
            "several_sheets", f"Several sheets look like an opening stock: {names}. Name one."
        )
    if maps:
        return maps[0]
    if not refusals:
        raise SheetRefused("damaged", DAMAGED)
    entry, problem = max(refusals, key=lambda pair: pair[1].message.count('"'))
    raise SheetRefused(problem.code, f'Sheet "{entry.name}": {problem.message}') from problem


def _notes(*, entry: SheetEntry, grid: Grid, entries: Sequence[SheetEntry]) -> list[str]:
    notes = []
    if len(entries) > 1:
        others = ", ".join(f'"{other.name}"' for other in entries[:20] if other is not entry)
        notes.append(f'Only the sheet "{entry.name}" was read; not read: {others}.')
    if grid.hidden_rows:
        notes.append(f"{grid.hidden_rows:,} rows are hidden in the spreadsheet; they were read.")
    return notes
