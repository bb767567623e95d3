"""What a report is: a question, the SQL that answers it, and how its answer is shown.

`found` is one SELECT of all rows of the answer. The page, the figures and the chart are read from it in the
same statement, so that they cannot disagree; an export reads the same SELECT from end to end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

# gettext_lazy is typed as a promise of a string; wherever it is shown it is one.
Words = Any


class Kind(Enum):
    """How a value is written. Moments are already in their warehouse's zone."""

    TEXT = "text"
    UNITS = "units"
    NUMBER = "number"  # one decimal
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `link` names an address of the site and the column whose value it is given."""

    key: str
    label: Words
    kind: Kind = Kind.TEXT
    link: tuple[str, str] | None = None
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """One number above the table: an aggregate over `found r`."""

    label: Words
    sql: str
    kind: Kind = Kind.UNITS


class Shape(Enum):
    """Bars lie, one for each name; columns stand, one for each day, week or month; a matrix has cells."""

    BARS = "bars"
    COLUMNS = "columns"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Chart:
    """`sql` selects label and value (matrix: row, column, value, text) from `found r`, in order."""

    title: Words
    sql: str
    kind: Kind = Kind.UNITS
    shape: Shape = Shape.BARS


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values; the first is taken where nothing is asked for."""

    key: str
    label: Words
    options: Sequence[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Search:
    """A part of a SKU, name or reference; nothing: all."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class OnDay:
    """The end of one day, in each warehouse's own zone; today unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in each warehouse's own zone; so many up to today unless said otherwise."""

    days: int = 30


Parameter = Choice | Search | OnDay | Period


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse that is looked at, and the zone of its days."""

    code: str
    name: str
    zone: str

    def midnight(self, day: date) -> datetime:
        """When this day begins there."""
        return datetime.combine(day, time.min, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked: warehouses, days (both included), and the report's own parameters.

    `everywhere`: no warehouse was chosen by somebody who is limited to none, so that what concerns no
    certain warehouse is looked at too.
    """

    places: Sequence[Place]
    everywhere: bool
    since: date
    until: date
    now: datetime
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def step(self) -> str:
        """What a chart of this period counts by."""
        return "day" if self.days <= 62 else "week" if self.days <= 366 else "month"

    def steps(self) -> list[str]:
        """Every day, week (by its Monday) or month (by its first) of the period, as charts name them."""
        days = [self.since + timedelta(days=n) for n in range(self.days)]
        if self.step == "week":
            days = [day - timedelta(days=day.weekday()) for day in days]
        elif self.step == "month":
            days = [day.replace(day=1) for day in days]
        return list(dict.fromkeys(day.isoformat() for day in days))

    def params(self) -> dict[str, Any]:
        """All of it, as SQL is given it."""
        after = self.until + timedelta(days=1)
        sinces = [one.midnight(self.since) for one in self.places]
        untils = [one.midnight(after) for one in self.places]
        utc = Place("", "", "UTC")
        return {
            **self.values,
            "codes": [one.code for one in self.places],
            "zones": [one.zone for one in self.places],
            "sinces": sinces,
            "untils": untils,
            # The widest span of all, for what is found by time alone.
            "first_since": min([*sinces, utc.midnight(self.since)]),
            "first_until": min([*untils, utc.midnight(after)]),
            "last_until": max([*untils, utc.midnight(after)]),
            "since_utc": utc.midnight(self.since),
            "until_utc": utc.midnight(after),
            "everywhere": self.everywhere,
            "now": self.now,
            "step": self.step,
        }


def _nothing_more(given: Given) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `order` is SQL over `found r`; `more` and `joins` add to a row what only shown rows need.

    `prepare` gives parameters that follow from those asked for. `choose` names the page that rows are chosen
    for, the column that is handed to it, and what its button says.
    """

    key: str
    title: Words
    question: Words
    about: Words
    columns: Sequence[Column]
    found: str
    order: str
    parameters: Sequence[Parameter] = ()
    figures: Sequence[Figure] = ()
    chart: Chart | None = None
    more: str = ""
    joins: str = ""
    prepare: Callable[[Given], Mapping[str, Any]] = _nothing_more
    choose: tuple[str, str, Words] | None = None

    @property
    def period(self) -> Period | None:
        return next((one for one in self.parameters if isinstance(one, Period)), None)

    @property
    def on_day(self) -> bool:
        return any(isinstance(one, OnDay) for one in self.parameters)
