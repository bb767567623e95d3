"""What waits, since when, and what does not get out: on the page and as metrics."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery, Endpoint, FeedReader, OutboxEvent, SetAside
from notifications.services.backlog import backlog

pytestmark = pytest.mark.django_db


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
