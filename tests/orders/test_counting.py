"""Count tasks: opened, claimed, tallied, handed in, booked or counted again."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from inventory_site.core.models import StaffAccess
from inventory_site.core.roles import MANAGER
from notifications.models import OutboxEvent
from orders.errors import CountOutdated, CountTaskClaimed, NothingToCount, NotInCount, OwnCount
from orders.queries.counts import approvals, suspect_bins, task_view, tasks_to_do
from orders.services.count_results import approve, reject, submit
from orders.services.count_work import begin, hand_back, tally
from orders.services.counting import CountPlace, cancel_task, open_tasks
from orders.states import WrongState
from tests.factories import BinFactory, ProductFactory, counters, do, stock, warehouse
from tests.orders.counted import claimed, hand_in, move, opened, person, short_pick, task
from warehouse.errors import UnknownBin, UnknownSku, UnknownWarehouse, WarehouseNotAllowed
from warehouse.lines import AdjustLine, ReserveLine
from warehouse.models import BinStock, Product
from warehouse.services.movements import adjust
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def in_bins(sku="A"):
    found = BinStock.objects.filter(item__product__sku=sku, quantity__gt=0)
    return dict(found.values_list("bin__code", "quantity"))


def approve_it(reference):
    return do(approve, task=reference, actor=person("boss"))


def test_a_count_within_tolerance_is_booked_at_once():
    stock({("A", "MAIN"): 100, ("B", "MAIN"): 5})
    reference = opened()
    outcome = hand_in(reference, A=98, B=5)
    assert (outcome.status, outcome.recount) == ("done", [])
    assert (counters("A")[0], counters("B")[0]) == (98, 5)
    assert task(reference).closed_at is not None
    types = OutboxEvent.objects.filter(reference=reference).values_list("type", flat=True)
    assert list(types.order_by("id")) == [
        "count.opened", "count.claimed", "stock.counted", "count.submitted",
    ]  # fmt: skip
    assert verify_ledger() == []


def test_above_tolerance_it_is_counted_again_and_a_manager_decides():
    stock({("A", "MAIN"): 10, ("B", "MAIN"): 5})
    reference = opened()
    outcome = hand_in(reference, A=4, B=5)
    assert (outcome.status, outcome.booked, outcome.recount) == ("recount", ["B"], ["A"])
    assert counters("A")[0] == 10
    view = task_view(reference=reference)
    assert (view.round, [sku for sku, _ in view.again]) == (2, ["A"])
    assert hand_in(reference, "lee", A=4).status == "approval"
    (waiting,) = approvals(within=None)
    assert [(x.sku, x.expected, x.counted, x.difference) for x in waiting.lines] == [
        ("A", 10, 4, -6)
    ]
    assert [(x[0], x[3]) for x in waiting.lines[0].rounds] == [(1, "kim"), (2, "lee")]
    assert approve_it(reference).status == "done"
    assert (in_bins(), approvals(within=None)) == ({"A-01-01": 4}, [])


def test_a_second_count_that_finds_what_the_books_say_ends_it():
    stock({("A", "MAIN"): 10})
    reference = opened()
    hand_in(reference, A=4)
    assert hand_in(reference, "lee", A=10).status == "done"
    assert counters("A")[0] == 10


def test_counts_that_contradict_each_other_go_on_until_the_third_then_a_manager_decides():
    stock({("A", "MAIN"): 50})
    reference = opened()
    assert hand_in(reference, A=10).status == "recount"
    assert hand_in(reference, "lee", A=20).status == "recount"
    assert hand_in(reference, "max", A=30).status == "approval"
    assert do(reject, task=reference).status == "recount"
    assert hand_in(reference, "lee", A=31).status == "approval"
    approve_it(reference)
    assert counters("A")[0] == 31


def test_a_small_difference_of_great_value_is_not_within_tolerance():
    stock({("A", "MAIN"): 10})
    Product.objects.filter(sku="A").update(unit_cost=900)
    reference = opened()
    assert hand_in(reference, A=9).status == "recount"
    assert hand_in(reference, "lee", A=9).status == "approval"
    assert approvals(within=None)[0].value == -900


def test_what_is_found_though_nobody_expected_it_there():
    stock({("A", "MAIN"): 10})
    ProductFactory(sku="NEW")
    reference = opened()
    assert hand_in(reference, A=10, NEW=1).status == "done"
    assert in_bins("NEW") == {"A-01-01": 1}
    with pytest.raises(UnknownSku):
        hand_in(opened(), NOWHERE=1)


def test_what_is_in_the_bin_and_not_counted_is_none():
    stock({("A", "MAIN"): 1, ("B", "MAIN"): 30})
    outcome = hand_in(opened(), B=30)
    assert (outcome.status, counters("A")[0]) == ("done", 0)


def test_missing_units_that_are_found_go_back_into_their_bin():
    stock({("A", "MAIN"): 5})
    reference = short_pick("A", 2)
    assert counters("A") == (5, 0, 2, 0)
    assert suspect_bins(warehouse_id=task(reference).warehouse_id) == {task(reference).bin_id}
    assert hand_in(reference, A=5).status == "done"
    assert (in_bins(), counters("A")) == ({"A-01-01": 5}, (5, 0, 0, 0))
    assert suspect_bins(warehouse_id=task(reference).warehouse_id) == set()


def test_missing_units_that_are_not_found_are_written_off():
    stock({("A", "MAIN"): 50})
    reference = short_pick("A", 4)
    assert hand_in(reference, A=47).status == "recount"
    assert hand_in(reference, "lee", A=47).status == "approval"
    approve_it(reference)
    assert (in_bins(), counters("A"), task(reference).missing) == (
        {"A-01-01": 47}, (47, 0, 0, 0), 0,
    )  # fmt: skip
    assert verify_ledger() == []


def test_fewer_still_than_were_missed_are_taken_off_both():
    stock({("A", "MAIN"): 50})
    reference = short_pick("A", 4)
    for who in ("kim", "lee"):
        hand_in(reference, who, A=40)
    approve_it(reference)
    assert in_bins() == {"A-01-01": 40}


def test_a_second_short_pick_adds_to_the_task_and_has_it_counted_anew():
    stock({("A", "MAIN"): 50})
    reference = short_pick("A", 4)
    for who in ("kim", "lee"):
        hand_in(reference, who, A=40)
    assert task(reference).status == "approval"
    assert short_pick("A", 3) == reference
    assert (task(reference).status, task(reference).missing) == ("recount", 7)
    with pytest.raises(WrongState):
        do(cancel_task, task=reference)
    hand_in(reference, A=40)
    approve_it(reference)
    assert in_bins() == {"A-01-01": 40}


def test_units_that_somebody_put_back_by_hand_are_missing_no_longer():
    stock({("A", "MAIN"): 5})
    reference = short_pick("A", 2)
    move("A", 2, "MISSING", "A-01-01")
    assert hand_in(reference, A=5).status == "done"
    assert in_bins() == {"A-01-01": 5}


@pytest.mark.parametrize("counted", [10, 7])
def test_what_is_picked_while_somebody_counts_is_no_difference(counted):
    """Counted before the picker came, or after: both are right, and the books stay as they are."""
    stock({("A", "MAIN"): 10})
    reference = opened()
    actor = claimed(reference)
    move("A", 3, "A-01-01", "PACKING")
    outcome = do(
        submit, task=reference, user_id=actor.user_id, actor=actor, counts=[("A", counted)]
    )
    assert outcome.status == "done"
    assert in_bins() == {"A-01-01": 7, "PACKING": 3}


def test_picking_and_reserving_go_on_between_counting_and_approval():
    stock({("A", "MAIN"): 20})
    reference = opened()
    for who in ("kim", "lee"):
        hand_in(reference, who, A=16)
    do(reserve, reference="O", lines=[ReserveLine("A", 10)])
    move("A", 10, "A-01-01", "PACKING")
    approve_it(reference)
    assert in_bins() == {"A-01-01": 6, "PACKING": 10}
    assert counters("A") == (16, 10, 0, 0)


def test_a_difference_that_was_corrected_meanwhile_is_not_booked_twice():
    stock({("A", "MAIN"): 20})
    reference = opened()
    for who in ("kim", "lee"):
        hand_in(reference, who, A=16)
    do(adjust, reference="X", reason="lost", lines=[AdjustLine("A", "MAIN", "A-01-01", delta=-4)])
    with pytest.raises(CountOutdated):
        approve_it(reference)
    do(reject, task=reference)
    assert hand_in(reference, A=16).status == "done"
    assert in_bins() == {"A-01-01": 16}


def test_a_product_is_counted_in_every_bin_that_holds_it():
    stock({("A", "MAIN"): 5}, bin="A-01-01")
    stock({("A", "MAIN"): 5}, bin="B-01-01")
    references = do(open_tasks, places=[CountPlace("MAIN", None, "a ")])
    assert [task(x).bin.code for x in references] == ["A-01-01", "B-01-01"]
    assert do(open_tasks, places=[CountPlace("MAIN", "B-01-01", "A")]) == references[1:]


@pytest.mark.parametrize(
    ("place", "error"),
    [
        (CountPlace("NOWHERE", "A-01-01"), UnknownWarehouse),
        (CountPlace("MAIN", "Z-01-01"), UnknownBin),
        (CountPlace("MAIN", "A-01-01", "NO"), UnknownSku),
        (CountPlace("MAIN", None, "EMPTY"), NothingToCount),
        (CountPlace("MAIN", "MISSING"), NothingToCount),
        (CountPlace("EAST", "A-01-01"), WarehouseNotAllowed),
    ],
)
def test_places_that_cannot_be_counted(place, error):
    BinFactory(warehouse=warehouse("MAIN"), code="A-01-01")
    ProductFactory(sku="EMPTY")
    with pytest.raises(error):
        do(open_tasks, places=[place], within={"MAIN", "NOWHERE"})


def test_a_task_is_counted_by_whoever_claimed_it():
    stock({("A", "MAIN"): 5})
    reference = opened()
    kim, lee = claimed(reference), person("lee")
    with pytest.raises(CountTaskClaimed, match="kim is counting"):
        claimed(reference, "lee")
    with pytest.raises(CountTaskClaimed):
        do(submit, task=reference, user_id=lee.user_id, counts=[("A", 5)])
    do(hand_back, task=reference, user_id=kim.user_id)
    assert hand_in(reference, "lee", A=5).status == "done"
    with pytest.raises(WrongState):
        hand_in(reference, "lee", A=5)


def test_scans_add_up_and_a_typed_quantity_replaces_them():
    stock({("A", "MAIN"): 12})
    reference = opened(sku="A")
    kim = person("kim")
    with pytest.raises(NotInCount):
        do(begin, task=reference, bin="B-01-01", user_id=kim.user_id)
    do(begin, task=reference, bin=" a-01-01", user_id=kim.user_id)
    who = {"task": reference, "user_id": kim.user_id}
    assert [do(tally, sku="A", **who).counted for _ in range(2)] == [1, 2]
    assert do(tally, sku="a", quantity=12, replace=True, **who).counted == 12
    with pytest.raises(NotInCount):
        do(tally, sku="OTHER", **who)
    assert task_view(reference=reference).counted == 12
    assert do(submit, **who).status == "done"


def test_a_recount_is_offered_to_others_first():
    stock({("A", "MAIN"): 50}, bin="A-01-01")
    stock({("B", "MAIN"): 50}, bin="B-01-01")
    first, second = opened("A-01-01"), opened("B-01-01")
    hand_in(first, A=10)
    place = warehouse("MAIN").id
    kim = tasks_to_do(warehouse_id=place, user_id=person("kim").user_id, actor="kim")
    lee = tasks_to_do(warehouse_id=place, user_id=person("lee").user_id, actor="lee")
    assert [x.reference for x in kim] == [second, first]
    assert [x.reference for x in lee] == [first, second]


@pytest.mark.parametrize(
    "others", [{}, {"within": ["EAST"]}, {"is_active": False}, {"role": "picker"}]
)
def test_the_only_manager_approves_even_what_they_counted(others):
    stock({("A", "MAIN"): 20})
    reference = opened()
    for who in ("boss", "kim"):
        hand_in(reference, who, A=9)
    if others:
        manager("eva", **others)
    assert approve_it(reference).status == "done"


def test_where_there_is_another_manager_nobody_approves_what_they_counted():
    stock({("A", "MAIN"): 20})
    reference = opened()
    for who in ("boss", "kim"):  # of the first count alone, but the second agrees with it
        hand_in(reference, who, A=9)
    manager("eva", within=["MAIN"])
    with pytest.raises(OwnCount, match="another manager"):
        approve_it(reference)
    assert counters("A")[0] == 20
    assert do(approve, task=reference, actor=person("eva")).status == "done"


def manager(name, *, role=MANAGER, within=(), **more):
    user = get_user_model().objects.create_user(name, **more)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=user, warehouses=list(within))
