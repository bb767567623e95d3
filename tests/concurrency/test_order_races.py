"""Orders that are shipped, cancelled, filled and placed at the same moment, over two processes."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import F

from orders.models import PickLine, SalesOrder
from orders.services.packing import ship_packed
from tests.concurrency.clients import Call, race
from tests.factories import counters, do, stock
from tests.orders.making import list_status, order, papers_agree_with_the_stock, pick, pick_list
from warehouse.lines import PlacedLine
from warehouse.services.movements import receive

pytestmark = pytest.mark.usefixtures("committed_db")

LINE = [{"sku": "A", "quantity": 1}]


def codes(outcomes, service):
    return Counter(outcome.code for outcome in outcomes if outcome.call.service == service)


@pytest.fixture(autouse=True)
def _nobody_waited_in_a_circle(committed_db):
    before = _deadlocks()
    yield
    assert _deadlocks() == before


def _deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_ship_against_cancel_each_unit_ends_once():
    stock({("A", "MAIN"): 100})
    for n in range(40):
        order(f"O-{n}", A=2)
    calls = []
    for n in range(40):
        calls += [
            Call("ship_order", {"reference": f"O-{n}"}),
            Call("cancel", {"reference": f"O-{n}"}),
        ]
    outcomes = race(calls)
    assert set(codes(outcomes, "ship_order")) <= {"done", "wrong_state", "nothing_to_ship"}
    assert set(codes(outcomes, "cancel")) <= {"done", "wrong_state"}
    shipped = codes(outcomes, "ship_order")["done"]
    assert shipped + codes(outcomes, "cancel")["done"] == 40
    assert counters("A") == (100 - 2 * shipped, 0, 0, 0)
    papers_agree_with_the_stock()


def test_a_list_ships_order_by_order_while_its_orders_are_cancelled_line_by_line():
    stock({("A", "MAIN"): 100})
    names = [f"O-{n}" for n in range(12)]
    for name in names:
        order(name, A=3)
    pick_list(**{name.replace("-", "_"): {"A": 3} for name in names})
    pick()
    calls = []
    for name in names:
        calls.append(Call("ship_packed", {"pick_list": "PICK-1", "orders": [name]}))
        calls += [Call("cancel", {"reference": name, "lines": LINE})] * 2
    outcomes = race(calls)
    # Whoever loses twice is told to send it again.
    assert set(codes(outcomes, "ship_packed")) <= {"done", "raced"}
    if PickLine.objects.filter(picked__gt=F("shipped")).exists():
        do(ship_packed, pick_list="PICK-1")
    assert set(codes(outcomes, "cancel")) <= {"done", "wrong_state", "raced"}
    cancelled = codes(outcomes, "cancel")["done"]
    assert counters("A") == (100 - (36 - cancelled), 0, 0, 0)
    assert sum(x.picked - x.shipped for x in PickLine.objects.all()) == 0
    assert list_status() == "done"
    papers_agree_with_the_stock()


def test_arriving_stock_goes_to_the_oldest_order_whatever_is_placed_meanwhile():
    stock({("A", "MAIN"): 1, ("B", "MAIN"): 1000})
    order("FIRST", A=1)
    for n in range(20):
        order(f"OLD-{n:02d}", A=2, B=1)
    calls = []
    for n in range(20):
        body = {"sku": "A", "warehouse": "MAIN", "quantity": 2, "bin": "A-01-01"}
        calls.append(Call("receive", {"reference": f"PO-{n}", "lines": [body]}))
        line = [{"sku": "A", "quantity": 2}]
        calls.append(Call("place", {"reference": f"NEW-{n:02d}", "lines": line}))
    outcomes = race(calls)
    assert codes(outcomes, "receive") == {"done": 20}
    assert codes(outcomes, "place") == {"done": 20}
    found = dict(SalesOrder.objects.values_list("reference", "status"))
    assert {found[f"OLD-{n:02d}"] for n in range(20)} == {"allocated"}
    assert {found[f"NEW-{n:02d}"] for n in range(20)} == {"backordered"}
    do(receive, reference="LAST", lines=[PlacedLine("A", "MAIN", 2)])
    oldest = SalesOrder.objects.filter(reference__startswith="NEW").order_by("reservation_id")[0]
    assert oldest.status == "allocated"
    papers_agree_with_the_stock()


def test_the_same_order_32_times_at_once_is_placed_once():
    stock({("A", "MAIN"): 1000})
    outcomes = race([Call("place", {"reference": "ONE", "lines": LINE})] * 32)
    assert codes(outcomes, "place") == {"done": 32}
    assert counters("A") == (1000, 1, 0, 0)
    assert SalesOrder.objects.count() == 1
    papers_agree_with_the_stock()


def test_one_cart_becomes_one_order():
    from warehouse.lines import ReserveLine
    from warehouse.services.reservations import reserve

    stock({("A", "MAIN"): 10})
    do(reserve, reference="CART", lines=[ReserveLine("A", 1)], expires_in=900)
    outcomes = race(
        [
            Call("place", {"reference": f"O-{n}", "lines": LINE, "reservation": "CART"})
            for n in range(16)
        ]
    )
    assert codes(outcomes, "place") == {"done": 1, "reservation_owned": 15}
    assert SalesOrder.objects.count() == 1
    papers_agree_with_the_stock()
