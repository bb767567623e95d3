"""Picking scan by scan: goods go into totes, and every slip has its own words."""

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core.errors import DomainError
from inventory_site.core.models import StaffAccess
from notifications.models import OutboxEvent
from orders.errors import (
    BinHoldsLess,
    ListClaimed,
    ListNotYours,
    MoreThanNeeded,
    NoSuchPerson,
    NothingToUndo,
    OrderCancelled,
    OtherWarehouse,
    PickLineNotFound,
    PickListNotFound,
    UnknownCode,
    WrongBin,
    WrongItem,
)  # fmt: skip
from orders.models import PickList, PickScan, SalesOrder
from orders.services import picking
from orders.services.cancelling import cancel as cancel_order
from orders.services.placing import NewLine
from orders.services.progress import OWNER, refresh
from orders.states import WrongState
from tests.factories import do
from tests.orders.picking_world import (
    actor,
    claimed,
    in_bin,
    line,
    order,
    orders,
    person,
    planned,
    scan,
    shelve,
)  # fmt: skip
from warehouse.errors import InvalidLines, WarehouseNotAllowed
from warehouse.lines import PlacedLine
from warehouse.models import Barcode, Product, StockMovement
from warehouse.services.movements import damage
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import release

pytestmark = pytest.mark.django_db


def status(reference: str) -> str:
    return PickList.objects.get(reference=reference).status


@pytest.fixture
def anna() -> int:
    return person("anna")


@pytest.fixture
def listed(anna) -> str:
    """One order of 2 A (bin A-01-01) and 1 B (bin B-02-01), on a list that anna has."""
    shelve({("A", "A-01-01"): 5, ("B", "B-02-01"): 5, ("C", "C-01-01"): 1})
    order("O1", A=2, B=1)
    return claimed(anna)


def cancel(reference: str) -> None:
    """As a cancelled order is left behind: nothing promised, every unit cancelled."""
    do(release, reference=reference, owner=OWNER)
    one = SalesOrder.objects.get(reference=reference)
    for each in one.lines.all():
        each.cancelled = each.quantity
        each.save(update_fields=["cancelled"])
    do(refresh, order_ids=[one.pk])


def test_a_list_is_picked_scan_by_scan(listed, anna):
    assert SalesOrder.objects.get().status == "picking"
    first = scan(listed, anna)
    assert (first.sku, first.tote, first.left, first.list_over) == ("A", 1, 1, False)
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING")) == (4, 1)
    scan(listed, anna)
    last = scan(listed, anna, line=line(listed, bin__code="B-02-01"))
    assert last.list_over
    assert status(listed) == "picked"
    assert set(StockMovement.objects.filter(type="move").values_list("reference", flat=True)) == {
        listed
    }
    assert verify_ledger() == []


def test_any_barcode_of_the_product_will_do_and_codes_may_be_typed_small(listed, anna):
    Barcode.objects.create(code="4006381333931", product=Product.objects.get(sku="A"))
    assert scan(listed, anna, code=" 4006381333931 ").left == 1
    assert scan(listed, anna, code="a", bin="a-01-01").left == 0


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"bin": "B-02-01"}, WrongBin, "This is bin B-02-01. Go to bin A-01-01"),
        ({"bin": "B"}, WrongBin, "This is a product, B Product B. Scan the label of bin A-01-01"),
        ({"bin": "E-01-01"}, OtherWarehouse, "E-01-01 is a bin of warehouse EAST"),
        ({"bin": "??"}, UnknownCode, r"Nobody knows the code \?\?. Please scan the label of bin A-01-01"),
        ({"code": "B"}, WrongItem, "This is B Product B. Put it back and take A Product A"),
        ({"code": "A-01-01"}, WrongItem, "This is the label of bin A-01-01. Scan the goods: A"),
        ({"code": "E-01-01"}, OtherWarehouse, "this list is picked in MAIN"),
        ({"code": "4000"}, UnknownCode, "Nobody knows the code 4000. Please scan the barcode of"),
        ({"code": " "}, UnknownCode, r"Nobody knows the code \(nothing\)"),
        ({"quantity": 3}, MoreThanNeeded, "Tote 1 needs 2 of A Product A, not 3. Put 1 back"),
        ({"quantity": 0}, InvalidLines, "at least 1"),
        ({"line_id": 0}, PickLineNotFound, "no such line"),
    ],
)  # fmt: skip
def test_a_wrong_scan_says_what_it_was_and_what_to_do(listed, anna, given, error, words):
    shelve({("D", "E-01-01"): 1}, code="EAST")
    with pytest.raises(error, match=words):
        scan(listed, anna, **given)
    assert in_bin("A", "PACKING") == 0
    assert PickScan.objects.count() == 0


