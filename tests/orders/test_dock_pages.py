"""The dock and the bench: what is refused is not booked, what is booked is said."""

import pytest

from orders.models import ReturnOrder
from orders.services.returning import ReturnedLine, expect_return
from orders.services.transferring import WantedLine, dispatch, request
from tests.factories import ProductFactory, counters, do, stock
from tests.orders.pages import act, said, signed_in
from tests.orders.test_floor_pages import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    """A receiver who works in both warehouses and stands in MAIN."""
    stock({("A", "MAIN"): 9, ("A", "EAST"): 9})
    client = signed_in(person("rita", "receiver"), warehouses=["MAIN", "EAST"])
    client.post("/floor/warehouse/", {"warehouse": "MAIN"})
    return client


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "bench"},
        {"do": "grade", "sku": "A", "quantity": 1, "condition": "restock"},
        {"do": "grade", "sku": "A", "quantity": 1, "condition": "scrap"},
        {"do": "leave", "sku": "A", "quantity": 1},
    ],
)
def test_a_return_to_another_warehouse_is_refused_and_stays_as_it_was(rita, sent):
    do(expect_return, warehouse="EAST", reference="R-1", lines=[ReturnedLine("A", 1)])
    answer = act(rita, "/floor/returns/R-1/", **sent)
    assert said(answer) == ("refused", "R-1 goes to EAST, and you are in MAIN.")
    assert ReturnOrder.objects.get().status == "expected"
    assert "floor_in_hand" not in rita.session


def test_more_of_a_transfer_than_was_sent_is_asked_about_and_booked_as_found(rita):
    lines = [WantedLine("A", 3)]
    do(request, reference="TR-1", source="EAST", destination="MAIN", lines=lines)
    do(dispatch, reference="TR-1")
    page = "/floor/receive/TR-1/"
    act(rita, page, code="A")
    sent = {"do": "receive", "sku": "A", "quantity": 5}
    asked = ("note", "5 is 2 more than was sent. Count again.")
    assert said(act(rita, page, **sent)) == asked
    assert counters("A") == (9, 0, 0, 3)
    words = "2 more than was sent; they are booked as found, and EAST is told."
    assert said(act(rita, page, **sent, over=5)) == ("note", f"5 of A received. {words}")
    assert (counters("A"), counters("A", "EAST")) == ((14, 0, 0, 0), (6, 0, 0, 0))


WITHOUT = "/floor/receive/without-order/"
LABEL = "522423 ends like the label 22423. Was that scanned as the number? Count again."


def taken_in(client, quantity, **more):
    act(client, WITHOUT, code="A")
    return act(client, WITHOUT, do="receive", sku="A", quantity=quantity, **more)


def test_a_label_scanned_as_the_number_is_asked_about(rita):
    ProductFactory(sku="22423")
    answer = taken_in(rita, 522423)
    assert said(answer) == ("note", LABEL)
    assert answer.context["held"]["name"] == "Product A"
    assert b'name="over" value="522423"' in answer.content
    assert counters("A")[0] == 9
    assert said(taken_in(rita, 622423, over=522423))[0] == "note"  # another number was confirmed
    assert said(taken_in(rita, 522423, over=522423))[0] == "ok"
    assert counters("A")[0] == 9 + 522423


@pytest.mark.parametrize(
    ("quantity", "before", "asked"),
    [
        (1000, 9, False),
        (1001, 9, True),
        (3001, 300, True),
        (3000, 300, False),
    ],
)
def test_far_more_than_ever_came_at_once_is_asked_about(rita, quantity, before, asked):
    stock({("A", "EAST"): before})
    tone, words = said(taken_in(rita, quantity))
    assert (tone == "note") is asked
    told = f"{quantity} of A? No more than {before} ever came at once. Count again."
    assert not asked or words == told
    assert (counters("A")[0] == 9) is asked
