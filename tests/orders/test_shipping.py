"""Parcels: out of totes, list by list, or straight from the shelf; whole or in part."""

import pytest

from inventory_site.core.errors import DomainError
from notifications.models import OutboxEvent
from orders.errors import NothingToShip, NotOnList, NotPicked, PickListNotFound
from orders.models import PickListOrder, Shipment
from orders.queries.shipments import shipment_page, shipment_view
from orders.services.packing import pack, ship_packed
from orders.services.putting_back import put_back
from orders.services.shipping import ShipLine, ship_order
from orders.states import WrongState
from tests.factories import counters, do, stock
from tests.orders.making import (
    in_bin,
    lines_of,
    list_status,
    new_order,
    order,
    pick,
    pick_list,
    status,
)
from tests.warehouse.statements import sent_by, shelves, skus
from warehouse.errors import NotEnoughInBin, NotReserved, WarehouseNotAllowed
from warehouse.lines import CountLine, PlacedLine
from warehouse.services.counting import count
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    assert verify_ledger() == []


def test_a_list_of_two_orders_leaves_in_one_call_a_parcel_each():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 10})
    order("O-1", A=2, B=1, carrier="DHL")
    order("O-2", A=3)
    pick_list(O_1={"A": 2, "B": 1}, O_2={"A": 3})
    pick()
    assert in_bin("A", "PACKING") == 5
    first, second = do(ship_packed, pick_list="PICK-1", tracking_number="T1")
    assert (first.order, first.carrier, first.tracking_number) == ("O-1", "DHL", "T1")
    assert [(x.sku, x.quantity) for x in first.lines] == [("A", 2), ("B", 1)]
    assert (second.order, second.pick_list, second.warehouse) == ("O-2", "PICK-1", "MAIN")
    assert in_bin("A", "PACKING") == 0
    assert (status("O-1"), status("O-2"), list_status()) == ("shipped", "shipped", "done")
    assert counters("A") == (5, 0, 0, 0)
    told = OutboxEvent.objects.filter(type="order.shipped").order_by("id")
    assert [x.details["shipment"] for x in told] == [first.reference, second.reference]
    assert shipment_view(reference=first.reference) == first


def test_a_tote_is_packed_once_everything_is_picked():
    stock({("A", "MAIN"): 10})
    order(A=4)
    pick_list(O_1={"A": 4})
    with pytest.raises(NotPicked):
        do(pack, pick_list="PICK-1", order="O-1")
    pick(most=3)
    with pytest.raises(NotPicked):
        do(pack, pick_list="PICK-1", order="O-1")
    pick()
    assert do(pack, pick_list="PICK-1", order="O-1").status == "packed"
    at = PickListOrder.objects.get().packed_at
    do(pack, pick_list="PICK-1", order="O-1")
    assert PickListOrder.objects.get().packed_at == at
    do(ship_packed, pick_list="PICK-1", orders=["O-1"])
    with pytest.raises(WrongState):
        do(pack, pick_list="PICK-1", order="O-1")


def test_a_part_leaves_and_the_rest_stays_on_the_list():
    stock({("A", "MAIN"): 10})
    order(A=4)
    pick_list(O_1={"A": 4})
    pick(most=3)
    do(ship_packed, pick_list="PICK-1")
    assert lines_of() == [(4, 3, 0, 3, "")]
    assert (status(), list_status()) == ("partly_shipped", "open")
    pick()
    do(ship_packed, pick_list="PICK-1")
    assert (status(), list_status()) == ("shipped", "done")


def test_what_cannot_leave_is_said():
    stock({("A", "MAIN"): 10})
    order("O-1", A=1)
    order("O-2", A=1)
    pick_list(O_1={"A": 1})
    with pytest.raises(PickListNotFound):
        do(ship_packed, pick_list="PICK-9")
    with pytest.raises(NotOnList):
        do(ship_packed, pick_list="PICK-1", orders=["O-2"])
    with pytest.raises(NothingToShip):
        do(ship_packed, pick_list="PICK-1")
    with pytest.raises(NothingToShip):
        do(ship_packed, pick_list="PICK-1", orders=["O-1"])
    with pytest.raises(WarehouseNotAllowed):
        do(ship_packed, pick_list="PICK-1", within={"EAST"})
    with pytest.raises(DomainError, match="tracking_number"):
        do(ship_packed, pick_list="PICK-1", tracking_number="x" * 81)


