"""Which SKUs an order asks for: spread evenly, by Zipf's law, or with one SKU that everybody wants."""

import bisect
import itertools
import random
from collections.abc import Callable

from benchmarks.world import LINES, SKUS

ZIPF = 1.1

Draw = Callable[[random.Random], list[int]]


def spread(dice: random.Random) -> list[int]:
    return dice.sample(range(SKUS), LINES)


_weights = list(itertools.accumulate(1 / (n + 1) ** ZIPF for n in range(SKUS)))


def zipf(dice: random.Random) -> list[int]:
    chosen: set[int] = set()
    while len(chosen) < LINES:
        chosen.add(bisect.bisect(_weights, dice.random() * _weights[-1]))
    order = list(chosen)
    dice.shuffle(order)
    return order


def hot(dice: random.Random) -> list[int]:
    """SKU 0 is in every order; the other lines are spread."""
    return [0, *dice.sample(range(1, SKUS), LINES - 1)]


MIXES: dict[str, Draw] = {"spread": spread, "zipf": zipf, "hot": hot}
