"""An alert that turns more severe while it stands is told at once, once for each step; wavering is not."""

from datetime import time

import pytest

from inventory_site.core.actors import Actor
from notifications.models import Ring
from notifications.services import alerts, sending
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


WHO = Actor("mia")


def worse(severity="urgent", now=NOW + HOUR, **more):
    stand("A", severity=severity, now=now, **more)


def told(ops):
    return list(Ring.objects.filter(channel=ops).exclude(sent_at=None).order_by("id"))


@pytest.fixture
def ops():
    """A channel that was told of A, as a warning."""
    made = channel()
    stand("A")
    ring()
    deliver(made)
    return made


def test_it_rings_at_once_and_not_at_its_next_repeat(ops):
    worse()
    assert ring(NOW + HOUR) == 1
    assert deliver(ops, NOW + HOUR).sent
    assert [one.severity for one in told(ops)] == ["warning", "urgent"]


def test_once_for_each_step_however_it_wavers(ops):
    for minutes, severity in enumerate(
        ("urgent", "warning", "info", "urgent", "warning", "urgent")
    ):
        now = NOW + HOUR + minutes * MINUTE
        worse(severity, now)
        ring(now)
        deliver(ops, now)
    assert [one.severity for one in told(ops)] == ["warning", "urgent"]
    assert due_on(ops) == {"A": NOW + HOUR + DAY}


def test_each_of_two_steps_is_told():
    ops = channel()
    for n, severity in enumerate(("info", "warning", "urgent", "urgent")):
        worse(severity, NOW + n * HOUR)
        ring(NOW + n * HOUR)
        deliver(ops, NOW + n * HOUR)
    assert [one.severity for one in told(ops)] == ["info", "warning", "urgent"]


def test_less_severe_waits_for_its_repeat(ops):
    worse("info")
    assert ring(NOW + HOUR) == 0
    assert ring(NOW + DAY) == 1
    deliver(ops, NOW + DAY)
    assert [one.severity for one in told(ops)] == ["warning", "info"]


def test_what_went_and_came_back_worse_within_the_day_is_told_at_once(ops):
    stand(now=NOW + MINUTE)
    stand("A", now=NOW + 2 * MINUTE)
    assert ring(NOW + 2 * MINUTE) == 0
    stand(now=NOW + 3 * MINUTE)
    worse()
    assert ring(NOW + HOUR) == 1
    assert due_on(ops) == {"A": NOW + HOUR}
    deliver(ops, NOW + HOUR)
    stand(now=NOW + 2 * HOUR)
    worse(now=NOW + 3 * HOUR)
    assert ring(NOW + 3 * HOUR) == 0


def test_what_waits_for_the_morning_waits_no_longer():
    ops = channel(quiet_from=time(10), quiet_until=time(12))
    stand("A")
    ring()
    assert due_on(ops) == {"A": NOW + 115 * MINUTE}
    worse(now=NOW + MINUTE)
    ring(NOW + MINUTE)
    assert due_on(ops) == {"A": NOW + MINUTE}
    assert Ring.objects.count() == 1


@pytest.mark.parametrize(
    ("decide", "more"), [(alerts.acknowledge, {}), (alerts.snooze, {"until": NOW + 9 * DAY})]
)
def test_what_somebody_has_decided_about_stays_silent_until_it_is_open_again(ops, decide, more):
    who = {"ids": [alert().pk], "actor": WHO}
    do(decide, now=NOW + MINUTE, **who, **more)
    worse()
    assert ring(NOW + HOUR) == 0
    do(alerts.reopen, now=NOW + 2 * HOUR, **who)
    assert ring(NOW + 2 * HOUR) == 1
    assert due_on(ops) == {"A": NOW + 2 * HOUR}


def test_a_channel_that_heard_of_it_as_urgent_is_not_told_again(ops):
    late = channel("Late", "late@shop.example", severities=["urgent"])
    worse()
    ring(NOW + HOUR)
    deliver(late, NOW + HOUR)
    assert [one.severity for one in told(late)] == ["urgent"]
    assert due_on(ops) == {"A": NOW + HOUR}


def test_a_step_that_was_taken_back_before_it_was_told_is_a_step_when_it_comes_again(ops):
    worse()
    ring(NOW + HOUR)
    worse("warning", NOW + HOUR + MINUTE)
    assert deliver(ops, NOW + HOUR + MINUTE) is None, "a warning was told an hour ago"
    worse(now=NOW + 2 * HOUR)
    assert ring(NOW + 2 * HOUR) == 1
    deliver(ops, NOW + 2 * HOUR)
    assert [one.severity for one in told(ops)] == ["warning", "urgent"]


def test_what_rises_while_a_courier_tells_of_it_is_told_by_the_next():
    ops = channel()
    stand("A")
    ring()
    taken = do(sending.take, channel_id=ops.pk, now=NOW)
    worse(now=NOW + MINUTE)
    ring(NOW + MINUTE)
    do(sending.settle, taken=taken, outcome=sending.send(taken=taken), now=NOW + MINUTE)
    assert ring(NOW + 2 * MINUTE) == 1
    deliver(ops, NOW + 2 * MINUTE)
    assert [one.severity for one in told(ops)] == ["warning", "urgent"]


