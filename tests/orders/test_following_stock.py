"""When the stock engine changes a promise, the order and its pick list say so in the same transaction."""

import pytest

from notifications.models import OutboxEvent
from orders.services.packing import ship_packed
from tests.factories import do, stock
from tests.orders.making import (
    lines_of,
    list_status,
    order,
    papers_agree_with_the_stock,
    pick,
    pick_list,
    status,
)
from tests.warehouse.statements import sent_by
from warehouse.lines import CountLine, PlacedLine
from warehouse.services.counting import count
from warehouse.services.movements import receive

pytestmark = pytest.mark.django_db


def found(quantity, bin="A-01-01"):
    return do(count, reference="C", lines=[CountLine("A", "MAIN", quantity, bin)])


def arrives(quantity):
    return do(receive, reference="PO", lines=[PlacedLine("A", "MAIN", quantity, "A-01-01")])


def steps(reference):
    told = OutboxEvent.objects.filter(type="order.status_changed", reference=reference)
    return [(x.details["from"], x.details["to"]) for x in told.order_by("id")]


def test_a_count_takes_the_newest_order_off_its_list():
    stock({("A", "MAIN"): 10})
    order("OLD", A=6)
    order("NEW", A=4)
    pick_list(OLD={"A": 6}, NEW={"A": 4})
    found(7)
    assert lines_of() == [(6, 0, 0, 0, ""), (4, 0, 3, 0, "withdrawn")]
    assert (status("OLD"), status("NEW"), list_status()) == ("allocated", "backordered", "open")
    assert steps("NEW") == [("allocated", "backordered")]
    papers_agree_with_the_stock()


def test_a_list_that_has_nothing_left_is_over():
    stock({("A", "MAIN"): 4})
    order("O", A=4)
    pick_list(O={"A": 4})
    found(0)
    assert (status("O"), list_status()) == ("backordered", "done")
    arrives(4)
    assert status("O") == "allocated"
    assert lines_of() == [(4, 0, 4, 0, "withdrawn")]


def test_what_is_in_a_tote_stays_there_and_only_what_is_promised_leaves():
    stock({("A", "MAIN"): 10})
    order("OLD", A=6)
    order("NEW", A=4)
    pick_list(OLD={"A": 6}, NEW={"A": 4})
    pick(only="NEW")
    found(3)  # of the 6 that OLD was promised and nobody has picked
    assert lines_of() == [(6, 0, 0, 0, ""), (4, 4, 0, 0, "")]
    assert (status("OLD"), status("NEW")) == ("allocated", "picking")
    (sent,) = do(ship_packed, pick_list="PICK-1")
    assert (sent.order, sent.lines[0].quantity) == ("NEW", 1)
    papers_agree_with_the_stock()


def test_half_a_line_that_is_picked_loses_only_the_other_half():
    stock({("A", "MAIN"): 10})
    order("O", A=10)
    pick_list(O={"A": 10})
    pick(most=4)
    found(1)
    assert lines_of() == [(10, 4, 5, 0, "withdrawn")]
    pick()
    assert (list_status(), status("O")) == ("picked", "picking")
    papers_agree_with_the_stock()


def test_backorders_are_filled_oldest_first():
    stock({("A", "MAIN"): 1})
    for name in ("FIRST", "SECOND", "THIRD"):
        order(name, A=1)
    arrives(1)
    assert [status(x) for x in ("FIRST", "SECOND", "THIRD")] == [
        "allocated",
        "allocated",
        "backordered",
    ]
    assert steps("SECOND") == [("backordered", "allocated")]


@pytest.mark.parametrize("n", [1, 20])
def test_following_sends_as_many_statements_for_any_number_of_orders(n):
    stock({("A", "MAIN"): n})
    names = [f"O{place}" for place in range(n)]
    for name in names:
        order(name, A=1)
    pick_list(**{name: {"A": 1} for name in names})
    sent = sent_by(lambda: found(0))
    assert len([x for x in sent if "orders_" in x]) == 8
