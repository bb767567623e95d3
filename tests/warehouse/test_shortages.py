"""When the shelf holds less than was promised, and when stock comes back."""

import pytest

from notifications.models import OutboxEvent
from tests.factories import counters, do, stock
from tests.warehouse.statements import sent_by
from warehouse.lines import CountLine, PlacedLine, ReservedLine, ReserveLine
from warehouse.queries import reservation
from warehouse.services.counting import count
from warehouse.services.movements import damage, receive
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import release
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship

pytestmark = pytest.mark.django_db


def promise(reference, quantity, **more):
    return do(reserve, reference=reference, lines=[ReserveLine("A", quantity)], **more)


def found(quantity, warehouse="MAIN"):
    return do(count, reference="C", lines=[CountLine("A", warehouse, quantity)])


def backordered(reference):
    return sum(line.backordered for line in reservation(reference=reference).lines)


def test_the_newest_promises_give_way_and_the_oldest_are_filled_first():
    stock({("A", "MAIN"): 30})
    for reference in ("FIRST", "SECOND", "THIRD"):
        promise(reference, 10)
    moved = found(12)
    told = [(order.reference, order.backordered) for order in moved.affected]
    assert told == [("THIRD", 10), ("SECOND", 8)]
    assert counters("A") == (12, 12, 0, 0)
    filled = do(receive, reference="P", lines=[PlacedLine("A", "MAIN", 11)]).filled
    assert [(order.reference, order.backordered) for order in filled] == [
        ("SECOND", 0),
        ("THIRD", 7),
    ]
    assert counters("A") == (23, 23, 0, 0)
    assert verify_ledger() == []


def test_a_promise_is_sourced_elsewhere_where_that_has_stock():
    stock({("A", "MAIN"): 10, ("A", "EAST"): 4})
    promise("ORDER", 10)
    (order,) = found(3).affected
    assert (order.resourced, order.backordered) == (4, 3)
    lines = {line.warehouse: line.quantity for line in reservation(reference="ORDER").lines}
    assert lines == {"MAIN": 6, "EAST": 4}
    assert (counters("A"), counters("A", "EAST")) == ((3, 3, 0, 0), (4, 4, 0, 0))


def test_a_reservation_that_named_its_warehouse_waits_there():
    stock({("A", "MAIN"): 10, ("A", "EAST"): 50})
    promise("PINNED", 10, warehouse="MAIN")
    (order,) = found(3).affected
    assert (order.resourced, order.backordered) == (0, 7)
    assert counters("A", "EAST") == (50, 0, 0, 0)


def test_what_is_released_fills_the_backorders_of_others():
    stock({("A", "MAIN"): 10})
    promise("OLD", 6)
    promise("NEW", 4)
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 5)])
    assert (backordered("OLD"), backordered("NEW")) == (1, 4)
    do(release, reference="OLD", lines=[ReservedLine("A", 3)])
    assert (backordered("OLD"), backordered("NEW")) == (0, 2)
    assert counters("A") == (5, 5, 0, 0)


def test_ship_sends_what_is_there_and_the_rest_keeps_waiting():
    stock({("A", "MAIN"): 10})
    promise("ORDER", 10)
    found(4)
    held = do(ship, reference="ORDER")
    assert (held.status, held.lines[0].shipped, held.lines[0].backordered) == ("active", 4, 6)
    do(receive, reference="P", lines=[PlacedLine("A", "MAIN", 6)])
    assert do(ship, reference="ORDER").status == "fulfilled"
    assert counters("A") == (0, 0, 0, 0)


def test_one_event_names_every_order_that_was_hurt():
    stock({("A", "MAIN"): 10})
    promise("ORDER", 10)
    found(4)
    event = OutboxEvent.objects.order_by("-id")[0]
    assert event.type == "stock.counted"
    assert event.details["affected"][0]["reference"] == "ORDER"
    assert (event.levels[0]["on_hand"], event.levels[0]["reserved"]) == (4, 4)


@pytest.mark.parametrize("orders", [1, 20])
def test_giving_way_takes_the_same_number_of_statements_for_any_number_of_orders(orders):
    stock({("A", "MAIN"): orders * 2, ("A", "EAST"): orders})
    for n in range(orders):
        promise(f"O{n}", 2)
    assert len(sent_by(found, 0)) == 8  # the last asks whose orders they are
