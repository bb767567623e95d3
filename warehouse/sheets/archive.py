"""A zip file from someone else: its directory is judged first, and every byte is counted."""

import zipfile
import zlib
from collections.abc import Generator
from types import TracebackType
from typing import IO

from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop

CHUNK = 64 * 1024
PACKED = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
)  # all that the format of workbooks allows
BOMB = gettext_noop(
    "The workbook would unpack to far more data than a sheet of stock needs, so it was not opened."
)
DAMAGED = gettext_noop(
    "The workbook is damaged or cut off. Open it in the spreadsheet program, save it again."
)


class Archive:
    """The parts of a workbook, each read in small pieces. Use as a context manager.

    Raises `SheetRefused`: `damaged`, `encrypted`, `zip_bomb`, `too_slow`.
    """

    def __init__(self, *, file: IO[bytes], limits: Limits, deadline: Deadline) -> None:
        self._limits = limits
        self._deadline = deadline
        self._unzipped = 0
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise SheetRefused("damaged", _(DAMAGED)) from problem
        try:
            self._judge_directory()
        except SheetRefused:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> set[str]:
        """The names of all parts."""
        return set(self._zip.namelist())

    def chunks(self, name: str) -> Generator[bytes, None, None]:
        """The part in pieces, counted while it is unpacked: the directory may have lied."""
        try:
            with self._zip.open(name) as part:
                info = self._zip.getinfo(name)
                size = 0
                while piece := part.read(CHUNK):
                    size += len(piece)
                    self._unzipped += len(piece)
                    self._judge_size(size=size, zipped=info.compress_size)
                    self._deadline.check()
                    yield piece
        except KeyError as problem:
            raise SheetRefused("damaged", _(DAMAGED)) from problem
        except RuntimeError as problem:  # what zipfile says to a part with a password
            raise SheetRefused(
                "encrypted", _("The workbook has a password. Remove it.")
            ) from problem
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as problem:
            raise SheetRefused("damaged", _(DAMAGED)) from problem

    def _judge_directory(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.members:
            raise SheetRefused("zip_bomb", _(BOMB))
        if len({entry.filename for entry in entries}) < len(entries):
            raise SheetRefused("damaged", _(DAMAGED))  # two parts of one name: which one is meant?
        if any(entry.compress_type not in PACKED or entry.header_offset < 0 for entry in entries):
            raise SheetRefused("damaged", _(DAMAGED))
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise SheetRefused(
                "encrypted", _("The workbook has a password. Remove it and try again.")
            )
        if sum(entry.file_size for entry in entries) > self._limits.unzipped_bytes:
            raise SheetRefused("zip_bomb", _(BOMB))
        for entry in entries:
            self._judge_size(size=entry.file_size, zipped=entry.compress_size)

    def _judge_size(self, *, size: int, zipped: int) -> None:
        limits = self._limits
        swollen = size > limits.ratio_from_bytes and size > limits.ratio * max(zipped, 1)
        if swollen or size > limits.member_bytes or self._unzipped > limits.unzipped_bytes:
            raise SheetRefused("zip_bomb", _(BOMB))
