"""A short pick makes a bin suspect: other lists that were to go there are sent elsewhere at once."""

import pytest

from notifications.models import OutboxEvent
from orders.models import PickLine, PickList, SalesOrder
from orders.queries.shelves import OpenLine
from orders.services import picking
from orders.services.suspect_bins import Part, decide
from orders.services.walking import Stop
from tests.factories import do
from tests.orders.picking_world import (
    line,
    order,
    orders,
    person,
    planned,
    scan,
    shelve,
    walk,
)  # fmt: skip
from tests.warehouse.statements import sent_by
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> int:
    return person("anna")


def empty(reference, anna, *, bin="A-01-01", **where):
    """Anna, who has the list, finds the bin empty."""
    told = {"found": 0, "problem": "bin_empty", "user_id": anna}
    found = line(reference, bin__code=bin, **where)
    return do(picking.short, pick_list=reference, line_id=found.pk, **told)


def lists(anna, wanted, kind="single"):
    """A list each; the first is anna's."""
    orders(wanted)
    made = planned(kind)
    do(picking.claim, pick_list=made[0], staff_id=anna)
    return made


def test_other_lists_are_sent_to_another_bin(anna):
    shelve({("A", "A-01-01"): 9})
    mine, other = lists(anna, {"O1": {"A": 2}, "O2": {"A": 3}})
    shelve({("A", "B-01-01"): 9})
    empty(mine, anna)
    assert walk(other) == [("B-01-01", "A", 3)]  # the list adds up as before
    moved = PickLine.objects.get(pick_list__reference=other)
    assert (moved.left, moved.short, moved.problem) == (3, 0, "")
    ben = person("ben")
    do(picking.claim, pick_list=other, staff_id=ben)
    assert scan(other, ben, quantity=3).list_over
    told = OutboxEvent.objects.get(type="picking.replanned")
    assert (told.reference, told.details["replanned"], told.details["short"]) == (other, 3, 0)
    assert verify_ledger() == []


def test_two_orders_of_one_walk_are_reported_once(anna):
    shelve({("A", "A-01-01"): 5})
    (mine,) = lists(anna, {"O1": {"A": 2}, "O2": {"A": 3}}, kind="batch")
    shelve({("A", "B-01-01"): 9})
    empty(mine, anna, order_line__order__reference="O1")
    found = [("A-01-01", "A", 2), ("B-01-01", "A", 2), ("B-01-01", "A", 3)]
    assert sorted(walk(mine)) == found
    assert sum(x.left for x in PickLine.objects.all()) == 5
    assert verify_ledger() == []


def test_what_is_in_several_bins_becomes_several_lines_and_what_is_nowhere_is_short(anna):
    shelve({("A", "A-01-01"): 9})
    mine, other, third = lists(anna, {"O1": {"A": 1}, "O2": {"A": 4}, "O3": {"A": 2}})
    shelve({("A", "B-01-01"): 2, ("A", "C-01-01"): 3})
    empty(mine, anna)
    found = [PickLine.objects.filter(pick_list__reference=x) for x in (mine, other, third)]
    left = [sum(x.left for x in lines) for lines in found]
    assert sum(left) == 5  # all that is left in other bins is spoken for, and no more
    assert set(PickLine.objects.filter(bin__code="A-01-01").values_list("problem", flat=True)) <= {
        "bin_empty", "withdrawn", "suspect_bin",
    }  # fmt: skip
    statuses = dict(SalesOrder.objects.values_list("reference", "status"))
    assert statuses["O3"] == "backordered"  # the newest promise gave way
    assert verify_ledger() == []


def test_where_no_other_bin_has_it_the_list_ends_and_the_order_is_planned_again(anna):
    shelve({("A", "A-01-01"): 4, ("A", "RECV"): 0})
    mine, other = lists(anna, {"O1": {"A": 2}, "O2": {"A": 2}})
    shelve({("A", "PACKING"): 4}, kind="packing")  # there, but not to be picked from
    empty(mine, anna)
    assert PickList.objects.get(reference=other).status == "done"
    moved = line(other)
    assert (moved.left, moved.short, moved.problem) == (0, 2, "suspect_bin")
    assert SalesOrder.objects.get(reference="O2").status == "allocated"
    shelve({("A", "B-01-01"): 4})
    assert walk(planned(orders=["O2"])[0]) == [("B-01-01", "A", 2)]


def test_who_picked_some_already_keeps_it(anna):
    shelve({("A", "A-01-01"): 9})
    mine, other = lists(anna, {"O1": {"A": 2}, "O2": {"A": 3}})
    ben = person("ben")
    do(picking.claim, pick_list=other, staff_id=ben)
    scan(other, ben)
    shelve({("A", "B-01-01"): 9})
    empty(mine, anna)
    assert walk(other) == [("A-01-01", "A", 1), ("B-01-01", "A", 2)]
    assert scan(other, ben, line=line(other, bin__code="B-01-01"), quantity=2).list_over
    assert verify_ledger() == []


def test_damaged_goods_do_not_make_a_bin_suspect(anna):
    shelve({("A", "A-01-01"): 9, ("A", "B-01-01"): 9})
    mine, other = lists(anna, {"O1": {"A": 2}, "O2": {"A": 3}})
    told = {"found": 1, "problem": "damaged", "user_id": anna}
    do(picking.short, pick_list=mine, line_id=line(mine).pk, **told)
    assert walk(other) == [("A-01-01", "A", 3)]
    assert not OutboxEvent.objects.filter(type="picking.replanned").exists()


@pytest.mark.parametrize("count", [2, 20])
def test_as_many_statements_however_many_lists_go_there(anna, count):
    shelve({("A", "A-01-01"): 99})
    mine, *_ = lists(anna, {f"O{n}": {"A": 1} for n in range(count)})
    shelve({("A", "B-01-01"): 60})
    sent = sent_by(empty, mine, anna)
    assert len(sent) == 33
    assert PickLine.objects.filter(bin__code="B-01-01").count() == count


def test_a_bin_that_was_passed_is_fetched_at_the_end():
    open_line = OpenLine(1, 1, "P1", 1, 1, 5, 5, sequence=30, walk_at=20, walk_end=50)
    stops = [Stop(1, 1, 1, 7, "A", 10, 2), Stop(1, 1, 1, 8, "C", 40, 2)]
    (moved,) = decide(lines=[open_line], stops=[stops], bin_id=3)
    assert (moved.bin_id, moved.quantity, moved.short) == (3, 1, 1)
    assert moved.parts == (Part(7, 51, 2), Part(8, 40, 2))
    order_of = decide(lines=[open_line], stops=[[Stop(1, 1, 1, 8, "C", 40, 5)]], bin_id=3)
    assert (order_of[0].bin_id, order_of[0].sequence, order_of[0].parts) == (8, 40, ())


def test_a_line_that_waited_alone_is_left_alone(anna):
    shelve({("A", "A-01-01"): 5, ("B", "A-01-01"): 5})
    order("O1", A=1)
    order("O2", B=1)
    mine, other = planned("single")
    do(picking.claim, pick_list=mine, staff_id=anna)
    empty(mine, anna)
    assert walk(other) == [("A-01-01", "B", 1)]  # another product: its lines are asked about there
