"""The reader of the feed that keeps alerts: every watch looks where the events point."""

from collections.abc import Sequence
from datetime import datetime

from notifications.alerting import check, watches
from notifications.feed import FeedEvent
from notifications.services.dispatching import Reader


def _look_where_they_point(events: Sequence[FeedEvent], now: datetime | None) -> None:
    """Bring the alerts of every rule in line with how the subjects of these events stand now."""
    for watch in watches():
        check(watch=watch, events=events, now=now)


ALERTS = Reader("alerts", _look_where_they_point)
