"""The change feed while others write: nothing missed, nothing twice, and each item's versions rise."""

import threading
import time

import pytest
from django.db import connection

from inventory_site.core.db import unit_of_work
from inventory_site.core.sql import rows
from notifications import feed
from notifications.feed import START, Mark, read, read_on
from notifications.models import OutboxEvent
from notifications.outbox import Event, record
from tests.concurrency.clients import Call, Runner
from tests.factories import TESTER, do, stock
from warehouse.lines import PlacedLine
from warehouse.services.movements import receive

pytestmark = pytest.mark.usefixtures("committed_db")

SKUS = [f"S{n}" for n in range(20)]
PLACES = ["EAST", "MAIN", "MAIN", "MAIN", "MAIN"]


def receipts(place):
    return [
        Call(
            "receive",
            {
                "reference": f"P{place}-{n}",
                "lines": [{"sku": SKUS[n % 20], "warehouse": PLACES[n % 5], "quantity": 1}],
            },
        )
        for n in range(250)
    ]


def dawdle(stop):
    """Transactions that stay open for a while after they have written, one after the other."""
    n = 0
    while not stop.is_set():
        n += 1
        with unit_of_work():
            place = PLACES[n % 2]
            receive(reference=f"SLOW-{n}", lines=[PlacedLine("SLOW", place, 1)], actor=TESTER)
            time.sleep(0.05)
    connection.close()


def follow(writers):
    """Three readers until the writers' threads are done: ours, the same limited to EAST, and one that asks
    for "id greater than last"."""
    ours, east, naive, mark, there, last = [], [], [], START, START, 0
    idle = 0
    while idle < 3:
        idle = 0 if any(writer.is_alive() for writer in writers) else idle + 1
        fresh = OutboxEvent.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
        naive += list(fresh)
        last = max(naive, default=0)
        while events := read(after=mark, limit=50):
            ours += events
            mark = events[-1].mark
        events, there = read_on(after=there, limit=50, warehouses=["EAST"])
        east += events
        time.sleep(0.002)
    return ours, east, there, naive


def test_a_reader_misses_nothing_where_a_naive_one_does():
    stock({(sku, place): 1 for sku in [*SKUS, "SLOW"] for place in set(PLACES)})
    stop = threading.Event()
    slow = threading.Thread(target=dawdle, args=(stop,))
    writers = [Runner(receipts(n), threads=6) for n in range(2)]
    slow.start()
    drains = [threading.Thread(target=writer.outcomes) for writer in writers]
    for writer, drain in zip(writers, drains, strict=True):
        writer.go()
        drain.start()
    ours, east, there, naive = follow(drains)
    stop.set()
    slow.join()
    written = set(OutboxEvent.objects.values_list("id", flat=True))
    ours += read(after=ours[-1].mark if ours else START, limit=len(written))
    seen = [event.mark.id for event in ours]
    assert len(seen) == len(set(seen))
    assert set(seen) == written
    limited = {"warehouses": ["EAST"], "limit": len(written)}
    east += read(after=there, **limited)
    assert [event.mark for event in east] == [event.mark for event in read(**limited)]
    versions: dict[tuple[str, str], int] = {}
    for event in ours:
        for level in event.levels:
            item = (level["sku"], level["warehouse"])
            assert level["version"] > versions.get(item, 0)
            versions[item] = level["version"]
    assert set(naive) < written, "the control saw everything: this test has proven nothing"


def overtaken():
    """An event whose position is the number of a transaction that is still to come: while it was in the
    making, a younger one has come and gone."""
    younger = threading.Thread(target=happen, args=("YOUNGER",))
    with unit_of_work():
        rows("SELECT pg_current_xact_id()", [])
        younger.start()
        younger.join()
        record(events=[Event("stock.moved", "OLDER", "tester", [])])


def happen(reference):
    with unit_of_work():
        record(events=[Event("stock.moved", reference, "tester", [])])
    connection.close()


def test_the_last_event_does_not_wait_for_another_that_may_be_long_in_coming():
    overtaken()
    assert [event.reference for event in read()] == ["YOUNGER", "OLDER"]


def test_as_it_would_without_a_reader_that_takes_the_next_number(monkeypatch):
    """The control."""
    monkeypatch.setattr(feed, "TAKE_THE_NEXT_NUMBER", "SELECT 1 WHERE false")
    overtaken()
    assert [event.reference for event in read()] == ["YOUNGER"]


def test_a_reader_uses_up_no_number_where_nothing_waits():
    happen("A")
    numbers = set()
    for _ in range(3):
        assert [event.reference for event in read()] == ["A"]
        numbers.add(rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", [])[0][0])
    assert len(numbers) == 1


def test_a_reader_of_one_warehouse_does_not_pass_over_the_events_of_others_twice():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1})
    events, mark = read_on(warehouses=["EAST"], limit=1)
    assert mark == events[-1].mark  # a full page: there may be more
    for _ in range(3):
        do(receive, reference="P", lines=[PlacedLine("A", "MAIN", 1)])
    assert read_on(after=mark, warehouses=["EAST"]) == ([], read()[-1].mark)
    do(receive, reference="Q", lines=[PlacedLine("A", "EAST", 1)])
    for after in (mark, read()[-2].mark):
        events, end = read_on(after=after, warehouses=["EAST"])
        assert [event.reference for event in events] == ["Q"]
        assert end == events[-1].mark
    ahead = Mark(end.position + 100, 0)  # as after a restore
    assert read_on(after=ahead, warehouses=["EAST"]) == ([], ahead)
