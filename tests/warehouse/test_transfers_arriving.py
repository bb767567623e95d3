"""A dispatched transfer brings what was sent, to where it was sent, or somebody says what became of it."""

import pytest

from notifications.models import OutboxEvent
from tests.factories import counters, do, stock, warehouse
from warehouse.errors import (
    InvalidLines,
    NotEnoughToTake,
    NothingExpected,
    NotOnTransfer,
    ReasonRequired,
    WarehouseNotAllowed,
)
from warehouse.lines import ExpectedLine, PlacedLine, ReserveLine, TransferLine
from warehouse.models import StockMovement
from warehouse.queries import reservation
from warehouse.services.inbound import expect
from warehouse.services.lost_transfers import cancel_dispatch
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_the_road():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 5, ("B", "EAST"): 1})
    send([TransferLine("A", 6)])


def send(lines, reference="T", to="EAST", mode="dispatch"):
    warehouse("EAST")
    ways = {"from_warehouse": "MAIN", "to_warehouse": to, "mode": mode}
    do(transfer, reference=reference, lines=lines, **ways)


def arrive(sku, code, quantity=6, reference="T"):
    return do(receive, reference=reference, lines=[PlacedLine(sku, code, quantity)])


def cancel(outcome="lost", **more):
    return do(cancel_dispatch, **{"reference": "T", "outcome": outcome, "reason": "robbed"} | more)


@pytest.mark.parametrize(("sku", "code"), [("A", "MAIN"), ("B", "EAST"), ("B", "MAIN")])
def test_other_goods_or_another_place_are_refused_in_words(on_the_road, sku, code):
    with pytest.raises(NotOnTransfer) as refused:
        arrive(sku, code)
    assert refused.value.detail == (
        f"T does not bring {sku} ({code}); it was sent with 6 of A to EAST."
    )
    assert refused.value.items == [{"line": 0, "sku": sku, "warehouse": code}]
    arrive("A", "EAST")
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (6, 0, 0, 0))


def test_a_purchase_order_may_still_bring_what_was_not_ordered():
    stock({("A", "MAIN"): 1, ("B", "MAIN"): 1})
    do(expect, reference="PO", lines=[ExpectedLine("A", "MAIN", 2)], expected_at=None)
    arrive("B", "MAIN", 2, reference="PO")
    assert counters("B") == (3, 0, 0, 0)


def test_a_dispatch_goes_to_another_warehouse(on_the_road):
    with pytest.raises(InvalidLines, match="one warehouse to another"):
        send([TransferLine("A", 1, "A-01-01", "RECEIVING")], reference="M", to="MAIN")


def ledger():
    moved = StockMovement.objects.filter(reference="T").order_by("id")
    return list(moved.values_list("type", "quantity", "reason"))


def test_what_was_lost_on_the_road_is_written_off_where_it_came_from(on_the_road):
    arrive("A", "EAST", 2)
    cancel("lost")
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (2, 0, 0, 0))
    assert ledger()[-2:] == [("transfer", 4, "robbed"), ("damage", -4, "robbed")]
    event = OutboxEvent.objects.order_by("-id")[0]
    assert (event.type, event.details) == (
        "inbound.cancelled", {"outcome": "lost", "reason": "robbed"},
    )  # fmt: skip
    assert {level["warehouse"] for level in event.levels} == {"MAIN", "EAST"}
    assert verify_ledger() == []
    with pytest.raises(NothingExpected):
        cancel("lost")


def test_what_turned_round_is_stock_again_for_those_who_wait(on_the_road):
    do(reserve, reference="O", lines=[ReserveLine("A", 7)], backorder=True)
    moved = cancel("returned")
    assert [order.reference for order in moved.filled] == ["O"]
    assert [line.backordered for line in reservation(reference="O").lines] == [0]
    assert (counters("A"), counters("A", "EAST")) == ((10, 7, 0, 0), (0, 0, 0, 0))
    assert verify_ledger() == []


def test_why_and_whose_it_is_are_asked(on_the_road):
    with pytest.raises(ReasonRequired):
        cancel(reason=" ")
    with pytest.raises(WarehouseNotAllowed):
        cancel(within={"EAST"})
    with pytest.raises(InvalidLines):
        cancel("gone")
    with pytest.raises(NothingExpected):
        cancel(reference="OTHER")
    with pytest.raises(NotEnoughToTake):
        send([TransferLine("A", 5)], reference="T2")
