"""All totes packed in one tap, and a part of a tote that leaves while the rest stays."""

import pytest

from inventory_site.core.errors import DomainError
from notifications.models import OutboxEvent
from orders.errors import NothingToShip, NotOnOrder, PickListNotFound
from orders.models import PickListOrder
from orders.services.cancelling import cancel
from orders.services.ordering import NewLine
from orders.services.packing import pack, pack_all, ship_packed, ship_part
from orders.services.shipping import ShipLine
from tests.factories import do, stock
from tests.orders.making import in_bin, list_status, order, pick, pick_list, status
from tests.warehouse.statements import sent_by
from warehouse.errors import InvalidLines, NotReserved, WarehouseNotAllowed
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    assert verify_ledger() == []


@pytest.fixture
def picked():
    """Three totes: O_1 with 4 A and 1 B, O_2 and O_3 with 2 A each."""
    stock({("A", "MAIN"): 20, ("B", "MAIN"): 20})
    order("O-1", A=4, B=1, carrier="DHL")
    order("O-2", A=2)
    order("O-3", A=2)
    pick_list(O_1={"A": 4, "B": 1}, O_2={"A": 2}, O_3={"A": 2})
    pick()


def part(*lines, **given):
    wanted = [ShipLine(sku, quantity) for sku, quantity in lines]
    return do(ship_part, **{"pick_list": "PICK-1", "order": "O-1", "lines": wanted, **given})


def test_every_tote_is_packed_at_once(picked):
    do(pack, pick_list="PICK-1", order="O-1")
    assert do(pack_all, pick_list="PICK-1") == ["O-2", "O-3"]
    assert [status(f"O-{n}") for n in (1, 2, 3)] == ["packed"] * 3
    assert PickListOrder.objects.filter(packed_at=None).count() == 0
    told = OutboxEvent.objects.filter(type="order.packed").order_by("id")
    assert [(x.reference, x.details["tote"]) for x in told] == [("O-1", 1), ("O-2", 2), ("O-3", 3)]
    with pytest.raises(NothingToShip):
        do(pack_all, pick_list="PICK-1")
    assert len(do(ship_packed, pick_list="PICK-1")) == 3


def test_a_tote_that_needs_a_look_is_left(picked):
    do(cancel, reference="O-1", lines=[NewLine("A", 1)])
    do(cancel, reference="O-2")
    assert do(pack_all, pick_list="PICK-1") == ["O-3"]
    assert status("O-1") == "picking"


@pytest.mark.parametrize("count", [2, 20])
def test_packing_all_takes_as_many_statements_for_any_number(count):
    stock({("A", "MAIN"): 50})
    names = [f"O-{n}" for n in range(count)]
    for name in names:
        order(name, A=1)
    pick_list(**{name.replace("-", "_"): {"A": 1} for name in names})
    pick()
    assert len(sent_by(do, pack_all, pick_list="PICK-1")) == 10


def test_a_part_of_a_tote_leaves_and_the_rest_stays(picked):
    do(pack, pick_list="PICK-1", order="O-1")
    sent = part(("a", 3), tracking_number="T1")
    assert [(x.sku, x.quantity) for x in sent.lines] == [("A", 3)]
    assert (sent.carrier, sent.tracking_number, sent.pick_list) == ("DHL", "T1", "PICK-1")
    assert (status("O-1"), list_status(), in_bin("A", "PACKING")) == ("partly_shipped", "picked", 5)
    part(("A", 1), ("B", 1))
    assert (status("O-1"), in_bin("B", "PACKING")) == ("shipped", 0)


@pytest.mark.parametrize(
    ("lines", "given", "error"),
    [
        ([("A", 5)], {}, NotReserved),
        ([("A", 3), ("A", 2)], {}, NotReserved),
        ([("C", 1)], {}, NotOnOrder),
        ([("B", 1)], {"order": "O-2"}, NotOnOrder),
        ([], {}, InvalidLines),
        ([("A", 1)], {"pick_list": "PICK-9"}, PickListNotFound),
        ([("A", 1)], {"within": ["EAST"]}, WarehouseNotAllowed),
    ],
)
def test_more_than_lies_there_never_leaves(picked, lines, given, error):
    with pytest.raises(error) as caught:
        part(*lines, **given)
    assert isinstance(caught.value, DomainError)
    assert in_bin("A", "PACKING") == 8
