"""What waits is judged once more before it is told, where the ground on which it waits has changed.

A ring is due by what its alert was when it was rung. Where that is less severe by now, a route may not want
it any more, quiet hours may hold it back, or it was told of that day already; where the clock was put back
since, it waits by a time that was never right. Rings of which neither is so cost one statement.
"""

from datetime import datetime

from inventory_site.core.sql import rows
from notifications.alerting import rank
from notifications.services import channel_statements as sql
from notifications.services import ringing
from notifications.services.ringing import Due

# Locked, so that none of them rises between being read and being judged.
DOUBTFUL = f"""
    SELECT r.id, a.id, a.rule, a.severity, a.warehouse
      FROM notifications_ring r JOIN notifications_alert a ON a.id = r.alert_id
     WHERE r.channel_id = %(channel)s AND {sql.WAITS} AND {sql.HAS_COME}
       AND (r.created_at > %(now)s OR {rank("r.severity")} > {rank("a.severity")})
     ORDER BY a.id FOR NO KEY UPDATE OF a
"""
# What waits on is no part of a message that was begun; without a time, no route wants it.
JUDGED = """
    UPDATE notifications_ring r
       SET due_at = coalesce(j.due, r.due_at), severity = j.severity,
           created_at = least(r.created_at, %(now)s),
           message = CASE WHEN j.due <= %(now)s THEN r.message ELSE '' END,
           dropped_at = CASE WHEN j.due IS NULL THEN %(now)s::timestamptz END
      FROM unnest(%(ids)s::bigint[], %(due)s::timestamptz[], %(severities)s::text[])
           AS j(id, due, severity)
     WHERE r.id = j.id
"""


def review(*, channel_id: int, now: datetime) -> None:
    """Put off, or drop, what waits on this channel and is not to be told now any more.

    Raises OutsideUnitOfWork.
    """
    doubtful = rows(DOUBTFUL, {"channel": channel_id, "now": now})
    if not doubtful:
        return
    alerts = [
        Due(id_, rule, severity, warehouse, False, now)
        for _ring, id_, rule, severity, warehouse in doubtful
    ]
    due = ringing.dues(alerts=alerts, now=now, ways=ringing.routes(channel_id=channel_id))
    rows(
        JUDGED,
        {
            "ids": [row[0] for row in doubtful],
            "due": [due.get((alert.id, channel_id)) for alert in alerts],
            "severities": [alert.severity for alert in alerts],
            "now": now,
        },
    )