def test_a_double_tap_on_the_last_unit_counts_once(listed, anna):
    scan(listed, anna, quantity=2)
    with pytest.raises(MoreThanNeeded, match="Nothing more of A Product A is needed"):
        scan(listed, anna)
    assert in_bin("A", "PACKING") == 2


def test_less_in_the_books_than_needed_asks_for_a_report(listed, anna):
    place = [PlacedLine("A", "MAIN", 4, "A-01-01")]
    shelve({("A", "Z-01-01"): 5})
    do(damage, reference="D", reason="wet", lines=place)
    with pytest.raises(BinHoldsLess, match="bin A-01-01 holds 1 of A, not 2"):
        scan(listed, anna, quantity=2)


def test_only_who_claimed_a_list_picks_from_it(listed, anna):
    ben = person("ben")
    with pytest.raises(ListClaimed, match="is picked by anna"):
        scan(listed, ben)
    with pytest.raises(ListClaimed, match="is picked by anna"):
        do(picking.claim, pick_list=listed, staff_id=ben)
    do(picking.claim, pick_list=listed, staff_id=anna)  # her own again: harmless
    do(picking.hand_back, pick_list=listed, user_id=anna)
    with pytest.raises(ListNotYours, match="claim it"):
        scan(listed, anna)
    with pytest.raises(PickListNotFound):
        do(picking.claim, pick_list="PICK-0", staff_id=ben)


def test_a_list_handed_back_keeps_what_is_picked(listed, anna):
    scan(listed, anna)
    do(picking.hand_back, pick_list=listed, user_id=anna)
    assert (status(listed), in_bin("A", "PACKING")) == ("open", 1)
    assert SalesOrder.objects.get().status == "picking"
    ben = person("ben")
    do(picking.claim, pick_list=listed, staff_id=ben)
    assert scan(listed, ben).left == 0


def test_a_manager_gives_a_list_to_somebody_else(listed, anna):
    ben = person("ben")
    do(picking.reassign, pick_list=listed, to_user_id=ben)
    with pytest.raises(ListClaimed, match="is picked by ben"):
        scan(listed, anna)
    assert scan(listed, ben).left == 1
    assert do(picking.reassign, pick_list=listed, to_user_id=ben) == "ben"  # harmless
    told = OutboxEvent.objects.get(type="picking.reassigned").details
    assert (told["to"], told["before"]) == ("ben", "anna")


def test_a_list_that_nobody_has_is_given_to_somebody(anna):
    shelve({("A", "A-01-01"): 5})
    order("O1", A=1)
    (reference,) = planned()
    do(picking.reassign, pick_list=reference, to_user_id=anna)
    assert (status(reference), SalesOrder.objects.get().status) == ("claimed", "picking")
    assert scan(reference, anna).list_over
    with pytest.raises(WrongState):
        do(picking.reassign, pick_list=reference, to_user_id=person("ben"))


def test_a_list_is_given_only_to_who_picks_there(listed):
    closed, elsewhere, desk = person("closed"), person("elsewhere"), person("desk", role="receiver")
    get_user_model().objects.filter(pk=closed).update(is_active=False)
    StaffAccess.objects.create(user_id=elsewhere, warehouses=["EAST"])
    for nobody in (0, closed, elsewhere, desk):
        with pytest.raises(NoSuchPerson, match="do not pick in MAIN"):
            do(picking.reassign, pick_list=listed, to_user_id=nobody)
    both = person("both")
    StaffAccess.objects.create(user_id=both, warehouses=["EAST", "MAIN"])
    assert do(picking.reassign, pick_list=listed, to_user_id=both) == "both"


def test_undo_moves_the_last_scan_back_with_correcting_rows(listed, anna):
    scan(listed, anna, quantity=2)
    scan(listed, anna, line=line(listed, bin__code="B-02-01"))
    assert status(listed) == "picked"
    undone = do(picking.undo, pick_list=listed, user_id=anna)
    assert (undone.sku, undone.quantity, undone.bin) == ("B", 1, "B-02-01")
    assert status(listed) == "claimed"  # the walk goes on
    undone = do(picking.undo, pick_list=listed, user_id=anna)
    assert (undone.sku, undone.quantity) == ("A", 2)
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING")) == (5, 0)
    assert StockMovement.objects.filter(type="move").count() == 8
    with pytest.raises(NothingToUndo):
        do(picking.undo, pick_list=listed, user_id=anna)
    assert verify_ledger() == []


