"""Returns: announced, received, graded; of an order no more than was shipped; the clock."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from notifications.models import OutboxEvent
from orders.errors import NotOnDocument, NotReceived, OrderNotFound, TooMuchReturned
from orders.queries.returns import return_page, returnable, waiting
from orders.services.returning import (
    GradedLine,
    ReturnedLine,
    cancel_return,
    expect_return,
    grade,
    receive_return,
    return_at_once,
)
from orders.states import WrongState
from tests.factories import BinFactory, counters, do, stock, warehouse
from tests.orders.shipped import shipped_order
from tests.warehouse.statements import sent_by, skus
from warehouse.errors import (
    ReferenceConflict,
    UnknownSku,
    WarehouseNotAllowed,
    WrongBinKind,
)
from warehouse.lines import Disposition, ReserveLine
from warehouse.models import BinStock, Product, StockMovement
from warehouse.queries import reservation
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RESTOCK, QUARANTINE, SCRAP = Disposition.RESTOCK, Disposition.QUARANTINE, Disposition.SCRAP


@pytest.fixture
def order(db):
    """Ten of A on the shelf, of which five were shipped for O-1."""
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 5})
    return shipped_order("O-1", {"A": 5, "B": 1})


def announced(**given):
    return do(
        expect_return,
        **{"warehouse": "MAIN", "reference": "R-1", "lines": [ReturnedLine("A", 3)]} | given,
    )


def test_stock_changes_when_a_return_is_graded_and_not_before(order):
    assert announced(order="O-1").status == "expected"
    assert do(receive_return, reference="R-1", now=NOON).status == "received"
    assert counters("A") == (5, 0, 0, 0)
    paper = do(grade, reference="R-1", lines=[GradedLine("a", 1, RESTOCK)])
    assert (paper.status, counters("A")) == ("received", (6, 0, 0, 0))
    rest = [GradedLine("A", 1, QUARANTINE), GradedLine("A", 1, SCRAP)]
    paper = do(grade, reference="R-1", lines=rest, now=NOON)
    assert (paper.status, paper.graded_at) == ("graded", NOON)
    assert counters("A") == (7, 0, 1, 0)
    line = paper.lines[0]
    assert (line.restocked, line.quarantined, line.scrapped, line.ungraded) == (1, 1, 1, 0)
    types = StockMovement.objects.filter(reference="R-1").values_list("type", flat=True)
    assert sorted(types) == ["damage", "return", "return", "return"]
    assert verify_ledger() == []


def test_a_restocked_unit_is_sellable_at_once_and_fills_who_waits(order):
    do(reserve, reference="WAITS", lines=[ReserveLine("A", 7)], warehouse="MAIN", backorder=True)
    do(return_at_once, warehouse="MAIN", order="O-1", lines=[GradedLine("A", 2, RESTOCK)])
    (line,) = reservation(reference="WAITS").lines
    assert (line.quantity, line.backordered) == (7, 0)
    assert counters("A") == (7, 7, 0, 0)


def test_no_more_comes_back_than_was_shipped(order):
    announced(order="O-1")
    with pytest.raises(TooMuchReturned) as refused:
        announced(order="O-1", reference="R-2")
    assert refused.value.items == [{"sku": "A", "requested": 3, "shipped": 5, "returned": 3}]
    announced(order="O-1", reference="R-2", lines=[ReturnedLine("A", 2)])
    with pytest.raises(TooMuchReturned):
        do(receive_return, reference="R-2", lines=[ReturnedLine("A", 3)])
    with pytest.raises(TooMuchReturned):
        do(return_at_once, warehouse="MAIN", order="O-1", lines=[GradedLine("A", 1, RESTOCK)])
    do(cancel_return, reference="R-1")
    assert [(x.sku, x.left) for x in returnable(order_id=order.id)] == [("A", 3), ("B", 1)]
    do(receive_return, reference="R-2", lines=[ReturnedLine("A", 3)])
    assert counters("A") == (5, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"order": "O-9"}, OrderNotFound),
        ({"order": "O-1", "lines": [ReturnedLine("C", 1)]}, NotOnDocument),
        ({"lines": [ReturnedLine("NOPE", 1)]}, UnknownSku),
        ({"within": {"EAST"}}, WarehouseNotAllowed),
        ({"order": "O-1", "warehouse": "EAST", "within": {"EAST"}}, OrderNotFound),
    ],
)
def test_what_cannot_be_announced(order, change, error):
    stock({("C", "EAST"): 1})
    with pytest.raises(error):
        announced(**change)


def test_a_return_of_unknown_origin_takes_what_comes(order):
    announced()
    paper = do(receive_return, reference="R-1", lines=[ReturnedLine("A", 9), ReturnedLine("B", 1)])
    assert [(x.sku, x.expected, x.received) for x in paper.lines] == [("A", 3, 9), ("B", 0, 1)]
    with pytest.raises(NotReceived) as refused:
        do(grade, reference="R-1", lines=[GradedLine("B", 2, RESTOCK)])
    assert refused.value.items == [{"sku": "B", "requested": 2, "received": 1}]
    assert counters("B") == (4, 0, 0, 0)


def test_each_step_has_its_time(order):
    announced()
    with pytest.raises(WrongState, match="R-1 is expected; it cannot be graded"):
        do(grade, reference="R-1", lines=[GradedLine("A", 1, RESTOCK)])
    do(receive_return, reference="R-1")
    with pytest.raises(WrongState):
        do(receive_return, reference="R-1")
    with pytest.raises(WrongState):
        do(cancel_return, reference="R-1")
    with pytest.raises(WrongBinKind):
        do(grade, reference="R-1", lines=[GradedLine("A", 1, RESTOCK, "QUARANTINE")])
    with pytest.raises(ReferenceConflict):
        announced()
    do(grade, reference="R-1", lines=[GradedLine("A", 3, RESTOCK)])
    with pytest.raises(WrongState):
        do(receive_return, reference="R-1", lines=[ReturnedLine("A", 1)])


def test_goods_in_hand_are_taken_in_and_graded_in_one_go(order):
    BinFactory(warehouse=warehouse(), code="B-01-01")
    lines = [GradedLine("A", 2, RESTOCK, "B-01-01"), GradedLine("A", 1, SCRAP)]
    paper = do(return_at_once, warehouse="MAIN", order="O-1", lines=lines, now=NOON)
    assert paper.reference.startswith("RMA-")
    assert (paper.status, paper.received_at, paper.graded_at) == ("graded", NOON, NOON)
    assert [(x.expected, x.received, x.restocked, x.scrapped) for x in paper.lines] == [
        (0, 3, 2, 1)
    ]
    assert BinStock.objects.get(bin__code="B-01-01").quantity == 2
    told = OutboxEvent.objects.get(type="return.graded")
    assert told.details["lines"][0]["restocked"] == 2


def test_an_announced_return_is_taken_in_and_graded_in_one_go(order):
    announced(order="O-1")
    with pytest.raises(ReferenceConflict):
        do(return_at_once, reference="R-1", warehouse="EAST", lines=[GradedLine("A", 1, RESTOCK)])
    for units, received in ((2, 2), (1, 3)):
        lines = [GradedLine("A", units, RESTOCK)]
        paper = do(return_at_once, reference="R-1", warehouse="MAIN", lines=lines)
        assert (paper.status, paper.lines[0].received) == ("graded", received)
    assert counters("A") == (8, 0, 0, 0)
    with pytest.raises(TooMuchReturned):
        do(return_at_once, reference="R-1", warehouse="MAIN", lines=[GradedLine("A", 3, RESTOCK)])


def test_the_clock_shows_age_and_value_of_what_waits(order):
    Product.objects.filter(sku="A").update(unit_cost="2.50")
    announced(now=NOON - timedelta(days=2))
    announced(reference="R-2", order="O-1", now=NOON)
    do(receive_return, reference="R-1", now=NOON - timedelta(days=1))
    do(grade, reference="R-1", lines=[GradedLine("A", 1, RESTOCK)])
    (one,) = waiting(now=NOON)
    assert (one.reference, one.units, one.value) == ("R-1", 2, Decimal("5.00"))
    assert (one.age, one.order) == (timedelta(days=1), None)
    both = waiting(now=NOON, statuses=("received", "expected"), warehouses={"MAIN"})
    assert [(x.reference, x.units) for x in both] == [("R-1", 2), ("R-2", 3)]
    assert waiting(warehouses={"EAST"}) == []
    assert [x.reference for x in return_page(limit=9, order="O-1")] == ["R-2"]


@pytest.mark.parametrize("n", [1, 5, 100])
def test_statements_do_not_grow_with_lines(n):
    stock({(sku, "MAIN"): 20 for sku in skus(n)})
    shipped_order("O-1", dict.fromkeys(skus(n), 9))
    back = [ReturnedLine(sku, 2) for sku in skus(n)]
    graded = [GradedLine(sku, 2, RESTOCK) for sku in skus(n)]
    ways = {"warehouse": "MAIN", "order": "O-1"}
    pinned = {
        "expect": len(sent_by(do, expect_return, reference="R", lines=back, **ways)),
        "receive": len(sent_by(do, receive_return, reference="R")),
        "grade": len(sent_by(do, grade, reference="R", lines=graded)),
        "at once": len(sent_by(do, return_at_once, reference="Q", lines=graded, **ways)),
    }
    assert pinned == {"expect": 9, "receive": 10, "grade": 14, "at once": 15}
