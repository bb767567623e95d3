"""Which alert is told on which channel, and when: rows that wait until a courier takes them (sending).

What is promised: an alert is told at most once a day on a channel while it stands, by the clock of the
database, and once more when it has turned more severe. Three things keep it, each by itself: `rings_at`
moves on with the rows, in one transaction; only one ring of an alert waits on a channel; and a ring is due no
sooner than a day after the last one was sent that told of it as severe as it is now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.leases import to_come
from inventory_site.core.sql import rows
from notifications.alerting import REPEAT_HOURS, rank
from notifications.services.ring_times import Timing, due_at

MOST = 1000
LOOK_AGAIN = timedelta(
    minutes=15
)  # for what waits nowhere but where it is off: a new route waits no day
REPEAT = timedelta(hours=REPEAT_HOURS)

# Nothing opened in time to come, or waits longer than a day but by being put off: such an hour was told by a
# clock that was put back since, and is not waited for.
_NOW = "coalesce(%(now)s::timestamptz, statement_timestamp())"
TAKE = f"""
    SELECT id, rule, severity, warehouse, status = 'snoozed', {_NOW}
      FROM notifications_alert
     WHERE status IN ('open', 'snoozed')
       AND (rings_at <= {_NOW}
            OR status = 'open'
               AND ({to_come("opened_at", now=_NOW)}
                    OR {to_come("rings_at - %(repeat)s::interval", now=_NOW)}))
       AND (status = 'open' OR snoozed_until <= {_NOW})
     ORDER BY rings_at, id
     LIMIT %(most)s
       FOR UPDATE SKIP LOCKED
"""
ROUTES = """
    SELECT r.channel_id, r.severities::text[], r.rules::text[], r.warehouses::text[],
           r.every_minutes, r.quiet_from, r.quiet_until, r.time_zone, c.enabled
      FROM notifications_route r JOIN notifications_channel c ON c.id = r.channel_id
     WHERE %(channel)s::bigint IS NULL OR c.id = %(channel)s::bigint
"""
# Under the same rule and subject: a cause that comes and goes has a row for each time.
LAST_TOLD = f"""
    SELECT a.id, r.channel_id, max(r.sent_at)
      FROM notifications_alert a
      JOIN notifications_alert b ON b.rule = a.rule AND b.subject = a.subject
      JOIN notifications_ring r ON r.alert_id = b.id
     WHERE a.id = ANY(%(ids)s)
       AND r.sent_at > %(now)s::timestamptz - %(repeat)s::interval
       AND r.sent_at <= %(now)s::timestamptz + %(repeat)s::interval
       AND (r.severity = '' OR {rank("r.severity")} >= {rank("a.severity")})
     GROUP BY a.id, r.channel_id
"""
# One that waits already is due when the new one would be, where that is sooner: it has become urgent. What a
# message that was begun tells stays as it is: whatever has risen above it rings when that was sent.
RING = f"""
    INSERT INTO notifications_ring AS w (alert_id, channel_id, due_at, severity, created_at)
    SELECT alert, channel, due, severity, %(now)s
      FROM unnest(%(alerts)s::bigint[], %(channels)s::bigint[], %(due)s::timestamptz[],
                  %(severities)s::text[]) AS u(alert, channel, due, severity)
        ON CONFLICT (channel_id, alert_id) WHERE sent_at IS NULL AND dropped_at IS NULL
        DO UPDATE SET due_at = least(w.due_at, excluded.due_at),
                      severity = CASE WHEN w.message = '' AND {rank("excluded.severity")}
                                           > {rank("w.severity")}
                                      THEN excluded.severity ELSE w.severity END
           WHERE w.due_at > excluded.due_at
              OR w.message = '' AND {rank("excluded.severity")} > {rank("w.severity")}
