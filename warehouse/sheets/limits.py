"""How much of a sheet is read before it is refused, and the words of a refusal."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from warehouse.sheets.marking import gettext as _

T = TypeVar("T")


class SheetRefused(Exception):
    """The file as a whole cannot be read: a stable `code`, and plain words for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one sheet: bytes, counts and seconds. Reading stops at the first one passed."""

    file_bytes: int = 20 * 1024 * 1024
    unzipped_bytes: int = 300 * 1024 * 1024
    member_bytes: int = 200 * 1024 * 1024
    ratio: int = 100  # unzipped to zipped, of a part over `ratio_from_bytes`
    ratio_from_bytes: int = 1024 * 1024
    members: int = 1000
    rows: int = 100_000
    columns: int = 256
    cells: int = 2_000_000
    characters: int = 50_000_000  # of all cells together; one text may stand in many of them
    cell_length: int = 32_767  # what Excel itself allows
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which reading and cleaning give up, on the monotonic clock."""

    at: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(at=time.monotonic() + seconds, seconds=seconds)

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """The things one by one, for as long as there is time. Raises as `check` does."""
        for thing in things:
            self.check()
            yield thing

    def check(self) -> None:
        """Raises `SheetRefused("too_slow")` once the time has passed."""
        if time.monotonic() > self.at:
            raise SheetRefused(
                "too_slow",
                _(
                    "Reading and cleaning the file took longer than %(seconds)s seconds. Split "
                    "it into smaller sheets."
                )
                % {"seconds": f"{self.seconds:g}"},
            )


REFUSALS = MappingProxyType(
    {
        "not_found": "there is no such file, or it may not be read",
        "empty_file": "the file has no content",
        "wrong_kind": "the file's kind is not read, or its name says another kind than its content",
        "encrypted": "the workbook has a password",
        "damaged": "the workbook is cut off or broken",
        "hostile_xml": "the workbook declares XML entities, which no spreadsheet program writes",
        "unreadable_text": "the text is in no encoding that is read",
        "too_large": "the file is larger than is read",
        "zip_bomb": "the workbook unpacks to far more than a sheet of stock needs",
        "too_many_rows": "more rows than are read at once",
        "too_many_columns": "more columns than are read",
        "too_many_cells": "more filled cells than are read",
        "too_much_text": "the cells hold more text together than is read",
        "cell_too_long": "a cell holds more text than a spreadsheet allows",
        "too_slow": "reading and cleaning took longer than is allowed",
        "no_such_sheet": "the workbook has no sheet of the name asked for",
        "no_header": "no row names the columns that an opening stock needs",
        "columns_unclear": "two columns could both be the same thing",
        "several_sheets": "more than one sheet of the workbook could be meant",
    }
)
