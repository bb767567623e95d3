"""Races on real PostgreSQL, over processes and threads; after each, the books are right."""

from collections import Counter
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from tests.concurrency.clients import NO_COMMON_ORDER, NO_LOCKS, Call, race, reserve
from tests.factories import counters, do, stock, warehouse
from warehouse.lines import ReserveLine
from warehouse.models import InventoryItem, LostDemand, Product
from warehouse.services import reservations
from warehouse.services.levels import stock_level
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import expire_due

pytestmark = pytest.mark.usefixtures("committed_db")

NO_OVERSELL = "item_promised_is_there"


def codes(outcomes):
    return Counter(outcome.code for outcome in outcomes)


@pytest.fixture
def without_the_constraint():
    """The control's world: nothing but the lock stands between a race and an oversell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [NO_OVERSELL]
        )
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE warehouse_inventoryitem DROP CONSTRAINT {NO_OVERSELL}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_inventoryitem SET reserved = 0")
        cursor.execute(
            f"ALTER TABLE warehouse_inventoryitem ADD CONSTRAINT {NO_OVERSELL} {definition}"
        )


@pytest.mark.parametrize("per_client", [1, 4])
def test_32_clients_race_for_100_units_and_exactly_100_are_promised(per_client):
    stock({("HOT", "MAIN"): 100})
    outcomes = race([reserve(f"R{n}", HOT=per_client) for n in range(200)])
    assert codes(outcomes) == {
        "done": 100 // per_client,
        "insufficient_stock": 200 - 100 // per_client,
    }
    assert counters("HOT") == (100, 100, 0, 0)
    assert verify_ledger() == []


def test_control_without_the_lock_the_same_race_oversells(without_the_constraint):
    stock({("HOT", "MAIN"): 100})
    outcomes = race([reserve(f"R{n}", HOT=1) for n in range(400)], control=NO_LOCKS)
    assert codes(outcomes)["done"] > 100
    assert counters("HOT")[1] > 100


def test_without_the_lock_the_database_itself_still_refuses_to_oversell():
    stock({("HOT", "MAIN"): 100})
    outcomes = race([reserve(f"R{n}", HOT=1) for n in range(400)], control=NO_LOCKS)
    assert codes(outcomes)["done"] == 100
    assert codes(outcomes)["IntegrityError"] > 0
    assert counters("HOT") == (100, 100, 0, 0)


TWELVE = [f"S{n:02d}" for n in range(12)]


def carts_in_opposite_order(carts):
    stock({(sku, code): 5000 for sku in TWELVE for code in ("MAIN", "EAST")})
    calls = []
    for n in range(carts):
        order = TWELVE if n % 2 else TWELVE[::-1]
        calls.append(reserve(f"R{n}", **dict.fromkeys(order, 2)))
    return calls


def test_carts_in_opposite_order_do_not_deadlock():
    before = _deadlocks()
    assert codes(race(carts_in_opposite_order(150))) == {"done": 150}
    assert sum(counters(sku, code)[1] for sku in TWELVE for code in ("MAIN", "EAST")) == 150 * 24
    assert _deadlocks() == before


def test_control_without_a_common_order_of_locks_the_same_carts_deadlock():
    before = _deadlocks()
    race(carts_in_opposite_order(40), control=NO_COMMON_ORDER)
    assert _deadlocks() > before


def receipts_of_new_goods(receipts):
    """Eight come at once, in four warehouses, with most of sixty products that never were in any."""
    codes = ["MAIN", "EAST", "WEST", "NORD"]
    for code in codes:
        warehouse(code)
    skus = [f"N{n:03d}" for n in range(60)]
    Product.objects.bulk_create([Product(sku=sku, name=sku) for sku in skus])
    calls = []
    for n in range(receipts):
        place = {"warehouse": codes[n % 4], "quantity": 1}
        lines = [{"sku": sku} | place for sku in Random(n).sample(skus, 45)]
        calls.append(Call("receive", {"reference": f"R{n}", "lines": lines}))
    return calls


def test_products_new_to_their_warehouses_come_in_without_a_deadlock():
    before = _deadlocks()
    assert codes(race(receipts_of_new_goods(16), threads=4)) == {"done": 16}
    assert InventoryItem.objects.aggregate(units=Sum("on_hand"))["units"] == 16 * 45
    assert _deadlocks() == before
    assert verify_ledger() == []


def test_refusals_of_the_same_reference_in_opposite_order_do_not_deadlock():
    skus = [f"N{n:03d}" for n in range(200)]
    Product.objects.bulk_create([Product(sku=sku, name=sku) for sku in skus])
    calls = []
    for n in range(48):
        order = skus if n % 2 else skus[::-1]
        calls.append(reserve(f"R{n // 12}", **dict.fromkeys(order, 1)))
    before = _deadlocks()
    assert codes(race(calls, threads=4)) == {"insufficient_stock": 48}
    assert LostDemand.objects.count() == 4 * 200
    assert _deadlocks() == before


def _deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def endings():
    """Sixty promises that run out in turn; each is released twice, shipped and expired at once."""
    stock({("A", "MAIN"): 300})
    for n in range(60):
        do(reservations.reserve, reference=f"R{n}", lines=[ReserveLine("A", 5)], expires_in=3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE warehouse_reservation SET expires_at = now() + (id % 20 - 3) * interval '0.1 s'"
        )
    calls = []
    for n in range(60):
        calls += [Call(how, {"reference": f"R{n}"}) for how in ("release", "ship", "release")]
        calls += [Call("expire_due", {"limit": 3})] * (n % 3)
    return calls


def test_release_against_release_against_ship_against_expire_each_unit_ends_once():
    outcomes = race(endings())
    assert set(codes(outcomes)) <= {"done", "reservation_closed"}
    shipped = sum(o.code == "done" for o in outcomes if o.call.service == "ship")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_reservation SET expires_at = now() - interval '1 s'")
    do(expire_due)  # what had run out, and was refused to all of them for that
    assert counters("A") == (300 - 5 * shipped, 0, 0, 0)
    assert verify_ledger() == []


def test_control_without_the_lock_some_unit_ends_twice(without_the_constraint):
    outcomes = race(endings(), control=NO_LOCKS)
    assert went_wrong(outcomes, {"done", "reservation_closed"})


def went_wrong(outcomes, expected):
    """Whether the database had to refuse what the service let through, or the books are wrong."""
    return bool(set(codes(outcomes)) - expected or verify_ledger())


def test_the_same_reference_32_times_at_once_reserves_once():
    stock({("A", "MAIN"): 1000})
    outcomes = race([reserve("ONE", A=7)] * 32)
    assert codes(outcomes) == {"done": 32}
    assert counters("A") == (1000, 7, 0, 0)
    assert verify_ledger() == []


def test_another_request_for_the_same_reference_at_once_is_a_conflict():
    stock({("A", "MAIN"): 1000})
    outcomes = race([reserve("ONE", A=1 + n % 2) for n in range(32)])
    assert codes(outcomes) == {"done": 16, "reference_conflict": 16}


def transfers_and_reservations():
    stock({("A", "MAIN"): 100, ("A", "EAST"): 0})
    calls = []
    for n in range(100):
        calls.append(reserve(f"R{n}", A=1))
        move = {"from_warehouse": "MAIN", "to_warehouse": "EAST", "mode": "dispatch"}
        calls.append(
            Call("transfer", {"reference": f"T{n}", "lines": [{"sku": "A", "quantity": 1}]} | move)
        )
    return calls


def test_transfer_against_reserve_moves_only_what_is_free():
    outcomes = race(transfers_and_reservations())
    assert set(codes(outcomes)) == {"done", "insufficient_stock", "not_enough_to_take"}
    done = Counter(o.call.service for o in outcomes if o.code == "done")
    assert done["reserve"] + done["transfer"] == 100
    assert counters("A") == (100 - done["transfer"], done["reserve"], 0, 0)
    assert verify_ledger() == []


def test_control_without_the_lock_more_is_moved_and_promised_than_is_there(without_the_constraint):
    outcomes = race(transfers_and_reservations(), control=NO_LOCKS)
    assert went_wrong(outcomes, {"done", "insufficient_stock", "not_enough_to_take"})


def counts_and_reservations():
    stock({("A", "MAIN"): 200})
    calls = [reserve(f"R{n}", A=2) for n in range(120)]
    for n, found in enumerate((150, 90, 40, 120, 60)):
        line = {"sku": "A", "warehouse": "MAIN", "counted": found}
        calls.insert(n * 20 + 10, Call("count", {"reference": f"C{n}", "lines": [line]}))
    return calls


def test_count_against_reserve_never_promises_what_is_not_there():
    outcomes = race(counts_and_reservations())
    assert set(codes(outcomes)) <= {"done", "insufficient_stock", "raced"}
    assert all(o.code == "done" for o in outcomes if o.call.service == "count")
    on_hand, reserved, _, _ = counters("A")
    assert reserved <= on_hand
    assert stock_level(sku="A").total("available") >= 0
    assert verify_ledger() == []


def test_control_without_the_lock_a_count_and_a_promise_contradict_each_other(
    without_the_constraint,
):
    outcomes = race(counts_and_reservations(), control=NO_LOCKS)
    assert went_wrong(outcomes, {"done", "insufficient_stock", "raced"})
