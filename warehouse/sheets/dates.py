"""The day of a count, in the forms in which people and spreadsheets write days."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from warehouse.sheets.cells import Cell, Kind, plain
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.worksheet import serial_date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december")  # fmt: skip
YEAR_FIRST = re.compile(r"([0-9]{4})([-./ ])([0-9]{1,2})\2([0-9]{1,2})")
COMPACT = re.compile("((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-./ ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
DAY_WORD = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-./, ]*([a-z]{3,9})\.?[-./, ]*'?([0-9]{4}|[0-9]{2})"
)
WORD_DAY = re.compile(r"([a-z]{3,9})\.? ?([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
WEEKDAY = re.compile("^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*[,.]? ")
CLOCK = re.compile(r"[t ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?z?$")
SERIALS = range(20_000, 80_000)  # 1954 to 2119
EARLIEST = date(1990, 1, 1)


class _Ambiguous(Exception):
    """Day and month could change places."""


def read_day(*, cell: Cell, typed: bool, date1904: bool, today: date | None) -> Read[date]:
    """The day on which the row was counted. `today` bounds it; None leaves the future open."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "counted_on", cell.raw, message),)

    if cell.blank:
        return Read(None, say("date_blank", Outcome.FIX, _("No date of the count; left empty.")))
    findings: tuple[Finding, ...] = ()
    day: date | None = None
    if cell.day is not None:
        day = cell.day.date() if isinstance(cell.day, datetime) else cell.day
    elif cell.number is not None:
        day = _from_serial(cell.number, date1904=date1904)
        findings = say(
            "date_serial",
            Outcome.FIX,
            _("%(raw)s is a bare date number; %(day)s.") % {"raw": cell.raw, "day": day},
        )
    elif cell.kind is Kind.TEXT:
        try:
            day = _from_text(plain(cell.text).lower())
        except _Ambiguous:
            message = _('"%(raw)s" may be two different days. Write it as 2010-11-29.') % {
                "raw": cell.raw
            }
            return Read(None, say("date_ambiguous", Outcome.ASK, message))
        if typed or day is None or cell.text != day.isoformat():
            message = _('"%(raw)s" is text; read as %(day)s.') % {"raw": cell.raw, "day": day}
            findings = say("date_as_text", Outcome.FIX, message)
    if day is None or day < EARLIEST or (today is not None and day > today + timedelta(days=1)):
        message = _('The date "%(raw)s" cannot be read, or cannot be right. Write 2010-11-29.') % {
            "raw": cell.raw
        }
        return Read(None, say("date_unclear", Outcome.ASK, message))
    return Read(day, findings)


def _from_serial(number: Decimal, *, date1904: bool) -> date | None:
    if int(number) not in SERIALS:
        return None
    found = serial_date(serial=number, date1904=date1904)
    return found.date() if found else None


def _from_text(text: str) -> date | None:
    text = CLOCK.sub("", WEEKDAY.sub("", text)).strip()
    if found := YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := DAY_WORD.fullmatch(text):
        return _day(_full_year(found[3]), _month(found[2]), found[1])
    if found := WORD_DAY.fullmatch(text):
        return _day(found[3], _month(found[1]), found[2])
    if found := YEAR_LAST.fullmatch(text):
        return _day_and_month(found[1], found[3], found[4], mark=found[2])
    return None


def _day_and_month(first: str, second: str, year: str, *, mark: str) -> date | None:
    """Only a number over twelve tells the day; 10-11-29 could even begin with the year."""
    one, two = int(first), int(second)
    if len(year) == 2 and mark not in "/.":
        raise _Ambiguous
    if one <= 12 and two <= 12 and one != two:
        raise _Ambiguous
    if two > 12:
        one, two = two, one
    return _day(_full_year(year), str(two), str(one))


def _full_year(year: str) -> str:
    if len(year) == 4:
        return year
    return ("20" if int(year) < 70 else "19") + year


def _month(word: str) -> str:
    if word in FULL or word in MONTHS or word == "sept":
        return str(MONTHS.index(word[:3]) + 1)
    return "0"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
