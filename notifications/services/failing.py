"""The ways out themselves are watched: channels on which nothing can be told (an alert of their own, told on
all the others), webhooks that get nothing, events that nobody could deal with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.dateformat import format as dated
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.sql import rows
from notifications.alerting import Condition, Found, Watch
from notifications.feed import FeedEvent

FAILURES = 3  # in a row
HOURS = 1  # or for so long

FAILING = f"""
    SELECT c.name, c.failures, c.failing_since, c.last_error,
           (SELECT count(*) FROM notifications_ring r
             WHERE r.channel_id = c.id AND r.sent_at IS NULL AND r.dropped_at IS NULL),
           c.failures >= {FAILURES} OR c.failing_since
             <= coalesce(%s::timestamptz, statement_timestamp()) - interval '{HOURS} hours'
      FROM notifications_channel c
     WHERE c.enabled AND c.failures > 0
     ORDER BY c.name
"""

WEBHOOKS = f"""
    SELECT name, warehouses, disabled_why, failed_at, last_error
      FROM notifications_endpoint
     WHERE (NOT enabled AND collects_to IS NOT NULL)
        OR (enabled AND failed_at <= coalesce(%s::timestamptz, statement_timestamp())
                                     - interval '{HOURS} hours')
     ORDER BY name
"""

HELD_MINUTES = 15
# The feed goes no further than the oldest transaction that is open, in any database of the cluster.
HELD = f"""
    SELECT floor(extract(epoch FROM n.now - e.occurred_at) / 60)::int
      FROM (SELECT coalesce(%s::timestamptz, statement_timestamp()) AS now) n
     CROSS JOIN LATERAL (
           SELECT position, event FROM notifications_feedreader ORDER BY position, event LIMIT 1) r
     CROSS JOIN LATERAL (
           SELECT occurred_at FROM notifications_outboxevent
            WHERE (position, id) > (r.position, r.event) ORDER BY position, id LIMIT 1) e
     WHERE e.occurred_at < n.now - interval '{HELD_MINUTES} minutes'
"""
MOST_TOLD = 100  # events that were set aside, the oldest
ASIDE = f"""
    SELECT s.event_id, e.type, e.reference, string_agg(s.reader, ', ' ORDER BY s.reader), min(s.error)
      FROM notifications_setaside s JOIN notifications_outboxevent e ON e.id = s.event_id
     WHERE s.retried_at IS NULL
     GROUP BY s.event_id, e.type, e.reference
     ORDER BY s.event_id
     LIMIT {MOST_TOLD}
"""


def failing_channels(*, now: datetime | None = None) -> list[Condition]:
    """Every enabled channel whose last message could not be sent; it `holds` once that is no mere stumble."""
    return [_channel(*row) for row in rows(FAILING, [now])]


def _channel(
    name: str, failures: int, since: datetime, error: str, waiting: int, holds: bool
) -> Condition:
    details: dict[str, Any] = {"error": error, "failures": failures, "waiting": waiting}
    title = gettext("Alerts cannot be told on %(name)s since %(since)s UTC") % {
        "name": name,
        "since": dated(since, "d M H:i"),
    }
    return Condition(
        subject=f"channel {name}", title=title, severity="urgent", details=details, holds=holds
    )


def _look_at_channels(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    """Events of stock say nothing of channels."""
    if events is not None:
        return Found([], looked=())
    return Found(failing_channels(now=now))


CHANNEL_FAILING = Watch("channel_failing", _("Channel failing"), _look_at_channels)


def _look_at_deliveries(_events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    """All there are, each time: they are few, and no event tells of them."""
    webhooks = [_webhook(*row) for row in rows(WEBHOOKS, [now])]
    held = [_held(*row) for row in rows(HELD, [now])]
    return Found([*webhooks, *held, *(_event(*row) for row in rows(ASIDE, []))])


def _held(minutes: int) -> Condition:
    title = ngettext(
        "Events wait for %(minutes)s minute: a long transaction holds them, or nobody reads them",
        "Events wait for %(minutes)s minutes: a long transaction holds them, or nobody reads them",
        minutes,
    ) % {"minutes": minutes}
    return Condition("events", title, severity="urgent", details={"minutes": minutes})


def _webhook(
    name: str, warehouses: list[str], why: str, failed_at: datetime | None, error: str
) -> Condition:
    if why:
        title = gettext("Webhook %(name)s is disabled. %(why)s") % {"name": name, "why": why}
    else:
        title = gettext("Webhook %(name)s has taken nothing for over an hour: %(error)s")
        title %= {"name": name, "error": error}
    details: dict[str, Any] = {"failing_since": failed_at, "last_error": error}
    return Condition(
        f"webhook {name}",
        title,
        severity="urgent",
        warehouse=warehouses[0] if len(warehouses) == 1 else "",
        details=details,
    )


def _event(event: int, type_: str, reference: str, readers: str, error: str) -> Condition:
    return Condition(
        f"event {event}",
        gettext("Event %(event)s (%(type)s %(reference)s) was set aside by %(readers)s")
        % {"event": event, "type": type_, "reference": reference, "readers": readers},
        severity="urgent",
        details={"error": error[:500]},
    )


DELIVERY_FAILING = Watch("delivery_failing", _("Delivery failing"), _look_at_deliveries)