"""
RUNG = """
    UPDATE notifications_alert a
       SET status = 'open', snoozed_until = NULL, opened_at = least(a.opened_at, %(now)s),
           rings_at = %(now)s::timestamptz + CASE WHEN t.told THEN %(repeat)s ELSE %(again)s END
      FROM unnest(%(ids)s::bigint[], %(told)s::boolean[]) AS t(id, told)
     WHERE a.id = t.id
"""


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that is to be told of now. `asked`: somebody had it come back at this hour."""

    id: int
    rule: str
    severity: str
    warehouse: str
    asked: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A route as it was read. `enabled`: its channel is on; on one that is off, what comes up waits."""

    channel_id: int
    severities: Sequence[str]
    rules: Sequence[str]
    warehouses: Sequence[str]
    timing: Timing
    enabled: bool

    def wants(self, alert: Due) -> bool:
        """Whether the route leads there for this alert. One of no certain warehouse concerns all of them."""
        return (
            alert.severity in self.severities
            and (not self.rules or alert.rule in self.rules)
            and (not self.warehouses or not alert.warehouse or alert.warehouse in self.warehouses)
        )


def ring_due(*, now: datetime | None = None, most: int = MOST) -> int:
    """Have the alerts whose hour has come wait on every channel that is to tell of them; how many alerts.

    Call it again while it returns `most`. Raises OutsideUnitOfWork.
    """
    require_unit_of_work()
    alerts = [Due(*row) for row in rows(TAKE, {"now": now, "most": most, "repeat": REPEAT})]
    if not alerts:
        return 0
    at = alerts[0].now
    ids = [alert.id for alert in alerts]
    ways = routes()
    rings = dues(alerts=alerts, now=at, ways=ways)
    if rings:
        severity = {alert.id: alert.severity for alert in alerts}
        rows(
            RING,
            {
                "alerts": [alert for alert, _ in rings],
                "channels": [channel for _, channel in rings],
                "due": list(rings.values()),
                "severities": [severity[alert] for alert, _ in rings],
                "now": at,
            },
        )
    on = {way.channel_id for way in ways if way.enabled}
    rung = {alert for alert, channel in rings if channel in on}
    rows(
        RUNG,
        {
            "ids": ids,
            "told": [id_ in rung for id_ in ids],
            "now": at,
            "repeat": REPEAT,
            "again": LOOK_AGAIN,
        },
    )
    return len(alerts)


def routes(*, channel_id: int | None = None) -> list[Way]:
    """The routes of all channels, or of this one."""
    return [_way(*row) for row in rows(ROUTES, {"channel": channel_id})]


def dues(
    *, alerts: Sequence[Due], now: datetime, ways: Sequence[Way]
) -> dict[tuple[int, int], datetime]:
    """Alert and channel, with when it is due there by these routes."""
    ids = [alert.id for alert in alerts]
    told = rows(LAST_TOLD, {"ids": ids, "now": now, "repeat": REPEAT})
    last = {(alert, channel): sent for alert, channel, sent in told}
    return {key: due for alert in alerts for key, due in _rings(alert, ways, last).items()}


def _rings(
    alert: Due, ways: Sequence[Way], last: Mapping[tuple[int, int], datetime]
) -> dict[tuple[int, int], datetime]:
    """Alert and channel, with when it is due there: of several routes of one channel, by the earliest."""
    found: dict[tuple[int, int], datetime] = {}
    for way in ways:
        if not way.wants(alert):
            continue
        key = (alert.id, way.channel_id)
        told = None if alert.asked else last.get(key)
        due = due_at(
            timing=way.timing,
            now=alert.now,
            urgent=alert.severity == "urgent",
            not_before=told and told + REPEAT,
        )
        found[key] = min(due, found.get(key, due))
    return found


def _way(
    channel_id: int,
    severities: list[str],
    rules: list[str],
    warehouses: list[str],
    every_minutes: int,
    quiet_from: time | None,
    quiet_until: time | None,
    time_zone: str,
    enabled: bool,
) -> Way:
    timing = Timing(every_minutes, quiet_from, quiet_until, time_zone)
    return Way(channel_id, severities, rules, warehouses, timing, enabled)
