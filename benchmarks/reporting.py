"""What each report costs with 16,000 items and two million movements over two years. Run as a program."""

import json
import os
import resource
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import LiteralString

from benchmarks import growth, world
from benchmarks.low_stock import median_of

MOVEMENTS = 2_000_000
TIMES = 5
MOST_MEGABYTES = 30  # that an export may add to the process

# As growth fills it, but with two years of a past: every 30th movement of an item is a receipt, some of a
# purchase order; the others are sales, more of them of a tenth of the goods. Nothing of a fifth was sold for
# half a year. Beside it: refusals, counts, returns and a picker's scans.
PAST: tuple[LiteralString, ...] = (
    *growth.FILL[:-1],
    "UPDATE warehouse_product SET unit_cost = 1 + id %% 50",
    """
    INSERT INTO warehouse_supplier (code, name, lead_time_days)
    SELECT 'SUP-' || n, 'Supplier ' || n, 5 + n %% 30 FROM generate_series(1, 60) AS n
    """,
    "UPDATE warehouse_product SET supplier_id = 1 + id %% 60",
    """
    INSERT INTO warehouse_stockmovement
           (item_id, type, quantity, bin_from_id, bin_to_id, on_hand_after, reference, reason, notes, actor,
            occurred_at)
    SELECT i.id, CASE WHEN n %% 30 = 0 THEN 'receive' ELSE 'ship' END,
           CASE WHEN n %% 30 = 0 THEN 40 ELSE -1 END,
           CASE WHEN n %% 30 > 0 THEN i.primary_bin_id END,
           CASE WHEN n %% 30 = 0 THEN i.primary_bin_id END, 40 * (1 + n / 30) - (n - n / 30),
           CASE WHEN n %% 30 = 0 THEN 'PO-' || n / 30 || '-' || i.id / 50
                ELSE 'O-' || n || '-' || i.id / 3 END,
           '', '', 'bench',
           statement_timestamp() - CASE WHEN i.id %% 5 = 0 THEN 200 ELSE 0 END * interval '1 day'
               - (%(each)s - n) * interval '730 days' / %(each)s
      FROM generate_series(0, %(each)s - 1) AS n CROSS JOIN warehouse_inventoryitem i
     ORDER BY n, i.id
    """,
    """
    UPDATE warehouse_inventoryitem i SET on_hand = l.on_hand_after, reorder_point = 10
      FROM (SELECT DISTINCT ON (item_id) item_id, on_hand_after FROM warehouse_stockmovement
             ORDER BY item_id, id DESC) l WHERE l.item_id = i.id
    """,
    """
    UPDATE warehouse_binstock s SET quantity = i.on_hand
      FROM warehouse_inventoryitem i WHERE i.id = s.item_id
    """,
    """
    INSERT INTO warehouse_itemclass (item_id, abc, xyz, weekly_mean, variation, value, at)
    SELECT id, substr('AAABBCCCCC', 1 + (id %% 10)::int, 1), substr('XYZ', 1 + (id %% 3)::int, 1),
           id %% 20, (id %% 20) / 10.0, id %% 5000, statement_timestamp() FROM warehouse_inventoryitem
    """,
    """
    INSERT INTO orders_purchaseorder
           (reference, supplier_id, warehouse_id, status, notes, actor, sent_at, expected_at, closed_at)
    SELECT d.reference, 1 + min(d.item_id) %% 60, min(d.warehouse_id), 'received', '', 'bench',
           min(d.occurred_at) - (5 + min(d.item_id) %% 30) * interval '1 day',
           min(d.occurred_at) - (min(d.item_id) %% 7 - 3) * interval '1 day', min(d.occurred_at)
      FROM (SELECT m.reference, m.item_id, i.warehouse_id, m.occurred_at FROM warehouse_stockmovement m
              JOIN warehouse_inventoryitem i ON i.id = m.item_id WHERE m.type = 'receive') d
     GROUP BY d.reference
    """,
    """
    INSERT INTO orders_purchaseline (order_id, product_id, quantity, received, damaged, unit_cost)
    SELECT o.id, i.product_id, sum(m.quantity), sum(m.quantity), 0, 2 + i.product_id %% 40
      FROM warehouse_stockmovement m
      JOIN warehouse_inventoryitem i ON i.id = m.item_id
      JOIN orders_purchaseorder o ON o.reference = m.reference
     WHERE m.type = 'receive' GROUP BY o.id, i.product_id
    """,
    """
    INSERT INTO warehouse_lostdemand
           (reference, product_id, warehouse_id, requested, available, actor, occurred_at)
    SELECT 'L-' || n || '-' || p.id, p.id, CASE WHEN n %% 2 = 0 THEN 1 + p.id %% 2 END, 5, 2, 'bench',
           statement_timestamp() - (p.id + n * 60) %% 730 * interval '1 day'
      FROM generate_series(1, 12) AS n, warehouse_product p
    """,
    """
    INSERT INTO warehouse_cyclecount (item_id, bin_id, reference, expected, counted, actor, counted_at)
    SELECT i.id, i.primary_bin_id, 'C-' || n || '-' || i.id / 10, 10, 10 - (i.id %% 20 = 0)::int, 'bench',
           statement_timestamp() - (n * 60 + i.id %% 60) * interval '1 day'
      FROM generate_series(0, 11) AS n, warehouse_inventoryitem i
    """,
    """
    INSERT INTO orders_returnorder (reference, warehouse_id, status, reason, actor, created_at, received_at)
    SELECT 'R-' || n, 1 + n %% 2, CASE WHEN n %% 50 = 0 THEN 'received' ELSE 'graded' END, '', 'bench',
           statement_timestamp() - n %% 90 * interval '1 day',
           statement_timestamp() - n %% 90 * interval '1 day'
      FROM generate_series(1, 50000) AS n
    """,
    """
    INSERT INTO orders_returnline
           (return_order_id, product_id, expected, received, restocked, quarantined, scrapped)
    SELECT id, 1 + id %% 8000, 1, 1, (status = 'graded')::int, 0, 0 FROM orders_returnorder
    """,
    """
    INSERT INTO auth_user
           (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, date_joined)
    SELECT 'picker-' || n, '', n = 1, true, true, '', '', '', now() FROM generate_series(1, 12) AS n
    """,
    """
    INSERT INTO orders_salesorder (reference, priority, carrier, ship_to_name, ship_to_address, notes,
                                   fingerprint, actor)
    SELECT 'O-' || n, 5, '', '', '', '', '', 'bench' FROM generate_series(1, 1000) AS n
    """,
    """
    INSERT INTO orders_orderline (order_id, product_id, quantity)
    SELECT id, 1 + id %% 8000, 1 FROM orders_salesorder
    """,
    """
    INSERT INTO orders_picklist (reference, warehouse_id, kind, status, label, claimed_by_id, claimed_at)
    SELECT 'PICK-' || n, 1 + n %% 2, 'batch', 'done', '', 1 + n %% 12,
           statement_timestamp() - n * interval '1 hour' FROM generate_series(1, 8000) AS n
    """,
    """
    INSERT INTO orders_pickline
           (pick_list_id, order_line_id, item_id, bin_id, sequence, quantity, picked, short)
    SELECT t.id, 1 + (t.id + n) %% 1000, 1 + (t.id * 30 + n) %% 16000, 1, n, 2, 1, (n = 7)::int
      FROM orders_picklist t, generate_series(1, 30) AS n ORDER BY t.id, n
    """,
    """
    INSERT INTO orders_pickscan (pick_line_id, quantity, user_id, picked_at)
    SELECT l.id, 1, t.claimed_by_id, t.claimed_at + l.sequence * interval '50 seconds'
      FROM orders_pickline l JOIN orders_picklist t ON t.id = l.pick_list_id ORDER BY t.claimed_at, l.id
    """,
)  # fmt: skip

