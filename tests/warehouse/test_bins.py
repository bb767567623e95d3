"""Bins that are not a shelf: what is packed, what is missed, what is in quarantine."""

import pytest

from tests.factories import BinFactory, counters, do, item, stock, warehouse
from warehouse.changes import BinRef, ItemState
from warehouse.errors import InsufficientStock, NotEnoughInBin
from warehouse.lines import CountLine, PlacedLine, ReserveLine, TransferLine
from warehouse.models import BinStock
from warehouse.queries import BinContent
from warehouse.services.counting import count
from warehouse.services.movements import damage, receive
from warehouse.services.picking_bins import choose_bins
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

WITHIN = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
AWAY = {"from_warehouse": "MAIN", "to_warehouse": "EAST"}


def bins():
    held = BinStock.objects.filter(item=item("A"), quantity__gt=0)
    return dict(held.values_list("bin__code", "quantity"))


def move(quantity, to, origin="A-01-01"):
    lines = [TransferLine("A", quantity, origin, to)]
    return do(transfer, reference=f"MOVE-{to}", lines=lines, **WITHIN)


def test_what_is_packed_is_taken_by_shipping_alone_and_last():
    stock({("A", "MAIN"): 10})
    warehouse("EAST")
    do(reserve, reference="O", lines=[ReserveLine("A", 8)])
    move(7, "PACKING")
    assert counters("A") == (10, 8, 0, 0)
    with pytest.raises(NotEnoughInBin):
        do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 4)])
    do(transfer, reference="T", lines=[TransferLine("A", 2)], **AWAY)
    assert bins() == {"A-01-01": 1, "PACKING": 7}
    do(ship, reference="O")
    assert bins() == {}
    assert verify_ledger() == []


def test_what_is_missed_is_on_hand_and_cannot_be_promised_until_it_is_counted():
    stock({("A", "MAIN"): 10})
    do(reserve, reference="O", lines=[ReserveLine("A", 8)])
    (hurt,) = move(4, "MISSING").affected
    assert (hurt.reference, hurt.backordered) == ("O", 2)
    assert counters("A") == (10, 6, 4, 0)
    with pytest.raises(InsufficientStock):
        do(reserve, reference="N", lines=[ReserveLine("A", 1)])
    do(count, reference="C", lines=[CountLine("A", "MAIN", 0, "MISSING")])
    assert counters("A") == (6, 6, 0, 0)
    do(ship, reference="O")
    assert bins() == {}


@pytest.mark.parametrize(
    ("home", "held", "counted", "left"),
    [
        ("A-01-01", {"QUARANTINE": 5, "B-01-01": 5}, 6, {"QUARANTINE": 5, "B-01-01": 1}),
        ("A-01-01", {"A-01-01": 2, "QUARANTINE": 5, "B-01-01": 5}, 8, {"QUARANTINE": 5, "B-01-01": 3}),
        ("A-01-01", {"QUARANTINE": 5, "B-01-01": 2}, 4, {"QUARANTINE": 4}),
        ("A-01-01", {"PACKING": 3, "QUARANTINE": 2, "B-01-01": 1}, 1, {"PACKING": 1}),
        ("A-01-01", {"Z-01-01": 3, "B-01-01": 1, "C-01-01": 1}, 2, {"Z-01-01": 2}),
        (None, {"QUARANTINE": 5, "RECEIVING": 3}, 5, {"QUARANTINE": 5}),
    ],
)  # fmt: skip
def test_where_a_whole_items_loss_is_taken_from(home, held, counted, left):
    place = warehouse("MAIN")
    BinFactory(warehouse=place, code="Z-01-01", kind="bulk", pick_sequence=1)
    BinFactory(warehouse=place, code="C-01-01", pick_sequence=2)
    BinFactory(warehouse=place, code="B-01-01", pick_sequence=3)
    stock({("A", "MAIN"): 1}, bin=home)
    if not home:
        do(receive, reference="R", lines=[PlacedLine("A", "MAIN", 1, "RECEIVING")])
    origin = home or "RECEIVING"
    lines = [PlacedLine("A", "MAIN", n, "RECEIVING") for n in held.values()]
    do(receive, reference="IN", lines=lines)
    for code, n in held.items():
        if code != "RECEIVING":
            move(n, code, "RECEIVING")
    do(count, reference="FIRST", lines=[CountLine("A", "MAIN", held.get(origin, 0), origin)])
    assert bins() == held
    do(count, reference="C", lines=[CountLine("A", "MAIN", counted)])
    assert bins() == left


def test_a_quantity_that_no_line_names_points_at_none():
    state = ItemState(*(1, 1, 1, "A", "MAIN", 1, True, 2, 0, 0, 0, 0, 0, 0, 1, None, None))
    contents = [BinContent(bin=BinRef(1, "MAIN", "B", "pick"), quantity=1, pick_sequence=0)]
    with pytest.raises(NotEnoughInBin) as refusal:
        choose_bins(item=state, contents=contents, quantity=2, place=None)
    assert "line" not in refusal.value.items[0]
