"""Two people at one dock, two at one bench: what came counts once, and the books are right."""

from collections import Counter

import pytest

from orders.models import PurchaseLine as Line
from orders.models import PurchaseOrder, ReturnLine, TransferLine
from orders.services.purchasing import (
    PurchaseLine,
    close_short,
    draft,
    draft_from_suggestions,
    send,
)
from orders.services.returning import ReturnedLine, expect_return, receive_return
from orders.services.transferring import WantedLine, dispatch, request
from tests.concurrency.clients import Call, race
from tests.factories import counters, do, stock
from tests.orders.shipped import shipped_order, supplied
from warehouse.services.proof import verify_ledger
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

pytestmark = pytest.mark.usefixtures("committed_db")

DEFEATED = {"wrong_state", "raced"}


def codes(outcomes):
    return Counter(outcome.code for outcome in outcomes)


def sent_order(**lines):
    supplied(*lines)
    bought = [PurchaseLine(sku, units) for sku, units in lines.items()]
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=bought)
    do(send, reference="PO-1")


def test_a_whole_order_is_received_once():
    sent_order(A=10, B=5)
    outcomes = codes(race([Call("receive_purchase", {"reference": "PO-1"})] * 12))
    assert outcomes.pop("done") == 1
    assert set(outcomes) <= DEFEATED
    assert (counters("A"), counters("B")) == ((10, 0, 0, 0), (5, 0, 0, 0))
    assert verify_ledger() == []


def test_parts_received_at_once_add_up():
    sent_order(A=40, B=40)
    calls = [
        Call("receive_purchase", {"reference": "PO-1", "lines": [{"sku": sku, "quantity": 2}]})
        for sku in ("A", "B")
        for _ in range(20)
    ]
    assert codes(race(calls)) == {"done": 40}
    assert set(Line.objects.values_list("received", flat=True)) == {40}
    assert PurchaseOrder.objects.get().status == "received"
    assert verify_ledger() == []


def test_closing_short_and_receiving_at_once_leave_nothing_inbound():
    sent_order(A=30)
    lines = [{"sku": "A", "quantity": 1}]
    receipts = [Call("receive_purchase", {"reference": "PO-1", "lines": lines})] * 6
    outcomes = race([*receipts, Call("close_short", {"reference": "PO-1"})] * 2)
    came = sum(x.code == "done" and x.call.service == "receive_purchase" for x in outcomes)
    closed = sum(x.code == "done" and x.call.service == "close_short" for x in outcomes)
    if not closed:  # whoever was told to come again does so
        assert codes(outcomes)["raced"] == 2
        do(close_short, reference="PO-1")
    assert came == 12
    assert closed <= 1
    assert counters("A") == (came, 0, 0, 0)
    assert Line.objects.get().received == came
    assert PurchaseOrder.objects.get().status == "closed_short"
    assert verify_ledger() == []


def test_suggestions_are_drafted_once():
    supplied("A", "B")
    do(set_reorder_batch, settings=[ReorderSetting(sku, "MAIN", 5, 20) for sku in "AB"])
    assert codes(race([Call("draft_from_suggestions", {})] * 8)) == {"done": 8}
    assert Line.objects.count() == 2
    assert do(draft_from_suggestions) == []


def test_what_lies_on_the_bench_is_graded_once():
    stock({("A", "MAIN"): 1})
    do(expect_return, reference="R-1", warehouse="MAIN", lines=[ReturnedLine("A", 3)])
    do(receive_return, reference="R-1")
    lines = [{"sku": "A", "quantity": 1, "disposition": "restock"}]
    outcomes = codes(race([Call("grade", {"reference": "R-1", "lines": lines})] * 12))
    assert outcomes.pop("done") == 3
    assert set(outcomes) <= {"not_received", "wrong_state"}
    assert counters("A") == (4, 0, 0, 0)
    assert ReturnLine.objects.get().restocked == 3
    assert verify_ledger() == []


def test_no_more_of_an_order_comes_back_than_was_shipped():
    stock({("A", "MAIN"): 10})
    shipped_order("O-1", {"A": 4})
    lines = [{"sku": "A", "quantity": 1, "disposition": "restock"}]
    body = {"warehouse": "MAIN", "order": "O-1", "lines": lines}
    outcomes = codes(race([Call("return_at_once", body)] * 12))
    assert outcomes == {"done": 4, "too_much_returned": 8}
    assert counters("A") == (10, 0, 0, 0)
    assert verify_ledger() == []


def test_a_transfer_arrives_once():
    stock({("A", "MAIN"): 10, ("A", "EAST"): 0})
    lines = [WantedLine("A", 6)]
    do(request, reference="TR-1", source="MAIN", destination="EAST", lines=lines)
    do(dispatch, reference="TR-1")
    outcomes = codes(race([Call("receive_transfer", {"reference": "TR-1"})] * 12))
    assert outcomes.pop("done") == 1
    assert set(outcomes) <= {*DEFEATED, "over_receipt"}
    assert counters("A", "EAST") == (6, 0, 0, 0)
    assert TransferLine.objects.get().received == 6
    assert verify_ledger() == []
