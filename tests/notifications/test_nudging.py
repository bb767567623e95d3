"""A committed event nudges the dispatcher; what was rolled back does not; Redis away costs nothing."""

import time

import pytest
from celery import Celery
from redis.exceptions import RedisError

from inventory_site.core.db import unit_of_work
from inventory_site.core.redis import contact
from notifications import nudging, outbox
from notifications.outbox import Event

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")

EVENT = Event("stock.moved", "A", "tester", [])


@pytest.fixture
def sent(monkeypatch):
    told = []
    monkeypatch.setattr(nudging._sender, "send_task", lambda name, **_: told.append(name))
    return told


def awaited(sent, count):
    end = time.monotonic() + 5
    while len(sent) < count and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(0.02)
    return len(sent)


def test_many_events_need_one_nudge_until_it_is_taken(sent):
    for _ in range(5):
        with unit_of_work():
            outbox.record(events=[EVENT])
    assert awaited(sent, 1) == 1
    assert sent == ["notifications.tasks.dispatch"]
    time.sleep(nudging.BREATH_SECONDS)
    nudging.taken()
    with unit_of_work():
        outbox.record(events=[EVENT])
    assert awaited(sent, 2) == 2


def test_nothing_is_sent_before_the_commit_or_without_one(sent):
    def half():
        with unit_of_work():
            outbox.record(events=[EVENT])
            assert awaited(sent, 0) == 0
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert awaited(sent, 0) == 0


def test_redis_away_is_no_fault(sent, monkeypatch):
    def away(command):
        raise RedisError

    monkeypatch.setattr(contact, "call", away)
    assert nudging.nudge() is False
    nudging.taken()


def test_a_broker_that_is_away_is_no_fault_and_leaves_the_way_free(monkeypatch):
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1", set_as_current=False)
    nowhere.conf.broker_transport_options = nudging._sender.conf.broker_transport_options
    monkeypatch.setattr(nudging, "_sender", nowhere)
    assert nudging.nudge() is False
    assert contact.call(lambda client: client.get(nudging.PENDING)) is None


def test_it_can_be_switched_off(sent, settings):
    settings.NUDGE_DISPATCHER = False
    with unit_of_work():
        outbox.record(events=[EVENT])
    assert awaited(sent, 0) == 0
