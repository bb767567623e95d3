"""Which bins a walk goes to, on plain values: examples, and what must hold for any stock."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from orders.queries.shelves import Shelf, Wanted
from orders.services.planning import batched
from orders.services.walking import NEVER, SUSPECT, TIERS, walks
from warehouse.services.locations import walk_sequence


def shelf(item: int, bin_code: str, free: int, **more) -> Shelf:
    sequence = walk_sequence(bin_code)
    given = {"kind": "pick", "bin_id": sequence, "bin": bin_code, "sequence": sequence}
    return Shelf(item_id=item, free=free, **(given | more))


def want(item: int, quantity: int, *, order: int = 1) -> Wanted:
    return Wanted(order, order * 100 + item, item, quantity)


def bins(walk) -> list[tuple[str, int]]:
    return [(stop.bin, stop.quantity) for stop in walk.stops]


def one(wanted, shelves, **more):
    (walk,) = walks(batches=[wanted], shelves=shelves, **more)
    return walk


def test_the_primary_bin_is_emptied_before_the_next_is_opened():
    shelves = [shelf(1, "A-01-01", 9), shelf(1, "C-01-01", 2, primary=True)]
    assert bins(one([want(1, 5)], shelves)) == [("A-01-01", 3), ("C-01-01", 2)]


def test_a_bin_that_others_take_from_is_emptied_before_another_is_opened():
    shelves = [shelf(1, "A-01-01", 9), shelf(1, "C-01-01", 4, spoken=1)]
    assert bins(one([want(1, 4)], shelves)) == [("C-01-01", 4)]


def test_one_bin_that_suffices_is_better_than_two_that_do_not():
    shelves = [shelf(1, "A-01-01", 2), shelf(1, "B-01-01", 3), shelf(1, "F-01-01", 5)]
    assert bins(one([want(1, 5)], shelves)) == [("F-01-01", 5)]


def test_of_two_bins_the_one_where_the_walk_goes_anyway_is_taken():
    shelves = [
        shelf(1, "F-07-01", 5),
        shelf(2, "A-01-01", 5), shelf(2, "F-08-01", 5),
    ]  # fmt: skip
    assert bins(one([want(1, 1), want(2, 1)], shelves)) == [("F-08-01", 1), ("F-07-01", 1)]


def test_bulk_is_opened_when_pick_bins_do_not_suffice_and_a_suspect_bin_last():
    shelves = [
        shelf(1, "A-01-01", 2, suspect=True), shelf(1, "B-01-01", 2, kind="bulk"),
        shelf(1, "C-01-01", 2), shelf(1, "D-01-01", 9, kind="quarantine"),
        shelf(1, "E-01-01", 9, kind="packing"),
    ]  # fmt: skip
    assert bins(one([want(1, 2)], shelves)) == [("C-01-01", 2)]
    assert bins(one([want(1, 4)], shelves)) == [("B-01-01", 2), ("C-01-01", 2)]
    walk = one([want(1, 7)], shelves)
    assert bins(walk) == [("A-01-01", 2), ("B-01-01", 2), ("C-01-01", 2)]
    assert [(x.quantity, x.reason) for x in walk.unplanned] == [(1, "spoken_for")]


def test_what_lies_nowhere_is_explained():
    walk = one([want(1, 2)], [shelf(1, "E-01-01", 9, kind="packing")])
    assert (walk.stops, walk.unplanned[0].reason) == ([], "not_in_bins")


def test_the_walk_goes_up_one_aisle_and_down_the_next():
    places = ["A-02-01", "A-30-01", "B-30-01", "B-02-01", "C-01-01"]
    shelves = [shelf(n, code, 1) for n, code in enumerate(reversed(places))]
    walk = one([want(n, 1) for n in range(5)], shelves)
    assert [stop.bin for stop in walk.stops] == places


def test_a_zone_takes_its_own_aisles_and_opens_no_bulk_for_that():
    shelves = [shelf(1, "A-01-01", 5, kind="bulk"), shelf(1, "B-01-01", 5), shelf(2, "A-02-01", 5)]
    walk = one([want(1, 1), want(2, 1)], shelves, aisles=frozenset("A"))
    assert (bins(walk), walk.unplanned) == ([("A-02-01", 1)], [])


def test_the_more_urgent_line_gets_what_there_is():
    walk = one([want(1, 3, order=1), want(1, 3, order=2)], [shelf(1, "A-01-01", 4)])
    assert [(stop.order_id, stop.quantity) for stop in walk.stops] == [(1, 3), (2, 1)]
    assert [(x.wanted.order_id, x.quantity) for x in walk.unplanned] == [(2, 2)]


def test_batches_hold_whole_orders():
    lines = [want(item, 1, order=order) for order in (1, 2, 3) for item in (1, 2)]
    sizes = {
        kind: [len(x) for x in batched(lines=lines, kind=kind, orders=2, most=500)]
        for kind in ("single", "batch", "wave")
    }
    assert sizes == {"single": [2, 2, 2], "batch": [4], "wave": [4, 2]}
    assert [len(x) for x in batched(lines=lines, kind="wave", orders=9, most=3)] == [2, 2, 2]
    assert [len(x) for x in batched(lines=lines, kind="batch", orders=9, most=1)] == [2]


KINDS = st.sampled_from([*TIERS, *sorted(NEVER)])
SHELVES = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1, 6)),
    st.tuples(st.integers(0, 6), KINDS, st.booleans(), st.integers(0, 2)),
    max_size=14,
).map(
    lambda found: [
        Shelf(item, bin_id, f"A-{bin_id:02d}-01", kind, bin_id % 4, free, spoken, suspect)
        for (item, bin_id), (free, kind, suspect, spoken) in found.items()
    ]
)
WISHES = st.tuples(st.integers(1, 3), st.integers(1, 8))
BATCHES = st.lists(
    st.lists(WISHES, min_size=1, max_size=3, unique_by=lambda wish: wish[0]),
    min_size=1,
    max_size=4,
).map(
    lambda found: [[want(item, n, order=order) for item, n in lines] for order, lines in enumerate(found)]
)  # fmt: skip


def taken_from(all_walks) -> Counter:
    taken: Counter = Counter()
    for walk in all_walks:
        for stop in walk.stops:
            taken[stop.item_id, stop.bin_id] += stop.quantity
    return taken


@given(BATCHES, SHELVES)
def test_never_more_than_a_bin_holds_and_never_from_a_bin_that_is_barred(batches, shelves):
    free = {(x.item_id, x.bin_id): x.free for x in shelves if x.kind not in NEVER}
    taken = taken_from(walks(batches=batches, shelves=shelves))
    assert all(free[place] >= units > 0 for place, units in taken.items())


@given(BATCHES, SHELVES)
def test_every_unit_is_planned_or_explained(batches, shelves):
    for batch, walk in zip(batches, walks(batches=batches, shelves=shelves), strict=True):
        told: Counter = Counter()
        for stop in walk.stops:
            told[stop.order_line_id] += stop.quantity
        for part in walk.unplanned:
            told[part.wanted.order_line_id] += part.quantity
            assert part.reason
        assert told == {line.order_line_id: line.quantity for line in batch}


@given(BATCHES, SHELVES)
def test_a_bin_is_emptied_before_the_next_is_opened_and_better_ones_before_worse(batches, shelves):
    """Walk after walk: of the bins of an item that were opened, at most one is left with something."""
    taken = taken_from(walks(batches=batches, shelves=shelves))
    for item in {x.item_id for x in shelves}:
        mine = [x for x in shelves if x.item_id == item and x.kind not in NEVER and x.free]
        tier = {x.bin_id: SUSPECT if x.suspect else TIERS[x.kind] for x in mine}
        used = {x.bin_id: taken[item, x.bin_id] for x in mine if taken[item, x.bin_id]}
        left = {x.bin_id: x.free - taken[item, x.bin_id] for x in mine}
        assert len([x for x in used if left[x]]) <= 1
        worst = max((tier[x] for x in used), default=0)
        assert not any(left[x] for x in tier if tier[x] < worst)


@given(BATCHES, SHELVES)
def test_a_walk_never_turns_back_and_nothing_is_left_while_a_bin_has_some(batches, shelves):
    found = walks(batches=batches, shelves=shelves)
    taken = taken_from(found)
    for walk in found:
        order = [stop.sequence for stop in walk.stops]
        assert order == sorted(order)
        for part in walk.unplanned:
            item = part.wanted.item_id
            free = [x.free for x in shelves if x.item_id == item and x.kind not in NEVER]
            assert sum(n for (i, _), n in taken.items() if i == item) == sum(free)
