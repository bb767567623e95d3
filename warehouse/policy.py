"""How much service an item is to give, and what that makes of its reorder settings. Pure.

What the back-test proves (simulation/backtest.py) is what the product advises: both come from here.
"""

import math
from dataclasses import dataclass

from warehouse.forecasting import Demand, Forecast, Windows, order_quantity, reorder_point

SERVICE = {
    "A": 0.98,
    "B": 0.95,
    "C": 0.90,
}  # the chance that a lead time passes without a stock-out
COVER_WEEKS = {"A": 2.0, "B": 4.0, "C": 8.0}  # that an order lasts for
FIRST_WEEKS = 8  # of a past that says too little to plan by
REVIEW_DAYS = 1  # what runs low in the evening is ordered then, or on the next morning
DAYS = 7
WORTH_A_CHANGE = 0.1  # of the present setting


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from order to arrival, their standard deviation, and of how many deliveries (0: as stated)."""

    days: float
    deviation: float = 0.0
    deliveries: int = 0

    @property
    def weeks(self) -> float:
        """With the day that ordering takes."""
        return (self.days + REVIEW_DAYS) / DAYS


def windows_of(*, demand: Demand, lead: LeadTime) -> Windows:
    """What an item was asked for over stretches as long as its lead time."""
    windows = Windows(max(1, math.ceil(lead.weeks)))
    for end in range(1, len(demand.history) + 1):
        windows.observe(demand.history[max(0, end - windows.length) : end])
    return windows


def settings(
    *,
    forecast: Forecast,
    windows: Windows,
    lead_weeks: float,
    lead_deviation_weeks: float = 0.0,
    service: float,
    cover_weeks: float,
    pack: int = 1,
) -> tuple[int, int]:
    """Reorder point and order quantity, in units."""
    point = reorder_point(
        forecast=forecast,
        windows=windows,
        lead_weeks=lead_weeks,
        lead_deviation=lead_deviation_weeks,
        service=service,
    )
    return point, order_quantity(forecast=forecast, cover_weeks=cover_weeks, pack=pack)


def worth_changing(
    *, old_point: int, old_quantity: int, point: int, quantity: int, pack: int
) -> bool:
    """Whether other settings are worth a look: the point a tenth off, or the quantity a tenth and a pack.

    An item that is not watched, and need not be, has no settings to look at.
    """
    if old_point == 0 or point == 0:
        return old_point != point
    off, more = abs(point - old_point), abs(quantity - old_quantity)
    return off >= WORTH_A_CHANGE * old_point or (
        more >= pack and more >= WORTH_A_CHANGE * old_quantity
    )


def to_order(*, point: int, quantity: int, coming: int, pack: int) -> int:
    """Units to order of an item with so many available and inbound: `reordering.TO_ORDER`, of plain numbers.

    At least its reorder quantity, and enough to come above the point again, in whole packs.
    """
    least = max(quantity, point - coming + 1)
    return -(-least // pack) * pack
