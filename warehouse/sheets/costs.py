"""What one unit costs: a sign, a decimal comma, another currency."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.columns import CURRENCIES
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.numbers import is_scientific, read_typed

DECIMALS = 4
HIGHEST = Decimal(1_000_000)
AMOUNT = re.compile(r"(?P<before>[£€$]|[A-Za-z]{3,6})? ?(?P<number>[-+(]?[0-9].*?)"
                    r" ?(?P<after>[£€$]|[A-Za-z]{3,6})?")  # fmt: skip
DOLLARS: Mapping[str, str] = dict.fromkeys(("USD", "AUD", "CAD", "NZD"), "$")


@dataclass(frozen=True, slots=True)
class CostColumn:
    """What the column as a whole says: its currency ("" when unknown), its decimal mark.

    `decimal_point` is True in a text file whose other costs settle that a point begins decimals.
    """

    currency: str = ""
    decimal_point: bool = False


def currency_of(cell: Cell) -> str:
    """The currency that the cell names, or ""."""
    found = AMOUNT.fullmatch(plain(cell.text)) if cell.kind is Kind.TEXT else None
    if not found:
        return ""
    return CURRENCIES.get((found["before"] or found["after"] or "").lower(), "")


def read_cost(*, cell: Cell, typed: bool, column: CostColumn) -> Read[Decimal]:
    """Cost per single unit, in the sheet's currency, to four decimals at most."""

    def ask(code: str, message: str) -> Read[Decimal]:
        return Read(None, (Finding(code, Outcome.ASK, "unit_cost", cell.raw, message),))

    if cell.blank:
        return ask(
            "cost_blank", _("The unit cost is empty. Type it, or confirm that it is unknown.")
        )
    if cell.number is not None:
        return _judge(cell=cell, value=cell.number, findings=())
    found = AMOUNT.fullmatch(plain(cell.text)) if cell.kind is Kind.TEXT else None
    number = read_typed(found["number"]) if found else None
    unclear = _(
        'The unit cost "%(raw)s" cannot be read for certain. Type it as a plain number.'
    ) % {"raw": cell.raw}
    if found is None or number is None or number.value is None or is_scientific(found["number"]):
        return ask("cost_unclear", unclear)
    words = [word for word in (found["before"], found["after"]) if word]
    if len(words) > 1 or any(word.lower() not in CURRENCIES for word in words):
        return ask("cost_unclear", unclear)
    if words and not _same(CURRENCIES[words[0].lower()], column.currency):
        return ask(
            "cost_currency",
            _('"%(raw)s" is in another currency than the column. Convert it.') % {"raw": cell.raw},
        )
    if number.unsure and not (number.unsure == "." and column.decimal_point):
        return ask("cost_unclear", unclear)
    usual = not typed and re.fullmatch(r"[0-9]+(\.[0-9]+)?", cell.text)
    message = _('"%(raw)s" is text; read as %(value)s.') % {
        "raw": cell.raw,
        "value": f"{number.value:f}",
    }
    fixed = Finding("cost_text", Outcome.FIX, "unit_cost", cell.raw, message)
    return _judge(cell=cell, value=number.value, findings=() if usual else (fixed,))


def _same(one: str, other: str) -> bool:
    return one == other or (
        "$" in {one, other} and DOLLARS.get(one, one) == DOLLARS.get(other, other)
    )


def _judge(*, cell: Cell, value: Decimal, findings: tuple[Finding, ...]) -> Read[Decimal]:
    code, message = "", ""
    if value < 0:
        code, message = (
            "cost_negative",
            _("The unit cost %(raw)s is below zero. Type it again.") % {"raw": cell.raw},
        )
    elif value == 0:
        code, message = (
            "cost_zero",
            _("The unit cost is zero. Type it, or confirm that it is free."),
        )
    elif value > HIGHEST or value != round(value, DECIMALS):
        code = "cost_unclear"
        message = _(
            "The unit cost %(raw)s is too high, or has more than %(decimals)s decimals."
        ) % {"raw": cell.raw, "decimals": DECIMALS}
    if code:
        return Read(None, (Finding(code, Outcome.ASK, "unit_cost", cell.raw, message),))
    return Read(value, findings)
