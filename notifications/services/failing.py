"""Channels on which nothing can be told: an alert of their own, told on all the others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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


def failing_channels(*, now: datetime | None = None) -> list[Condition]:
    """Every enabled channel whose last message could not be sent; it `holds` once that is no mere stumble."""
    return [_condition(*row) for row in rows(FAILING, [now])]


def _condition(
    name: str, failures: int, since: datetime, error: str, waiting: int, holds: bool
) -> Condition:
    details: dict[str, Any] = {"error": error, "failures": failures, "waiting": waiting}
    title = f"Alerts cannot be told on {name} since {since:%d %b %H:%M} UTC"
    return Condition(subject=f"channel {name}", title=title, details=details, holds=holds)


def _look(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    """Events of stock say nothing of channels."""
    if events is not None:
        return Found([], looked=())
    return Found(failing_channels(now=now))


CHANNEL_FAILING = Watch("channel_failing", "Channel failing", _look)
