"""Transfers between warehouses: requested, dispatched, received in part, damaged and lost."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import OutboxEvent
from orders.errors import NotOnDocument
from orders.queries.transfers import on_the_road_to, transfer_page
from orders.services.transferring import (
    CarriedLine,
    WantedLine,
    cancel_transfer,
    dispatch,
    receive_transfer,
    request,
)
from orders.states import WrongState
from tests.factories import counters, do, stock
from tests.warehouse.statements import sent_by, skus
from warehouse.errors import (
    InvalidLines,
    NotEnoughToTake,
    OverReceipt,
    UnknownWarehouse,
    WarehouseNotAllowed,
)
from warehouse.lines import ReserveLine
from warehouse.models import BinStock, StockMovement
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def asked(db):
    """TR-1 asks MAIN, which has 10 of A and 10 of B, for 6 and 2 of them, for EAST."""
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10, ("A", "EAST"): 1})
    lines = [WantedLine("A", 4), WantedLine("B", 2), WantedLine("a", 2)]
    return do(request, reference="TR-1", source="MAIN", destination="EAST", lines=lines)


def test_nothing_moves_until_the_lorry_leaves(asked):
    assert asked.status == "requested"
    assert [(x.sku, x.quantity, x.dispatched) for x in asked.lines] == [("A", 6, 0), ("B", 2, 0)]
    assert counters("A") == (10, 0, 0, 0)
    left = do(dispatch, reference="TR-1", expected_at=NOON + timedelta(days=1), now=NOON)
    assert (left.status, left.dispatched_at) == ("in_transit", NOON)
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (1, 0, 0, 6))
    (coming,) = on_the_road_to(warehouse="EAST")
    assert (coming.left, coming.expected_at) == (8, NOON + timedelta(days=1))
    with pytest.raises(WrongState):
        do(dispatch, reference="TR-1")
    with pytest.raises(WrongState):
        do(cancel_transfer, reference="TR-1")


def test_it_arrives_in_parts_damaged_and_lost(asked):
    do(dispatch, reference="TR-1")
    lines = [CarriedLine("A", 3, bin="RECEIVING", damaged=1), CarriedLine("A", lost=1)]
    paper = do(receive_transfer, reference="TR-1", lines=lines)
    assert paper.status == "partly_received"
    assert [(x.received, x.damaged, x.lost, x.left) for x in paper.lines] == [
        (3, 1, 1, 2),
        (0, 0, 0, 2),
    ]
    assert counters("A", "EAST") == (4, 0, 1, 2)
    held = BinStock.objects.filter(item__warehouse__code="EAST", quantity__gt=0)
    assert set(held.values_list("bin__code", "quantity")) == {
        ("A-01-01", 1),
        ("RECEIVING", 2),
        ("QUARANTINE", 1),
    }
    done = do(receive_transfer, reference="TR-1", now=NOON)
    assert (done.status, done.closed_at, done.left) == ("received", NOON, 0)
    assert (counters("A", "EAST"), counters("B", "EAST")) == ((6, 0, 1, 0), (2, 0, 0, 0))
    with pytest.raises(WrongState):
        do(receive_transfer, reference="TR-1")
    assert verify_ledger() == []


def test_a_transfer_may_be_lost_whole(asked):
    do(dispatch, reference="TR-1")
    lines = [CarriedLine("A", lost=6), CarriedLine("B", lost=2)]
    assert do(receive_transfer, reference="TR-1", lines=lines).status == "received"
    assert counters("A", "EAST") == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([CarriedLine("A", 7)], OverReceipt),
        ([CarriedLine("A", 5, lost=2)], OverReceipt),
        ([CarriedLine("A", 4), CarriedLine("A", 4)], OverReceipt),
        ([CarriedLine("C", 1)], NotOnDocument),
        ([CarriedLine("A", 1, damaged=2)], InvalidLines),
        ([CarriedLine("A")], InvalidLines),
        ([CarriedLine("A", -1)], InvalidLines),
    ],
)
def test_what_cannot_have_arrived(asked, lines, error):
    do(dispatch, reference="TR-1")
    with pytest.raises(error):
        do(receive_transfer, reference="TR-1", lines=lines)
    assert counters("A", "EAST") == (1, 0, 0, 6)


def test_more_than_was_sent_is_booked_as_found_and_told_to_the_source(asked):
    do(dispatch, reference="TR-1")
    lines = [CarriedLine("A", 8, "RECEIVING", damaged=7), CarriedLine("B", 1, "RECEIVING")]
    with pytest.raises(OverReceipt, match=r"A: 8 of 6.*Count again.*the rest as found"):
        do(receive_transfer, reference="TR-1", lines=lines)
    paper = do(receive_transfer, reference="TR-1", lines=lines, accept_over=True)
    assert (paper.status, paper.notes) == (
        "partly_received",
        "More came than was sent (2 of A): count it in MAIN.",
    )
    assert [(x.received, x.damaged, x.left) for x in paper.lines] == [(6, 6, 0), (1, 0, 1)]
    assert (counters("A", "EAST"), counters("B", "EAST")) == ((9, 0, 7, 0), (1, 0, 0, 1))
    found = StockMovement.objects.filter(type="adjust", reason="more than TR-1 sent")
    assert sorted(found.values_list("reference", "quantity")) == [("TR-1", 1), ("TR-1", 1)]
    told = OutboxEvent.objects.get(type="transfer.surplus").details
    assert (told["source"], told["found"]) == ("MAIN", [{"sku": "A", "quantity": 2}])
    do(receive_transfer, reference="TR-1", lines=[CarriedLine("A", 1)], accept_over=True)
    assert (counters("A")[0], counters("A", "EAST")) == (4, (10, 0, 7, 0))
    assert verify_ledger() == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (CarriedLine("C", 9), NotOnDocument),
        (CarriedLine("A", 9, lost=1), OverReceipt),
        (CarriedLine("A", 9, damaged=10), InvalidLines),
        (CarriedLine("A", 9, damaged=-1), InvalidLines),
        (CarriedLine("A"), InvalidLines),
    ],
)
def test_what_cannot_have_come_beyond_what_was_sent(asked, line, error):
    do(dispatch, reference="TR-1")
    with pytest.raises(error):
        do(receive_transfer, reference="TR-1", lines=[line], accept_over=True)
    assert counters("A", "EAST") == (1, 0, 0, 6)


def test_the_lorry_takes_no_more_than_was_asked_for_and_is_free(asked):
    with pytest.raises(InvalidLines, match="asks for less"):
        do(dispatch, reference="TR-1", lines=[WantedLine("A", 7)])
    with pytest.raises(NotOnDocument):
        do(dispatch, reference="TR-1", lines=[WantedLine("C", 1)])
    do(reserve, reference="O", lines=[ReserveLine("A", 7)], warehouse="MAIN")
    with pytest.raises(NotEnoughToTake):
        do(dispatch, reference="TR-1")
    left = do(dispatch, reference="TR-1", lines=[WantedLine("A", 3, "A-01-01")])
    assert [(x.sku, x.dispatched) for x in left.lines] == [("A", 3), ("B", 0)]
    assert do(receive_transfer, reference="TR-1").status == "received"


def test_what_cannot_be_asked_for():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1})
    given = {"source": "MAIN", "destination": "EAST", "lines": [WantedLine("A", 1)]}
    for change, error in (
        ({"destination": "MAIN"}, InvalidLines),
        ({"destination": "MOON"}, UnknownWarehouse),
        ({"within": {"MAIN"}}, WarehouseNotAllowed),
    ):
        with pytest.raises(error):
            do(request, **given | change)


def test_each_end_does_its_part_and_a_stranger_none(asked):
    with pytest.raises(WarehouseNotAllowed):
        do(dispatch, reference="TR-1", within={"EAST"})
    do(dispatch, reference="TR-1", within={"MAIN"})
    with pytest.raises(WarehouseNotAllowed):
        do(receive_transfer, reference="TR-1", within={"MAIN"})
    do(receive_transfer, reference="TR-1", within={"EAST"})
    assert [x.reference for x in transfer_page(limit=9, within={"EAST"})] == ["TR-1"]
    assert [x.reference for x in transfer_page(limit=9, warehouse="MAIN")] == ["TR-1"]
    assert transfer_page(limit=9, within={"WEST"}) == []


def test_a_request_can_be_cancelled(asked):
    with pytest.raises(WarehouseNotAllowed):
        do(cancel_transfer, reference="TR-1", within={"WEST"})
    assert do(cancel_transfer, reference="TR-1").status == "cancelled"
    with pytest.raises(WrongState):
        do(dispatch, reference="TR-1")


@pytest.mark.parametrize("n", [1, 5, 100])
def test_statements_do_not_grow_with_lines(n):
    stock({(sku, code): 20 for sku in skus(n) for code in ("MAIN", "EAST")})
    lines = [WantedLine(sku, 3) for sku in skus(n)]
    came = [CarriedLine(sku, 2, lost=1) for sku in skus(n)]
    ways = {"source": "MAIN", "destination": "EAST"}
    pinned = {
        "request": len(sent_by(do, request, reference="T", lines=lines, **ways)),
        "dispatch": len(sent_by(do, dispatch, reference="T")),
        "receive": len(sent_by(do, receive_transfer, reference="T", lines=came)),
    }
    assert pinned == {"request": 5, "dispatch": 11, "receive": 22}
