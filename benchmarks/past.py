"""What a look at the past of all items costs: dead stock, classes, advice. Run as a program, one size."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import LiteralString

from benchmarks import growth, world
from benchmarks.low_stock import median_of

ITEMS = 16_000
SALES = 30  # of each item, after one receipt: 31 movements

# As growth fills it, but with a past: received 400 days ago, sold every 1 to 13 days from 390 days ago on, so
# that three of four items were not sold in the last 90 days. Every product was also refused six times.
PAST: tuple[LiteralString, ...] = (
    *growth.FILL[:-1],
    "UPDATE warehouse_inventoryitem SET on_hand = 1000 - %(each)s, reorder_point = 10",
    "UPDATE warehouse_binstock SET quantity = 1000 - %(each)s",
    "UPDATE warehouse_product SET unit_cost = 1 + id %% 50",
    """
    INSERT INTO warehouse_stockmovement
           (item_id, type, quantity, bin_from_id, bin_to_id, on_hand_after, reference, reason, notes, actor,
            occurred_at)
    SELECT i.id, CASE n WHEN 0 THEN 'receive' ELSE 'ship' END, CASE n WHEN 0 THEN 1000 ELSE -1 END,
           CASE WHEN n > 0 THEN i.primary_bin_id END, CASE WHEN n = 0 THEN i.primary_bin_id END, 1000 - n,
           'past-' || n || '-' || i.id, '', '', 'bench',
           statement_timestamp() - CASE n WHEN 0 THEN 400 ELSE 390 - n * (1 + i.id %% 13) END
                                   * interval '1 day'
      FROM generate_series(0, %(each)s) AS n CROSS JOIN warehouse_inventoryitem i
     ORDER BY n, i.id
    """,
    """
    INSERT INTO warehouse_lostdemand
           (reference, product_id, requested, available, actor, occurred_at)
    SELECT 'lost-' || n || '-' || p.id, p.id, 5, 2, 'bench',
           statement_timestamp() - (p.id + n * 60) %% 360 * interval '1 day'
      FROM generate_series(1, 6) AS n, warehouse_product p
    """,
)


def measured(items: int) -> dict[str, float]:
    """Milliseconds of each look, by what is looked for, in a database of its own."""
    return dict(json.loads(world.told_by("benchmarks.past", items)))


def _measure(items: int) -> dict[str, float]:
    import django
    import psycopg

    django.setup()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for statement in PAST:
            server.execute(statement, {"items": items, "each": SALES})
    world.analyse()
    from inventory_site.core.db import in_unit_of_work
    from inventory_site.core.reporting.answering import answer
    from inventory_site.core.reporting.asking import ask
    from warehouse.dead_stock import dead_stock_summary
    from warehouse.reporting.dead import DEAD_STOCK
    from warehouse.services.advising import advise
    from warehouse.services.classifying import classify

    now = datetime.now(tz=UTC)
    given = ask(report=DEAD_STOCK, data={"idle": "90"}, now=now, within=None).given
    assert given is not None
    dead = answer(report=DEAD_STOCK, given=given, limit=0).total
    page = median_of(lambda: answer(report=DEAD_STOCK, given=given, limit=50), 5)
    return {
        f"first page of {dead:,} dead": page,
        "dead stock by warehouse": median_of(lambda: dead_stock_summary(days=90, now=now), 5),
        "classes": median_of(lambda: in_unit_of_work(lambda: classify(now=now)), 3),
        "first advice": median_of(lambda: in_unit_of_work(lambda: advise(now=now)), 1),
        "advice that still holds": median_of(lambda: in_unit_of_work(lambda: advise(now=now)), 3),
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