def test_a_step_that_was_dropped_since_somebody_was_at_it_is_told_once_it_is_open_again(ops):
    worse()
    ring(NOW + HOUR)
    who = {"ids": [alert().pk], "actor": WHO}
    do(alerts.acknowledge, now=NOW + HOUR, **who)
    assert deliver(ops, NOW + HOUR) is None
    do(alerts.reopen, now=NOW + 2 * HOUR, **who)
    assert ring(NOW + 2 * HOUR) == 1
    assert deliver(ops, NOW + 2 * HOUR).sent
    assert [one.severity for one in told(ops)] == ["warning", "urgent"]


def less(severity="info", **route):
    """A channel on which A waits as urgent, and is less by now."""
    made = channel("Night", "night@shop.example", **route)
    stand("A", severity="urgent")
    ring()
    worse(severity, NOW)
    return made


def test_a_channel_of_urgent_alerts_is_not_told_of_one_that_is_a_notice_by_now():
    night = less(severities=["urgent"])
    assert deliver(night, NOW + MINUTE) is None
    assert due_on(night) == {}
    worse(now=NOW + 2 * MINUTE)
    ring(NOW + 2 * MINUTE)
    assert deliver(night, NOW + 2 * MINUTE).sent, "nobody has heard of it"


def test_what_is_no_longer_urgent_waits_for_the_end_of_quiet_hours():
    night = less("warning", quiet_from=time(10), quiet_until=time(12))
    assert deliver(night, NOW + MINUTE) is None
    assert due_on(night) == {"A": NOW + 115 * MINUTE}
    assert deliver(night, NOW + 115 * MINUTE).sent
    assert [one.severity for one in told(night)] == ["warning"]


def test_what_is_less_severe_by_now_and_goes_anyway_is_told_as_it_stands():
    night = less("warning")
    assert deliver(night, NOW + MINUTE).sent
    assert [one.severity for one in told(night)] == ["warning"]


def test_a_message_that_was_begun_is_looked_at_again_too():
    night = less("urgent", severities=["urgent"])
    taken = do(sending.take, channel_id=night.pk, now=NOW)
    do(sending.settle, taken=taken, outcome=sending.Outcome(False, "asleep"), now=NOW)
    worse("info", NOW + MINUTE)
    assert deliver(night, NOW + 2 * MINUTE) is None
    assert due_on(night) == {}


def graded(letters, severity, now=NOW):
    worse(severity, now, details={"class": letters})


@pytest.mark.parametrize("before", ["BX", None])
def test_what_another_class_alone_makes_urgent_waits_for_its_next_repeat(before):
    ops = channel(quiet_from=time(22), quiet_until=time(7))
    evening, night, morning = (NOW + hours * HOUR for hours in (13, 16, 21))
    graded(before, "warning", evening)
    ring(evening)
    deliver(ops, morning)
    graded("AX", "urgent", night + DAY)
    for hours in range(24):
        now = night + DAY + hours * HOUR
        ring(now)
        deliver(ops, now)
    first, second = told(ops)
    assert (first.severity, second.severity) == ("warning", "urgent")
    assert second.sent_at - first.sent_at >= DAY
    assert 7 <= second.sent_at.hour < 22


def test_what_waits_for_the_morning_is_told_by_its_new_class_then():
    ops = channel(quiet_from=time(10), quiet_until=time(12))
    graded("BX", "warning")
    ring()
    graded("AX", "urgent", NOW + MINUTE)
    assert ring(NOW + MINUTE) == 0
    assert due_on(ops) == {"A": NOW + 115 * MINUTE}
    deliver(ops, NOW + 115 * MINUTE)
    assert [one.severity for one in told(ops)] == ["urgent"]


def test_in_between_it_turns_severe_without_a_sound(ops):
    worse(now=NOW + HOUR, holds=False, title="A is nearly right")
    assert (alert().severity, alert().title) == ("urgent", "A is nearly right")
    assert ring(NOW + HOUR) == 0
    assert ring(NOW + DAY) == 1


def test_a_channel_that_missed_a_step_is_told_of_the_next_though_another_heard_of_it(ops):
    quick = channel("Quick", "quick@shop.example")
    worse()
    ring(NOW + HOUR)
    deliver(quick, NOW + HOUR)
    worse("warning", NOW + HOUR + MINUTE)
    assert deliver(ops, NOW + HOUR + MINUTE) is None
    worse(now=NOW + 2 * HOUR)
    ring(NOW + 2 * HOUR)
    for one in (ops, quick):
        deliver(one, NOW + 2 * HOUR)
    assert [[x.severity for x in told(one)] for one in (ops, quick)] == [
        ["warning", "urgent"],
        ["urgent"],
    ]
