"""Whether an order costs the same in a company a hundred times as large.

Databases of 10⁴, 10⁵ and 10⁶ items with ten movements each are filled by SQL (their history is not what
is measured), and orders are drawn from all of their SKUs, by one worker, in turn.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from benchmarks import engine, world
from benchmarks.measure import Result, middle

SIZES = (10_000, 100_000, 1_000_000)  # items
MOVEMENTS_PER_ITEM = 10
FLAT = 1.5  # the largest may cost so many times what the smallest costs
JOBS = ("reserve", "reserve_and_ship")

REBUILT = ["movement_item", "movement_reference"]  # after the rows: building once is cheaper

# Triggers and foreign keys rest while this is done, so it needs a superuser.
FILL: tuple[LiteralString, ...] = (
    "SET session_replication_role = replica",
    "SET maintenance_work_mem = '512MB'",
    """
    INSERT INTO warehouse_warehouse (code, name, address, time_zone, priority)
    VALUES ('MAIN', 'Main', '', 'UTC', 1), ('EAST', 'East', '', 'UTC', 2)
    """,
    """
    INSERT INTO warehouse_product (sku, name, active, version)
    SELECT 'B' || lpad(n::text, greatest(5, length(n::text)), '0'), 'Product ' || n, true, 1
      FROM generate_series(0, %(items)s / 2 - 1) AS n ORDER BY n
    """,
    """
    INSERT INTO warehouse_bin (code, kind, pick_sequence, warehouse_id)
    SELECT 'A-' || n, 'pick', n, w.id
      FROM generate_series(1, greatest(1, %(items)s / 8)) AS n, warehouse_warehouse w
    """,
    """
    INSERT INTO warehouse_inventoryitem
           (product_id, warehouse_id, on_hand, reserved, unsellable, inbound, safety_stock,
            reorder_point, reorder_quantity, version, primary_bin_id)
    SELECT p.id, w.id, 900000, 0, 0, 0, 0, 0, 0, 1, b.id
      FROM warehouse_product p CROSS JOIN warehouse_warehouse w
      JOIN warehouse_bin b ON b.warehouse_id = w.id
                          AND b.pick_sequence = 1 + p.id %% greatest(1, %(items)s / 8)
     ORDER BY p.id, w.id
    """,
    """
    INSERT INTO warehouse_binstock (item_id, bin_id, quantity)
    SELECT id, primary_bin_id, on_hand FROM warehouse_inventoryitem ORDER BY id
    """,
    """
    INSERT INTO warehouse_stockmovement
           (item_id, type, quantity, bin_to_id, on_hand_after, reference, reason, notes, actor,
            occurred_at)
    SELECT i.id, 'receive', 90000, i.primary_bin_id, 90000 * n, 'history-' || n || '-' || i.id, '',
           '', 'bench', statement_timestamp() - (%(each)s - n) * interval '1 day'
      FROM generate_series(1, %(each)s) AS n CROSS JOIN warehouse_inventoryitem i
     ORDER BY n, i.id
    """,
)


@dataclass(frozen=True)
class Size:
    items: int

    @property
    def database(self) -> str:
        return f"{world.DATABASE}_{self.items}"


def measure(*, rounds: int, seconds: float) -> Iterator[dict[str, object]]:
    """For each job a row: milliseconds of an order by number of items, and largest to smallest."""
    sizes = [Size(items) for items in SIZES]
    for size in sizes:
        world.say(f"growth: {size.items:,} items, {size.items * MOVEMENTS_PER_ITEM:,} movements")
        _make(size)
    for job in JOBS:
        results: dict[int, list[Result]] = {size.items: [] for size in sizes}
        for _ in range(rounds):
            for size in sizes:
                world.use_database(size.database)
                results[size.items].append(
                    engine.grown(job=job, skus=size.items // 2, seconds=seconds)
                )
        cost = {items: 1000 / middle(found).rate for items, found in results.items()}
        growth = cost[SIZES[-1]] / cost[SIZES[0]]
        yield {
            "growth": f"{job.replace('_', ' ')} of 3 lines",
            "ms_by_items": {items: round(ms, 2) for items, ms in cost.items()},
            "ratio": round(growth, 2),
            "most": FLAT,
            "met": growth <= FLAT,
        }
    world.use_database()
    for size in sizes:
        world.drop_database(size.database)


def _make(size: Size) -> None:
    """A database with the schema of the migrations, filled to size."""
    import psycopg

    world.make_database(size.database)
    world.use_database(size.database)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        indexes = server.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [REBUILT]
        ).fetchall()
        for name, _ in indexes:
            server.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for statement in FILL:
            server.execute(statement, {"items": size.items, "each": MOVEMENTS_PER_ITEM})
        for _, definition in indexes:
            server.execute(definition)
        server.execute("VACUUM ANALYZE")
        server.execute("CHECKPOINT")
