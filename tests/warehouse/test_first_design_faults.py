"""The faults of the first design, each with the test that would fail if ours had it too.

Those that are races are proven with real concurrency in tests/concurrency/.
"""

import re

import pytest
from django.db import connection

from tests.factories import ProductFactory, counters, do, item, stock, warehouse
from tests.warehouse.statements import sent_by
from warehouse import level_cache
from warehouse.errors import (
    InsufficientStock,
    NotEnoughToTake,
    NotReserved,
    ReferenceConflict,
    ReservationClosed,
    ReservationNotFound,
)
from warehouse.lines import (
    AdjustLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    TransferLine,
)
from warehouse.models import BinStock, ReorderSuggestion, ReservationLine
from warehouse.services.levels import stock_level
from warehouse.services.movements import adjust, damage, receive
from warehouse.services.releasing import expire_due, release
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


def test_rows_are_locked_in_primary_key_order_in_one_statement_not_in_cart_order():
    stock({("A", "MAIN"): 5, ("B", "MAIN"): 5, ("C", "EAST"): 5})
    cart = [ReserveLine(sku, 1) for sku in ("C", "A", "B")]
    statements = sent_by(do, reserve, reference="CART", lines=cart)
    locks = [sql for sql in statements if "FOR NO KEY UPDATE" in sql]
    assert len(locks) == 1
    assert re.search(r"ORDER BY 1 ASC FOR NO KEY UPDATE OF \"warehouse_inventoryitem\"", locks[0])
    assert statements[0] is locks[0], "locked before anything is written"


def test_a_sku_twice_in_one_cart_is_checked_once_for_the_sum():
    stock({("A", "MAIN"): 5})
    twice = [ReserveLine("A", 3), ReserveLine(" a ", 3)]
    with pytest.raises(InsufficientStock) as refusal:
        do(reserve, reference="CART", lines=twice)
    assert refusal.value.items[0]["requested"] == 6
    assert counters("A") == (5, 0, 0, 0)


def test_reserving_again_for_the_same_order_reserves_once_and_another_request_is_a_conflict():
    stock({("A", "MAIN"): 10})
    first = do(reserve, reference="ORDER", lines=[ReserveLine("A", 4)])
    again = do(reserve, reference="ORDER", lines=[ReserveLine("a", 1), ReserveLine("A", 3)])
    assert (first.created, again.created) == (True, False)
    assert again.lines == first.lines
    with pytest.raises(ReferenceConflict):
        do(reserve, reference="ORDER", lines=[ReserveLine("A", 5)])
    assert counters("A") == (10, 4, 0, 0)


def test_releasing_twice_frees_once():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 4)])
    do(reserve, reference="OTHER", lines=[ReserveLine("A", 4)])
    assert do(release, reference="ORDER").status == "released"
    assert do(release, reference="ORDER").status == "released"
    assert counters("A") == (10, 4, 0, 0)


def test_shipping_takes_only_what_is_reserved_for_that_reference():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 4)])
    with pytest.raises(NotReserved):
        do(ship, reference="ORDER", lines=[ReservedLine("A", 5)])
    with pytest.raises(ReservationNotFound):
        do(ship, reference="NOBODY")
    do(ship, reference="ORDER")
    with pytest.raises(ReservationClosed):
        do(ship, reference="ORDER")
    assert counters("A") == (6, 0, 0, 0)


def test_after_a_partial_shipment_the_rest_stays_reserved():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 4), ReserveLine("B", 2)])
    held = do(ship, reference="ORDER", lines=[ReservedLine("A", 1)])
    assert held.status == "active"
    assert counters("A") == (9, 3, 0, 0)
    assert counters("B") == (10, 2, 0, 0)


def test_a_transfer_without_enough_stock_changes_nothing_anywhere():
    stock({("A", "MAIN"): 3, ("B", "MAIN"): 50, ("A", "EAST"): 1})
    lines = [TransferLine("B", 10), TransferLine("A", 4)]
    with pytest.raises(NotEnoughToTake) as refusal:
        do(transfer, reference="T", from_warehouse="MAIN", to_warehouse="EAST", lines=lines)
    assert [short["sku"] for short in refusal.value.items] == ["A"]
    assert counters("A") == (3, 0, 0, 0)
    assert counters("A", "EAST") == (1, 0, 0, 0)
    assert counters("B") == (50, 0, 0, 0)


def test_receiving_into_another_bin_leaves_the_first_as_it_was():
    stock({("A", "MAIN"): 3}, bin="A-01-01")
    stock({("A", "MAIN"): 4}, bin="B-02-02")
    held = BinStock.objects.filter(item=item("A")).values_list("bin__code", "quantity")
    assert dict(held) == {"A-01-01": 3, "B-02-02": 4}
    assert item("A").primary_bin is not None
    assert item("A").primary_bin.code == "A-01-01"


def test_a_counter_below_zero_is_refused_with_the_quantities_not_clamped():
    stock({("A", "MAIN"): 3})
    with pytest.raises(NotEnoughToTake) as refusal:
        do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 4)])
    assert refusal.value.items[0] | {"requested": 4, "available": 3} == refusal.value.items[0]
    with pytest.raises(NotEnoughToTake):
        do(adjust, reference="D", reason="lost", lines=[AdjustLine("A", "MAIN", delta=-4)])
    assert counters("A") == (3, 0, 0, 0)


def test_the_cache_never_takes_an_older_value_over_a_newer_one(
    valkey, django_capture_on_commit_callbacks
):
    stock({("A", "MAIN"): 10})
    slow_reader = stock_level(sku="A")  # has read 10, and will write it into the cache late
    with django_capture_on_commit_callbacks(execute=True):
        do(reserve, reference="ORDER", lines=[ReserveLine("A", 4)])
    level_cache.store(entries=level_cache.item_entries(slow_reader.warehouses))
    (entry,) = level_cache.read(keys=[level_cache.item_key("A", "MAIN")])
    assert entry is not None
    assert entry[1][1] == 4
    assert stock_level(sku="A").total("available") == 6


def test_low_stock_is_noticed_after_every_change_and_kept_in_postgresql():
    stock({("A", "MAIN"): 20})
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=10, reorder_quantity=50)
    open_now = ReorderSuggestion.objects.filter(closed_at__isnull=True)
    assert not open_now.exists()
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 10)])
    assert open_now.get().quantity == 50
    do(receive, reference="PO", lines=[PlacedLine("A", "MAIN", 1)])
    assert not open_now.exists()
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=11, reorder_quantity=60)
    assert open_now.get().quantity == 60
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=0, reorder_quantity=60)
    assert not open_now.exists()
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=10, reorder_quantity=60)
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 1)])
    assert open_now.count() == 1


def test_a_reservation_expires_by_the_clock_of_the_database():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="CART", lines=[ReserveLine("A", 4)], expires_in=1)
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 3)])
    assert do(expire_due) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE warehouse_reservation SET expires_at = now() - interval '1 second'"
            " WHERE expires_at IS NOT NULL"
        )
    assert do(expire_due) == ["CART"]
    assert counters("A") == (10, 3, 0, 0)
    assert ReservationLine.objects.get(reservation__reference="CART").released == 4


def test_products_without_stock_and_unknown_ones_are_told_apart():
    ProductFactory(sku="A")
    warehouse("MAIN")
    with pytest.raises(InsufficientStock):
        do(reserve, reference="ORDER", lines=[ReserveLine("A", 1)])
