"""Pickers and planners at the same moment, over processes; after each, lines and ledger are right."""

from collections import Counter

import pytest
from django.db.models import F, Sum

from notifications.models import OutboxEvent
from orders.models import PickLine, PickList, PickScan, SalesOrder
from orders.services import picking
from tests.concurrency.clients import Call, race
from tests.factories import do
from tests.orders.picking_world import claimed, in_bin, line, orders, person, planned, shelve
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.usefixtures("committed_db")


def codes(outcomes):
    return Counter(outcome.code for outcome in outcomes)


def test_of_two_pickers_who_claim_a_list_at_once_one_has_it():
    shelve({("A", "A-01-01"): 40})
    orders({f"O{n}": {"A": 1} for n in range(12)})
    people = [person(f"p{n}") for n in range(6)]
    lists = planned("single")
    calls = [Call("claim", {"pick_list": x, "staff_id": who}) for x in lists for who in people]
    outcomes = race(calls)
    assert codes(outcomes) == {"done": 12, "list_claimed": 60}
    owners = dict(PickList.objects.values_list("reference", "claimed_by_id"))
    for outcome in outcomes:
        if outcome.code == "done":
            assert owners[outcome.call.arguments["pick_list"]] == outcome.call.arguments["staff_id"]


def test_a_list_that_is_given_away_while_it_is_claimed_is_whose_it_was_given():
    shelve({("A", "A-01-01"): 40})
    orders({f"O{n}": {"A": 1} for n in range(12)})
    ben, *others = [person(f"p{n}") for n in range(5)]
    lists = planned("single")
    calls = []
    for reference in lists:
        calls += [Call("claim", {"pick_list": reference, "staff_id": who}) for who in others]
        calls.insert(-2, Call("reassign", {"pick_list": reference, "to_user_id": ben}))
    outcomes = race(calls)
    assert set(codes(outcomes)) == {"done", "list_claimed"}
    given = [outcome.code for outcome in outcomes if outcome.call.service == "reassign"]
    assert given == ["done"] * 12
    assert set(PickList.objects.values_list("status", "claimed_by_id")) == {("claimed", ben)}
    claims = codes(outcomes)["done"] - 12
    events = OutboxEvent.objects.filter(type="picking.claimed")
    assert events.count() == claims <= 12  # before it was given away, or never


def test_planners_at_once_never_plan_the_same_unit():
    shelve({("A", f"A-{n:02d}-01"): 7 for n in range(1, 9)})
    orders({f"O{n}": {"A": 2} for n in range(28)})
    calls = [Call("plan", {"warehouse": "MAIN", "kind": "batch", "most_orders": 2})] * 20
    assert codes(race(calls)) == {"done": 20}
    lines = PickLine.objects.values("order_line").annotate(n=Sum("quantity"))
    assert {each["n"] for each in lines} == {2}
    assert len(lines) == 28
    bins = PickLine.objects.values("bin").annotate(n=Sum("quantity"))
    assert all(each["n"] <= 7 for each in bins)


def test_the_last_units_of_a_line_are_picked_once_however_often_they_are_tapped():
    shelve({("A", "A-01-01"): 50})
    orders({"O1": {"A": 5}})
    anna = person()
    reference = claimed(anna)
    told = {"line_id": line(reference).pk, "bin": "A-01-01", "code": "A", "user_id": anna}
    outcomes = race([Call("pick", {"pick_list": reference, **told})] * 24)
    assert codes(outcomes)["done"] == 5
    assert set(codes(outcomes)) <= {"done", "more_than_needed", "wrong_state"}
    assert (line(reference).picked, in_bin("A", "PACKING")) == (5, 5)
    assert PickScan.objects.count() == 5
    assert verify_ledger() == []


def test_handing_back_reassigning_and_short_picks_against_scans():
    shelve({("A", f"A-{n:02d}-01"): 8 for n in range(1, 9)})
    orders({f"O{n}": {"A": 3} for n in range(10)})
    anna, ben = person("anna"), person("ben")
    reference = claimed(anna)
    calls = []
    for each in PickList.objects.get().lines.all():
        told = {"pick_list": reference, "line_id": each.pk}
        for who in (anna, ben):
            scan = told | {"bin": each.bin.code, "code": "A", "user_id": who}
            calls += [Call("pick", scan)] * 3
            calls.append(Call("undo", {"pick_list": reference, "user_id": who}))
        calls.append(Call("short", told | {"found": 0, "problem": "short", "user_id": anna}))
        calls.append(Call("reassign", {"pick_list": reference, "to_user_id": ben}))
        calls.append(Call("hand_back", {"pick_list": reference, "user_id": ben}))
        calls.append(Call("claim", {"pick_list": reference, "staff_id": anna}))
    outcomes = race(calls, threads=6)
    assert "done" in codes(outcomes)
    assert not {"OperationalError", "IntegrityError"} & set(codes(outcomes))
    in_totes = PickLine.objects.aggregate(n=Sum(F("picked") - F("shipped")))["n"]
    assert in_totes == in_bin("A", "PACKING")
    assert verify_ledger() == []


