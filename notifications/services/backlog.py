"""How much waits to leave the house, since when, and what does not get out."""

from dataclasses import dataclass
from datetime import datetime

from inventory_site.core.sql import rows

MOST_COUNTED = 10_000  # of events that wait; more is told as this many
FAILED_DAYS = 7

# Each part reads an index of what waits, so that it costs what waits and not what ever was.
BACKLOG = f"""
SELECT coalesce(e.count, 0)::int, e.oldest, r.moved_at,
       (SELECT count(*)::int FROM notifications_setaside WHERE retried_at IS NULL),
       d.count::int, d.oldest,
       (SELECT count(*)::int FROM notifications_delivery
         WHERE status = 'failed' AND done_at > statement_timestamp() - interval '{FAILED_DAYS} days'),
       (SELECT count(*)::int FROM notifications_endpoint WHERE NOT enabled AND collects_to IS NOT NULL),
       (SELECT count(*)::int FROM notifications_endpoint WHERE enabled AND failures > 0),
       g.count::int, g.oldest,
       (SELECT count(*)::int FROM notifications_channel WHERE enabled AND failures > 0)
  FROM (SELECT min(moved_at) AS moved_at FROM notifications_feedreader) r
  LEFT JOIN LATERAL (
       SELECT count(*) AS count, min(occurred_at) AS oldest
         FROM (SELECT x.occurred_at
                 FROM notifications_outboxevent x,
                      (SELECT position, event FROM notifications_feedreader
                        ORDER BY position, event LIMIT 1) m
                WHERE (x.position, x.id) > (m.position, m.event)
                ORDER BY x.position, x.id LIMIT {MOST_COUNTED}) y) e ON true
 CROSS JOIN (SELECT count(*) AS count, min(created_at) AS oldest
               FROM notifications_delivery WHERE status = 'pending') d
 CROSS JOIN (SELECT count(*) AS count, min(due_at) AS oldest
               FROM notifications_ring r
              WHERE sent_at IS NULL AND dropped_at IS NULL
                AND due_at <= statement_timestamp()
                AND EXISTS (SELECT 1 FROM notifications_channel c
                             WHERE c.id = r.channel_id AND c.enabled)) g
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of what waits, and since when the oldest of it does (None: nothing waits).

    `read_at`: when the slowest reader of the feed last moved. Alerts on a channel that is off do not count.
    `events` stops at 10,000. Failed deliveries
    are those of the last seven days.
    """

    events: int
    oldest_event: datetime | None
    read_at: datetime | None
    set_aside: int
    deliveries: int
    oldest_delivery: datetime | None
    failed_deliveries: int
    disabled_endpoints: int
    failing_endpoints: int
    alerts: int
    oldest_alert: datetime | None
    failing_channels: int


def backlog() -> Backlog:
    """As it stands now, in one statement."""
    return Backlog(*rows(BACKLOG, [])[0])