# What is asked besides each report as it opens: what reads the most.
DEEP = (
    ("stock-at-date", {"day": 365}), ("valuation", {"day": 365}), ("movements", {"days": "90"}),
    ("movements", {"days": "730"}), ("turnover", {"days": "365"}), ("lost-demand", {"days": "730"}),
    ("count-accuracy", {"days": "730"}), ("picker-productivity", {"days": "365"}),
)  # fmt: skip


def measured(items: int) -> dict[str, float]:
    """Milliseconds of each report's statement, of whole pages, and of exports."""
    return dict(json.loads(world.told_by("benchmarks.reporting", items)))


def fill(items: int) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for statement in PAST:
            server.execute(statement, {"items": items, "each": MOVEMENTS // items})
    world.analyse()


def _measure(items: int) -> dict[str, float]:
    import django

    django.setup()
    fill(items)
    from inventory_site.core.reporting.registry import reports

    told: dict[str, float] = {}
    now = datetime.now(tz=UTC)
    for one in reports():
        told[one.key] = _answered(one.key, {}, now)
    for key, given in DEEP:
        words = " ".join(f"{k} {v}" for k, v in given.items())
        told[f"{key}, {words}"] = _answered(key, _dated(given, now), now)
    return told | _pages() | _exports(now)


def _dated(given: Mapping[str, object], now: datetime) -> dict[str, str]:
    from datetime import timedelta

    day = given.get("day")
    if day is None:
        return {k: str(v) for k, v in given.items()}
    return {"day": (now.date() - timedelta(days=int(str(day)))).isoformat()}


def _answered(key: str, data: dict[str, str], now: datetime) -> float:
    from inventory_site.core.reporting.answering import answer
    from inventory_site.core.reporting.asking import ask
    from inventory_site.core.reporting.registry import report

    found = report(key)
    assert found is not None
    question = ask(report=found, data=data, now=now, within=None)
    given = question.given
    assert given is not None, question.form.errors
    return median_of(lambda: answer(report=found, given=given, limit=50), TIMES)


def _pages() -> dict[str, float]:
    """Whole pages, as the server makes them."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import override_settings

    client = Client()
    client.force_login(get_user_model().objects.get(username="picker-1"))
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):

        def page(key: str) -> None:
            assert client.get(f"/admin/reports/{key}/").status_code == 200

        return {
            f"whole page of {key}": median_of(lambda key=key: page(key), TIMES)  # type: ignore[misc]
            for key in ("valuation", "dead-stock", "turnover", "movements")
        }


def _exports(now: datetime) -> dict[str, float]:
    """The journal as a file: of two years, all of it, as CSV, and as large a workbook as there may be. The
    process must not grow by it."""
    from inventory_site.core.reporting.asking import ask
    from inventory_site.core.reporting.files import report_file
    from inventory_site.core.reporting.registry import report

    found = report("movements")
    assert found is not None
    told: dict[str, float] = {}
    for form, days in (("csv", 730), ("xlsx", 60)):
        given = ask(report=found, data={"days": str(days)}, now=now, within=None).given
        assert given is not None
        before, began = _megabytes(), time.perf_counter()
        made = report_file(report=found, given=given, form=form)
        made.body.close()
        told[f"journal of {made.rows:,} rows as {form}"] = (time.perf_counter() - began) * 1000
        assert _megabytes() - before < MOST_MEGABYTES
    return told


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
