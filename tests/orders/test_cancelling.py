"""Cancelled whole or in part, at every point before the goods have left; and closed afterwards."""

import pytest

from inventory_site.core.errors import DomainError
from notifications.models import OutboxEvent
from orders.services.cancelling import cancel, close
from orders.services.packing import pack, ship_packed
from orders.services.placing import NewLine, confirm
from orders.services.shipping import ShipLine, ship_order
from orders.states import WrongState
from tests.factories import counters, do, stock
from tests.orders.making import in_bin, lines_of, list_status, order, pick, pick_list, status
from warehouse.errors import WarehouseNotAllowed
from warehouse.queries import reservation
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    assert verify_ledger() == []


def types():
    return list(OutboxEvent.objects.order_by("id").values_list("type", flat=True))


def test_an_order_is_cancelled_whole_and_its_stock_is_free():
    stock({("A", "MAIN"): 10})
    order(A=4)
    shown = do(cancel, reference="O-1")
    assert (shown.status, shown.lines[0].cancelled) == ("cancelled", 4)
    assert reservation(reference="O-1").status == "released"
    assert counters("A") == (10, 0, 0, 0)
    assert types()[-3:] == ["reservation.released", "order.cancelled", "order.status_changed"]
    assert do(cancel, reference="O-1") == shown


def test_a_line_is_cancelled_in_part():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    order(A=4, B=1)
    shown = do(cancel, reference="O-1", lines=[NewLine("a", 1), NewLine("A", 2)])
    assert (shown.status, shown.lines[0].open) == ("allocated", 1)
    assert counters("A") == (10, 1, 0, 0)
    with pytest.raises(DomainError) as told:
        do(cancel, reference="O-1", lines=[NewLine("A", 2), NewLine("C", 1)])
    assert told.value.items == [
        {"line": 0, "sku": "A", "requested": 2, "left": 1},
        {"line": 1, "sku": "C", "requested": 1, "left": 0},
    ]


def test_what_waits_is_cancelled_first_then_what_is_on_the_shelf_then_what_is_in_a_tote():
    stock({("A", "MAIN"): 4, ("A", "EAST"): 3})
    order(A=9)
    pick_list(O_1={"A": 4})
    pick()
    assert status() == "picking"
    do(cancel, reference="O-1", lines=[NewLine("A", 3)])
    held = {x.warehouse: (x.reserved, x.backordered) for x in _promises()}
    assert held == {"MAIN": (4, 0), "EAST": (2, 0)}
    do(cancel, reference="O-1", lines=[NewLine("A", 3)])
    assert {x.warehouse: x.reserved for x in _promises()} == {"MAIN": 3, "EAST": 0}
    assert lines_of() == [(4, 3, 1, 0, "cancelled")]


def _promises():
    from orders.queries.sales import order_view

    return order_view(reference="O-1").lines[0].promises


def test_goods_in_a_tote_stay_in_packing_and_cannot_leave_with_the_order():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    order(A=4, B=1)
    pick_list(O_1={"A": 4, "B": 1})
    pick()
    do(pack, pick_list="PICK-1", order="O-1")
    assert (status(), list_status()) == ("packed", "picked")
    do(cancel, reference="O-1", lines=[NewLine("A", 3)])
    assert status() == "packed"
    (sent,) = do(ship_packed, pick_list="PICK-1")
    assert [(x.sku, x.quantity) for x in sent.lines] == [("A", 1), ("B", 1)]
    assert in_bin("A", "PACKING") == 3
    assert counters("A") == (9, 0, 0, 0)
    assert (status(), list_status()) == ("shipped", "done")


def test_a_list_whose_only_order_is_cancelled_is_done():
    stock({("A", "MAIN"): 10})
    order(A=4)
    pick_list(O_1={"A": 4})
    pick(most=1)
    do(cancel, reference="O-1")
    assert lines_of() == [(4, 0, 4, 0, "cancelled")]
    assert (status(), list_status()) == ("cancelled", "done")


def test_what_is_freed_goes_to_who_waits():
    stock({("A", "MAIN"): 4})
    order("OLD", A=4)
    order("NEW", A=4)
    assert (status("OLD"), status("NEW")) == ("allocated", "backordered")
    do(cancel, reference="OLD")
    assert (status("OLD"), status("NEW")) == ("cancelled", "allocated")
    assert counters("A") == (4, 4, 0, 0)


def test_what_has_left_cannot_be_cancelled_and_the_rest_can():
    stock({("A", "MAIN"): 10})
    order(A=4)
    do(ship_order, reference="O-1", lines=[ShipLine("A", 1)])
    assert status() == "partly_shipped"
    assert do(cancel, reference="O-1").status == "shipped"
    with pytest.raises(WrongState):
        do(cancel, reference="O-1")
    assert counters("A") == (9, 0, 0, 0)


def test_a_draft_is_cancelled_without_the_engine():
    stock({("A", "MAIN"): 10})
    order(A=4, draft=True)
    assert do(cancel, reference="O-1", lines=[NewLine("A", 1)]).status == "draft"
    assert do(confirm, reference="O-1").lines[0].open == 3
    assert counters("A") == (10, 3, 0, 0)
    order("O-2", A=4, draft=True)
    assert do(cancel, reference="O-2").status == "cancelled"


def test_an_order_is_closed_and_what_is_left_of_it_given_back():
    stock({("A", "MAIN"): 3})
    order(A=5)
    with pytest.raises(WrongState):
        do(close, reference="O-1")
    do(ship_order, reference="O-1")
    shown = do(close, reference="O-1")
    assert (shown.status, shown.lines[0].cancelled) == ("closed", 2)
    assert do(close, reference="O-1") == shown
    assert types()[-1] == "order.closed"
    with pytest.raises(WrongState):
        do(cancel, reference="O-1")


def test_a_limited_caller_cancels_only_what_lies_in_its_own_warehouse():
    stock({("A", "MAIN"): 3, ("A", "EAST"): 2})
    order(A=5)
    for service in (cancel, close):
        with pytest.raises(WarehouseNotAllowed):
            do(service, reference="O-1", within={"EAST"})
    assert counters("A") == (3, 3, 0, 0)
