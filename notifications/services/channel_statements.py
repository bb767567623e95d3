"""The statements that couriers write with. `now` is the database's, unless a test says another one.

A lease, a rest or a pause counts only while it lies as near as it can have been set: after the clock was
put back, none of them holds a channel up for a day.
"""

from datetime import timedelta

from inventory_site.core.leases import lasts, to_come
from notifications.alerting import REPEAT_HOURS, rank

LEASE_SECONDS = 120  # twice as long as any sending takes
LEASE_TIME = timedelta(seconds=LEASE_SECONDS)
LONGEST_REST_SECONDS = 3600
PAUSE_SECONDS = 30  # between two messages on one channel, so that a flood comes in few of them

NOW = "coalesce(%(now)s::timestamptz, statement_timestamp())"
_PAUSE = f"interval '{PAUSE_SECONDS} seconds'"
WAITS = "r.sent_at IS NULL AND r.dropped_at IS NULL"
# One of a time that is still to come was made by a clock that was put back since: no time to wait for.
HAS_COME = f"(r.due_at <= {NOW} OR {to_come('r.created_at', now=NOW)})"
FREE = f"""
    c.enabled
    AND NOT {lasts("c.leased_until", now=NOW, at_most=f"interval '{LEASE_SECONDS} seconds'")}
    AND NOT {lasts("c.rests_until", now=NOW, at_most=f"interval '{LONGEST_REST_SECONDS} seconds'")}
    AND NOT {lasts(f"c.sent_at + {_PAUSE}", now=NOW, at_most=_PAUSE)}
    AND EXISTS (SELECT 1 FROM notifications_ring r
                 WHERE r.channel_id = c.id AND {WAITS} AND {HAS_COME})
"""

DUE = f"SELECT c.id FROM notifications_channel c WHERE {FREE} ORDER BY c.id"
LEASE = f"""
    UPDATE notifications_channel c
       SET leased_until = {NOW} + interval '{LEASE_SECONDS} seconds'
     WHERE c.id = %(channel)s AND {FREE}
    RETURNING c.name, c.kind, c.sealed_address, c.failures, c.sent_at IS NOT NULL, c.leased_until
"""
RELEASE = """
    UPDATE notifications_channel SET leased_until = NULL
     WHERE id = %(channel)s AND leased_until = %(lease)s
"""

# What waits for a cause that is gone, but stands again under another row.
FOLLOW = f"""
    UPDATE notifications_ring r SET alert_id = found.successor
      FROM (SELECT DISTINCT ON (s.id) r.id, s.id AS successor
              FROM notifications_ring r
              JOIN notifications_alert a ON a.id = r.alert_id AND a.resolved_at IS NOT NULL
              JOIN notifications_alert s
                ON s.rule = a.rule AND s.subject = a.subject AND s.resolved_at IS NULL
             WHERE r.channel_id = %(channel)s AND {WAITS} AND {HAS_COME}
               AND NOT EXISTS (SELECT 1 FROM notifications_ring w
                                WHERE w.channel_id = r.channel_id AND w.alert_id = s.id
                                  AND w.sent_at IS NULL AND w.dropped_at IS NULL)
             ORDER BY s.id, r.id) found
     WHERE r.id = found.id
"""
DROP = f"""
    UPDATE notifications_ring r SET dropped_at = %(now)s
      FROM notifications_alert a
     WHERE r.channel_id = %(channel)s AND {WAITS} AND {HAS_COME}
       AND a.id = r.alert_id AND a.status <> 'open'
"""
BEGUN = f"""
    SELECT r.message FROM notifications_ring r
     WHERE r.channel_id = %(channel)s AND {WAITS} AND r.message <> ''
     ORDER BY r.id LIMIT 1
"""
# A message that was begun stays as it is, but tells of each alert as it stands now.
GATHER = f"""
    UPDATE notifications_ring r SET message = %(message)s, severity = a.severity
      FROM notifications_alert a
     WHERE r.channel_id = %(channel)s AND {WAITS} AND a.id = r.alert_id
       AND CASE WHEN %(begun)s THEN r.message = %(message)s ELSE r.due_at <= %(now)s END
"""
READ = f"""
    SELECT r.severity, a.title, a.rule, a.warehouse, a.opened_at,
           count(*) FILTER (WHERE r.severity = 'urgent') OVER (),
           count(*) FILTER (WHERE r.severity = 'warning') OVER (),
           count(*) FILTER (WHERE r.severity = 'info') OVER ()
      FROM notifications_ring r JOIN notifications_alert a ON a.id = r.alert_id
     WHERE r.channel_id = %(channel)s AND {WAITS} AND r.message = %(message)s
     ORDER BY array_position(ARRAY['urgent', 'warning', 'info'], r.severity::text),
              a.rule, a.warehouse, a.title, a.id
     LIMIT %(most)s
"""

