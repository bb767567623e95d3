"""What a clock that was a day ahead has written is not waited for once it is right."""

from datetime import time

import pytest

from notifications.models import Ring
from notifications.services import alerts, ringing
from tests.factories import do
from tests.notifications.alarms import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    alert,
    channel,
    deliver,
    due_on,
    ring,
    stand,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

AHEAD = NOW + DAY


def test_what_waits_by_it_is_told_at_once_and_once():
    ops = channel()
    stand("A", now=AHEAD)
    ring(AHEAD)
    assert deliver(ops, NOW + MINUTE).sent
    assert [ring(NOW + MINUTE), ring(NOW + 2 * MINUTE)] == [1, 0]
    assert deliver(ops, NOW + 10 * MINUTE) is None
    assert Ring.objects.exclude(sent_at=None).count() == 1
    assert alert().opened_at == NOW + MINUTE


@pytest.mark.parametrize("ahead", [HOUR, DAY, 9 * DAY])
def test_what_was_only_opened_by_it_rings_at_once(ahead):
    ops = channel()
    stand("A", now=NOW + ahead)
    assert ring(NOW + MINUTE) == 1
    assert deliver(ops, NOW + MINUTE).sent


def test_what_rang_by_it_rings_within_the_day():
    channel()
    stand("A")
    ring(NOW + 9 * DAY)
    assert [ring(NOW + HOUR), ring(NOW + 2 * HOUR)] == [1, 0]


def test_quiet_hours_are_kept_by_the_right_clock():
    ops = channel(quiet_from=time(10), quiet_until=time(12))
    stand("A", now=AHEAD)
    ring(AHEAD)
    assert deliver(ops, NOW) is None
    assert due_on(ops) == {"A": NOW + 115 * MINUTE}
    assert deliver(ops, NOW + 115 * MINUTE).sent


def test_what_was_put_off_waits_as_long_as_it_was_told_to():
    ops = channel()
    stand("A")
    do(alerts.snooze, ids=[alert().pk], until=NOW + 9 * DAY, now=NOW)
    assert [ring(NOW), ring(NOW + 8 * DAY)] == [0, 0]
    assert due_on(ops) == {}


def test_a_thousand_that_were_opened_by_it_are_done_with_after_one_turn():
    channel()
    stand(*(f"S{n}" for n in range(30)), now=AHEAD)
    assert [do(ringing.ring_due, now=NOW, most=20) for _ in range(3)] == [20, 10, 0]
