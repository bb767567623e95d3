"""The change feed while others write: nothing missed, nothing twice, and each item's versions rise."""

import threading
import time

import pytest
from django.db import connection

from inventory_site.core.db import unit_of_work
from inventory_site.core.sql import rows
from notifications import feed
from notifications.feed import START, read
from notifications.models import OutboxEvent
from notifications.outbox import Event, record
from tests.concurrency.clients import Call, Runner
from tests.factories import TESTER, stock
from warehouse.lines import PlacedLine
from warehouse.services.movements import receive

pytestmark = pytest.mark.usefixtures("committed_db")

SKUS = [f"S{n}" for n in range(20)]


def receipts(place):
    return [
        Call(
            "receive",
            {
                "reference": f"P{place}-{n}",
                "lines": [{"sku": SKUS[n % 20], "warehouse": "MAIN", "quantity": 1}],
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
            receive(reference=f"SLOW-{n}", lines=[PlacedLine("SLOW", "MAIN", 1)], actor=TESTER)
            time.sleep(0.05)
    connection.close()


def follow(writers):
    """Two readers until the writers' threads are done: ours, and one that asks for "id greater than last"."""
    ours, naive, mark, last = [], [], START, 0
    idle = 0
    while idle < 3:
        idle = 0 if any(writer.is_alive() for writer in writers) else idle + 1
        fresh = OutboxEvent.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
        naive += list(fresh)
        last = max(naive, default=0)
        while events := read(after=mark, limit=50):
            ours += events
            mark = events[-1].mark
        time.sleep(0.002)
    return ours, naive


def test_a_reader_misses_nothing_where_a_naive_one_does():
    stock({(sku, "MAIN"): 1 for sku in [*SKUS, "SLOW"]})
    stop = threading.Event()
    slow = threading.Thread(target=dawdle, args=(stop,))
    writers = [Runner(receipts(n), threads=6) for n in range(2)]
    slow.start()
    drains = [threading.Thread(target=writer.outcomes) for writer in writers]
    for writer, drain in zip(writers, drains, strict=True):
        writer.go()
        drain.start()
    ours, naive = follow(drains)
    stop.set()
    slow.join()
    written = set(OutboxEvent.objects.values_list("id", flat=True))
    ours += read(after=ours[-1].mark if ours else START, limit=len(written))
    seen = [event.mark.id for event in ours]
    assert len(seen) == len(set(seen))
    assert set(seen) == written
    versions: dict[str, int] = {}
    for event in ours:
        for level in event.levels:
            assert level["version"] > versions.get(level["sku"], 0)
            versions[level["sku"]] = level["version"]
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
