"""Orders: placed with stock promised at once, with a reservation made at checkout, or as drafts."""

import pytest

from inventory_site.core.errors import DomainError
from notifications.models import OutboxEvent
from orders.models import SalesOrder
from orders.queries.sales import order_page
from orders.services.placing import NewLine, NewOrder, confirm, place, place_batch
from tests.factories import counters, do, item, stock, warehouse
from tests.orders.making import new_order, order
from tests.warehouse.statements import sent_by, shelves, skus
from warehouse.errors import (
    InsufficientStock,
    ReferenceConflict,
    ReservationClosed,
    ReservationDiffers,
    ReservationNotFound,
    ReservationOwned,
    UnknownSku,
    UnknownWarehouse,
    WarehouseNotAllowed,
)
from warehouse.lines import ReserveLine
from warehouse.models import Reservation
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import release
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def cart(reference="CART", **lines):
    return do(
        reserve,
        reference=reference,
        lines=[ReserveLine(sku, n) for sku, n in lines.items()],
        expires_in=900,
    )


def test_an_order_promises_its_stock_and_merges_its_lines():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    lines = [NewLine("a", 2), NewLine("B", 1), NewLine(" A ", 3)]
    made = do(place, order=NewOrder(reference="O-1", lines=lines, notes="mind the dog"))
    assert (made.status, made.created, made.reservation) == ("allocated", True, "O-1")
    assert [(x.sku, x.quantity) for x in made.lines] == [("A", 5), ("B", 1)]
    assert counters("A") == (10, 5, 0, 0)
    assert Reservation.objects.get().owner == "orders"
    event = OutboxEvent.objects.get(type="order.placed")
    assert (event.reference, event.details["status"]) == ("O-1", "allocated")


def test_what_is_not_there_waits():
    stock({("A", "MAIN"): 3})
    made = order(A=5)
    assert made.status == "backordered"
    assert [(x.reserved, x.backordered) for x in made.lines[0].promises] == [(3, 2)]
    assert OutboxEvent.objects.get(type="order.placed").details["backordered"] == [
        {"sku": "A", "warehouse": "MAIN", "quantity": 2}
    ]


def test_lines_are_served_from_several_warehouses():
    stock({("A", "MAIN"): 3, ("A", "EAST"): 4})
    made = order(A=7)
    assert made.warehouses == {"MAIN", "EAST"}
    assert made.status == "allocated"


def test_the_same_order_again_is_the_same_and_another_one_a_conflict():
    stock({("A", "MAIN"): 10})
    first = order(A=2, priority=3)
    again = order(A=2, priority=3)
    assert (again.id, again.created) == (first.id, False)
    with pytest.raises(ReferenceConflict):
        order(A=2, priority=4)
    with pytest.raises(ReferenceConflict):
        order(A=3, priority=3)
    assert counters("A") == (10, 2, 0, 0)


def test_a_reservation_of_that_reference_is_not_taken_unasked():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="O-1", lines=[ReserveLine("A", 2)], backorder=True)
    with pytest.raises(ReferenceConflict, match="name it"):
        order(A=2)
    assert order(A=2, reservation="O-1").status == "allocated"
    assert counters("A") == (10, 2, 0, 0)


def test_a_cart_becomes_an_order_and_no_longer_runs_out():
    stock({("A", "MAIN"): 10})
    cart(A=2)
    made = order(A=2, reservation="CART")
    assert (made.reservation, made.status) == ("CART", "allocated")
    kept = Reservation.objects.get()
    assert (kept.owner, kept.expires_at) == ("orders", None)
    assert order(A=2, reservation="CART").created is False
    with pytest.raises(ReservationOwned):
        order("O-2", A=2, reservation="CART")
    assert OutboxEvent.objects.filter(type="reservation.adopted").count() == 1


def test_a_cart_that_holds_something_else_is_refused_by_name():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    cart(A=2, B=1)
    with pytest.raises(ReservationDiffers) as told:
        order(A=3, reservation="CART")
    assert told.value.items == [
        {"sku": "A", "requested": 3, "reserved": 2},
        {"sku": "B", "requested": 0, "reserved": 1},
    ]
    assert Reservation.objects.get().owner == ""


def test_a_cart_that_is_gone_or_never_was():
    stock({("A", "MAIN"): 10})
    cart(A=2)
    do(release, reference="CART")
    with pytest.raises(ReservationClosed):
        order(A=2, reservation="CART")
    with pytest.raises(ReservationNotFound):
        order(A=2, reservation="NONE")
    assert not SalesOrder.objects.exists()


