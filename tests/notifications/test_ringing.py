"""Which alert waits on which channel, and that none is told more often than once a day."""

from datetime import time

import pytest

from notifications.models import Channel, Ring, Route
from notifications.services import alerts, channels, ringing
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


def test_routes_choose_by_severity_rule_and_warehouse():
    for name, route in {
        "urgent": {"severities": ["urgent"]},
        "late": {"rules": ["purchase_late"]},
        "east": {"warehouses": ["EAST"]},
        "both": {"severities": ["warning"], "rules": ["low_stock"], "warehouses": ["MAIN"]},
        "none": {"severities": []},
    }.items():
        channel(name, **route)
    stand("A", warehouse="MAIN")
    stand("PO-1", rule="purchase_late", warehouse="EAST", severity="urgent")
    stand("ledger", rule="ledger_drift")
    assert ring() == 3
    told = {c.name: set(due_on(c)) for c in Channel.objects.all()}
    assert told == {
        "urgent": {"PO-1"},
        "late": {"PO-1"},
        "east": {"PO-1", "ledger"},  # what is about no certain warehouse concerns all of them
        "both": {"A"},
        "none": set(),
    }


def test_of_several_routes_of_a_channel_the_earliest_counts():
    ops = channel(every_minutes=60)
    Route.objects.create(channel=ops, severities=["warning"], every_minutes=10)
    stand("A")
    ring()
    assert due_on(ops) == {"A": NOW + 5 * MINUTE}


def test_quiet_hours_hold_warnings_back_and_urgent_ones_not():
    ops = channel(quiet_from=time(10), quiet_until=time(12))
    stand("A")
    stand("B", rule="out_of_stock", severity="urgent")
    ring()
    assert due_on(ops) == {"A": NOW + 115 * MINUTE, "B": NOW}


def test_it_rings_once_and_again_after_a_day():
    ops = channel()
    stand("A")
    assert [ring(), ring(), ring(NOW + 23 * HOUR)] == [1, 0, 0]
    deliver(ops)
    assert ring(NOW + DAY) == 1
    assert Ring.objects.count() == 2


def test_what_was_told_late_is_told_again_a_day_after_that():
    ops = channel()
    stand("A")
    ring()
    deliver(ops, NOW + 20 * HOUR)
    ring(NOW + DAY)
    assert due_on(ops) == {"A": NOW + 44 * HOUR}


def test_so_is_what_was_told_late_went_and_came_back():
    ops = channel()
    stand("A")
    ring()
    deliver(ops, NOW + 20 * HOUR)
    stand(now=NOW + 21 * HOUR)
    stand("A", now=NOW + 22 * HOUR)
    assert ring(NOW + 22 * HOUR) == 0
    assert [ring(NOW + DAY), ring(NOW + 44 * HOUR)] == [0, 1]
    assert due_on(ops) == {"A": NOW + 44 * HOUR}


def test_while_it_waits_it_does_not_wait_a_second_time():
    ops = channel()
    stand("A")
    assert [ring(), ring(NOW + DAY), ring(NOW + 2 * DAY)] == [1, 1, 1]
    assert Ring.objects.count() == 1
    assert due_on(ops) == {"A": NOW}


@pytest.mark.parametrize("moved", [-DAY, DAY])
def test_a_clock_that_is_moved_by_a_day_and_back_tells_nothing_twice(moved):
    ops = channel()
    stand("A")
    ring()
    deliver(ops)
    ring(NOW + moved)
    ring(NOW + moved + MINUTE)
    deliver(ops, NOW + moved)
    deliver(ops, NOW + moved + MINUTE)
    ring(NOW + 2 * MINUTE)
    deliver(ops, NOW + 2 * MINUTE)
    assert Ring.objects.exclude(sent_at=None).count() == (2 if moved == DAY else 1)


def decide(service, *subjects, now=NOW, **more):
    ids = [alert(name).pk for name in subjects]
    do(service, ids=ids, now=now, **more)


def test_acknowledged_and_snoozed_ones_are_silent_until_the_snooze_is_over():
    ops = channel()
    stand("A", "B")
    decide(alerts.acknowledge, "A")
    decide(alerts.snooze, "B", until=NOW + HOUR)
    assert [ring(), ring(NOW + HOUR - MINUTE), ring(NOW + HOUR)] == [0, 0, 1]
    assert set(due_on(ops)) == {"B"}
    assert (alert("B").status, alert("B").snoozed_until) == ("open", None)


def test_one_that_somebody_put_off_is_told_at_that_hour_though_it_was_told_that_day():
    ops = channel()
    stand("A")
    ring()
    deliver(ops)
    decide(alerts.snooze, "A", until=NOW + HOUR, now=NOW + MINUTE)
    ring(NOW + HOUR)
    assert due_on(ops) == {"A": NOW + HOUR}


def test_one_that_is_open_again_is_told_when_it_is_due_anyway():
    ops = channel()
    stand("A", "B")
    decide(alerts.snooze, "B", until=NOW + 9 * DAY)
    ring()
    deliver(ops)
    decide(alerts.acknowledge, "A")
    decide(alerts.reopen, "A", "B", now=NOW + HOUR)
    ring(NOW + HOUR)
    assert set(due_on(ops)) == {"B"}
    ring(NOW + DAY)
    assert set(due_on(ops)) == {"A", "B"}


def test_what_nobody_wants_is_looked_at_again_soon_so_that_a_new_channel_hears_of_it():
    channel("Off")
    Channel.objects.update(enabled=False)
    stand("A")
    assert [ring(), ring(NOW + MINUTE)] == [1, 0]
    ops = channel()
    ring(NOW + 15 * MINUTE)
    assert set(due_on(ops)) == {"A"}


def test_what_comes_up_while_a_channel_is_off_waits_and_what_is_over_by_then_is_dropped():
    off = channel("Off")
    do(channels.switch, channel_id=off.pk, enabled=False)
    stand("A", "B")
    for hours in (0, 25, 50):
        ring(NOW + hours * HOUR)
    assert (set(due_on(off)), Ring.objects.count()) == ({"A", "B"}, 2)
    assert deliver(off, NOW + 50 * HOUR) is None
    stand("B", now=NOW + 50 * HOUR)
    do(channels.switch, channel_id=off.pk, enabled=True)
    assert deliver(off, NOW + 50 * HOUR).sent
    sent = Ring.objects.exclude(sent_at=None).values_list("alert__subject", flat=True)
    assert list(sent) == ["B"]


@pytest.mark.parametrize("many", [1, 200])
def test_the_number_of_statements_does_not_depend_on_the_alerts(many, django_assert_num_queries):
    for name in "AB":
        channel(name)
    stand(*(f"S{n}" for n in range(many)))
    with django_assert_num_queries(5 + 2):  # and the transaction
        assert do(ringing.ring_due, now=NOW) == many
    with django_assert_num_queries(1 + 2):
        assert do(ringing.ring_due, now=NOW) == 0


def test_a_thousand_at_most_in_one_call():
    channel()
    stand(*(f"S{n}" for n in range(30)))
    assert [do(ringing.ring_due, now=NOW, most=20) for _ in range(3)] == [20, 10, 0]
