"""From which warehouse a line is promised. Pure: plain values in, plain values out.

A strategy puts the candidates of an order into the sequence in which they are drawn on. A new strategy
is a new function in `STRATEGIES`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from warehouse.changes import ItemState
from warehouse.errors import InvalidLines

Stock = Mapping[str, Sequence[ItemState]]  # by SKU
Wanted = Mapping[str, int]  # quantity by SKU


class Strategy(Protocol):
    def __call__(self, *, wanted: Wanted, stock: Stock) -> Stock: ...


@dataclass(frozen=True, slots=True)
class Shortfall:
    sku: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Sourced:
    """`waiting`: where each shortfall would wait for stock, if the order may wait."""

    grants: Sequence[tuple[ItemState, int]]
    short: Sequence[Shortfall]
    waiting: Sequence[tuple[ItemState, int]] = ()


def most_available(*, wanted: Wanted, stock: Stock) -> Stock:
    """The warehouse that has most first: fewest split lines, and stock wears evenly."""
    return {sku: sorted(items, key=_fullest_first) for sku, items in stock.items()}


def priority(*, wanted: Wanted, stock: Stock) -> Stock:
    """Warehouses in the order of their priority number."""
    return {sku: sorted(items, key=_by_priority) for sku, items in stock.items()}


def single_warehouse_first(*, wanted: Wanted, stock: Stock) -> Stock:
    """One parcel where one warehouse can fill the whole order (by priority), else most available."""
    covered: dict[tuple[int, int], int] = {}
    for sku, quantity in wanted.items():
        for item in stock.get(sku, ()):
            if item.to_sell >= quantity:
                key = (item.priority, item.warehouse_id)
                covered[key] = covered.get(key, 0) + 1
    whole = sorted(key for key, lines in covered.items() if lines == len(wanted))
    if not whole:
        return most_available(wanted=wanted, stock=stock)
    chosen = whole[0][1]
    return {
        sku: sorted(items, key=lambda item: item.warehouse_id != chosen)
        for sku, items in stock.items()
    }


def _fullest_first(item: ItemState) -> tuple[int, int, int]:
    return (-item.to_sell, item.priority, item.id)


def _by_priority(item: ItemState) -> tuple[int, int]:
    return (item.priority, item.id)


STRATEGIES: dict[str, Strategy] = {
    "most_available": most_available,
    "single_warehouse_first": single_warehouse_first,
    "priority": priority,
}


def check_strategy(name: str) -> None:
    """Raise InvalidLines naming the strategies there are."""
    if name not in STRATEGIES:
        raise InvalidLines(
            _("Unknown strategy %(name)s; there are %(strategies)s.")
            % {"name": repr(name), "strategies": ", ".join(STRATEGIES)}
        )


def source(*, wanted: Wanted, stock: Stock, strategy: str) -> Sourced:
    """Divide each wanted quantity over the candidates; what does not fit is a shortfall."""
    sequence = STRATEGIES[strategy](wanted=wanted, stock=stock)
    grants: list[tuple[ItemState, int]] = []
    short: list[Shortfall] = []
    waiting: list[tuple[ItemState, int]] = []
    for sku, quantity in wanted.items():
        left = quantity
        for item in sequence.get(sku, ()):
            part = min(left, item.to_sell)
            if part > 0:
                grants.append((item, part))
                left -= part
        if left:
            short.append(Shortfall(sku=sku, requested=quantity, available=quantity - left))
            waiting += [(item, left) for item in sequence.get(sku, ())[:1]]
    return Sourced(grants=grants, short=short, waiting=waiting)
