"""One message of one or many alerts, in plain values, before it takes the form of a mail or a chat line."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_SHOWN = 50
MOST_SUBJECT = 150

ORDER = ("urgent", "warning", "info")


class NotSent(Exception):
    """The message did not leave; the text says why, for a person, and holds no secret.

    `for_good`: it is this very message that is refused, and would be each time.
    """

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Line:
    """One alert as it stands now."""

    severity: str
    title: str
    rule: str
    warehouse: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """`lines` are the first of them, most urgent first; `counts` says how many there are of each severity.

    `key` names the message for good: sent a second time, it is known to be the same.
    """

    key: str
    counts: Mapping[str, int]
    lines: Sequence[Line] = field(default_factory=list)
    link: str = ""
    test: bool = False

    @property
    def more(self) -> int:
        """How many are not shown."""
        return sum(self.counts.values()) - len(self.lines)

    @property
    def worst(self) -> str:
        return next((name for name in ORDER if self.counts.get(name)), "info")

    @property
    def summary(self) -> str:
        """How many of what, such as `3 urgent, 12 warnings`."""
        return ", ".join(_many(name, n) for name in ORDER if (n := self.counts.get(name, 0)))

    @property
    def subject(self) -> str:
        """One line, however odd the names in it are; of ASCII where they are."""
        if self.test:
            return _("[Holdfast] Test message")
        told = f"[Holdfast] {self.summary}"
        if self.lines:
            told += f": {one_line(self.lines[0].title)}"
        told = shortened(told, most=MOST_SUBJECT - 4, end="...")
        return f"{told} ..." if sum(self.counts.values()) > 1 and told[-3:] != "..." else told


def _many(severity: str, n: int) -> str:
    if severity == "urgent":
        words = ngettext("%(n)s urgent", "%(n)s urgent", n)
    elif severity == "warning":
        words = ngettext("%(n)s warning", "%(n)s warnings", n)
    else:
        words = ngettext("%(n)s notice", "%(n)s notices", n)
    return words % {"n": n}


def one_line(text: str) -> str:
    """The text on one line: no breaks, no control characters, nothing that turns the direction of reading."""
    kept = (
        character if unicodedata.category(character) not in ("Cc", "Zl", "Zp", "Cs") else " "
        for character in text
        if unicodedata.category(character) != "Cf" or character == "\u200d"  # which joins emoji
    )
    return " ".join("".join(kept).split())


def shortened(text: str, *, most: int, end: str = "…") -> str:
    """The text in at most so many characters."""
    return text if len(text) <= most else text[: most - len(end)].rstrip() + end
