"""Counting among people who claim, pick and reserve at the same moment; after each, the books are right."""

from collections import Counter

import pytest

from tests.concurrency.clients import Call, race, reserve
from tests.factories import counters, stock
from tests.orders.counted import claimed, opened, person, task
from warehouse.models import BinStock
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.usefixtures("committed_db")


def codes(outcomes):
    return Counter(outcome.code for outcome in outcomes)


def move(n, quantity, from_bin="A-01-01", to_bin="PACKING"):
    line = {"sku": "A", "quantity": quantity, "from_bin": from_bin, "to_bin": to_bin}
    place = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
    return Call("transfer", {"reference": f"PICK-{n}", "lines": [line], **place})


def test_of_many_who_claim_a_task_one_gets_it():
    stock({("A", "MAIN"): 5})
    reference = opened()
    people = [person(f"counter-{n}").user_id for n in range(12)]
    outcomes = race([Call("claim_count", {"task": reference, "user_id": x}) for x in people])
    assert codes(outcomes) == {"done": 1, "count_task_claimed": 11}
    winner = next(x.call.arguments["user_id"] for x in outcomes if x.code == "done")
    assert task(reference).claimed_by_id == winner


def test_a_count_that_is_handed_in_several_times_at_once_is_booked_once():
    stock({("A", "MAIN"): 200})
    reference = opened()
    kim = claimed(reference)
    given = {"task": reference, "user_id": kim.user_id, "counts": [["A", 197]]}
    outcomes = race([Call("submit_count", given) for _ in range(12)])
    assert codes(outcomes) == {"done": 1, "wrong_state": 11}
    assert counters("A")[0] == 197
    assert verify_ledger() == []


def test_counting_against_picking_and_reserving():
    """The bin is 4 short: that is what is booked, whoever takes what at the same moment."""
    stock({("A", "MAIN"): 400})
    calls = [move(n, 1) for n in range(60)] + [reserve(f"R{n}", A=1) for n in range(60)]
    reference = opened()
    kim = claimed(reference)
    given = {"task": reference, "user_id": kim.user_id, "counts": [["A", 396]]}
    outcomes = race([*calls[:40], Call("submit_count", given), *calls[40:]])
    assert codes(outcomes) == {"done": 121}
    there = dict(BinStock.objects.values_list("bin__code", "quantity"))
    booked = 400 - counters("A")[0]
    assert there == {"A-01-01": 340 - booked, "PACKING": 60}
    assert 0 <= booked <= 4  # what was picked while counting went on may have been counted or not
    assert counters("A")[1] == 60
    assert verify_ledger() == []


def test_two_counts_of_the_same_bin_do_not_book_its_difference_twice():
    stock({("A", "MAIN"): 200})
    tasks = [opened(), opened(sku="A")]
    kim = person("kim")
    for reference in tasks:
        claimed(reference)
    outcomes = race(
        [
            Call("submit_count", {"task": x, "user_id": kim.user_id, "counts": [["A", 197]]})
            for x in tasks
        ]
    )
    assert codes(outcomes) == {"done": 2}
    assert counters("A")[0] == 197
