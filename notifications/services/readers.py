"""Who reads the feed in this house, in the order in which they are given events."""

from datetime import datetime

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications.feed import one
from notifications.services.dispatching import Reader
from notifications.services.fanning_out import WEBHOOKS
from notifications.services.watching import ALERTS

READERS: tuple[Reader, ...] = (WEBHOOKS, ALERTS)

LOCK = """
    SELECT reader, event_id FROM notifications_setaside
     WHERE id = %s AND retried_at IS NULL FOR NO KEY UPDATE
"""


def try_again(*, set_aside: int, now: datetime | None = None) -> bool:
    """Give an event that was set aside to its reader once more; False where that was done before.

    What the reader raises is raised, and the event stays aside.
    """
    require_unit_of_work()
    found = rows(LOCK, [set_aside])
    if not found:
        return False
    ((name, event),) = found
    (reader,) = (reader for reader in READERS if reader.name == name)
    reader.handle([one(id=event)], now)
    rows(
        "UPDATE notifications_setaside SET retried_at = statement_timestamp() WHERE id = %s",
        [set_aside],
    )
    return True
