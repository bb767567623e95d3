"""What was expected and did not come; what was expected when a bin was counted."""

import pytest

from tests.factories import counters, do, stock, warehouse
from warehouse.errors import (
    InvalidLines,
    NotEnoughInBin,
    NothingExpected,
    OverReceipt,
    WarehouseNotAllowed,
)
from warehouse.lines import CountLine, ExpectedLine, PlacedLine, ReserveLine, TransferLine
from warehouse.models import CycleCount
from warehouse.services.counting import count
from warehouse.services.inbound import cancel_expected, expect
from warehouse.services.movements import damage, receive
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

EAST = {"from_warehouse": "MAIN", "to_warehouse": "EAST"}


def shelf(counted, expected, bin="A-01-01"):
    line = CountLine("A", "MAIN", counted, bin, expected=expected)
    return do(count, reference="C", lines=[line])


@pytest.mark.parametrize(("counted", "after"), [(8, 13), (10, 15), (12, 17)])
def test_a_count_that_is_booked_later_books_the_difference_it_found(counted, after):
    stock({("A", "MAIN"): 10})
    do(receive, reference="MEANWHILE", lines=[PlacedLine("A", "MAIN", 5, "A-01-01")])
    shelf(counted, 10)
    assert counters("A") == (after, 0, 0, 0)
    record = CycleCount.objects.get()
    assert (record.expected, record.counted) == (10, counted)
    assert verify_ledger() == []


def test_a_difference_that_the_bin_no_longer_holds_is_refused():
    stock({("A", "MAIN"): 10})
    do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 8)])
    with pytest.raises(NotEnoughInBin) as refusal:
        shelf(7, 10)
    assert refusal.value.items == [{"line": 0, "sku": "A", "bin": "A-01-01", "available": 2}]
    assert counters("A") == (2, 0, 0, 0)


def test_a_difference_takes_promises_away_and_needs_its_bin():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="O", lines=[ReserveLine("A", 9)])
    (hurt,) = shelf(7, 10).affected
    assert (hurt.reference, hurt.backordered) == ("O", 2)
    with pytest.raises(InvalidLines):
        shelf(7, 10, bin=None)


def test_a_part_of_an_order_that_will_not_come():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1, ("B", "MAIN"): 1})
    places = [("A", "MAIN"), ("A", "EAST"), ("B", "MAIN")]
    lines = [ExpectedLine(*place, 5) for place in places]
    do(expect, reference="PO", lines=lines, expected_at=None)
    less = [
        ExpectedLine("a", "MAIN", 1),
        ExpectedLine("A", "MAIN", 1),
        ExpectedLine("B", "MAIN", 5),
    ]
    do(cancel_expected, reference="PO", lines=less)
    assert [counters(*place)[3] for place in places] == [3, 5, 0]
    for line in (
        ExpectedLine("A", "MAIN", 4),
        ExpectedLine("B", "MAIN", 1),
        ExpectedLine("B", "EAST", 1),
    ):
        with pytest.raises(NothingExpected):
            do(cancel_expected, reference="PO", lines=[ExpectedLine("A", "EAST", 1), line])
    assert [counters(*place)[3] for place in places] == [3, 5, 0]
    do(cancel_expected, reference="PO")
    assert [counters(*place)[3] for place in places] == [0, 0, 0]
    with pytest.raises(NothingExpected):
        do(cancel_expected, reference="PO")
    assert verify_ledger() == []


def test_a_transfer_that_was_lost_on_the_road():
    stock({("A", "MAIN"): 10})
    warehouse("EAST")
    do(transfer, reference="T", lines=[TransferLine("A", 6)], mode="dispatch", **EAST)
    do(receive, reference="T", lines=[PlacedLine("A", "EAST", 1)])
    do(cancel_expected, reference="T", lines=[ExpectedLine("A", "EAST", 2)])
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (1, 0, 0, 3))
    with pytest.raises(OverReceipt):
        do(receive, reference="T", lines=[PlacedLine("A", "EAST", 4)])
    do(cancel_expected, reference="T")
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (1, 0, 0, 0))
    assert verify_ledger() == []


def test_a_caller_cancels_only_what_was_to_come_to_its_own_warehouses():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1})
    lines = [ExpectedLine("A", code, 5) for code in ("MAIN", "EAST")]
    do(expect, reference="PO", lines=lines, expected_at=None)
    for given in (None, lines[:1], lines):
        with pytest.raises(WarehouseNotAllowed) as refusal:
            do(cancel_expected, reference="PO", lines=given, within={"EAST"})
        assert given or "MAIN" not in refusal.value.detail
    do(cancel_expected, reference="PO", lines=lines[1:], within={"EAST"})
    assert (counters("A")[3], counters("A", "EAST")[3]) == (5, 0)
