"""What beat runs, on transactions that commit."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from inventory_site.core.redis import contact
from notifications.alerting import check, watches
from notifications.models import Alert
from tests.factories import counters, do, item, stock
from warehouse import level_cache, tasks
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import InventoryItem, ReorderSuggestion
from warehouse.services.levels import stock_level
from warehouse.services.movements import damage
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")


def run_out():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_reservation SET expires_at = now() - interval '1 minute'")


def overdue_is_seen(*, after):
    """The alerts of it that stand, after a look in so many minutes."""
    (watch,) = (watch for watch in watches() if watch.rule == "not_expired")
    do(check, watch=watch, now=timezone.now() + timedelta(minutes=after))
    return list(Alert.objects.filter(rule="not_expired", resolved_at=None))


def test_one_row_that_is_held_does_not_keep_the_others_from_expiring():
    stock({("HELD", "MAIN"): 5, ("FREE", "MAIN"): 5})
    for sku in ("HELD", "FREE"):
        do(reserve, reference=sku, lines=[ReserveLine(sku, 2)], expires_in=60)
    run_out()
    holding, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            InventoryItem.objects.select_for_update().get(pk=item("HELD").pk)
            holding.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    assert tasks.expire_reservations() == 1
    done.set()
    holder.join()
    assert (counters("FREE"), counters("HELD")) == ((5, 0, 0, 0), (5, 2, 0, 0))
    assert tasks.expire_reservations() == 1
    assert counters("HELD") == (5, 0, 0, 0)


def test_one_whose_books_do_not_add_up_stops_no_other_and_is_told_of():
    stock({(sku, "MAIN"): 5 for sku in ("WRONG", "FREE", "LAST")})
    for sku in ("WRONG", "FREE", "LAST"):
        do(reserve, reference=sku, lines=[ReserveLine(sku, 2)], expires_in=60)
    run_out()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past every trigger
        cursor.execute(
            "UPDATE warehouse_inventoryitem SET reserved = 0 WHERE id = %s", [item("WRONG").pk]
        )
    assert tasks.expire_reservations() == 2
    assert (counters("FREE"), counters("LAST")) == ((5, 0, 0, 0), (5, 0, 0, 0))
    assert tasks.expire_reservations() == 0
    assert overdue_is_seen(after=3) == []
    (told,) = overdue_is_seen(after=5)
    assert (told.severity, told.details["first"]) == ("urgent", ["WRONG"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_inventoryitem SET reserved = 2 WHERE reserved = 0")
    assert tasks.expire_reservations() == 1
    assert overdue_is_seen(after=6) == []


def test_two_sweeps_at_once_expire_each_reservation_once():
    stock({("A", "MAIN"): 100})
    for n in range(40):
        do(reserve, reference=f"R{n}", lines=[ReserveLine("A", 2)], expires_in=60)
    run_out()
    found: list[int] = []

    def sweep():
        found.append(tasks.expire_reservations())
        connection.close()

    sweeps = [threading.Thread(target=sweep) for _ in range(2)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()
    assert sum(found) == 40
    assert counters("A") == (100, 0, 0, 0)


def test_a_refresh_that_was_lost_is_made_up_for():
    stock({("A", "MAIN"): 10})
    tasks.refresh_level_cache()
    assert stock_level(sku="A").total("on_hand") == 10
    old = level_cache.item_entries(stock_level(sku="A").warehouses)
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 4)])
    cache.client.get_client().set(next(iter(old)), b"1|[10,0,0,0,0,null]")
    assert stock_level(sku="A").total("on_hand") == 10, (
        "the cache is wrong, as after a lost refresh"
    )
    # The feed shows an event once nothing older is open, in any database of the cluster.
    end = time.monotonic() + 30
    while not (corrected := tasks.refresh_level_cache()) and time.monotonic() < end:
        time.sleep(0.05)
    assert corrected == 1
    assert stock_level(sku="A").total("on_hand") == 6
    assert tasks.refresh_level_cache() == 0


def test_after_a_time_without_redis_nothing_older_is_read():
    stock({("A", "MAIN"): 10})
    assert stock_level(sku="A").total("on_hand") == 10
    contact.away_until = float("inf")
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 4)])
    contact.away_until = float("-inf")
    assert stock_level(sku="A").total("on_hand") == 6


def test_suggestions_are_swept_and_the_ledger_is_proven():
    stock({("A", "MAIN"): 3})
    InventoryItem.objects.update(reorder_point=5, reorder_quantity=20)
    tasks.check_reorder_points()
    assert ReorderSuggestion.objects.get(closed_at=None).quantity == 20
    tasks.check_reorder_points()
    assert ReorderSuggestion.objects.count() == 1
    assert tasks.verify_ledger_nightly() == 0
