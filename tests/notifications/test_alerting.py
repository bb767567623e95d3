"""Alerts follow what watches see: opened once, resolved by themselves, told of at most once a day."""

from datetime import UTC, datetime, timedelta

import pytest

from inventory_site.core.actors import Actor
from notifications import tasks
from notifications.alerting import Condition, Found, Watch, check, settle
from notifications.errors import AlertNotFound, AlertResolved, InvalidSnooze
from notifications.models import Alert, Ring
from notifications.services import alerts
from tests.factories import do
from tests.notifications.alarms import channel

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def see(*subjects, looked=None, holds=True, now=MONDAY, title="{} is low", **more):
    conditions = [Condition(name, title.format(name), holds=holds, **more) for name in subjects]
    return do(settle, rule="low", found=Found(conditions, looked), now=now)


def standing():
    return list(
        Alert.objects.filter(resolved_at=None).order_by("subject").values_list("subject", flat=True)
    )


def test_it_opens_once_and_resolves_by_itself():
    assert len(see("A", "B").opened) == 2
    assert see("A", "B").opened == []
    assert len(see("A").resolved) == 1
    assert standing() == ["A"]
    assert Alert.objects.get(subject="B").status == "resolved"


def test_where_it_did_not_look_nothing_is_resolved():
    see("A", "B")
    see(looked=["A"])
    assert standing() == ["B"]
    see(looked=[])
    assert standing() == ["B"]


def test_in_between_what_stands_goes_on_and_nothing_opens():
    see("A")
    see("A", "B", holds=False)
    assert standing() == ["A"]
    see()
    assert standing() == []


def test_a_wavering_level_is_told_of_once_a_day():
    (told,) = see("A").opened
    Ring.objects.create(
        alert_id=told, channel=channel(), due_at=MONDAY, sent_at=MONDAY, severity="warning"
    )
    see(now=MONDAY + HOUR)
    see("A", now=MONDAY + 2 * HOUR)
    again = Alert.objects.get(resolved_at=None)
    assert again.rings_at == MONDAY + 24 * HOUR
    see(now=MONDAY + 3 * HOUR)
    see("A", now=MONDAY + 30 * HOUR)
    assert Alert.objects.get(resolved_at=None).rings_at == MONDAY + 30 * HOUR


def test_what_has_become_worse_is_told_in_new_words_by_the_same_alert():
    (id_,) = see("A").opened
    see("A", title="{} is very low", severity="urgent")
    alert = Alert.objects.get(pk=id_)
    assert (alert.title, alert.severity, alert.opened_at) == ("A is very low", "urgent", MONDAY)


def test_a_watch_is_asked_for_all_or_for_what_events_point_to():
    asked = []

    def look(events, now):
        asked.append(events)
        return Found([Condition("A", "A is low")])

    watch = Watch("low", "Low", look)
    do(check, watch=watch)
    do(check, watch=watch, events=["an event"])
    assert asked == [None, ["an event"]]
    assert standing() == ["A"]


def decide(service, *subjects, **more):
    ids = list(Alert.objects.filter(subject__in=subjects).values_list("id", flat=True))
    return do(service, ids=ids, actor=Actor("mia"), now=MONDAY + HOUR, **more)


def test_acknowledged_stays_so_until_resolved_and_a_new_one_is_open():
    see("A")
    assert decide(alerts.acknowledge, "A") == 1
    see("A")
    alert = Alert.objects.get()
    assert (alert.status, alert.decided_by) == ("acknowledged", "mia")
    see()
    see("A")
    assert Alert.objects.get(resolved_at=None).status == "open"


def test_snoozed_until_a_time_ahead():
    see("A")
    until = MONDAY + 5 * HOUR
    decide(alerts.snooze, "A", until=until)
    assert Alert.objects.get().snoozed_until == until
    decide(alerts.reopen, "A")
    assert (Alert.objects.get().status, Alert.objects.get().snoozed_until) == ("open", None)


@pytest.mark.parametrize("until", [MONDAY, MONDAY + timedelta(days=91)])
def test_no_time_to_put_it_off_to(until):
    see("A")
    with pytest.raises(InvalidSnooze):
        decide(alerts.snooze, "A", until=until)


def test_what_is_resolved_is_decided_about_no_more_and_nothing_is_half_done():
    see("A", "B")
    see("A")
    with pytest.raises(AlertResolved, match="B is low"):
        decide(alerts.acknowledge, "A", "B")
    assert Alert.objects.get(subject="A").status == "open"


def test_alerts_of_other_warehouses_are_not_there():
    see("A", warehouse="MAIN")
    see("A", "B", warehouse="EAST")
    with pytest.raises(AlertNotFound):
        decide(alerts.acknowledge, "A", "B", within={"MAIN"})
    assert decide(alerts.acknowledge, "B", within={"EAST"}) == 1


def test_two_conditions_of_one_subject_are_one_alert():
    conditions = [Condition("A", "first"), Condition("A", "second")]
    do(settle, rule="low", found=Found(conditions), now=MONDAY)
    assert Alert.objects.get().title == "second"
    assert do(settle, rule="low", found=Found(conditions), now=MONDAY).resolved == []


def test_a_rule_that_cannot_be_read_leaves_the_others_their_look(monkeypatch):
    def broken(events, now):
        raise ValueError("odd")

    seen = Watch("b", "B", lambda events, now: Found([Condition("X", "x")]))
    monkeypatch.setattr(tasks, "watches", lambda: [Watch("a", "A", broken), seen])
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "in_unit_of_work", lambda work: work())
        tasks.look_everywhere()
    assert standing() == ["X"]
