"""A tote lacks something, or something in it is broken: the rest leaves, and the order is open again."""

import pytest

from notifications.models import OutboxEvent
from orders.errors import ListClaimed, NotInTote, PickListNotFound, UnknownProblem
from orders.models import CountTask, PickListOrder, SalesOrder
from orders.queries.put_away import loose_in_packing
from orders.services import bench_problems, picking
from orders.services.cancelling import cancel
from orders.services.packing import pack, pack_all, ship_packed
from orders.services.placing import NewLine
from tests.factories import counters, do
from tests.orders.counted import hand_in
from tests.orders.making import lines_of, papers_agree_with_the_stock
from tests.orders.picking_world import (
    actor,
    claimed,
    in_bin,
    orders,
    person,
    planned,
    scan,
    shelve,
    walk,
)  # fmt: skip
from warehouse.errors import InvalidLines, WarehouseNotAllowed
from warehouse.lines import CountLine
from warehouse.services.counting import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right(db):
    yield
    papers_agree_with_the_stock()


@pytest.fixture
def listed() -> str:
    """O1 with 2 A and 1 B in tote 1, packed, and O2 with 1 A in tote 2; on the shelf are 5 A more."""
    shelve({("A", "A-01-01"): 8, ("B", "B-01-01"): 1})
    orders({"O1": {"A": 2, "B": 1}, "O2": {"A": 1}})
    (reference,) = planned()
    do(picking.pick_whole_lists, pick_lists=[reference])
    do(pack, pick_list=reference, order="O1")
    return reference


def report(listed, **given):
    told = {"order": "O1", "sku": "A", "units": 1, "problem": "missing"}
    return do(bench_problems.report, pick_list=listed, **(told | given))


def test_a_missing_unit_is_counted_for_and_picked_again(listed):
    result = report(listed)
    assert (result.left, result.later, result.waits, result.elsewhere) == (2, 1, 0, 0)
    assert (in_bin("A", "PACKING"), in_bin("A", "MISSING")) == (2, 1)
    task = CountTask.objects.get()
    assert (task.reference, task.bin.code, task.missing) == (result.count_task, "PACKING", 1)
    assert PickListOrder.objects.get(order__reference="O1").packed_at is None
    do(pack, pick_list=listed, order="O1")
    do(ship_packed, pick_list=listed, orders=["O1"])
    assert SalesOrder.objects.get(reference="O1").status == "partly_shipped"
    assert walk(planned()[0]) == [("A-01-01", "A", 1)]
    told = OutboxEvent.objects.get(type="picking.short").details
    assert (told["bin"], told["problem"], told["missing"], told["short"]) == (
        "PACKING",
        "missing",
        1,
        1,
    )


def test_what_a_count_took_out_of_packing_is_not_booked_out_again(listed):
    do(count, reference="C", lines=[CountLine("A", "MAIN", 2, "PACKING")])
    assert counters("A") == (7, 3, 0, 0)
    result = report(listed)
    assert (result.later, result.waits, result.count_task) == (1, 0, "")
    assert (in_bin("A", "PACKING"), in_bin("A", "MISSING")) == (2, 0)
    assert not CountTask.objects.exists()
    assert len(do(ship_packed, pick_list=listed)) == 2
    assert walk(planned()[0]) == [("A-01-01", "A", 1)]


def test_of_more_that_is_missing_than_a_count_took_the_rest_is_booked(listed):
    do(count, reference="C", lines=[CountLine("A", "MAIN", 2, "PACKING")])
    assert report(listed, units=2).left == 1
    assert (in_bin("A", "PACKING"), in_bin("A", "MISSING")) == (1, 1)


def test_broken_goods_lie_in_quarantine_and_nothing_is_counted(listed):
    result = report(listed, units=2, problem="damaged")
    assert (result.left, result.later, result.count_task) == (1, 2, "")
    assert (in_bin("A", "PACKING"), in_bin("A", "QUARANTINE")) == (1, 2)
    told = OutboxEvent.objects.get(type="picking.short").details
    assert (told["damaged"], told["missing"]) == (2, 0)
    assert walk(planned()[0]) == [("A-01-01", "A", 2)]


@pytest.mark.parametrize("then", ["missing", "put back"])
def test_what_was_cancelled_in_a_tote_is_still_to_be_taken_out_whatever_comes_then(listed, then):
    do(cancel, reference="O1", lines=[NewLine("A", 1)])
    if then == "missing":
        report(listed)
        do(pack_all, pick_list=listed)
    else:
        do(picking.put_back, pick_list=listed, order="O1")
    packed = PickListOrder.objects.filter(packed_at__isnull=False)
    assert [x.order.reference for x in packed] == (["O2"] if then == "missing" else [])
    assert (0, 0, 2, 0, "cancelled") in [(0, *x[1:]) for x in lines_of(listed)]
    assert loose_in_packing(warehouse="MAIN", skus=["A"]) == {"A": 1}


def test_what_no_shelf_has_waits_for_stock(listed):
    result = report(listed, sku="b")
    assert (result.later, result.waits) == (0, 1)
    assert SalesOrder.objects.get(reference="O1").status == "picking"
    assert (1, 0, 1, 0, "missing") in lines_of(listed)


def test_the_last_of_a_list_that_is_missing_ends_it(listed):
    report(listed, units=2)
    report(listed, sku="B")
    report(listed, order="O2")
    assert [x[1] for x in lines_of(listed)] == [0, 0, 0]
    assert {x.status for x in SalesOrder.objects.all()} <= {"allocated", "backordered"}


@pytest.mark.parametrize(("found", "on_hand"), [(3, 8), (2, 7)])
def test_missing_units_that_the_count_finds_lie_loose_and_others_are_written_off(
    listed, found, on_hand
):
    task = report(listed).count_task
    hand_in(task, A=found)
    assert (in_bin("A", "PACKING"), in_bin("A", "MISSING"), counters("A")[0]) == (found, 0, on_hand)
    loose = loose_in_packing(warehouse="MAIN", skus=["A"])
    assert loose == ({"A": 1} if found == 3 else {})


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"units": 3}, NotInTote), ({"sku": "C"}, NotInTote), ({"order": "O9"}, NotInTote),
        ({"units": 0}, InvalidLines), ({"units": True}, InvalidLines), ({"problem": "rain"}, UnknownProblem),
        ({"pick_list": "PICK-0"}, PickListNotFound), ({"within": ["EAST"]}, WarehouseNotAllowed),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(listed, given, error):
    with pytest.raises(error):
        report(given.pop("pick_list", listed), **given)
    assert (in_bin("A", "PACKING"), in_bin("A", "MISSING")) == (3, 0)


def test_nobody_else_reports_while_somebody_walks():
    shelve({("A", "A-01-01"): 5})
    orders({"O1": {"A": 2}})
    anna = person("anna")
    reference = claimed(anna)
    scan(reference, anna)
    with pytest.raises(ListClaimed, match="anna"):
        report(reference, actor=actor(person("ben")))
    assert report(reference, actor=actor(anna)).left == 0
