"""What will be asked for, and when to order again so that it is there: from an item's own past alone.

Demand is what was asked for, served or refused, in units per week, the oldest week first. Sources:

- classes of demand: Syntetos, Boylan, Croston (2005), "On the categorization of demand patterns",
  Journal of the Operational Research Society 56
- intermittent demand: Croston (1972), Operational Research Quarterly 23; its bias taken out: Syntetos,
  Boylan (2005), "The accuracy of intermittent demand estimates", International Journal of Forecasting 21
- demand that dies away: Teunter, Syntetos, Babai (2011), "Intermittent demand: Linking forecasting to
  inventory obsolescence", European Journal of Operational Research 214
- reorder point under normal demand and an uncertain lead time: Silver, Pyke, Thomas (2017), "Inventory and
  Production Management in Supply Chains", chapter 6
- reorder point from sums that were really seen: Porras, Dekker (2008), "An inventory control system for
  spare parts at a refinery", European Journal of Operational Research 184
"""

import math
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal

Pattern = Literal["smooth", "erratic", "intermittent", "lumpy"]
Method = Literal["ses", "sba", "tsb"]

INTERVAL_CUT, VARIATION_CUT = 1.32, 0.49  # Syntetos, Boylan, Croston (2005)
ALPHA = 0.15  # of sizes, intervals and levels; 0.05 to 0.2 in the literature cited
BETA = 0.15  # of the chance that anything is asked for (TSB)
DYING = 3.0  # usual intervals without demand, after which an item is taken to die away
FEWEST_WEEKS = 4  # of history that say anything
FEWEST_WINDOWS = 12  # sums over a lead time, below which the normal approximation is used


@dataclass(frozen=True, slots=True)
class Forecast:
    """Units per week: the `mean`, and the root of the mean squared error of past forecasts (`deviation`)."""

    mean: float
    deviation: float
    pattern: Pattern
    method: Method
    weeks: int


@dataclass(slots=True)
class Demand:
    """One item's demand, week by week; every figure is brought up to date by `observe` alone."""

    history: list[int] = field(default_factory=list)
    size: float = 0.0  # Croston: of a demand that is not nothing
    interval: float = 1.0  # Croston: weeks from one such demand to the next
    level: float = 0.0  # simple exponential smoothing
    chance: float = 0.0  # TSB: that anything is asked for in a week
    since: int = 0  # weeks since something was asked for
    _demands: int = 0
    _sum: float = 0.0
    _squares: float = 0.0
    _errors: dict[Method, float] = field(
        default_factory=lambda: {"ses": 0.0, "sba": 0.0, "tsb": 0.0}
    )

    def observe(self, units: int) -> None:
        """One more week has passed, in which so many units were asked for."""
        if self.history:
            for method in self._errors:
                self._errors[method] += (units - self.mean(method)) ** 2
            self.level += ALPHA * (units - self.level)
            self.chance += BETA * ((units > 0) - self.chance)
        else:
            self.level, self.chance = float(units), float(units > 0)
        self.history.append(units)
        self.since += 1
        if units > 0:
            self._demand(units)

    def _demand(self, units: int) -> None:
        first = self._demands == 0
        self.size = units if first else self.size + ALPHA * (units - self.size)
        self.interval = (
            self.since if first else self.interval + ALPHA * (self.since - self.interval)
        )
        self.since = 0
        self._demands += 1
        self._sum += units
        self._squares += units * units

    def mean(self, method: Method) -> float:
        """Units per week that this method expects."""
        if method == "ses":
            return self.level
        if method == "tsb":
            return self.chance * self.size
        return (1 - ALPHA / 2) * self.size / self.interval

    @property
    def pattern(self) -> Pattern:
        """By how seldom something is asked for, and how much the sizes of what is asked for vary."""
        if not self._demands:
            return "intermittent"
        seldom = len(self.history) / self._demands > INTERVAL_CUT
        average = self._sum / self._demands
        varied = self._squares / self._demands / average**2 - 1 > VARIATION_CUT
        if seldom:
            return "lumpy" if varied else "intermittent"
        return "erratic" if varied else "smooth"

    @property
    def method(self) -> Method:
        """The one for this pattern; an item that has not been asked for in a long time is dying away."""
        if self.pattern in ("smooth", "erratic"):
            return "ses" if self.since <= DYING else "tsb"
        return "tsb" if self.since > DYING * self.interval else "sba"

    def forecast(self) -> Forecast | None:
        """What is expected of the weeks to come; None where the past is too short to say."""
        weeks = len(self.history)
        if weeks < FEWEST_WEEKS:
            return None
        method = self.method
        return Forecast(
            mean=self.mean(method),
            deviation=math.sqrt(self._errors[method] / (weeks - 1)),
            pattern=self.pattern,
            method=method,
            weeks=weeks,
        )


def of_weeks(units: Iterable[int]) -> Demand:
    """The demand of an item whose weeks are known."""
    demand = Demand()
    for week in units:
        demand.observe(week)
    return demand


@dataclass(slots=True)
class Windows:
    """The sums of demand over each `length` weeks on end that an item has seen, in order of size."""

    length: int
    sums: list[int] = field(default_factory=list)

    def observe(self, history: list[int]) -> None:
        """Take in the newest window of a history that has just grown by a week."""
        if len(history) >= self.length:
            insort(self.sums, sum(history[-self.length :]))

    def quantile(self, service: float) -> int | None:
        """The sum that was not exceeded in this share of the windows; None where there are too few."""
        if len(self.sums) < FEWEST_WINDOWS:
            return None
        return self.sums[min(len(self.sums) - 1, math.ceil(service * len(self.sums)) - 1)]


def reorder_point(
    *,
    forecast: Forecast,
    windows: Windows,
    lead_weeks: float,
    lead_deviation: float = 0.0,
    service: float,
) -> int:
    """Units at which to order so that a lead time passes without a stock-out with probability `service`.

    `lead_weeks` and its standard deviation are in weeks, `windows` of that length rounded up. Smooth and
    erratic demand: the normal approximation. Intermittent and lumpy demand: what was seen over windows as
    long, which knows no distribution, but never less than the mean; the approximation where few were seen.
    """
    mean = forecast.mean * lead_weeks
    spread = lead_weeks * forecast.deviation**2 + (forecast.mean * lead_deviation) ** 2
    normal = mean + NormalDist().inv_cdf(service) * math.sqrt(spread)
    if forecast.pattern in ("smooth", "erratic") or forecast.method == "tsb":
        return max(0, math.ceil(normal))
    seen = windows.quantile(service)
    if seen is None:
        return max(0, math.ceil(normal))
    return max(math.ceil(mean), math.ceil(seen * lead_weeks / windows.length))


def order_quantity(*, forecast: Forecast, cover_weeks: float, pack: int = 1) -> int:
    """Units that last so many weeks, in whole packs, at least one."""
    return pack * max(1, math.ceil(forecast.mean * cover_weeks / pack))
