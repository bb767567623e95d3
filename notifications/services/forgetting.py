"""What was delivered long ago is forgotten, chunk by chunk. The outbox itself is kept: it is the feed."""

from django.conf import settings

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows

CHUNK = 5000

# A delivery's attempts go first; rows that another sweep is at are left to it.
DELIVERIES = """
    WITH old AS (
        SELECT id FROM notifications_delivery
         WHERE status <> 'pending' AND done_at < statement_timestamp() - %(days)s * interval '1 day'
         ORDER BY done_at LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
    ), tries AS (
        DELETE FROM notifications_attempt WHERE delivery_id IN (SELECT id FROM old)
    )
    DELETE FROM notifications_delivery WHERE id IN (SELECT id FROM old) RETURNING id
"""
ALERTS = """
    WITH old AS (
        SELECT id FROM notifications_alert
         WHERE resolved_at < statement_timestamp() - %(days)s * interval '1 day'
         ORDER BY resolved_at LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
    ), rings AS (
        DELETE FROM notifications_ring WHERE alert_id IN (SELECT id FROM old)
    )
    DELETE FROM notifications_alert WHERE id IN (SELECT id FROM old) RETURNING id
"""


def forget_deliveries() -> int:
    """One chunk of webhook messages that were delivered, or given up, long ago; how many they were."""
    require_unit_of_work()
    return len(rows(DELIVERIES, {"days": settings.DELIVERY_LOG_DAYS, "chunk": CHUNK}))


def forget_alerts() -> int:
    """One chunk of alerts that were resolved long ago, with what was told of them; how many they were."""
    require_unit_of_work()
    return len(rows(ALERTS, {"days": settings.ALERT_LOG_DAYS, "chunk": CHUNK}))
