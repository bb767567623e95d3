"""Numbers that someone typed as text: which mark groups thousands, which begins the decimals."""

import re
from dataclasses import dataclass
from decimal import Decimal

SCIENTIFIC = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]{1,3}")
BODY = re.compile(r"[0-9][0-9 .,']*")
GROUP_ONLY = " '"


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as typed. `value` is None where its marks make no sense.

    `grouped` says that a thousands separator was seen. `unsure` names the one mark, "," or ".",
    that could be either: 1,234 is read as grouped, 1.234 as decimal, and the caller decides.
    """

    value: Decimal | None
    grouped: bool = False
    unsure: str = ""


def read_typed(text: str) -> Typed | None:
    """Read digits with their marks; the sign is in front, behind, or in brackets.

    None when it is no number at all. `text` is plain (see `cells.plain`).
    """
    body, negative = _sign(text)
    body = body.replace("\u2019", "'").replace("\u00b4", "'").replace("`", "'")
    if not BODY.fullmatch(body):
        return None
    typed = _read_body(body)
    if negative and typed.value is not None:
        return Typed(value=-typed.value, grouped=typed.grouped, unsure=typed.unsure)
    return typed


def is_scientific(text: str) -> bool:
    """Whether the text is a number such as 2.96630E+12, whose last digits are lost."""
    return SCIENTIFIC.fullmatch(text.replace(" ", "")) is not None


def _sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith(("-", "+")):
        return text[1:].strip(), text[0] == "-"
    if text.endswith("-"):
        return text[:-1].strip(), True
    return text, False


def _read_body(body: str) -> Typed:
    marks = [mark for mark in ".,'" + " " if mark in body]
    if not marks:
        return Typed(value=Decimal(body))
    last = max(marks, key=body.rindex)
    if len(marks) == 1:
        return _one_mark(body, last)
    if len(marks) > 2 or last in GROUP_ONLY or body.count(last) > 1:
        return Typed(value=None)
    whole, _, decimals = body.rpartition(last)
    other = next(mark for mark in marks if mark != last)
    if not decimals or not _grouped(whole, other):
        return Typed(value=None)
    return Typed(value=Decimal(f"{whole.replace(other, '')}.{decimals}"), grouped=True)


def _one_mark(body: str, mark: str) -> Typed:
    joined = body.replace(mark, "")
    if mark in GROUP_ONLY or body.count(mark) > 1:
        fits = _grouped(body, mark)
        return Typed(value=Decimal(joined) if fits else None, grouped=fits)
    whole, _, decimals = body.partition(mark)
    if not decimals:
        return Typed(value=None)
    if len(decimals) == 3 and _grouped(body, mark):
        value = Decimal(joined) if mark == "," else Decimal(f"{whole}.{decimals}")
        return Typed(value=value, grouped=mark == ",", unsure=mark)
    return Typed(value=Decimal(f"{whole}.{decimals}"))


def _grouped(body: str, mark: str) -> bool:
    """Whether the marks stand before each three digits and nowhere else: 1,234,567."""
    first, *rest = body.split(mark)
    return (
        re.fullmatch("[1-9][0-9]{0,2}", first) is not None
        and bool(rest)
        and all(re.fullmatch("[0-9]{3}", group) for group in rest)
    )
