"""Whoever runs the house is told when something does not get out of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.alerting import check, watches
from notifications.models import Alert, Endpoint, FeedReader, OutboxEvent, SetAside
from notifications.services import dispatching, endpoints
from notifications.services.dispatching import Reader
from notifications.services.failing import DELIVERY_FAILING
from tests.factories import TESTER, do
from tests.notifications.receiving import deliver, fan_out, happen, subscribed

pytestmark = pytest.mark.usefixtures("committed_db")


def look():
    (watch,) = (one for one in watches() if one.rule == "delivery_failing")
    return do(check, watch=watch)


def standing():
    return list(Alert.objects.filter(resolved_at=None).values_list("subject", "severity", "title"))


def test_a_webhook_that_is_disabled_alerts_until_it_is_enabled(receiver):
    shop = subscribed(receiver, warehouses=["EAST"])
    receiver.answer = 410
    happen(("A", ("A", "EAST")))
    fan_out()
    deliver(shop)
    look()
    assert standing() == [
        ("webhook shop", "urgent", "Webhook shop is disabled. It answered 410: it is gone.")
    ]
    assert Alert.objects.get().warehouse == "EAST"
    do(endpoints.enable, endpoint=shop.pk)
    look()
    assert standing() == []


def test_one_that_takes_nothing_for_an_hour_alerts_until_it_does(receiver):
    shop = subscribed(receiver)
    receiver.answer = 500
    happen(("A", "A"))
    fan_out()
    deliver(shop)
    look()
    assert standing() == []
    Endpoint.objects.update(failed_at="2020-01-01T00:00Z")
    look()
    assert standing()[0][2] == "Webhook shop has taken nothing for over an hour: it answered 500"
    receiver.answer = 204
    deliver(shop)
    look()
    assert standing() == []


def test_one_that_somebody_switched_off_does_not_alert(receiver):
    shop = subscribed(receiver)
    do(endpoints.disable, endpoint=shop.pk, actor=TESTER)
    look()
    assert standing() == []


def test_an_event_that_was_set_aside_alerts_until_it_is_dealt_with():
    do(dispatching.open_reader, name="odd")

    def stumble(events, now):
        raise ValueError("odd")

    happen("A")
    do(dispatching.advance, reader=Reader("odd", stumble))
    look()
    ((subject, severity, title),) = standing()
    event = SetAside.objects.get().event_id
    assert (subject, severity) == (f"event {event}", "urgent")
    assert title == f"Event {event} (stock.received A) was set aside by odd"
    SetAside.objects.update(retried_at="2026-01-01T00:00Z")
    look()
    assert standing() == []


def test_looking_takes_three_statements_of_its_own(django_assert_num_queries):
    with django_assert_num_queries(3):
        (watch,) = (one for one in watches() if one.rule == "delivery_failing")
        watch.look(None, None)


def test_events_that_nobody_reads_are_alerted_until_they_are_read():
    reader = FeedReader.objects.create(name="alerts", position=0, event=0)
    now = timezone.now()
    event = OutboxEvent.objects.create(
        position=5, type="t.t", reference="R", actor="x", levels=[],
        occurred_at=now - timedelta(minutes=14),
    )  # fmt: skip
    assert titles(now) == []
    assert titles(now + timedelta(minutes=2)) == [
        "Events wait for 16 minutes: a long transaction holds them, or nobody reads them"
    ]
    FeedReader.objects.filter(pk=reader.pk).update(position=5, event=event.pk)
    assert titles(now + timedelta(minutes=2)) == []


def titles(now):
    return [one.title for one in DELIVERY_FAILING.look(None, now).conditions]
