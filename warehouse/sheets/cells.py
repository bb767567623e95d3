"""One cell as the file holds it, before anyone says what it means."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from warehouse.sheets.findings import Raw

SHOWN = 100  # characters of a text that a report repeats
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # the direction of writing
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
SPACES = re.compile(r"[\s\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]+")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-"))


class Kind(Enum):
    """What sort of thing a cell holds."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    FORMULA = "formula"  # without a result; with one, the cell is of the result's kind


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. `text` is what the file holds; `number` and `day` are set for those kinds.

    `pad` is the width that a number format such as 00000 shows; `formula` says that the value is
    the stored result of one; `shown_scientific` that the person sees 2.9E+12.
    """

    kind: Kind
    text: str = ""
    number: Decimal | None = None
    day: date | datetime | None = None
    pad: int = 0
    formula: bool = False
    shown_scientific: bool = False

    @property
    def raw(self) -> Raw:
        """The value as a report shows it; a long text is cut."""
        if self.kind is Kind.EMPTY:
            return None
        if self.number is not None:
            whole = self.number == self.number.to_integral_value()
            return int(self.number) if whole else float(self.number)
        if self.day is not None:
            return self.day.isoformat()
        return cut(self.text)

    @property
    def blank(self) -> bool:
        """Whether a person sees nothing in it."""
        return self.kind is Kind.EMPTY or (self.kind is Kind.TEXT and not spaced(self.text))

    @property
    def turned(self) -> bool:
        """Whether it may say something else than it shows: signs in it turn the direction of writing."""
        return not self.blank and TURNING.search(self.text) is not None


EMPTY = Cell(kind=Kind.EMPTY)


def cut(text: str) -> str:
    """The text as a report repeats it: its beginning."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\N{HORIZONTAL ELLIPSIS}"


def spaced(text: str) -> str:
    """The text without invisible characters, outer spaces, or more than one space at a time."""
    return SPACES.sub(" ", INVISIBLE.sub("", text)).strip()


def plain(text: str) -> str:
    """As `spaced`, and with full-width letters and every kind of dash in their usual form.

    Superscripts, fractions and digits of other scripts stay as they are: read as digits, they would
    be another number.
    """
    return spaced(text).translate(FULL_WIDTH).translate(DASHES)


def text_cell(text: str) -> Cell:
    """A cell of text; empty text is an empty cell."""
    return Cell(kind=Kind.TEXT, text=text) if text else EMPTY
