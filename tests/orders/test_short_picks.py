"""A problem at the shelf: one transaction, and the picker walks on."""

import pytest

from notifications.models import OutboxEvent
from orders.errors import (
    ListClaimed,
    MoreThanNeeded,
    NotShort,
    OrderCancelled,
    UnknownProblem,
)
from orders.models import CountTask, PickLine, PickList, SalesOrder
from orders.services import picking
from orders.services.cancelling import cancel
from orders.services.short_picks import PROBLEMS
from tests.factories import counters, do
from tests.orders.picking_world import (
    claimed,
    in_bin,
    line,
    order,
    orders,
    person,
    planned,
    scan,
    shelve,
    walk,
)  # fmt: skip
from warehouse.errors import InvalidLines
from warehouse.models import ReservationLine
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> int:
    return person("anna")


def report(
    reference: str, user_id: int, *, found: int, problem: str = "short", bin: str = "A-01-01"
):
    return do(
        picking.short, pick_list=reference, line_id=line(reference, bin__code=bin).pk, found=found,
        problem=problem, user_id=user_id,
    )  # fmt: skip


def test_the_rest_is_fetched_from_another_bin_further_in_the_walk(anna):
    shelve({("A", "A-01-01"): 5, ("A", "B-01-01"): 9, ("C", "C-01-01"): 1})
    order("O1", A=4, C=1)
    reference = claimed(anna)
    result = report(reference, anna, found=1)
    assert (result.missing, result.short, result.replanned, result.waits) == (4, 3, 3, 0)
    assert (result.left, result.later, result.elsewhere) == (1, 0, 0)
    assert result.bins == ("B-01-01",)
    assert walk(reference) == [("A-01-01", "A", 4), ("B-01-01", "A", 3), ("C-01-01", "C", 1)]
    assert counters("A") == (14, 4, 4, 0)  # unsellable at once
    assert (in_bin("A", "A-01-01"), in_bin("A", "MISSING")) == (1, 4)
    assert scan(reference, anna).left == 0  # what was found is still picked
    scan(reference, anna, line=line(reference, bin__code="B-01-01"), quantity=3)
    assert scan(reference, anna, line=line(reference, bin__code="C-01-01")).list_over
    assert verify_ledger() == []


def test_a_bin_behind_is_fetched_at_the_end_of_the_walk(anna):
    shelve({("A", "B-01-01"): 2})
    shelve({("A", "A-01-01"): 5, ("C", "C-01-01"): 1})
    order("O1", A=2, C=1)
    reference = claimed(anna)
    report(reference, anna, found=0, bin="B-01-01", problem="bin_empty")
    assert [x[0] for x in walk(reference)] == ["B-01-01", "C-01-01", "A-01-01"]


def test_what_is_nowhere_waits_and_its_order_says_so(anna):
    shelve({("A", "A-01-01"): 5, ("B", "B-01-01"): 1})
    order("O1", A=4, B=1)
    reference = claimed(anna)
    result = report(reference, anna, found=1)
    assert result.replanned == 0
    assert (line(reference, bin__code="A-01-01").left, result.missing) == (1, 4)
    assert (result.left, result.waits, result.later, result.elsewhere) == (1, 3, 0, 0)
    assert ReservationLine.objects.get(item__product__sku="A").backordered == 3
    scan(reference, anna)
    assert scan(reference, anna, line=line(reference, bin__code="B-01-01")).list_over
    assert line(reference, bin__code="A-01-01").problem == "short"
    assert verify_ledger() == []


def test_the_newest_promise_gives_way_and_the_older_order_is_planned_again(anna):
    shelve({("A", "A-01-01"): 4, ("A", "B-01-01"): 2})
    orders({"OLD": {"A": 4}, "NEW": {"A": 2}})
    old, new = planned("single")
    do(picking.claim, pick_list=old, staff_id=anna)
    result = report(old, anna, found=2)
    assert (result.replanned, result.bins) == (2, ("B-01-01",))
    assert line(new).problem == "withdrawn"
    assert SalesOrder.objects.get(reference="NEW").status == "backordered"
    assert PickList.objects.get(reference=new).status == "done"
    assert verify_ledger() == []


def test_a_promise_that_moves_to_another_warehouse_leaves_this_walk(anna):
    shelve({("A", "A-01-01"): 2})
    order("O1", A=2)
    shelve({("A", "A-01-01"): 9}, code="EAST")
    reference = claimed(anna)
    result = report(reference, anna, found=0)
    assert (result.short, result.replanned, result.list_over) == (0, 0, True)
    assert (result.elsewhere, result.waits, result.left) == (2, 0, 0)
    assert PickList.objects.get().status == "done"
    assert walk(planned(warehouse=None)[0]) == [("A-01-01", "A", 2)]