def test_a_packed_tote_is_not_reached_into(listed, anna):
    scan(listed, anna)
    PickList.objects.get().orders.update(packed_at="2026-01-01T00:00Z")
    with pytest.raises(WrongState, match="Tote 1 is packed"):
        do(picking.undo, pick_list=listed, user_id=anna)


def test_an_order_cancelled_meanwhile_stops_its_tote_and_is_put_back(listed, anna):
    scan(listed, anna)
    before = line(listed, bin__code="A-01-01")
    cancel("O1")
    with pytest.raises((OrderCancelled, WrongState)):
        scan(listed, anna, line=before)
    assert status(listed) == "picked"  # nothing is left to pick, and something is in a tote
    assert do(picking.put_back, pick_list=listed, order="O1") == 1
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING"), status(listed)) == (5, 0, "done")
    assert verify_ledger() == []


def test_nobody_empties_the_totes_of_somebody_who_walks(listed, anna):
    scan(listed, anna)
    told = {"pick_list": listed, "order": "O1"}
    with pytest.raises(ListClaimed, match="is picked by anna, who has its totes"):
        do(picking.put_back, **told, actor=actor(person("ben")))
    with pytest.raises(WarehouseNotAllowed):
        do(picking.put_back, **told, actor=actor(anna), within=["EAST"])
    assert (in_bin("A", "PACKING"), status(listed)) == (1, "claimed")
    assert do(picking.put_back, **told, actor=actor(anna), within=["MAIN"]) == 1
    assert (in_bin("A", "PACKING"), line(listed, bin__code="A-01-01").short) == (0, 1)
    assert verify_ledger() == []


def test_a_cancelled_order_among_others_names_its_tote(anna):
    shelve({("A", "A-01-01"): 9, ("B", "B-02-01"): 9})
    orders({"O1": {"A": 1}, "O2": {"B": 1}})
    listed = claimed(anna)
    cancel("O1")
    with pytest.raises(OrderCancelled, match=r"O1 was cancelled\. Take nothing more for tote 1"):
        scan(listed, anna)
    assert scan(listed, anna, line=line(listed, bin__code="B-02-01")).list_over


def test_undo_after_the_order_was_cancelled_asks_for_nothing_anew(listed, anna):
    scan(listed, anna)
    cancel("O1")
    do(picking.undo, pick_list=listed, user_id=anna)
    assert all(not x.left for x in PickList.objects.get().lines.all())
    assert status(listed) == "done"


def test_undo_takes_back_what_is_left_of_a_scan(anna):
    shelve({("A", "A-01-01"): 9})
    orders({"O1": {"A": 3}})
    listed = claimed(anna)
    scan(listed, anna, quantity=3)
    do(cancel_order, reference="O1", lines=[NewLine("A", 1)])
    assert do(picking.undo, pick_list=listed, user_id=anna).quantity == 2
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING")) == (8, 1)
    assert verify_ledger() == []


def test_whole_lists_are_picked_at_once_and_the_ledger_names_each(anna):
    shelve({("A", "A-01-01"): 50, ("B", "B-02-01"): 50})
    shelve({("A", "A-01-01"): 50}, code="EAST")
    orders({"O1": {"A": 1, "B": 2}, "O2": {"A": 3}}, warehouse="MAIN")
    orders({"O3": {"A": 4}}, warehouse="EAST")
    lists = planned("single", warehouse=None)
    units = do(picking.pick_whole_lists, pick_lists=lists)
    assert sorted(units.values()) == [3, 3, 4]
    assert {status(x) for x in lists} == {"picked"}
    for reference, moved in units.items():
        told = StockMovement.objects.filter(reference=reference, quantity__gt=0)
        assert sum(told.values_list("quantity", flat=True)) == moved
    with pytest.raises(WrongState):
        do(picking.pick_whole_lists, pick_lists=lists)
    assert verify_ledger() == []


def test_a_list_that_somebody_has_is_not_picked_from_a_desk(listed, anna):
    with pytest.raises(ListClaimed, match="picked by anna"):
        do(picking.pick_whole_lists, pick_lists=[listed])
    do(picking.pick_whole_lists, pick_lists=[listed], actor=actor(anna))
    assert status(listed) == "picked"


def test_every_refusal_of_the_floor_is_one_of_ours(listed, anna):
    with pytest.raises(DomainError):
        do(picking.pick, pick_list="", line_id=1, bin="", code="", user_id=anna)
