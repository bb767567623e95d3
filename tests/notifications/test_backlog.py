"""What waits, since when, and what does not get out: on the page and as metrics."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from inventory_site.core.models import StaffAccess
from notifications.models import Channel, Delivery, Endpoint, FeedReader, OutboxEvent, SetAside
from notifications.services import readers, ringing
from notifications.services.backlog import backlog
from notifications.services.dispatching import Reader
from tests.factories import do
from tests.notifications.alarms import channel, stand

pytestmark = pytest.mark.django_db

PAGE = "/admin/notifications/feedreader/"


@pytest.fixture
def house():
    """Three events, one of them read, one set aside; one delivery that waits, one that failed."""
    now = timezone.now()
    events = [
        OutboxEvent.objects.create(
            position=n, type="stock.moved", reference=str(n), actor="x", levels=[],
            occurred_at=now - timedelta(hours=9 - n),
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    FeedReader.objects.all().delete()
    FeedReader.objects.create(name="alerts", position=3, event=events[2].pk)
    FeedReader.objects.create(name="webhooks", position=1, event=events[0].pk)
    SetAside.objects.create(reader="alerts", event=events[1], error="odd")
    shop = Endpoint.objects.create(name="shop", url="https://shop.example/", failures=2, actor="x")
    Delivery.objects.create(endpoint=shop, event=events[0], sequence=1)
    Delivery.objects.create(
        endpoint=shop, event=events[1], sequence=2, status="failed", done_at=now
    )
    return events


def test_it_counts_from_the_slowest_reader(house, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = backlog()
    assert (found.events, found.oldest_event) == (2, house[1].occurred_at)
    assert (found.set_aside, found.deliveries, found.failed_deliveries) == (1, 1, 1)
    assert (found.failing_endpoints, found.disabled_endpoints) == (1, 0)
    assert (found.alerts, found.oldest_alert, found.failing_channels) == (0, None, 0)


def test_nothing_waits_in_a_house_that_is_up_to_date(db):
    found = backlog()
    assert (found.events, found.oldest_event, found.deliveries) == (0, None, 0)


def test_the_metrics_tell_it(house, client):
    told = client.get("/metrics").content.decode()
    assert "\nholdfast_events 2.0\n" in told
    assert "\nholdfast_deliveries 1.0\n" in told
    assert "holdfast_oldest_event_seconds 25" in told


def test_the_page_shows_it(house, client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    page = client.get(PAGE).content.decode()
    assert "Events to read" in page
    assert "the oldest for 7\xa0hours" in page
    assert page.count("figure-bad") == 4


def test_whoever_is_limited_to_warehouses_does_not_see_it(house, client):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 200
    StaffAccess.objects.create(user=clerk, warehouses=["MAIN"])
    assert client.get(PAGE).status_code == 403


def again(client, aside):
    told = {"action": "again", "_selected_action": [aside.pk], "confirmed": 1}
    return client.post("/admin/notifications/setaside/", told, follow=True).content.decode()


def test_what_was_set_aside_is_dealt_with_once_it_can_be(client, db, monkeypatch):
    given = []

    def handle(events, now):
        given.extend(event.reference for event in events)
        if len(given) == 1:
            raise ValueError("still odd")

    monkeypatch.setattr(readers, "READERS", (Reader("alerts", handle),))
    event = OutboxEvent.objects.create(
        position=9, type="stock.moved", reference="E-1", actor="x", levels=[]
    )
    aside = SetAside.objects.create(reader="alerts", event=event, error="odd")
    client.force_login(get_user_model().objects.create_superuser("boss"))
    assert "failed again: ValueError: still odd" in again(client, aside)
    assert "was dealt with" in again(client, aside)
    aside.refresh_from_db()
    assert aside.retried_at is not None
    again(client, aside)
    assert given == ["E-1", "E-1"]


def test_what_waits_on_a_channel_that_is_off_is_no_backlog():
    made = channel()
    stand("A", now=None)
    do(ringing.ring_due)
    assert backlog().alerts == 1
    Channel.objects.filter(pk=made.pk).update(enabled=False)
    assert (backlog().alerts, backlog().oldest_alert) == (0, None)
