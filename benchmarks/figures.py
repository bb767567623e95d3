"""Figures that are not rates against a floor."""

import json
import os
import sys
import time

from benchmarks import world

# Words of a gift wholesaler's names: each name is four of them, so many are alike.
WORDS = """
    WHITE RED BLUE PINK GREEN IVORY VINTAGE RETRO REGENCY FRENCH METAL WOODEN GLASS CERAMIC PAPER HANGING
    STANDING LARGE SMALL MINI SET ROUND SQUARE HEART STAR FLOWER ROSE BIRD CAT DOG CHRISTMAS EASTER PARTY
    GARDEN KITCHEN TRAVEL LUNCH JUMBO LANTERN CANDLE HOLDER BUNTING CAKESTAND TEACUP SAUCER PLATE BOWL MUG
    BAG BOX TIN FRAME MIRROR CLOCK SIGN DOORMAT CUSHION COVER APRON TOWEL NAPKIN CARD WRAP RIBBON TAPE
"""
FILL = """
    INSERT INTO warehouse_product (sku, name, active, version)
    SELECT (10000 + n)::text || chr(65 + n %% 26),
           (SELECT string_agg(w[1 + (n::bigint * k * 7919 + n / 64 * k + k * 31) %% cardinality(w)], ' ')
              FROM generate_series(1, 4) AS k) || ' ' || n %% 100, true, 1
      FROM generate_series(0, %(products)s - 1) AS n, (SELECT %(words)s::text[] AS w) x
"""
BARCODES = """
    INSERT INTO warehouse_barcode (code, product_id)
    SELECT (4000000000000 + id * 37)::text, id FROM warehouse_product
"""
TYPED = (
    "lantern", "lantren", "red heart", "hanging heart holder", "regancy cakstand", "christmas", "bag",
    "10123", "8012", "000037", "wodden box", "holder t", "zzzz", "ca", "k", "pink retro tin mirror",
)  # fmt: skip


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


def look_up_among(products: int) -> float:
    """Milliseconds in which 19 of 20 look-ups are done: fragments and misspellings among so many products."""
    return float(world.told_by("benchmarks.figures", products))


def _look_ups(products: int) -> float:
    import django

    django.setup()
    from inventory_site.core.sql import rows
    from warehouse.lookup import look_up

    rows(FILL, {"products": products, "words": WORDS.split()})
    rows(BARCODES, [])
    world.analyse()
    took = []
    for _ in range(12):
        for typed in TYPED:
            began = time.perf_counter()
            look_up(typed=typed)
            took.append((time.perf_counter() - began) * 1000)
    if os.environ.get("TELL"):
        for n, typed in enumerate(TYPED):
            print(typed, round(min(took[n :: len(TYPED)]), 1), file=sys.stderr)
    return sorted(took)[int(0.95 * len(took))]


if __name__ == "__main__":
    print(_look_ups(int(sys.argv[1])))
