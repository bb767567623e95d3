"""The reader of the feed that makes one delivery of each event for each webhook that wants it."""

from collections.abc import Sequence
from datetime import datetime

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows_planned
from notifications.feed import FeedEvent
from notifications.services.dispatching import Reader

MOST_COLLECTED = 100_000  # messages that are kept for a webhook which its failures have disabled

# Sequences are drawn in the feed's order and in the statement that uses them up, so they have no gap. An
# event that has its delivery already gets no other one.
FAN_OUT = """
    WITH wanted AS (
        SELECT p.id AS endpoint, e.id AS event, e.reference,
               row_number() OVER (PARTITION BY p.id ORDER BY e.position, e.id) AS nth,
               p.enabled, p.collects_to - p.last_sequence AS room
          FROM notifications_outboxevent e
          JOIN notifications_endpoint p
            ON (p.enabled OR p.collects_to IS NOT NULL)
           AND e.position > p.since
           AND (p.types = '{}'
                OR e.type = ANY(p.types)
                OR split_part(e.type, '.', 1) || '.*' = ANY(p.types))
           AND (p.warehouses = '{}' OR e.warehouses && p.warehouses)
         WHERE e.id = ANY(%(events)s::bigint[])
           AND NOT EXISTS (SELECT FROM notifications_delivery d
                            WHERE d.event_id = e.id AND d.endpoint_id = p.id)
    ), taken AS (
        SELECT endpoint, event, reference, nth FROM wanted WHERE enabled OR nth <= room
    ), counted AS (
        UPDATE notifications_endpoint p SET last_sequence = p.last_sequence + n.many
          FROM (SELECT endpoint, count(*) AS many FROM taken GROUP BY endpoint) n
         WHERE p.id = n.endpoint
        RETURNING p.id, p.last_sequence - n.many AS before
    )
    INSERT INTO notifications_delivery (endpoint_id, event_id, reference, sequence, status, attempts)
    SELECT t.endpoint, t.event, t.reference, c.before + t.nth, 'pending', 0
      FROM taken t JOIN counted c ON c.id = t.endpoint
     ORDER BY t.endpoint, t.nth
"""


def fan_out(*, events: Sequence[FeedEvent]) -> None:
    """Have these events delivered to every webhook that wants their type and one of their warehouses.

    Not to one that was made after them, nor to one that somebody switched off. One that its failures have
    disabled goes on collecting, MOST_COLLECTED messages at most. Repeated, it does nothing.
    """
    require_unit_of_work()
    rows_planned(FAN_OUT, {"events": [event.mark.id for event in events]})


def _hand_out(events: Sequence[FeedEvent], now: datetime | None) -> None:
    fan_out(events=events)


WEBHOOKS = Reader("webhooks", _hand_out)
