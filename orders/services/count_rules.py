"""When a count is believed. Pure: plain values in, plain values out."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.conf import settings

LAST_ROUND = 3  # nobody counts a fourth time unless a manager orders it


class Verdict(Enum):
    BOOK = "book"
    RECOUNT = "recount"
    APPROVE = "approval"  # a manager decides


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A difference of `units`, or of `percent` of what was expected if that is more; worth up to `value`."""

    units: int
    percent: Decimal
    value: Decimal

    def allows(self, *, difference: int, expected: int, unit_cost: Decimal | None) -> bool:
        """Whether a difference is small enough. A product without a cost is judged by its units."""
        most = max(Decimal(self.units), expected * self.percent / 100)
        return abs(difference) <= most and abs(difference) * (unit_cost or 0) <= self.value


def tolerance() -> Tolerance:
    """The tolerance that this house is set to."""
    return Tolerance(
        units=settings.COUNT_TOLERANCE_UNITS,
        percent=Decimal(settings.COUNT_TOLERANCE_PERCENT),
        value=Decimal(settings.COUNT_TOLERANCE_VALUE),
    )


@dataclass(slots=True)
class Found:
    """A product as it was counted. `expected` includes the units that are missing (`missing`).

    `previous` is the difference that the round before found, None where it found none.
    """

    product_id: int
    sku: str
    unit_cost: Decimal | None
    counted: int
    expected: int
    missing: int
    ledger_mark: int
    previous: int | None = None
    verdict: Verdict = Verdict.BOOK

    @property
    def difference(self) -> int:
        return self.counted - self.expected

    @property
    def written_off(self) -> int:
        """Missing units that were not found."""
        return min(self.missing, max(0, -self.difference))

    @property
    def returned(self) -> int:
        """Missing units that lie in the bin after all."""
        return self.missing - self.written_off

    @property
    def in_bin(self) -> int:
        """The difference that is left to the bin itself."""
        return self.difference + self.written_off


def best_fit(*, counted: int, least: int, most: int) -> int:
    """What was expected: of all that the books said while counting went on, what comes nearest."""
    return min(max(counted, least), most)


def verdict(*, found: Found, round: int, allowed: Tolerance) -> Verdict:
    """Book a small difference; count a large one again; ask a manager once two counts agree on it."""

    def allows(difference: int) -> bool:
        return allowed.allows(
            difference=difference, expected=found.expected, unit_cost=found.unit_cost
        )

    if allows(found.difference):
        return Verdict.BOOK
    agree = found.previous is not None and allows(found.difference - found.previous)
    if agree or round >= LAST_ROUND:
        return Verdict.APPROVE
    return Verdict.RECOUNT
