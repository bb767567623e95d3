"""Which SKUs an order asks for: spread evenly, by Zipf's law, or with one SKU that everybody wants."""

import bisect
import itertools
import random
from collections.abc import Callable
from functools import cache

from benchmarks.world import LINES

ZIPF = 1.1

Draw = Callable[[random.Random, int], list[int]]  # dice and number of SKUs to those of an order


def spread(dice: random.Random, skus: int) -> list[int]:
    return dice.sample(range(skus), LINES)


def zipf(dice: random.Random, skus: int) -> list[int]:
    weights = _weights(skus)
    chosen: set[int] = set()
    while len(chosen) < LINES:
        chosen.add(bisect.bisect(weights, dice.random() * weights[-1]))
    order = list(chosen)
    dice.shuffle(order)
    return order


def hot(dice: random.Random, skus: int) -> list[int]:
    """SKU 0 is in every order; the other lines are spread."""
    return [0, *dice.sample(range(1, skus), LINES - 1)]


@cache
def _weights(skus: int) -> list[float]:
    return list(itertools.accumulate(1 / (n + 1) ** ZIPF for n in range(skus)))


MIXES: dict[str, Draw] = {"spread": spread, "zipf": zipf, "hot": hot}
