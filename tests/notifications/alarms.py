"""Alerts and channels as tests start from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inventory_site.core.db import unit_of_work
from notifications import alerting
from notifications.alerting import Condition, Found
from notifications.models import Alert, Channel, Ring, Route
from notifications.services import channels, ringing, sending
from tests.factories import do

NOW = datetime(2026, 6, 1, 10, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALL = ["info", "warning", "urgent"]


def channel(name: str = "Ops", address: str = "ops@shop.example", **route: Any) -> Channel:
    """A channel with one route: of all alerts, at once, unless said otherwise."""
    kind = "email" if "@" in address and "://" not in address else "service"
    made = do(channels.create, name=name, kind=kind, address=address)
    Route.objects.create(channel=made, **({"severities": ALL} | route))
    return made


def proven(made: Channel) -> Channel:
    """The same, on which something was told before."""
    Channel.objects.filter(pk=made.pk).update(sent_at=NOW - DAY)
    return made


def stand(*subjects: str, now: datetime = NOW, rule: str = "low_stock", **more: Any) -> None:
    """These subjects and no others are wrong, by this rule."""
    found = [
        Condition(**({"subject": name, "title": f"{name} is low"} | more)) for name in subjects
    ]
    with unit_of_work():
        alerting.settle(rule=rule, found=Found(found), now=now)


def ring(now: datetime = NOW) -> int:
    return do(ringing.ring_due, now=now)


def deliver(to: Channel, now: datetime = NOW) -> sending.Outcome | None:
    """As the courier's task does it."""
    taken = do(sending.take, channel_id=to.pk, now=now)
    if taken is None:
        return None
    outcome = sending.send(taken=taken)
    do(sending.settle, taken=taken, outcome=outcome, now=now)
    return outcome


def due_on(to: Channel) -> dict[str, datetime]:
    """What waits on a channel: subject and when it is due."""
    waiting = Ring.objects.filter(channel=to, sent_at=None, dropped_at=None)
    return dict(waiting.values_list("alert__subject", "due_at"))


def alert(subject: str = "A") -> Alert:
    """The latest of that subject."""
    return Alert.objects.filter(subject=subject).latest("id")
