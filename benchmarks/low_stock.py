"""What one look for low stock costs: at all items, and at those of one event. Run as a program, one size."""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from statistics import median

from benchmarks import growth, world

SIZES = (8_000, 200_000)  # items
ITEMS_OF_AN_EVENT = 3
LOW_OF = 50  # one of so many is at or under its reorder point

# As growth fills it, less the movements: the look reads counters alone.
WATCHED = f"""
    UPDATE warehouse_inventoryitem
       SET reorder_quantity = 50, reorder_point = CASE WHEN id % {LOW_OF} = 0 THEN on_hand ELSE 10 END
"""


def measured(items: int) -> dict[str, float]:
    """Milliseconds of each look, by what is looked at, in a database of its own."""
    return dict(json.loads(world.told_by("benchmarks.low_stock", items)))


def _measure(items: int) -> dict[str, float]:
    import django

    django.setup()
    _fill(items)
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.replenishment import check_all, check_items

    def opening() -> tuple[int, int]:
        return in_unit_of_work(check_all)

    began = time.perf_counter()
    opened, _ = opening()
    first = (time.perf_counter() - began) * 1000
    assert opened == items // LOW_OF
    world.analyse()
    dice = random.Random(7)

    def event() -> tuple[int, int]:
        ids = [dice.randint(1, items) for _ in range(ITEMS_OF_AN_EVENT)]
        return in_unit_of_work(lambda: check_items(ids=ids))

    return {
        f"all at once, {opened:,} suggestions opened": first,
        "all at once, nothing to do": median_of(opening, 9),
        f"{ITEMS_OF_AN_EVENT} items of one event": median_of(event, 500),
    }


def _fill(items: int) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for statement in growth.FILL[:-1]:
            server.execute(statement, {"items": items, "each": 0})
        server.execute(WATCHED)
    world.analyse()


def median_of(work: Callable[[], object], times: int) -> float:
    """Milliseconds that the work takes in the middle of so many times."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
