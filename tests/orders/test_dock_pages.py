"""The dock and the bench: what is refused is not booked, what is booked is said."""

import pytest

from orders.models import ReturnOrder
from orders.services.returning import ReturnedLine, expect_return
from tests.factories import do, stock
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
