"""What callers of the services rely on in small things: words, order of lines, what a field may hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import counters, do, stock
from warehouse.errors import InsufficientStock, InvalidLines, NotEnoughToTake
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    ReturnLine,
    TransferLine,
)
from warehouse.models import StockMovement
from warehouse.queries import reservation
from warehouse.services.counting import count
from warehouse.services.inbound import expect
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.releasing import release
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


def want(quantity, **more):
    return do(reserve, **{"reference": "O", "lines": [ReserveLine("A", quantity)]} | more)


@pytest.mark.parametrize(("days", "told"), [(3, True), (-30, False)])
def test_the_next_delivery_is_told_unless_it_is_late(days, told):
    stock({("A", "MAIN"): 1})
    when = timezone.now() + timedelta(days=days)
    do(expect, reference="PO", lines=[ExpectedLine("A", "MAIN", 5)], expected_at=when)
    with pytest.raises(InsufficientStock) as refused:
        want(9)
    assert (refused.value.items[0]["next_inbound"] is not None) == told


def test_what_names_its_bin_is_shipped_first_so_that_both_lines_can_be():
    stock({("A", "MAIN"): 3}, bin="A-01-01")
    stock({("A", "MAIN"): 3}, bin="B-01-01")
    want(6)
    lines = [ReservedLine("A", 3), ReservedLine("A", 3, bin="A-01-01")]
    assert do(ship, reference="O", lines=lines).status == "fulfilled"


def test_what_cannot_be_written_off_is_told_with_what_is_on_hand():
    stock({("A", "MAIN"): 5})
    want(4)
    with pytest.raises(NotEnoughToTake) as refused:
        do(damage, reference="D", reason="wet", lines=[PlacedLine("A", "MAIN", 6)])
    told = refused.value.items[0]
    assert (told["requested"], told["on_hand"], told["available"]) == (6, 5, 1)


def test_a_reservation_ends_as_its_last_part_did_and_its_lines_say_the_rest():
    stock({("A", "MAIN"): 6})
    want(6)
    do(ship, reference="O", lines=[ReservedLine("A", 5)])
    assert do(release, reference="O").status == "released"
    (line,) = reservation(reference="O").lines
    assert (line.shipped, line.released) == (5, 1)


NUL = "a\x00b"
CALLS = {
    "half a unit": (adjust, {"lines": [AdjustLine("A", "MAIN", delta=1.5)]}),
    "a truth": (adjust, {"lines": [AdjustLine("A", "MAIN", delta=True)]}),
    "half a seen": (adjust, {"lines": [AdjustLine("A", "MAIN", set_to=2, expected_on_hand=5.0)]}),
    "reason": (adjust, {"lines": [AdjustLine("A", "MAIN", delta=1)], "reason": NUL}),
    "notes": (adjust, {"lines": [AdjustLine("A", "MAIN", delta=1)], "notes": NUL}),
    "sku": (adjust, {"lines": [AdjustLine(NUL, "MAIN", delta=1)]}),
    "warehouse": (adjust, {"lines": [AdjustLine("A", NUL, delta=1)]}),
    "bin": (adjust, {"lines": [AdjustLine("A", "MAIN", NUL, delta=1)]}),
    "sku of a reservation": (reserve, {"lines": [ReserveLine(NUL, 1)]}),
    "its warehouse": (reserve, {"lines": [ReserveLine("A", 1)], "warehouse": NUL}),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_cannot_be_kept_is_refused_as_a_line_at_fault(name):
    stock({("A", "MAIN"): 5})
    service, arguments = CALLS[name]
    given = {"reason": "found"} if service is adjust else {}
    with pytest.raises(InvalidLines):
        do(service, **{"reference": "R"} | given | arguments)
    assert counters("A") == (5, 0, 0, 0)


def test_notes_stand_with_whatever_moves_stock():
    stock({("A", "MAIN"): 9, ("A", "EAST"): 0})
    at = ("A", "MAIN", 1)
    ways = {"from_warehouse": "MAIN", "to_warehouse": "EAST", "lines": [TransferLine("A", 1)]}
    do(receive, reference="R", lines=[PlacedLine(*at)], notes="receive")
    back = [ReturnLine(*at, Disposition.RESTOCK)]
    do(return_stock, reference="R", lines=back, notes="return")
    do(damage, reference="R", reason="wet", lines=[PlacedLine(*at)], notes="damage")
    do(transfer, reference="R", **ways, notes="transfer")
    do(count, reference="R", lines=[CountLine("A", "MAIN", 3)], notes="cycle_count")
    moved = StockMovement.objects.filter(reference="R")
    told = set(moved.values_list("type", "notes"))
    assert told == {(x, x) for x in ("receive", "return", "damage", "transfer", "cycle_count")}
