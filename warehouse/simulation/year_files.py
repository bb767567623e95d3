"""The files of a year, row by row. What cannot be read is told with its file and row."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from warehouse.checks import normal_sku
from warehouse.lines import MAX_QUANTITY

ZONE = ZoneInfo("Europe/London")  # of local times without an offset, as the files have them
SHOWN = 40


class UnreadableYear(ValueError):
    """The folder is not that of a year; says which file, which row, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str | None]

    def text(self, column: str) -> str:
        return (self.cells[column] or "").strip()

    def sku(self) -> str:
        found = normal_sku(self.text("sku"))
        if not found:
            raise self.wrong("there is no SKU")
        return found

    def whole(self, column: str, *, least: int = 1, most: int = MAX_QUANTITY) -> int:
        """A whole number within these bounds."""
        text = self.text(column)
        try:
            number = int(text)
        except ValueError:
            raise self._unread(column, "a whole number") from None
        if not least <= number <= most:
            raise self._unread(column, f"from {least:,} to {most:,}")
        return number

    def money(self, column: str) -> Decimal:
        try:
            amount = Decimal(self.text(column))
        except InvalidOperation:
            raise self._unread(column, "an amount") from None
        if not amount.is_finite():
            raise self._unread(column, "an amount")
        return amount

    def moment(self, column: str) -> datetime:
        try:
            at = datetime.fromisoformat(self.text(column))
        except ValueError:
            raise self._unread(column, "a date with a time, such as 2010-12-01T08:26:00") from None
        return at.astimezone(ZONE) if at.tzinfo else at.replace(tzinfo=ZONE)

    def wrong(self, why: str) -> UnreadableYear:
        return UnreadableYear(f"{self.file}, row {self.number}: {why}.")

    def _unread(self, column: str, wanted: str) -> UnreadableYear:
        return self.wrong(f'{column} "{self.text(column)[:SHOWN]}" is not {wanted}')


def lines_of(path: Path, *, columns: Sequence[str]) -> Iterator[Line]:
    """Every row below the header, read as a stream. Raises UnreadableYear."""
    open_it = gzip.open if path.suffix == ".gz" else open
    try:
        with open_it(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lost = [name for name in columns if name not in (reader.fieldnames or ())]
            if lost:
                raise UnreadableYear(f"{path.name} has no column {', '.join(lost)}.")
            for cells in reader:
                yield Line(path.name, reader.line_num, cells)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as problem:
        raise UnreadableYear(f"{path.name} cannot be read: {problem}.") from problem
