"""An order that leaves from two warehouses, for people who work in one: its code leads to what lies here, and
what left from here comes back here; of the other warehouse nothing is told."""

import pytest

from orders.models import ReturnOrder, Shipment
from orders.services import packing, picking
from tests.factories import counters, do, warehouse
from tests.orders.pages import act, hold, said, signed_in, step
from tests.orders.picking_world import order, planned, shelve
from tests.orders.test_floor_pages import person
from tests.orders.test_leading import led

pytestmark = pytest.mark.django_db

BACK = "/floor/returns/order/O1/"


@pytest.fixture(autouse=True)
def split():
    """O1: A lies in MAIN, B lies in EAST, and some of C in each; WEST has nothing to do with it."""
    shelve({("A", "A-01-01"): 2, ("C", "A-01-01"): 2})
    shelve({("B", "B-01-01"): 3, ("C", "B-01-01"): 3}, code="EAST")
    warehouse("WEST")
    order("O1", A=2, B=3, C=5)
    assert (counters("C"), counters("C", "EAST")) == ((2, 2, 0, 0), (3, 3, 0, 0))


def at(role, code="MAIN"):
    return signed_in(person(f"{role}-{code}", role), warehouses=[code])


def left(code="MAIN"):
    """What is there of O1 leaves from there; its parcel."""
    (reference,) = planned(warehouse=code)
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(packing.ship_packed, pick_list=reference)
    return Shipment.objects.get(warehouse__code=code).reference


def test_its_code_leads_to_what_is_picked_here_and_names_no_other_list():
    picker = at("picker")
    (elsewhere,) = planned(warehouse="EAST")
    assert led(picker, "O1") == ("", ("note", "Order O1 is promised and waits for a pick list."))
    (reference,) = planned()
    assert led(picker, "O1")[0] == f"/floor/pick/{reference}/"
    assert led(at("picker", "EAST"), "O1")[0] == f"/floor/pick/{elsewhere}/"
    assert led(at("picker", "WEST"), "O1")[1][1].startswith("Nobody knows the code O1")


def test_what_left_from_here_comes_back_here():
    left("EAST")
    receiver = at("receiver")
    assert led(receiver, "O1")[0] == ""  # nothing left from here yet
    parcel = left()
    assert led(receiver, "O1")[0] == BACK
    assert act(receiver, "/floor/returns/", code="O1").context["said"].next == BACK
    assert BACK in receiver.get(f"/floor/parcel/{parcel}/").content.decode()
    page = receiver.get(BACK)
    assert [(x.sku, x.left, x.note) for x in page.context["seen"]] == [
        ("A", 2, "0 of 2 back"),
        ("C", 2, "2 left here"),
    ]
    act(receiver, BACK, code="A")
    answer = act(receiver, BACK, do="leave", sku="A", quantity=1, step=step(receiver))
    assert said(answer)[1].startswith("1 of A back (RMA-")
    page = receiver.get(answer.context["said"].next)
    assert [(x.sku, x.left) for x in page.context["seen"]] == [("A", 1), ("C", 2)]
    assert counters("A") == (1, 0, 0, 0)


def test_a_customer_sends_all_of_it_to_one_address():
    left()
    left("EAST")
    receiver = at("receiver")
    act(receiver, BACK, code="B")
    answer = act(receiver, BACK, do="leave", sku="B", quantity=3, step=step(receiver))
    assert said(answer)[0] == "ok"
    assert (counters("B"), counters("B", "EAST")) == ((3, 0, 0, 0), (0, 0, 0, 0))
    number = hold(receiver, BACK, sku="B")
    too_many = act(receiver, BACK, do="leave", sku="B", quantity=1, step=number)
    assert said(too_many)[1].startswith("That is more than left on O1 (B: 1, shipped 3, back 3)")


def test_who_works_where_nothing_of_it_was_takes_it_in_as_of_unknown_origin():
    left()
    stranger = at("receiver", "WEST")
    assert "No return, order or product" in said(act(stranger, "/floor/returns/", code="O1"))[1]
    assert said(act(stranger, BACK, do="leave", sku="A", quantity=1)) == (
        "refused", "There is no order O1.",
    )  # fmt: skip
    assert not ReturnOrder.objects.exists()