def test_an_order_in_two_warehouses_leaves_in_two_parcels():
    stock({("A", "MAIN"): 3, ("A", "EAST"): 2})
    order(A=5)
    (one,) = do(ship_order, reference="O-1", warehouse="EAST", within={"EAST"})
    assert (one.warehouse, one.lines[0].quantity, status()) == ("EAST", 2, "partly_shipped")
    with pytest.raises(WarehouseNotAllowed):
        do(ship_order, reference="O-1", within={"EAST"})
    (two,) = do(ship_order, reference="O-1")
    assert (two.warehouse, status()) == ("MAIN", "shipped")
    assert [x.reference for x in shipment_page(limit=9)] == [two.reference, one.reference]
    assert [x.reference for x in shipment_page(limit=9, within={"EAST"})] == [one.reference]


def test_lines_leave_from_totes_first_and_lists_follow():
    stock({("A", "MAIN"): 10})
    order(A=6)
    pick_list("PICK-1", O_1={"A": 2})
    pick_list("PICK-2", O_1={"A": 4})
    pick("PICK-1")
    do(ship_order, reference="O-1", lines=[ShipLine("a", 1)])
    assert (in_bin("A", "PACKING"), in_bin("A", "A-01-01")) == (1, 8)
    do(ship_order, reference="O-1", lines=[ShipLine("A", 3)])
    assert (in_bin("A", "PACKING"), in_bin("A", "A-01-01")) == (0, 6)
    assert lines_of("PICK-1") == [(2, 2, 0, 2, "")]
    assert lines_of("PICK-2") == [(4, 0, 2, 0, "withdrawn")]
    assert list_status("PICK-1") == "done"
    with pytest.raises(NotReserved):
        do(ship_order, reference="O-1", lines=[ShipLine("A", 3)])
    do(ship_order, reference="O-1")
    assert (status(), list_status("PICK-2")) == ("shipped", "done")


def test_what_waits_does_not_leave():
    stock({("A", "MAIN"): 2})
    order(A=3)
    do(ship_order, reference="O-1")
    with pytest.raises(NothingToShip):
        do(ship_order, reference="O-1")
    assert status() == "partly_shipped"
    do(receive, reference="PO", lines=[PlacedLine("A", "MAIN", 1)])
    do(ship_order, reference="O-1")
    assert status() == "shipped"


@pytest.mark.parametrize("fields", [{"draft": True}, {}])
def test_a_draft_or_an_order_that_is_over_is_not_shipped(fields):
    stock({("A", "MAIN"): 2})
    order(A=2, **fields)
    if not fields:
        do(ship_order, reference="O-1")
    with pytest.raises(WrongState):
        do(ship_order, reference="O-1")


def test_another_orders_tote_is_left_alone():
    stock({("A", "MAIN"): 4})
    order("O-1", A=2)
    order("O-2", A=2)
    pick_list(O_1={"A": 2})
    pick()
    do(ship_order, reference="O-2")
    assert (in_bin("A", "PACKING"), in_bin("A", "A-01-01")) == (2, 0)


def test_a_packing_bin_that_held_less_is_told_and_nothing_is_kept():
    stock({("A", "MAIN"): 4})
    order(A=2)
    pick_list(O_1={"A": 2})
    pick()
    do(count, reference="C", lines=[CountLine("A", "MAIN", 1, "PACKING")])
    for ship in (
        lambda: do(ship_packed, pick_list="PICK-1"),
        lambda: do(ship_order, reference="O-1"),
        lambda: do(put_back, pick_list="PICK-1", order="O-1"),
    ):
        with pytest.raises(
            NotEnoughInBin, match=r"held 1 of A, not .\. Say what is missing at its tote"
        ):
            ship()
    assert not Shipment.objects.exists()
    assert counters("A") == (3, 2, 0, 0)


@pytest.mark.parametrize("n", [2, 10, 50])
def test_a_list_of_any_length_leaves_in_as_many_statements(n):
    from orders.services.placing import place_batch

    shelves(n)
    do(place_batch, orders=[new_order(f"O-{x}", **{x: 1}) for x in skus(n)])
    pick_list(**{f"O_{x}": {x: 1} for x in skus(n)})
    pick()
    sent = sent_by(do, ship_packed, pick_list="PICK-1")
    read, engine, locked, written, totes, lists, told, status = 2, 5, 1, 2, 1, 2, 3, 4
    assert len(sent) == read + engine + locked + written + totes + lists + told + status