def test_a_bin_that_becomes_suspect_against_scans_of_the_other_lists_that_go_there():
    shelve({("A", "A-01-01"): 40})
    orders({f"O{n}": {"A": 3} for n in range(12)})
    people = [person(f"p{n}") for n in range(12)]
    lists = planned("single")
    shelve({("A", "B-01-01"): 40})
    calls = []
    mine = {"pick_list": lists[0], "line_id": line(lists[0]).pk, "user_id": people[0]}
    problem = mine | {"found": 0, "problem": "short"}
    do(picking.claim, pick_list=lists[0], staff_id=people[0])
    for reference, who in zip(lists[1:], people[1:], strict=True):
        do(picking.claim, pick_list=reference, staff_id=who)
        told = {"pick_list": reference, "line_id": line(reference).pk, "user_id": who}
        for place in ("A-01-01", "B-01-01"):
            calls += [Call("pick", told | {"bin": place, "code": "A"})] * 2
        calls.append(Call("short", problem))
    outcomes = race(calls, threads=6)
    if ("short", "done") not in {(x.call.service, x.code) for x in outcomes}:
        do(picking.short, **problem)  # it lost every race
    assert not {"OperationalError", "IntegrityError"} & set(codes(outcomes))
    assert PickLine.objects.aggregate(n=Sum("picked"))["n"] == in_bin("A", "PACKING")
    assert in_bin("A", "A-01-01") == 0
    still = PickLine.objects.filter(bin__code="A-01-01", quantity__gt=F("picked") + F("short"))
    assert not still.exists(), "nobody is sent to the empty bin"
    assert verify_ledger() == []


def test_a_promise_withdrawn_against_scans_of_its_list():
    shelve({("A", "A-01-01"): 30})
    orders({f"O{n}": {"A": 2} for n in range(15)})
    anna = person()
    reference = claimed(anna)
    calls = []
    for each in PickList.objects.get().lines.all():
        told = {"line_id": each.pk, "bin": "A-01-01", "code": "A", "user_id": anna}
        calls += [Call("pick", {"pick_list": reference, **told})] * 2
    place = {"sku": "A", "warehouse": "MAIN", "quantity": 2, "bin": "A-01-01"}
    for n in range(5):
        calls.insert(
            n * 5, Call("damage", {"reference": f"D{n}", "reason": "wet", "lines": [place]})
        )
    outcomes = race(calls, threads=4)
    assert not {"OperationalError", "IntegrityError"} & set(codes(outcomes))
    assert PickLine.objects.aggregate(n=Sum("picked"))["n"] == in_bin("A", "PACKING")
    assert verify_ledger() == []


def test_orders_cancelled_against_scans_of_their_list():
    shelve({("A", "A-01-01"): 30})
    orders({f"O{n}": {"A": 2} for n in range(15)})
    anna = person()
    reference = claimed(anna)
    calls = []
    for n, each in enumerate(PickList.objects.get().lines.all()):
        told = {"line_id": each.pk, "bin": "A-01-01", "code": "A", "user_id": anna}
        calls += [Call("pick", {"pick_list": reference, **told})] * 2
        if n % 2:
            calls.insert(n * 2, Call("cancel", {"reference": f"O{n}"}))
    outcomes = race(calls, threads=4)
    assert not {"OperationalError", "IntegrityError"} & set(codes(outcomes))
    gone = [
        x.call.arguments["reference"]
        for x in outcomes
        if x.call.service == "cancel" and x.code == "done"
    ]
    assert gone
    in_totes = PickLine.objects.aggregate(n=Sum(F("picked") - F("shipped")))["n"]
    theirs = PickLine.objects.filter(order_line__order__reference__in=gone)
    assert not theirs.filter(picked__gt=F("shipped")).exists(), "nothing cancelled can leave"
    assert in_bin("A", "PACKING") >= in_totes  # the rest is to be put away
    assert set(SalesOrder.objects.filter(reference__in=gone).values_list("status", flat=True)) == {
        "cancelled"
    }
    assert verify_ledger() == []
