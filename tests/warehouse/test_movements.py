"""What moves stock, service by service."""

import pytest

from tests.factories import BinFactory, counters, do, item, stock, warehouse
from warehouse.errors import (
    NotEnoughInBin,
    OverReceipt,
    ReferenceConflict,
    WarehouseNotAllowed,
    WrongBinKind,
)
from warehouse.lines import (
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    ReturnLine,
    TransferLine,
)
from warehouse.models import BinStock, CycleCount, StockMovement
from warehouse.services.counting import count
from warehouse.services.inbound import cancel_expected, expect
from warehouse.services.movements import damage, receive, return_stock
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

EAST = {"from_warehouse": "MAIN", "to_warehouse": "EAST"}


def bins(sku="A", code="MAIN"):
    held = BinStock.objects.filter(item=item(sku, code), quantity__gt=0)
    return dict(held.values_list("bin__code", "quantity"))


def test_a_delivery_lowers_inbound_only_by_what_its_reference_expected():
    stock({("A", "MAIN"): 0})
    for reference, units in (("PO-1", 10), ("PO-2", 5)):
        do(expect, reference=reference, lines=[ExpectedLine("A", "MAIN", units)], expected_at=None)
    do(receive, reference="GIFT", lines=[PlacedLine("A", "MAIN", 7)])
    assert counters("A") == (7, 0, 0, 15)
    do(receive, reference="PO-1", lines=[PlacedLine("A", "MAIN", 12)])
    assert counters("A") == (19, 0, 0, 5)
    do(cancel_expected, reference="PO-2")
    assert counters("A") == (19, 0, 0, 0)
    with pytest.raises(ReferenceConflict):
        do(expect, reference="PO-1", lines=[ExpectedLine("A", "MAIN", 1)], expected_at=None)


def test_returns_are_restocked_quarantined_or_scrapped():
    stock({("A", "MAIN"): 1})
    lines = [ReturnLine("A", "MAIN", n + 1, how) for n, how in enumerate(Disposition)]
    do(return_stock, reference="RMA", lines=lines)
    assert counters("A") == (4, 0, 2, 0)
    assert bins() == {"A-01-01": 2, "QUARANTINE": 2}
    kinds = StockMovement.objects.filter(reference="RMA").values_list("type", flat=True)
    assert sorted(kinds) == ["damage", "return", "return", "return"]
    wrong = ReturnLine("A", "MAIN", 1, Disposition.RESTOCK, "QUARANTINE")
    with pytest.raises(WrongBinKind):
        do(return_stock, reference="RMA-2", lines=[wrong])


def test_quarantined_stock_is_not_promised_shipped_or_carried_away_until_it_is_moved():
    stock({("A", "MAIN"): 3})
    quarantined = ReturnLine("A", "MAIN", 5, Disposition.QUARANTINE)
    do(return_stock, reference="RMA", lines=[quarantined])
    held = do(reserve, reference="O", lines=[ReserveLine("A", 8)], allow_partial=True)
    assert held.lines[0].quantity == 3
    with pytest.raises(WrongBinKind):
        do(ship, reference="O", lines=[ReservedLine("A", 1, "MAIN", "QUARANTINE")])
    move = TransferLine("A", 5, from_bin="QUARANTINE", to_bin="A-01-01")
    do(transfer, reference="M", from_warehouse="MAIN", to_warehouse="MAIN", lines=[move])
    assert counters("A") == (8, 3, 0, 0)


def test_a_dispatched_transfer_is_inbound_until_it_is_received_in_parts():
    stock({("A", "MAIN"): 10, ("A", "EAST"): 0})
    do(transfer, reference="T", lines=[TransferLine("A", 6)], mode="dispatch", **EAST)
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (0, 0, 0, 6))
    do(receive, reference="T", lines=[PlacedLine("A", "EAST", 4)])
    assert counters("A", "EAST") == (4, 0, 0, 2)
    with pytest.raises(OverReceipt):
        do(receive, reference="T", lines=[PlacedLine("A", "EAST", 3)])
    types = StockMovement.objects.filter(reference="T").values_list("type", flat=True)
    assert set(types) == {"transfer"}


def test_a_transfer_at_once_books_both_sides_and_opens_the_item_there():
    stock({("A", "MAIN"): 10})
    warehouse("EAST")
    do(transfer, reference="T", lines=[TransferLine("A", 6)], **EAST)
    assert (counters("A"), counters("A", "EAST")) == ((4, 0, 0, 0), (6, 0, 0, 0))
    assert bins("A", "EAST") == {"RECEIVING": 6}


def test_a_count_of_one_bin_and_of_a_whole_item():
    stock({("A", "MAIN"): 5}, bin="A-01-01")
    stock({("A", "MAIN"): 5}, bin="B-01-01")
    do(count, reference="C1", lines=[CountLine("A", "MAIN", 7, "B-01-01")])
    assert bins() == {"A-01-01": 5, "B-01-01": 7}
    do(count, reference="C2", lines=[CountLine("A", "MAIN", 4)])
    assert counters("A")[0] == sum(bins().values()) == 4
    assert item("A").last_counted_at is not None
    right = do(count, reference="C3", lines=[CountLine("A", "MAIN", 4)])
    assert right.levels[0].on_hand == 4
    assert CycleCount.objects.filter(reference="C3").exists()
    assert not StockMovement.objects.filter(reference="C3").exists()


def test_shipping_takes_the_primary_bin_first_then_the_walk_and_bulk_last():
    place = warehouse("MAIN")
    BinFactory(warehouse=place, code="Z-01-01", kind="bulk", pick_sequence=1)
    stock({("A", "MAIN"): 2}, bin="B-01-01")
    do(receive, reference="R", lines=[PlacedLine("A", "MAIN", 9, "Z-01-01")])
    stock({("A", "MAIN"): 2}, bin="A-01-01")
    do(reserve, reference="O", lines=[ReserveLine("A", 5)])
    do(ship, reference="O")
    assert bins() == {"Z-01-01": 8}


def test_a_bin_that_holds_less_is_named():
    stock({("A", "MAIN"): 2}, bin="A-01-01")
    stock({("A", "MAIN"): 9}, bin="B-01-01")
    lines = [PlacedLine("A", "MAIN", 3, "A-01-01")]
    with pytest.raises(NotEnoughInBin) as refusal:
        do(damage, reference="D", reason="wet", lines=lines)
    assert refusal.value.items[0]["available"] == 2
    assert counters("A") == (11, 0, 0, 0)


def test_a_caller_limited_to_a_warehouse_moves_nothing_elsewhere():
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    lines = [PlacedLine("A", "EAST", 1), PlacedLine("A", "MAIN", 1)]
    with pytest.raises(WarehouseNotAllowed):
        do(receive, reference="R", lines=lines, within={"EAST"})
    assert counters("A", "EAST") == (5, 0, 0, 0)
