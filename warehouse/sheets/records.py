"""Sheets of which each row is one record: what it is now, what the row makes of it, and what is wrong."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.columns import title_key
from warehouse.sheets.fields import EXAMPLE
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.limits import Deadline
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.numbers import is_scientific, read_typed
from warehouse.sheets.reading import Sheet
from warehouse.sheets.safety import restored
from warehouse.sheets.structure import blank_rows
from warehouse.sheets.words import turned

V = TypeVar("V")
VERSION = "version"
TAIL = 12


class Record(Protocol):
    """What one row of such a sheet stands for, as it is stored or as it will be."""

    LABELS: ClassVar[Mapping[str, str]]

    @property
    def key(self) -> tuple[str, ...]: ...

    def shown(self) -> dict[str, str]:
        """Every value that a sheet may change, as it stands in an exported one."""
        ...


R = TypeVar("R", bound=Record)


def version_of(record: Record) -> str:
    """What an exported row carries: it differs as soon as anything that the row shows does.

    Led by a letter, since a spreadsheet would make a number of 12e45678.
    """
    told = json.dumps([*record.key, sorted(record.shown().items())])
    return f"v{hashlib.sha256(told.encode()).hexdigest()[:TAIL]}"


def label_of(record: Record, name: str) -> str:
    """What a field is called in the midst of a sentence."""
    return _(record.LABELS[name]).lower()


def _told(name: str, value: str) -> str:
    """A value as a person reads it; what is exported stays as it is in every language."""
    if name == "active":
        return _("yes") if value == "yes" else _("no")
    return value or _("none")


def differences(before: Record | None, after: Record) -> str:
    """What changes, in words: unit cost 2.55 → 2.6, active yes → no."""
    new = after.shown()
    old = before.shown() if before is not None else {}
    told = [
        f"{label_of(after, name)} {_told(name, old[name])} \N{RIGHTWARDS ARROW} {_told(name, value)}"
        if name in old
        else f"{label_of(after, name)} {_told(name, value)}"
        for name, value in new.items()
        if (value != old[name] if name in old else value)
    ]
    return ", ".join(told)


@dataclass(frozen=True, slots=True)
class Planned(Generic[R]):
    """What a row does: from `before` (None: it is new) to `after`."""

    row: int
    before: R | None
    after: R

    @property
    def word(self) -> str:
        if self.before is None:
            return "new"
        return "unchanged" if self.before == self.after else "changed"


@dataclass(frozen=True, slots=True)
class CheckedRow(Generic[R]):
    """One row of the sheet and what becomes of it. `planned` is set for clean and fix only."""

    number: int
    outcome: Outcome
    findings: tuple[Finding, ...]
    planned: Planned[R] | None = None


class RowReader:
    """The cells of one row, and what is found out about them."""

    def __init__(self, *, sheet: Sheet, row: int) -> None:
        self.sheet = sheet
        self.row = row
        self.findings: list[Finding] = []

    @property
    def version(self) -> str:
        """Of the export that the row is from; "" where it is from none."""
        return plain(self.cell(VERSION).text)

    def cell(self, name: str) -> Cell:
        return restored(self.sheet.cell(row=self.row, field=name))

    def take(self, read: Read[V]) -> V | None:
        """The value, and what had to be said about it."""
        self.findings.extend(read.findings)
        return read.value

    def ask(self, code: str, name: str, message: str) -> None:
        """Something that a person has to put right."""
        self.findings.append(Finding(code, Outcome.ASK, name, self.cell(name).raw, message))

    def value(
        self, name: str, now: V, shown: str, read: Callable[[Cell], Read[Any]], empty: V
    ) -> V:
        """The value of a cell; `now` where the sheet has no such column, or where it says just that.

        An empty cell leaves what is there, but in a row of an export it says `empty`.
        """
        cell = self.cell(name)
        if not self.sheet.has(name) or _says(cell, shown):
            return now
        if cell.blank:
            return empty if self.version else now
        if cell.turned:
            self.findings.append(turned(cell, name))
        found = self.take(read(cell))
        return now if found is None else found

    def whole(self, name: str, label: str, now: int, *, least: int, most: int) -> int:
        """A whole number in range. An empty cell leaves what is there."""
        return self.value(
            name, now, str(now), lambda cell: _read_whole(cell, name, label, least, most), now
        )


def _says(cell: Cell, shown: str) -> bool:
    if cell.kind is Kind.TEXT:
        return cell.text == shown
    number = read_typed(shown) if cell.number is not None and shown else None
    return number is not None and number.value == cell.number


def _read_whole(cell: Cell, name: str, label: str, least: int, most: int) -> Read[int]:
    number: Decimal | None = cell.number
    text = plain(cell.text)
    if cell.kind is Kind.TEXT and not is_scientific(text):
        typed = read_typed(text)
        number = typed.value if typed is not None and typed.unsure != "." else None
    if number is None or number != number.to_integral_value() or not least <= number <= most:
        message = _(
            'The %(label)s "%(raw)s" is no whole number from %(least)s to %(most)s. Type it anew.'
        ) % {"label": label, "raw": cell.raw, "least": f"{least:,}", "most": f"{most:,}"}
        return Read(None, (Finding("number_unclear", Outcome.ASK, name, cell.raw, message),))
    return Read(int(number))


def check_records(
    *, sheet: Sheet, read: Callable[[RowReader], Planned[R] | None], deadline: Deadline
) -> list[CheckedRow[R]]:
    """Decide about every row below the header, in the order of the sheet.

    `read` makes of a row what it does, or leaves findings that say why not. Raises
    `SheetRefused("too_slow")`.
    """
    rows = [
        _check(RowReader(sheet=sheet, row=number), read)
        for number in deadline.each(sheet.rows)
        if number > sheet.header.row
    ]
    rows += [_skipped(number, "blank_row", _("An empty row.")) for number in blank_rows(sheet)]
    return sorted(_twice(rows), key=lambda row: row.number)


def _check(reader: RowReader, read: Callable[[RowReader], Planned[R] | None]) -> CheckedRow[R]:
    skipped = _structural(reader)
    if skipped is not None:
        return skipped
    planned = read(reader)
    _formulas(reader)
    if planned is not None and reader.version:
        _judge_version(reader, planned)
    outcome = max((finding.outcome for finding in reader.findings), default=Outcome.CLEAN)
    return CheckedRow(
        number=reader.row,
        outcome=outcome,
        findings=tuple(reader.findings),
        planned=planned if outcome <= Outcome.FIX else None,
    )


def _structural(reader: RowReader) -> CheckedRow[Any] | None:
    columns = reader.sheet.header.columns
    cells = {name: reader.cell(name) for name in columns}
    if all(cell.blank for cell in cells.values()):
        return _skipped(reader.row, "blank_row", _("An empty row."))
    filled = [name for name, cell in cells.items() if not cell.blank]
    again = [n for n in filled if title_key(cells[n].text) == title_key(columns[n].title)]
    if len(again) >= 2 and 2 * len(again) > len(filled):
        return _skipped(reader.row, "repeated_header", _("The header again; left out."))
    if any(
        cells[name].text.startswith(f"{EXAMPLE}-") for name in ("sku", "warehouse") & cells.keys()
    ):
        return _skipped(reader.row, "example_row", _("The example of the template; left out."))
    return None


def _skipped(number: int, code: str, message: str) -> CheckedRow[Any]:
    return CheckedRow(number, Outcome.SKIP, (Finding(code, Outcome.SKIP, "", None, message),))


def _formulas(reader: RowReader) -> None:
    for name in reader.sheet.header.columns:
        cell = reader.cell(name)
        if cell.kind is Kind.FORMULA:
            message = _("The cell is a formula without a stored result. Type its value.")
            reader.ask("formula_without_value", name, message)
        elif cell.formula:
            message = _("The cell is a formula; its stored result %(raw)s was taken.") % {
                "raw": cell.raw
            }
            reader.findings.append(Finding("formula_value", Outcome.FIX, name, cell.raw, message))


def _judge_version(reader: RowReader, planned: Planned[R]) -> None:
    """A row of an export is for what stood there then; where another does now, a person decides."""
    if planned.before is None:
        message = _("%(names)s is not there (any more), but the row is of an export.") % {
            "names": " in ".join(planned.after.key)
        }
        reader.ask(
            "row_unknown",
            VERSION,
            _("%(message)s Empty its version to make it anew.") % {"message": message},
        )
    elif planned.word == "changed" and version_of(planned.before) != reader.version:
        message = _("%(names)s was changed after this sheet was exported.") % {
            "names": " in ".join(planned.before.key)
        }
        now = _standing(planned.before, planned.after)
        reader.ask(
            "row_stale",
            VERSION,
            _("%(message)s There is now: %(now)s. Export it anew.")
            % {"message": message, "now": now},
        )


def _standing(before: Record, after: Record) -> str:
    """What is stored, of that which the row would change."""
    new = after.shown()
    return ", ".join(
        f"{label_of(before, name)} {_told(name, value)}"
        for name, value in before.shown().items()
        if value != new[name]
    )


def _twice(rows: list[CheckedRow[R]]) -> list[CheckedRow[R]]:
    """Of rows about one thing: a copy is left out, and rows that differ are all asked about."""
    by_key: dict[tuple[str, ...], list[CheckedRow[R]]] = {}
    for row in rows:
        if row.planned is not None:
            by_key.setdefault(row.planned.after.key, []).append(row)
    instead: dict[int, CheckedRow[R]] = {}
    for key, found in by_key.items():
        if len({repr(row.planned.after) for row in found if row.planned}) > 1:
            numbers = ", ".join(str(row.number) for row in found)
            message = _("%(key)s stands in the rows %(numbers)s, and they differ. Keep one.") % {
                "key": " in ".join(key),
                "numbers": numbers,
            }
            instead |= {
                row.number: asked(row, code="row_twice", column="", message=message)
                for row in found
            }
        else:
            message = _("A copy of row %(number)s; left out.") % {"number": found[0].number}
            again = found[1:]
            instead |= {x.number: _skipped(x.number, "duplicate_exact", message) for x in again}
    return [instead.get(row.number, row) for row in rows]


def asked(row: CheckedRow[R], *, code: str, column: str, message: str) -> CheckedRow[R]:
    """The row with something a person must decide, found by comparing it with others."""
    found = Finding(code, Outcome.ASK, column, None, message)
    return replace(row, outcome=Outcome.ASK, findings=(*row.findings, found), planned=None)
