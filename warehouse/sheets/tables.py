"""A file becomes tables: rows of cells, before anyone says which column is what."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from warehouse.sheets.archive import DAMAGED, Archive
from warehouse.sheets.delimited import SEPARATORS, decode, read_rows
from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.workbook import SheetEntry, open_workbook
from warehouse.sheets.worksheet import Grid, read_cells

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DEFAULT_LIMITS = Limits()
TEXTS = frozenset({".csv", ".txt", ".tsv"})
OTHER_KINDS = {
    ".xlsm": gettext_noop("a workbook with macros (.xlsm)"),
    ".xltm": gettext_noop("a template with macros (.xltm)"),
    ".xls": gettext_noop("a workbook of the old kind (.xls)"),
    ".xlsb": gettext_noop("a binary workbook (.xlsb)"),
    ".ods": gettext_noop("an OpenDocument sheet (.ods)"),
    ".numbers": gettext_noop("an Apple Numbers sheet"),
}
SAVE_AS = gettext_noop("Save it as an Excel workbook (.xlsx) or as CSV UTF-8, and import that.")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, or a text file as one of its separators divides it.

    `typed` tells a workbook, which knows text from numbers, from a text file, which does not.
    """

    name: str
    grid: Grid
    typed: bool
    date1904: bool = False
    notes: tuple[str, ...] = ()
    separator: str = ""

    @property
    def key(self) -> str:
        """By which it is found again in its file: a sheet by its name, a text by its separator."""
        return self.name if self.typed else self.separator


def digest_of(content: bytes) -> str:
    """The SHA-256 by which a file is known again."""
    return hashlib.sha256(content).hexdigest()


def judge_name(name: str) -> str:
    """The suffix of a file that is read. Raises `SheetRefused("wrong_kind")`."""
    suffix = PurePath(name).suffix.lower()
    if suffix in OTHER_KINDS:
        raise SheetRefused(
            "wrong_kind",
            _("This is %(name)s. %(save_as)s")
            % {"name": _(OTHER_KINDS[suffix]), "save_as": _(SAVE_AS)},
        )
    if suffix not in TEXTS and suffix != ".xlsx":
        raise SheetRefused(
            "wrong_kind",
            _('Files named "%(suffix)s" are not read. %(save_as)s')
            % {"suffix": suffix, "save_as": _(SAVE_AS)},
        )
    return suffix


def judge_size(content: bytes, *, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises `SheetRefused`: `too_large`, `empty_file`."""
    if len(content) > limits.file_bytes:
        raise SheetRefused("too_large", too_large(limits))
    if not content.strip():
        raise SheetRefused("empty_file", _("The file is empty."))


def too_large(limits: Limits = DEFAULT_LIMITS) -> str:
    """The sentence about a file that is larger than is read."""
    return _("The file is larger than %(number)s MiB. Split it.") % {
        "number": limits.file_bytes // (1024 * 1024)
    }


def read_tables(
    *,
    content: bytes,
    name: str,
    limits: Limits = DEFAULT_LIMITS,
    sheet_name: str | None = None,
    deadline: Deadline | None = None,
) -> list[Table]:
    """The visible sheets of a workbook (or the one named), or a text by each separator it holds.

    A text without a separator gives none. Raises `SheetRefused` with a code of `limits.REFUSALS`.
    """
    deadline = deadline or Deadline.after(limits.seconds)
    suffix = judge_name(name)
    judge_size(content, limits=limits)
    _judge_kind(content=content, workbook=suffix == ".xlsx")
    if suffix == ".xlsx":
        return _read_workbook(
            content=content, limits=limits, deadline=deadline, sheet_name=sheet_name
        )
    text = decode(content)
    return [
        Table(
            name=PurePath(name).name,
            grid=read_rows(text=text, separator=separator, limits=limits, deadline=deadline),
            typed=False,
            separator=separator,
        )
        for separator in SEPARATORS
        if separator in text
    ]


def _judge_kind(*, content: bytes, workbook: bool) -> None:
    """The content decides, not the name; where they disagree the person is told."""
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetRefused(
                "encrypted", _("The workbook has a password. Remove it and try again.")
            )
        raise SheetRefused(
            "wrong_kind",
            _("This is %(name)s in truth. %(save_as)s")
            % {"name": _(OTHER_KINDS[".xls"]), "save_as": _(SAVE_AS)},
        )
    zipped = content.startswith(ZIP)
    if workbook and not zipped:
        raise SheetRefused(
            "wrong_kind",
            _("The file is named .xlsx, but is no Excel workbook. %(save_as)s")
            % {"save_as": _(SAVE_AS)},
        )
    if zipped and not workbook:
        raise SheetRefused(
            "wrong_kind", _("The file is named as text, but is a workbook or zip file. Rename it.")
        )


def _read_workbook(
    *, content: bytes, limits: Limits, deadline: Deadline, sheet_name: str | None
) -> list[Table]:
    with Archive(file=io.BytesIO(content), limits=limits, deadline=deadline) as archive:
        _judge_parts(archive)
        book = open_workbook(archive=archive, limits=limits)
        found = [
            (entry, read_cells(archive=archive, part=entry.part, workbook=book, limits=limits))
            for entry in _wanted(book.sheets, sheet_name)
        ]
    if not found:
        raise SheetRefused("damaged", DAMAGED)
    return [
        Table(
            name=entry.name,
            grid=grid,
            typed=True,
            date1904=book.date1904,
            notes=tuple(_notes(entry=entry, grid=grid, entries=book.sheets)),
        )
        for entry, grid in found
    ]


def _judge_parts(archive: Archive) -> None:
    names = archive.names
    if "xl/vbaProject.bin" in names:
        raise SheetRefused(
            "wrong_kind",
            _("This is %(name)s in truth. %(save_as)s")
            % {"name": _(OTHER_KINDS[".xlsm"]), "save_as": _(SAVE_AS)},
        )
    if "mimetype" in names and "content.xml" in names:
        raise SheetRefused(
            "wrong_kind",
            _("This is %(name)s in truth. %(save_as)s")
            % {"name": _(OTHER_KINDS[".ods"]), "save_as": _(SAVE_AS)},
        )
    if "xl/workbook.bin" in names:
        raise SheetRefused(
            "wrong_kind",
            _("This is %(name)s in truth. %(save_as)s")
            % {"name": _(OTHER_KINDS[".xlsb"]), "save_as": _(SAVE_AS)},
        )


def _wanted(entries: Sequence[SheetEntry], name: str | None) -> list[SheetEntry]:
    if name is None:
        visible = [entry for entry in entries if not entry.hidden]
        return visible or list(entries)
    wanted = [entry for entry in entries if entry.name.strip() == name.strip()]
    if not wanted:
        names = ", ".join(f'"{entry.name}"' for entry in entries[:20])
        raise SheetRefused(
            "no_such_sheet",
            _('No sheet is named "%(name)s". There are: %(names)s.')
            % {"name": name, "names": names},
        )
    return wanted


def _notes(*, entry: SheetEntry, grid: Grid, entries: Sequence[SheetEntry]) -> list[str]:
    notes = []
    if len(entries) > 1:
        others = ", ".join(f'"{other.name}"' for other in entries[:20] if other is not entry)
        notes.append(
            _('Only the sheet "%(name)s" was read; not read: %(others)s.')
            % {"name": entry.name, "others": others}
        )
    if grid.hidden_rows:
        notes.append(
            _("%(hidden_rows)s rows are hidden in the spreadsheet; they were read.")
            % {"hidden_rows": f"{grid.hidden_rows:,}"}
        )
    return notes
