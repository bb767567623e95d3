"""Safety stock is not promised: not to who asks, not to who waits, not to a promise from elsewhere."""

import pytest

from notifications.models import OutboxEvent
from tests.factories import counters, do, item, stock
from tests.warehouse.statements import sent_by
from warehouse.errors import InsufficientStock
from warehouse.lines import CountLine, PlacedLine, ReserveLine
from warehouse.queries import reservation
from warehouse.services.counting import count
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import release
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def keep(safety, *codes):
    settings = [ReorderSetting("A", code, 0, 0, safety) for code in codes or ("MAIN",)]
    do(set_reorder_batch, settings=settings)


def wait(reference, quantity, **more):
    lines = [ReserveLine("A", quantity)]
    return do(reserve, reference=reference, lines=lines, backorder=True, **more)


def waiting(reference):
    return sum(line.backordered for line in reservation(reference=reference).lines)


def arrive(quantity, code="MAIN"):
    return do(receive, reference="IN", lines=[PlacedLine("A", code, quantity)])


def to_sell(code="MAIN"):
    on_hand, reserved, unsellable, _ = counters("A", code)
    return on_hand - reserved - unsellable - item("A", code).safety_stock


def test_an_order_that_waits_gets_what_lies_above_the_safety_stock_and_no_more():
    stock({("A", "MAIN"): 10})
    keep(10)
    wait("ORDER", 8)
    assert waiting("ORDER") == 8
    assert arrive(1).filled[0].backordered == 7
    assert (waiting("ORDER"), counters("A"), to_sell()) == (7, (11, 1, 0, 0), 0)
    do(release, reference="ORDER")
    assert to_sell() == 1
    assert verify_ledger() == []


def test_an_arrival_does_not_open_another_warehouse_s_safety_stock():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    keep(5, "MAIN", "EAST")
    wait("ORDER", 3)
    arrive(1)
    assert (waiting("ORDER"), counters("A", "EAST")) == (2, (5, 0, 0, 0))


def test_a_promise_that_lost_its_stock_leaves_another_warehouse_its_safety_stock():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    keep(3, "EAST")
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 5)])
    (hurt,) = do(count, reference="C", lines=[CountLine("A", "MAIN", 0)]).affected
    assert (hurt.resourced, hurt.backordered) == (2, 3)
    assert (counters("A", "EAST"), to_sell("EAST")) == ((5, 2, 0, 0), 0)


def test_a_promise_stands_on_the_safety_stock_of_its_own_warehouse():
    stock({("A", "MAIN"): 10})
    keep(4)
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 6)])
    assert do(count, reference="C", lines=[CountLine("A", "MAIN", 7)]).affected == []
    assert (counters("A"), to_sell()) == ((7, 6, 0, 0), -3)


def test_a_lower_safety_stock_serves_the_oldest_that_waits_before_anybody_new():
    stock({("A", "MAIN"): 5})
    keep(5)
    wait("OLD", 3)
    keep(0)
    assert (waiting("OLD"), counters("A")) == (0, (5, 3, 0, 0))
    event = OutboxEvent.objects.order_by("-id")[0]
    assert (event.type, event.details["filled"][0]["reference"]) == ("item.reorder_set", "OLD")
    assert event.levels[0]["to_sell"] == 2
    with pytest.raises(InsufficientStock):
        do(reserve, reference="NEW", lines=[ReserveLine("A", 5)])
    assert verify_ledger() == []


def test_setting_many_items_takes_the_same_number_of_statements_whoever_waits():
    stock({("A", "MAIN"): 50})
    keep(50)
    wait("O", 1)
    few = len(sent_by(keep, 49))
    keep(50)
    for n in range(12):
        wait(f"O{n}", 1)
    assert len(sent_by(keep, 38)) == few
