"""What was told long ago is forgotten; what waits, and what is not old, never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Alert, Attempt, Channel, Delivery, Endpoint, OutboxEvent, Ring
from notifications.services import forgetting
from notifications.tasks import forget_what_was_told

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def now():
    return timezone.now()


def delivery(n, status, days, now):
    shop = Endpoint.objects.get_or_create(name="shop", url="https://shop.example/", actor="x")[0]
    done = None if status == "pending" else now - timedelta(days=days)
    made = Delivery.objects.create(endpoint=shop, sequence=n, status=status, done_at=done)
    Delivery.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=days))
    Attempt.objects.create(delivery=made, duration_ms=1)


def test_messages_that_are_done_and_old_go_with_their_attempts(now, monkeypatch):
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    event = OutboxEvent.objects.create(position=1, type="t.t", reference="R", actor="x", levels=[])
    for n, (status, days) in enumerate(
        [("delivered", 31), ("failed", 99), ("delivered", 31), ("delivered", 29), ("pending", 99)]
    ):
        delivery(n, status, days, now)
    forget_what_was_told()
    assert [*Delivery.objects.order_by("sequence").values_list("sequence", flat=True)] == [3, 4]
    assert Attempt.objects.count() == 2
    assert OutboxEvent.objects.filter(pk=event.pk).exists()


def test_alerts_that_were_resolved_long_ago_go_with_their_rings(now):
    channel = Channel.objects.create(name="mail", kind="email", sealed_address="x")
    for name, days in (("OLD", 366), ("NEW", 364), ("OPEN", None)):
        resolved = None if days is None else now - timedelta(days=days)
        alert = Alert.objects.create(
            rule="low", subject=name, severity="info", title=name, rings_at=now,
            opened_at=now - timedelta(days=500), resolved_at=resolved,
            status="open" if resolved is None else "resolved",
        )  # fmt: skip
        Ring.objects.create(alert=alert, channel=channel, due_at=now, sent_at=now)
    forget_what_was_told()
    assert {*Alert.objects.values_list("subject", flat=True)} == {"NEW", "OPEN"}
    assert Ring.objects.count() == 2