def test_each_order_of_a_batch_has_an_answer_of_its_own():
    stock({("A", "MAIN"): 10})
    warehouse("EAST")
    cart(A=1)
    answers = do(
        place_batch,
        orders=[
            new_order("GOOD", A=2),
            new_order("UNKNOWN", A=1, NOPE=1),
            new_order("ELSEWHERE", A=1, warehouse="MOON"),
            new_order("NEVER", A=1, warehouse="EAST"),
            new_order("GOOD", A=2),
            new_order("GOOD", A=3),
            new_order("EMPTY"),
            new_order("CARTED", A=1, reservation="CART"),
            new_order("LATE", A=1, reservation="CART"),
            new_order("DRAFT", A=1, draft=True),
            new_order("BAD-DRAFT", NOPE=1, draft=True),
        ],
    )
    told = [x.code if isinstance(x, DomainError) else (x.status, x.created) for x in answers]
    assert told == [
        ("allocated", True),
        "unknown_sku",
        "unknown_warehouse",
        "insufficient_stock",
        ("allocated", False),
        "reference_conflict",
        "invalid_lines",
        ("allocated", True),
        "reservation_owned",
        ("draft", True),
        "unknown_sku",
    ]
    assert counters("A") == (10, 3, 0, 0)
    assert verify_ledger() == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"NOPE": 1}, UnknownSku),
        ({"A": 1, "warehouse": "MOON"}, UnknownWarehouse),
        ({"A": 1, "priority": 0}, DomainError),
        ({"A": 1, "notes": "x" * 501}, DomainError),
        ({"A": 1, "reservation": "CART", "draft": True}, DomainError),
        ({"A": 1, "reservation": "CART", "warehouse": "MAIN"}, DomainError),
        ({"A": 0}, DomainError),
        ({"A": 1, "strategy": "whim"}, DomainError),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(fields, error):
    stock({("A", "MAIN"): 10})
    with pytest.raises(error):
        order(**fields)
    assert not SalesOrder.objects.exists()
    assert item("A").reserved == 0


def test_a_draft_promises_nothing_until_it_is_confirmed():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 9})
    made = order(A=2, draft=True, warehouse="MAIN")
    assert (made.status, made.reservation) == ("draft", None)
    assert item("A").reserved == 0
    placed = do(confirm, reference="O-1")
    assert (placed.status, placed.warehouses) == ("backordered", {"MAIN"})
    assert list(OutboxEvent.objects.order_by("id").values_list("type", flat=True))[-3:] == [
        "order.drafted",
        "reservation.created",
        "order.placed",
    ]
    with pytest.raises(DomainError, match="no draft"):
        do(confirm, reference="O-1")


def test_a_product_that_no_warehouse_ever_held_is_refused():
    warehouse("MAIN")
    stock({("A", "MAIN"): 0})
    with pytest.raises(InsufficientStock):
        order(A=1)


def test_a_limited_caller_gets_and_sees_what_lies_in_its_own_warehouse():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    made = do(place, order=new_order(A=7), within={"EAST"})
    assert (made.warehouses, made.status) == ({"EAST"}, "backordered")
    order("O-2", A=5)
    assert [x.reference for x in order_page(limit=9, within={"EAST"})] == ["O-1"]
    assert [x.reference for x in order_page(limit=9)] == ["O-2", "O-1"]
    with pytest.raises(WarehouseNotAllowed):
        do(place, order=new_order("O-2", A=5), within={"EAST"})
    with pytest.raises(WarehouseNotAllowed):
        do(place, order=new_order("O-3", A=5, draft=True), within={"EAST"})


LINES = pytest.mark.parametrize("n", [1, 3, 100])


@LINES
def test_placing_sends_as_many_statements_for_any_number_of_lines(n):
    shelves(n)
    lines = [NewLine(sku, 1) for sku in skus(n)]
    sent = sent_by(do, place, order=NewOrder(reference="O", lines=lines))
    known, lock_write, written, shown = 1, 2, 1, 3
    assert len(sent) == known + lock_write + written + shown


@pytest.mark.parametrize("n", [2, 5, 50])
def test_a_batch_sends_as_many_for_any_number_of_orders(n):
    shelves(n)
    carts = [f"CART-{place}" for place in range(n)]
    for name in carts:
        cart(name, S000=1)
    orders = [new_order(f"O-{sku}", **{sku: 1}) for sku in skus(n)]
    orders += [new_order(f"C-{name}", S000=1, reservation=name) for name in carts]
    orders += [new_order(f"D-{sku}", **{sku: 1}, draft=True) for sku in skus(n)]
    known, reserved, adopted, drafts, written, shown = 1, 3, 6, 1, 1, 3
    assert len(sent_by(do, place_batch, orders=orders)) == (
        known + reserved + adopted + drafts + written + shown
    )
