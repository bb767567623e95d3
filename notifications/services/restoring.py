"""After a backup was restored: the feed begins anew, since its positions are of another time or cluster."""

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows

# Positions are transaction ids: in a younger cluster they lie ahead of it, and their events would wait. All
# that were restored are readable at once, in the order of their ids, and new ones follow.
EVENTS = "UPDATE notifications_outboxevent SET position = 0 WHERE position > 0"
READERS = "UPDATE notifications_feedreader SET position = 0"
WEBHOOKS = "UPDATE notifications_endpoint SET since = -1"


def begin_anew() -> None:
    """Make all events readable at once; alerts and webhooks go on where they were."""
    require_unit_of_work()
    for update in (EVENTS, READERS, WEBHOOKS):
        rows(update, [])
