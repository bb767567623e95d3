"""How far pickers walk: a year's orders picked in batches, against order by order.

The model is a plain rack warehouse: an aisle every 3 m along a cross-aisle at each end, a rack (bay) every
1.2 m along an aisle, the packing table at the near end of the first aisle. Shelves of a rack are one stop.
A picker starts and ends at the table, walks along an aisle from stop to stop, and from aisle to aisle by
the cross-aisle that is nearer by that way.
"""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from warehouse.services.locations import walk_sequence
from warehouse.simulation import year

AISLE_METRES = 3.0
RACK_METRES = 1.2
DATA = Path(__file__).parents[2] / "shared/data/online-retail"
PLACE = re.compile(r"([A-Z]{1,2})-(\d{1,2})-\d{1,2}")

Stop = tuple[int, int]  # aisle and rack, from 1


@cache
def stop(bin_code: str) -> Stop | None:
    """Where a bin is; None for staging areas."""
    found = PLACE.fullmatch(bin_code)
    if found is None:
        return None
    aisle = 0
    for letter in found[1]:
        aisle = aisle * 26 + ord(letter) - ord("A") + 1
    return aisle, int(found[2])


@dataclass(frozen=True)
class Building:
    """Aisles from `first` on, with `racks` racks each."""

    first: int
    racks: int

    def between(self, one: Stop, other: Stop) -> float:
        """Metres from stop to stop, through the nearer cross-aisle where the aisle changes."""
        if one[0] == other[0]:
            return abs(one[1] - other[1]) * RACK_METRES
        near = one[1] + other[1]
        far = 2 * (self.racks + 1) - near
        return min(near, far) * RACK_METRES + abs(one[0] - other[0]) * AISLE_METRES

    def walk(self, stops: Iterable[Stop]) -> float:
        """Metres from the packing table past all stops and back."""
        table = (self.first, 0)
        way = [table, *stops, table]
        return sum(self.between(a, b) for a, b in pairwise(way))


@cache
def _place(bin_code: str) -> tuple[int, str]:
    return walk_sequence(bin_code), bin_code


def metres(building: Building, bins: Iterable[str]) -> float:
    """The walk to these bins in walk order."""
    codes = sorted(set(bins), key=_place)
    return building.walk([place for place in map(stop, codes) if place is not None])


SINGLE, RANDOM = "order by order", "order by order, bins in random order"
BATCHES = {"batches of 10": 10, "batches of 20": 20}


@cache
def compare(folder: Path = DATA) -> dict[str, float]:
    """Metres per order line, by way of picking; the same orders, from the home bins of their SKUs.

    Nothing where the folder is not there.
    """
    if not folder.is_dir():
        return {}
    shelves, building = _shelves(folder)
    days = _days(folder, shelves)
    lines = sum(len(order) for day in days for order in day)
    walked = {
        SINGLE: _by_batches(building, days, 1),
        **{name: _by_batches(building, days, size) for name, size in BATCHES.items()},
        RANDOM: _at_random(building, days),
    }
    return {name: walk / lines for name, walk in walked.items()}


def _by_batches(
    building: Building, days_of_orders: Sequence[Sequence[Sequence[str]]], size: int
) -> float:
    """Orders of a day walk together as they came, `size` at a time."""
    return sum(
        metres(building, (code for order in day[n : n + size] for code in order))
        for day in days_of_orders
        for n in range(0, len(day), size)
    )


def _at_random(building: Building, days: Sequence[Sequence[Sequence[str]]]) -> float:
    """Each order by itself, its bins in no order: what a list that is not sorted comes to."""
    dice = random.Random("walking")
    walked = 0.0
    for order in (order for day in days for order in day):
        stops = [place for place in map(stop, sorted(set(order))) if place is not None]
        dice.shuffle(stops)
        walked += building.walk(stops)
    return walked


def _shelves(folder: Path) -> tuple[dict[str, str], Building]:
    """The bin of each SKU in the warehouse that keeps most of them, and how large that is."""
    kept: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "opening_stock.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if stop(row["bin"]):
                kept[row["warehouse"]].setdefault(row["sku"], row["bin"])
    shelves = max(kept.values(), key=len)
    stops = [place for place in map(stop, shelves.values()) if place is not None]
    return shelves, Building(min(x[0] for x in stops), max(x[1] for x in stops))


def _days(folder: Path, shelves: dict[str, str]) -> list[list[list[str]]]:
    """The bins of each order, day by day."""
    found: dict[str, list[list[str]]] = {}
    for happening in year.happenings(folder):
        if not isinstance(happening, year.Order):
            continue
        key = f"{happening.at:%Y-%m-%d}"
        bins = [shelves[sku] for sku, _, _ in happening.lines if sku in shelves]
        if bins:
            found.setdefault(key, []).append(bins)
    return list(found.values())
