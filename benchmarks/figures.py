"""Figures that are not rates against a floor."""

import json
import time


def all_levels_in_one_walk() -> float:
    """Seconds to read every level page by page and to write it as the API would."""
    from warehouse.api import shapes
    from warehouse.services.levels import all_levels

    began = time.perf_counter()
    after, seen = "", 0
    while page := all_levels(after_sku=after, limit=1000):
        json.dumps([shapes.stock(level) for level in page])
        after = page[-1].sku
        seen += len(page)
    assert seen == 8000
    return time.perf_counter() - began


def whole_feed_walk() -> float:
    """Events per second of a reader that starts from the first one (at most 20,000 of them)."""
    from notifications.feed import START, read

    began = time.perf_counter()
    mark, seen = START, 0
    while seen < 20_000 and (events := read(after=mark, limit=1000)):
        mark = events[-1].mark
        seen += len(events)
    return seen / (time.perf_counter() - began)