# Alerts before rings, as when they are rung: what rises meanwhile waits until what was told is written down.
HOLD = f"""
    SELECT a.id FROM notifications_alert a
     WHERE a.id IN (SELECT r.alert_id FROM notifications_ring r
                     WHERE r.channel_id = %(channel)s AND {WAITS} AND r.message = %(message)s)
     ORDER BY a.id FOR NO KEY UPDATE
"""
# It did leave, whoever holds the channel by now. What has risen above what was told of it rings now.
SENT = f"""
    WITH told AS (
         UPDATE notifications_ring r SET sent_at = {NOW}
          WHERE r.channel_id = %(channel)s AND {WAITS} AND r.message = %(message)s
         RETURNING r.alert_id, r.severity),
    risen AS (
         UPDATE notifications_alert a SET rings_at = least(a.rings_at, {NOW})
           FROM told
          WHERE a.id = told.alert_id AND a.status = 'open'
            AND {rank("a.severity")} > {rank("told.severity")})
    UPDATE notifications_channel
       SET leased_until = NULL, failures = 0, rests_until = NULL, last_error = '',
           failing_since = NULL, sent_at = {NOW}
     WHERE id = %(channel)s AND leased_until = %(lease)s
"""
FAILED = f"""
    UPDATE notifications_channel
       SET leased_until = NULL, failures = failures + 1, last_error = %(error)s, failed_at = {NOW},
           failing_since = coalesce(failing_since, {NOW}),
           rests_until = {NOW} + %(rest)s * interval '1 second'
     WHERE id = %(channel)s AND leased_until = %(lease)s
"""
# However often it is sent, the service will not take it. Whichever of its alerts that is for, it is not to
# take the others along: a part goes by itself first, what is urgent or else half of it, the rest with what
# is due by then. One that is refused by itself is let go, and told of again a day later, if it stands then.
REFUSED = f"""
    UPDATE notifications_ring r
       SET message = CASE WHEN p.many > 1 AND NOT p.first THEN ''
                          WHEN p.many > 1 THEN %(part)s ELSE r.message END,
           dropped_at = CASE WHEN p.many = 1 THEN {NOW} END,
           refused = CASE WHEN p.many = 1 THEN %(error)s ELSE '' END
      FROM (SELECT id, many, CASE WHEN urgent BETWEEN 1 AND many - 1 THEN severity = 'urgent'
                                  ELSE place * 2 <= many END AS first
              FROM (SELECT r.id, r.severity, row_number() OVER (ORDER BY r.id) AS place,
                           count(*) OVER () AS many,
                           count(*) FILTER (WHERE r.severity = 'urgent') OVER () AS urgent
                      FROM notifications_ring r
                     WHERE r.channel_id = %(channel)s AND {WAITS} AND r.message = %(message)s) m) p
     WHERE r.id = p.id
"""
# What was refused within the day is due again: it may have been the address that was wrong, not the message.
TRY_AGAIN = f"""
    UPDATE notifications_alert SET rings_at = {NOW}
     WHERE id IN (
           SELECT a.id FROM notifications_alert a
            WHERE a.status = 'open' AND a.rings_at > {NOW}
              AND (SELECT count(*)
                     FROM notifications_alert b JOIN notifications_ring r ON r.alert_id = b.id
                    WHERE b.rule = a.rule AND b.subject = a.subject
                      AND r.channel_id = %(channel)s AND r.refused <> ''
                      AND r.dropped_at > {NOW} - interval '{REPEAT_HOURS} hours')
                  BETWEEN 1 AND %(most)s
            ORDER BY a.id FOR NO KEY UPDATE)
"""
WORKS = f"""
    UPDATE notifications_channel
       SET failures = 0, rests_until = NULL, last_error = '', failing_since = NULL, sent_at = {NOW}
     WHERE id = %(channel)s
"""