def test_what_other_lists_take_is_planned_later(anna):
    shelve({("A", "A-01-01"): 3, ("A", "B-01-01"): 3})
    orders({"O1": {"A": 2}, "O2": {"A": 3}})
    first, second = planned("single")
    assert walk(second) == [("A-01-01", "A", 1), ("B-01-01", "A", 2)]
    do(picking.claim, pick_list=first, staff_id=anna)
    result = report(first, anna, found=0)
    assert (result.replanned, result.later, result.waits) == (2, 0, 0)
    assert verify_ledger() == []


def test_a_count_task_is_opened_once_and_the_bin_is_suspect(anna):
    shelve({("A", "A-01-01"): 5, ("A", "B-01-01"): 9, ("B", "A-01-01"): 5, ("B", "C-01-01"): 5})
    order("O1", A=2)
    reference = claimed(anna)
    one = report(reference, anna, found=1)
    two = report(reference, anna, found=0, problem="bin_empty")
    assert one.count_task == two.count_task
    task = CountTask.objects.get()
    assert (task.bin.code, task.missing, task.reason) == ("A-01-01", 5, "short_pick")
    order("O3", B=1)
    assert walk(planned()[0]) == [("C-01-01", "B", 1)]


def test_damaged_units_are_written_off_and_the_bin_is_not_suspect(anna):
    shelve({("A", "A-01-01"): 9})
    order("O1", A=3)
    reference = claimed(anna)
    result = report(reference, anna, found=1, problem="damaged")
    assert (result.damaged, result.missing, result.short, result.count_task) == (2, 0, 0, "")
    assert (result.left, result.waits) == (3, 0)  # nothing waits: the bin has more
    assert (counters("A"), CountTask.objects.count()) == ((7, 3, 0, 0), 0)
    assert scan(reference, anna, quantity=3).list_over
    assert verify_ledger() == []


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_is_kept_with_what_became_of_the_units(anna, problem):
    shelve({("A", "A-01-01"): 5, ("A", "B-01-01"): 9})
    order("O1", A=4)
    reference = claimed(anna)
    damaged, found = problem == "damaged", 0 if problem == "bin_empty" else 1
    result = report(reference, anna, found=found, problem=problem)
    gone = (4 if damaged else 5) - found
    assert (result.damaged, result.missing) == ((gone, 0) if damaged else (0, gone))
    assert (in_bin("A", "A-01-01"), in_bin("A", "MISSING")) == (5 - gone, result.missing)
    assert (result.left, result.replanned) == (5 - gone, gone - 1)
    assert CountTask.objects.count() == (not damaged)
    assert line(reference, bin__code="A-01-01").problem == problem
    told = OutboxEvent.objects.get(type="picking.short").details
    assert (told["problem"], told["missing"], told["damaged"]) == (
        problem,
        result.missing,
        result.damaged,
    )
    assert verify_ledger() == []


def test_a_bin_whose_books_were_already_too_low_is_counted_all_the_same(anna):
    shelve({("A", "A-01-01"): 3, ("A", "B-01-01"): 3})
    orders({"O1": {"A": 3}})
    reference = claimed(anna)
    scan(reference, anna)
    assert report(reference, anna, found=1, problem="unreadable").missing == 1
    event = OutboxEvent.objects.get(type="picking.short")
    assert (event.details["problem"], event.details["replanned"]) == ("unreadable", 1)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"found": 2}, NotShort),
        ({"found": 1, "problem": "bin_empty"}, UnknownProblem),
        ({"found": 1, "problem": "rain"}, UnknownProblem),
        ({"found": -1}, InvalidLines),
    ],
)
def test_reports_that_contradict_themselves(anna, given, error):
    shelve({("A", "A-01-01"): 5})
    order("O1", A=2)
    reference = claimed(anna)
    with pytest.raises(error):
        report(reference, anna, **given)
    assert in_bin("A", "MISSING") == 0


def test_what_is_needed_no_more_has_no_problem(anna):
    shelve({("A", "A-01-01"): 5})
    orders({"O1": {"A": 1}, "O2": {"A": 1}, "O3": {"A": 1}})
    reference = claimed(anna)
    first, second = PickLine.objects.order_by("sequence", "id")[:2]
    told = {"pick_list": reference, "found": 0, "problem": "short", "user_id": anna}
    do(cancel, reference="O1")
    with pytest.raises(OrderCancelled, match="Order O1 was cancelled"):
        do(picking.short, line_id=first.pk, **told)
    scan(reference, anna, line=second)
    with pytest.raises(
        MoreThanNeeded, match="Nothing more of A Product A is needed here for tote 2"
    ):
        do(picking.short, line_id=second.pk, **told)
    assert in_bin("A", "MISSING") == 0


def test_only_who_walks_may_report(anna):
    shelve({("A", "A-01-01"): 5})
    order("O1", A=2)
    reference = claimed(anna)
    with pytest.raises(ListClaimed, match="anna"):
        report(reference, person("ben"), found=0)
