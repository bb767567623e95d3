"""Readers of the feed: every event once, in order; a bad one is set aside; one process at a time."""

import threading

import pytest
from django.db import OperationalError, connection

from inventory_site.core.db import unit_of_work
from inventory_site.core.errors import Busy
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.models import FeedReader, OutboxEvent, SetAside
from notifications.outbox import Event
from notifications.services import dispatching
from notifications.services.dispatching import Reader
from tests.factories import do

pytestmark = pytest.mark.usefixtures("committed_db")


def happen(*references):
    with unit_of_work():
        outbox.record(events=[Event("stock.moved", name, "tester", []) for name in references])


class Notes:
    """A reader that keeps what it was given, and stumbles over some references."""

    def __init__(self, poison=(), error=ValueError):
        self.poison, self.error = poison, error
        self.given, self.seen = [], []
        self.reader = Reader("notes", self.handle)
        do(dispatching.open_reader, name="notes")

    def handle(self, events, now):
        names = [event.reference for event in events]
        self.given.append(names)
        for name in names:
            if name in self.poison:
                raise self.error(f"{name} is odd")
        self.seen += names

    def advance(self, **limit):
        return do(dispatching.advance, reader=self.reader, **limit)


def test_every_event_is_given_once_and_in_order():
    notes = Notes()
    happen("A", "B")
    assert notes.advance() == 2
    happen("C")
    assert notes.advance() == 1
    assert notes.advance() == 0
    assert notes.given == [["A", "B"], ["C"]]


def test_more_than_a_batch_comes_in_pieces():
    notes = Notes()
    happen(*"ABCDE")
    assert [notes.advance(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert notes.seen == [*"ABCDE"]


def test_a_poison_event_is_set_aside_and_the_rest_goes_on():
    notes = Notes(poison={"B"})
    happen("A", "B", "C")
    assert notes.advance() == 3
    assert notes.given == [["A", "B", "C"], ["A"], ["B"], ["C"]]
    assert notes.seen == ["A", "C"]
    (aside,) = SetAside.objects.select_related("event")
    assert (aside.event.reference, aside.reader) == ("B", "notes")
    assert aside.error == "ValueError: B is odd"
    assert notes.advance() == 0


def test_what_the_handler_wrote_before_it_failed_is_taken_back():
    do(dispatching.open_reader, name="writer")

    def handle(events, now):
        FeedReader.objects.create(name=events[0].reference)
        raise ValueError

    happen("A")
    assert do(dispatching.advance, reader=Reader("writer", handle)) == 1
    assert not FeedReader.objects.filter(name="A").exists()
    assert SetAside.objects.count() == 1


@pytest.mark.parametrize("error", [Busy, OperationalError])
def test_a_fault_of_the_moment_sets_nothing_aside_and_moves_nothing(error):
    notes = Notes(poison={"A"}, error=error)
    happen("A")
    with pytest.raises(Exception):  # noqa: B017, PT011 (as the edge of a transaction names it)
        notes.advance()
    notes.poison = ()
    assert notes.advance() == 1
    assert notes.seen == ["A"]
    assert not SetAside.objects.exists()


def test_only_one_process_at_a_time_reads_and_the_other_does_not_wait():
    happen("A")
    told = []

    def second():
        told.append(do(dispatching.advance, reader=Reader("notes", lambda *_: None)))
        connection.close()

    def first(events, now):
        other = threading.Thread(target=second)
        other.start()
        other.join(5)

    notes = Notes()
    assert do(dispatching.advance, reader=Reader("notes", first)) == 1
    assert told == [None]
    assert notes.advance() == 0


def test_a_reader_that_died_in_the_middle_leaves_its_events_to_the_next():
    notes = Notes()
    happen("A", "B")

    def die():
        dispatching.advance(reader=notes.reader)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(die)
    assert notes.advance() == 2


def test_it_knows_that_an_event_waits_behind_an_open_transaction():
    notes = Notes()
    begun, go_on = threading.Event(), threading.Event()

    def dawdle():
        with unit_of_work():
            outbox.record(events=[Event("stock.moved", "SLOW", "tester", [])])
            begun.set()
            go_on.wait(10)
        connection.close()

    slow = threading.Thread(target=dawdle)
    slow.start()
    begun.wait(5)
    happen("FAST")
    assert notes.advance() == 0
    assert dispatching.waiting(reader=notes.reader)
    go_on.set()
    slow.join()
    assert notes.advance() == 2
    assert not dispatching.waiting(reader=notes.reader)
    assert OutboxEvent.objects.count() == 2


def test_a_batch_that_takes_too_long_is_taken_one_by_one():
    do(dispatching.open_reader, name="slow")
    given = []

    def handle(events, now):
        given.append(len(events))
        if len(events) > 1:
            rows("SET LOCAL statement_timeout = 50", [])
            rows("SELECT pg_sleep(5)", [])

    happen("A", "B")
    assert do(dispatching.advance, reader=Reader("slow", handle)) == 2
    assert given == [2, 1, 1]
    assert not SetAside.objects.exists()
