"""Quantities and lead times: whole numbers that people write in many ways."""

import re
from decimal import Decimal

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.numbers import is_scientific, read_typed

MOST_UNITS = 1_000_000
LONGEST_LEAD = 730  # days
PIECES = "pcs|pc|pce|pces|piece|pieces|ea|each|eaches|unit|units|nos|no|u|st|stk|stück|szt|pz"
WITH_UNIT = re.compile(rf"(.*[0-9)]) ?(?:{PIECES})\.?", re.IGNORECASE)
LEAD = re.compile(r"([0-9]{1,4})(?:[.,]0+)? ?(d|day|days|w|wk|wks|week|weeks)?\.?", re.IGNORECASE)
COUNT = gettext_noop("Count it and type a whole number.")


def _say(cell: Cell, code: str, outcome: Outcome, message: str) -> Finding:
    return Finding(code=code, outcome=outcome, column="on_hand", raw=cell.raw, message=message)


def _ask(cell: Cell, code: str, message: str) -> Read[int]:
    return Read(None, (_say(cell, code, Outcome.ASK, message),))


def _reject(cell: Cell) -> Read[int]:
    message = _('The quantity "%(raw)s" is not a number. %(count)s') % {
        "raw": cell.raw,
        "count": _(COUNT),
    }
    return Read(None, (_say(cell, "qty_not_a_number", Outcome.REJECT, message),))


def read_quantity(*, cell: Cell, typed: bool) -> Read[int]:
    """Single units on hand. `typed` tells a workbook, where text is not a number, from a text file.

    An empty cell is not zero: nobody counted. A count below zero or with a fraction is for a person.
    """
    if cell.blank:
        return _ask(
            cell,
            "qty_blank",
            _("The quantity is empty. Not counted is not the same as zero. %(count)s")
            % {"count": _(COUNT)},
        )
    if cell.kind is Kind.FORMULA or (cell.kind is Kind.TEXT and plain(cell.text).startswith("=")):
        return _ask(
            cell,
            "qty_formula",
            _(
                "The quantity is a formula without a stored result. Replace it by the number "
                "it shows."
            ),
        )
    if cell.number is not None:
        return _judge(cell=cell, value=cell.number, findings=())
    if cell.kind is Kind.DATE:
        return _ask(
            cell,
            "qty_unclear",
            _("The quantity is formatted as a date, so its number is hidden. %(count)s")
            % {"count": _(COUNT)},
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
            cell,
            "qty_unclear",
            _('"%(raw)s" is scientific notation; digits may be lost. %(count)s')
            % {"raw": cell.raw, "count": _(COUNT)},
        )
    number = read_typed(bare)
    if number is None:
        return _reject(cell)
    if number.value is None or number.unsure == "." or bare.startswith("+"):
        return _ask(
            cell,
            "qty_unclear",
            _('"%(raw)s" can be read as more than one number. %(count)s')
            % {"raw": cell.raw, "count": _(COUNT)},
        )
    if number.grouped:
        message = _('"%(raw)s" is read as %(value)s: the mark groups thousands.') % {
            "raw": cell.raw,
            "value": f"{number.value:f}",
        }
        findings: tuple[Finding, ...] = (_say(cell, "qty_thousands", Outcome.FIX, message),)
    elif with_unit or typed or not re.fullmatch("[0-9]+", cell.text):
        message = _('"%(raw)s" is text; read as %(value)s.') % {
            "raw": cell.raw,
            "value": f"{number.value:f}",
        }
        findings = (_say(cell, "qty_text_unit", Outcome.FIX, message),)
    else:
        findings = ()
    return _judge(cell=cell, value=number.value, findings=findings)


def _judge(*, cell: Cell, value: Decimal, findings: tuple[Finding, ...]) -> Read[int]:
    if value < 0:
        return _ask(
            cell,
            "qty_negative",
            _("The quantity %(raw)s is below zero, which no shelf can hold. %(count)s")
            % {"raw": cell.raw, "count": _(COUNT)},
        )
    if value != value.to_integral_value():
        return _ask(
            cell,
            "qty_fraction",
            _("The quantity %(raw)s is not whole. Is it in cases? %(count)s")
            % {"raw": cell.raw, "count": _(COUNT)},
        )
    if value > MOST_UNITS:
        return _ask(
            cell,
            "qty_implausible",
            _("%(raw)s is more than %(most_units)s units. Is it another column's number?")
            % {"raw": cell.raw, "most_units": f"{MOST_UNITS:,}"},
        )
    return Read(int(value), findings)


def read_lead_time(*, cell: Cell, typed: bool, weeks: bool) -> Read[int]:
    """Days from order to arrival. `weeks` says that the title of the column counts in weeks."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "lead_time_days", cell.raw, message),)

    if cell.blank:
        return Read(None, say("lead_time_blank", Outcome.FIX, _("No lead time; left empty.")))
    found = LEAD.fullmatch(plain(cell.text)) if cell.kind is Kind.TEXT else None
    number = cell.number if found is None else Decimal(found[1])
    if number is None or number < 0 or number != number.to_integral_value():
        message = _('The lead time "%(raw)s" is no whole number of days. Type the days.') % {
            "raw": cell.raw
        }
        return Read(None, say("lead_time_unclear", Outcome.ASK, message))
    unit = (found[2] or "").lower() if found else ""
    in_weeks = unit.startswith("w") or (weeks and not unit)
    days = int(number) * (7 if in_weeks else 1)
    if days > LONGEST_LEAD:
        message = _(
            'The lead time "%(raw)s" is longer than %(longest_lead)s days. Is it right?'
        ) % {"raw": cell.raw, "longest_lead": LONGEST_LEAD}
        return Read(None, say("lead_time_unclear", Outcome.ASK, message))
    bare = not in_weeks and (cell.number is not None or (not typed and cell.text == str(days)))
    if bare:
        return Read(days)
    return Read(
        days,
        say(
            "lead_time_text",
            Outcome.FIX,
            _('"%(raw)s" is read as %(days)s days.') % {"raw": cell.raw, "days": days},
        ),
    )
