"""Policies of reordering over a real year, day by day: how much would have been served, with how much stock.

At each day only the past is known: demand up to last night, and of each item its lead time and cost. The
opening stock is the same for every policy, and so are the first weeks, in which there is no past to learn
from; they are not measured. What is not there is lost, and known to have been asked for.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from warehouse.forecasting import Demand, Forecast, Windows
from warehouse.policy import COVER_WEEKS, DAYS, FIRST_WEEKS, REVIEW_DAYS, SERVICE, settings
from warehouse.simulation import year
from warehouse.simulation.planning import OPENING_SHARE
from warehouse.simulation.year_files import UnreadableYear
from warehouse.turnover import A_SHARE, B_SHARE


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an item on the morning of a plan."""

    demand: Demand
    forecast: Forecast | None
    windows: Windows
    lead_weeks: float
    cls: str


Setting = tuple[int, int]  # reorder point, order quantity
Policy = Callable[[Known], Setting | None]  # None: the opening rule goes on


def fixed(point: int = 10, quantity: int = 50) -> Policy:
    """The same for every item: the first design."""
    return lambda known: (point, quantity)


def mean_over_lead_time(known: Known) -> Setting | None:
    """Order when the mean demand of a lead time is left, without any safety."""
    history = known.demand.history
    mean = sum(history) / len(history)
    cover = COVER_WEEKS[known.cls]
    return math.ceil(mean * known.lead_weeks), max(1, math.ceil(mean * cover))


def suggested(service: Mapping[str, float] = SERVICE) -> Policy:
    """Our suggestion, with a service level per class."""

    def plan(known: Known) -> Setting | None:
        forecast = known.forecast
        if forecast is None:
            return None
        return settings(
            forecast=forecast,
            windows=known.windows,
            lead_weeks=known.lead_weeks,
            service=service[known.cls],
            cover_weeks=COVER_WEEKS[known.cls],
        )

    return plan


@dataclass(slots=True)
class Item:
    """One SKU over all warehouses. `asked` is units by day from the first day on."""

    sku: str
    opening: int
    unit_cost: float
    lead_days: int
    asked: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def lead_weeks(self) -> float:
        return (self.lead_days + REVIEW_DAYS) / DAYS


@dataclass(slots=True)
class Outcome:
    """What a policy did over the measured days. Value is in the currency of the sheet."""

    name: str
    asked: int = 0
    served: int = 0
    stock_out_days: int = 0  # item-days on which something asked for was not there
    asked_days: int = 0  # item-days on which something was asked for
    orders: int = 0
    value_days: float = 0.0
    days: int = 0

    @property
    def fill_rate(self) -> float:
        """The share of units asked for that were there."""
        return self.served / self.asked if self.asked else 1.0

    @property
    def average_value(self) -> float:
        return self.value_days / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """A folder's year as the back-test needs it."""

    first: date
    days: int
    items: Sequence[Item]


def past_of(folder: Path) -> Past:
    """Read a folder of a year. Raises UnreadableYear."""
    year.check_files(folder)
    items: dict[str, Item] = {}
    for row in year.opening_rows(folder):
        item = items.setdefault(
            row.sku, Item(row.sku, 0, float(row.unit_cost or 0), row.lead_time_days or 14)
        )
        item.opening += row.on_hand
    first: date | None = None
    last = date.min
    for happening in year.happenings(folder):
        if isinstance(happening, year.Order):
            last = happening.at.date()
            first = first or last
            for sku, units, _ in happening.lines:
                if sku not in items:
                    raise UnreadableYear(f"opening_stock.csv has no {sku} of {happening.id}.")
                items[sku].asked[(last - first).days] += units
    if first is None:
        raise UnreadableYear(f"{folder} has no orders.")
    return Past(first, (last - first).days + 1, list(items.values()))


Plans = Sequence[Sequence[Setting | None]]  # per week, per item: what a policy wants


def plans_of(past: Past, policies: Mapping[str, Policy]) -> dict[str, list[list[Setting | None]]]:
    """What each policy wants on the first morning of each week; demand is followed once for all of them."""
    demands = [Demand() for _ in past.items]
    windows = [Windows(math.ceil(item.lead_weeks)) for item in past.items]
    plans: dict[str, list[list[Setting | None]]] = {name: [] for name in policies}
    for week in range(math.ceil(past.days / DAYS)):
        if week:
            for item, demand, window in zip(past.items, demands, windows, strict=True):
                begun = (week - 1) * DAYS
                demand.observe(sum(item.asked.get(begun + day, 0) for day in range(DAYS)))
                window.observe(demand.history)
        classes = _classes(past.items, demands)
        known = [
            Known(demand, demand.forecast(), window, item.lead_weeks, cls)
            for item, demand, window, cls in zip(past.items, demands, windows, classes, strict=True)
        ]
        for name, policy in policies.items():
            early = week < FIRST_WEEKS
            plans[name].append([None if early else policy(one) for one in known])
    return plans


def _classes(items: Sequence[Item], demands: Sequence[Demand]) -> list[str]:
    """A, B or C by the value asked for so far: A makes the first 80 %, with B 95 %."""
    values = [
        item.unit_cost * sum(demand.history) for item, demand in zip(items, demands, strict=True)
    ]
    total, before = sum(values), 0.0
    classes = ["C"] * len(items)
    for place in sorted(range(len(items)), key=values.__getitem__, reverse=True):
        if before < A_SHARE * total:
            classes[place] = "A"
        elif before < B_SHARE * total:
            classes[place] = "B"
        before += values[place]
    return classes


def run(past: Past, *, name: str, plans: Plans) -> Outcome:
    """Live the year under a policy's plans."""
    outcome = Outcome(name=name, days=past.days - FIRST_WEEKS * DAYS)
    for place, item in enumerate(past.items):
        _live(item, [week[place] for week in plans], past.days, outcome)
    return outcome


def _live(item: Item, plan: Sequence[Setting | None], days: int, outcome: Outcome) -> None:
    opening_rule = (math.ceil(OPENING_SHARE * item.opening) or 1, max(item.opening, 12))
    stock, coming = item.opening, 0
    arriving: deque[tuple[int, int]] = deque()  # day, units
    for day in range(days):
        while arriving and arriving[0][0] <= day:
            units = arriving.popleft()[1]
            stock += units
            coming -= units
        asked = item.asked.get(day, 0)
        served = min(asked, stock)
        stock -= served
        point, quantity = plan[day // DAYS] or opening_rule
        measured = day >= FIRST_WEEKS * DAYS
        if stock + coming <= point and quantity:
            packs = 1 + (point - stock - coming) // quantity
            arriving.append((day + item.lead_days + REVIEW_DAYS, packs * quantity))
            coming += packs * quantity
            outcome.orders += measured
        if measured:
            outcome.asked += asked
            outcome.served += served
            outcome.asked_days += asked > 0
            outcome.stock_out_days += served < asked
            outcome.value_days += stock * item.unit_cost


def curve(past: Past, *, factors: Sequence[float]) -> list[Outcome]:
    """Our suggestion at more and at less service: the chance of a stock-out of each class, times a factor."""
    policies = {
        f"x{factor:g}": suggested({c: 1 - min(0.6, (1 - s) * factor) for c, s in SERVICE.items()})
        for factor in factors
    }
    plans = plans_of(past, policies)
    return [run(past, name=name, plans=plans[name]) for name in policies]


def measured_from(past: Past) -> date:
    return past.first + timedelta(days=FIRST_WEEKS * DAYS)
