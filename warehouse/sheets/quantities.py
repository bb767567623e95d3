"""Quantities and lead times: whole numbers that people write in many ways."""

import re
from decimal import Decimal

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.numbers import is_scientific, read_typed

MOST_UNITS = 1_000_000
LONGEST_LEAD = 730  # days
PIECES = "pcs|pc|pce|pces|piece|pieces|ea|each|eaches|unit|units|nos|no|u|st|stk|stück|szt|pz"
WITH_UNIT = re.compile(rf"(.*[0-9)]) ?(?:{PIECES})\.?", re.IGNORECASE)
LEAD = re.compile(r"([0-9]{1,4})(?:[.,]0+)? ?(d|day|days|w|wk|wks|week|weeks)?\.?", re.IGNORECASE)
COUNT = "Count it and type a whole number."


def _say(cell: Cell, code: str, outcome: Outcome, message: str) -> Finding:
    return Finding(code=code, outcome=outcome, column="on_hand", raw=cell.raw, message=message)


def _ask(cell: Cell, code: str, message: str) -> Read[int]:
    return Read(None, (_say(cell, code, Outcome.ASK, message),))


def _reject(cell: Cell) -> Read[int]:
    message = f'The quantity "{cell.raw}" is not a number. {COUNT}'
    return Read(None, (_say(cell, "qty_not_a_number", Outcome.REJECT, message),))


def read_quantity(*, cell: Cell, typed: bool) -> Read[int]:
    """Single units on hand. `typed` tells a workbook, where text is not a number, from a text file.

    An empty cell is not zero: nobody counted. A count below zero or with a fraction is for a person.
    """
    if cell.blank:
        return _ask(
            cell,
            "qty_blank",
            f"The quantity is empty. Not counted is not the same as zero. {COUNT}",
        )
    if cell.kind is Kind.FORMULA or (cell.kind is Kind.TEXT and plain(cell.text).startswith("=")):
        return _ask(
            cell,
            "qty_formula",
            "The quantity is a formula without a stored result. Replace it by the number it shows.",
        )
    if cell.number is not None:
        return _judge(cell=cell, value=cell.number, findings=())
    if cell.kind is Kind.DATE:
        return _ask(
            cell,
            "qty_unclear",
            f"The quantity is formatted as a date, so its number is hidden. {COUNT}",
        )
    if cell.kind is not Kind.TEXT:
        return _reject(cell)
    return _read_text(cell=cell, typed=typed)


def _read_text(*, cell: Cell, typed: bool) -> Read[int]:
    text = plain(cell.text)
    with_unit = WITH_UNIT.fullmatch(text)
    bare = with_unit[1] if with_unit else text
    if is_scientific(bare):
        return _ask(
            cell, "qty_unclear", f'"{cell.raw}" is scientific notation; digits may be lost. {COUNT}'
        )
    number = read_typed(bare)
    if number is None:
        return _reject(cell)
    if number.value is None or number.unsure == "." or bare.startswith("+"):
        return _ask(
            cell, "qty_unclear", f'"{cell.raw}" can be read as more than one number. {COUNT}'
        )
    if number.grouped:
        message = f'"{cell.raw}" is read as {number.value:f}: the mark groups thousands.'
        findings: tuple[Finding, ...] = (_say(cell, "qty_thousands", Outcome.FIX, message),)
    elif with_unit or typed or not re.fullmatch("[0-9]+", cell.text):
        message = f'"{cell.raw}" is text; read as {number.value:f}.'
        findings = (_say(cell, "qty_text_unit", Outcome.FIX, message),)
    else:
        findings = ()
    return _judge(cell=cell, value=number.value, findings=findings)


def _judge(*, cell: Cell, value: Decimal, findings: tuple[Finding, ...]) -> Read[int]:
    if value < 0:
        return _ask(
            cell,
            "qty_negative",
            f"The quantity {cell.raw} is below zero, which no shelf can hold. {COUNT}",
        )
    if value != value.to_integral_value():
        return _ask(
            cell, "qty_fraction", f"The quantity {cell.raw} is not whole. Is it in cases? {COUNT}"
        )
    if value > MOST_UNITS:
        return _ask(
            cell,
            "qty_implausible",
            f"{cell.raw} is more than {MOST_UNITS:,} units. Is it another column's number?",
        )
    return Read(int(value), findings)


def read_lead_time(*, cell: Cell, typed: bool, weeks: bool) -> Read[int]:
    """Days from order to arrival. `weeks` says that the title of the column counts in weeks."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "lead_time_days", cell.raw, message),)

    if cell.blank:
        return Read(None, say("lead_time_blank", Outcome.FIX, "No lead time; left empty."))
    found = LEAD.fullmatch(plain(cell.text)) if cell.kind is Kind.TEXT else None
    number = cell.number if found is None else Decimal(found[1])
    if number is None or number < 0 or number != number.to_integral_value():
        message = f'The lead time "{cell.raw}" is no whole number of days. Type the days.'
        return Read(None, say("lead_time_unclear", Outcome.ASK, message))
    unit = (found[2] or "").lower() if found else ""
    in_weeks = unit.startswith("w") or (weeks and not unit)
    days = int(number) * (7 if in_weeks else 1)
    if days > LONGEST_LEAD:
        message = f'The lead time "{cell.raw}" is longer than {LONGEST_LEAD} days. Is it right?'
        return Read(None, say("lead_time_unclear", Outcome.ASK, message))
    bare = not in_weeks and (cell.number is not None or (not typed and cell.text == str(days)))
    if bare:
        return Read(days)
    return Read(days, say("lead_time_text", Outcome.FIX, f'"{cell.raw}" is read as {days} days.'))
