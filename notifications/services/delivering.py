"""What couriers read and write: who is to be told something, one courier at a time with each, how it went.

The claim is a lease on the webhook's row, by the database's clock: a courier that dies is followed by another
once it has run out, and what it sent without marking it is sent once more, as the same message.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.leases import lasts, to_come
from inventory_site.core.sql import rows
from notifications.services.fanning_out import MOST_COLLECTED
from notifications.services.messages import TEST, Message
from notifications.services.verdicts import JITTER, MOST_RETRY_AFTER, SCHEDULE, Verdict, in_words

LEASE_SECONDS = 60
CALL_SECONDS = 10  # after which a courier that was called and did not come is called again
PAGE = 64

_NOW = "statement_timestamp()"
_LEASE_TIME = f"interval '{LEASE_SECONDS} seconds'"
_FREE = f"NOT {lasts('leased_until', now=_NOW, at_most=_LEASE_TIME)}"
# A rest counts from its beginning to its end: before it began, the clock was put back since. Of what is
# tried again, the beginning is not kept; nothing waits longer than after so many attempts it may.
_AWAKE = f"""
    (rests_until IS NULL OR rests_until < {_NOW} OR {to_come("rests_from", now=_NOW)})
"""
_LONGEST = f"""
    greatest({MOST_RETRY_AFTER}, {1 + JITTER} * (ARRAY{list(SCHEDULE)})[least(d.attempts, {len(SCHEDULE)})])
"""
_DUE = f"""
    (d.due_at <= statement_timestamp()
     OR {to_come(f"d.due_at - {_LONGEST} * interval '1 second'", now=_NOW)})
"""

# A lease that has run out was not given back: its courier died, and may have left something.
CALL = f"""
    UPDATE notifications_endpoint p
       SET called_until = statement_timestamp() + interval '{CALL_SECONDS} seconds'
      FROM (SELECT id FROM notifications_endpoint q
             WHERE enabled AND {_FREE} AND {_AWAKE}
               AND NOT {lasts("called_until", now=_NOW, at_most=f"interval '{CALL_SECONDS} seconds'")}
               AND (last_sequence > looked_to OR leased_until IS NOT NULL
                    OR EXISTS (SELECT FROM notifications_delivery d
                                WHERE d.endpoint_id = q.id AND d.status = 'pending'
                                  AND d.attempts > 0 AND {_DUE}))
               FOR UPDATE SKIP LOCKED) due
     WHERE p.id = due.id
    RETURNING p.id
"""

_LEASE = """
    p.id, p.name, p.url, p.warehouses, p.sealed_secret,
    CASE WHEN p.old_secret_until > statement_timestamp() THEN p.sealed_old_secret ELSE '' END,
    p.leased_until, p.failures, p.delivered_at, p.enabled
"""
CLAIM = f"""
    UPDATE notifications_endpoint p
       SET leased_until = statement_timestamp() + interval '{LEASE_SECONDS} seconds',
           called_until = NULL, looked_to = p.last_sequence
      FROM (SELECT id FROM notifications_endpoint
             WHERE id = %s AND enabled AND {_FREE} AND {_AWAKE} FOR UPDATE SKIP LOCKED) free
     WHERE p.id = free.id
    RETURNING {_LEASE}
"""

# What was not tried yet is due at once, whatever the clock says.
READ = f"""
    SELECT d.id, d.message, d.sequence, d.attempts,
           d.attempts = 0 OR {_DUE},
           CASE WHEN d.attempts > 0 THEN
                (SELECT min(a.at) FROM notifications_attempt a WHERE a.delivery_id = d.id) END,
           coalesce(e.type, %(test)s), coalesce(e.reference, ''), coalesce(e.actor, ''),
           coalesce(e.levels, '[]'), coalesce(e.details, '{{}}'), coalesce(e.occurred_at, d.created_at)
      FROM notifications_delivery d LEFT JOIN notifications_outboxevent e ON e.id = d.event_id
     WHERE d.endpoint_id = %(endpoint)s AND d.status = 'pending' AND d.sequence > %(after)s
     ORDER BY d.sequence
     LIMIT %(limit)s
"""

MARK = f"""
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(%(told)s::jsonb)
            AS t(delivery bigint, status text, wait float8, code int, error text, answer text, ms int)
    ), logged AS (
        INSERT INTO notifications_attempt (delivery_id, at, duration_ms, status_code, error, answer)
        SELECT delivery, statement_timestamp(), ms, code, error, answer FROM told
    ), marked AS (
        UPDATE notifications_delivery d
           SET status = t.status, attempts = d.attempts + 1,
               due_at = statement_timestamp() + t.wait * interval '1 second',
               done_at = CASE WHEN t.status <> 'pending' THEN statement_timestamp() END
          FROM told t WHERE d.id = t.delivery AND d.status = 'pending'
    )
    UPDATE notifications_endpoint p
       SET leased_until = statement_timestamp() + interval '{LEASE_SECONDS} seconds',
           failures = %(failures)s,
           rests_until = CASE WHEN %(rest)s::float8 > 0
                              THEN statement_timestamp() + %(rest)s::float8 * interval '1 second' END,
           rests_from = CASE WHEN %(rest)s::float8 > 0 THEN statement_timestamp() END,
           delivered_at = CASE WHEN %(succeeded)s THEN statement_timestamp() ELSE p.delivered_at END,
           failed_at = CASE WHEN %(succeeded)s THEN NULL WHEN %(error)s <> ''
                            THEN coalesce(p.failed_at, statement_timestamp()) ELSE p.failed_at END,
           last_error = CASE WHEN %(error)s <> '' THEN %(error)s ELSE p.last_error END,
           enabled = p.enabled AND %(why)s = '',
           disabled_why = CASE WHEN p.enabled THEN %(why)s ELSE p.disabled_why END,
           collects_to = CASE WHEN p.enabled AND %(why)s <> ''
                              THEN p.last_sequence + {MOST_COLLECTED} ELSE p.collects_to END
     WHERE p.id = %(endpoint)s AND p.leased_until = %(until)s
    RETURNING {_LEASE}
"""

RELEASE = f"""
    UPDATE notifications_endpoint
       SET leased_until = NULL, looked_to = CASE WHEN %(left)s THEN 0 ELSE looked_to END
     WHERE id = %(endpoint)s AND leased_until = %(until)s
    RETURNING enabled AND {_AWAKE} AND last_sequence > looked_to
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """A webhook that this courier is with, as it was when the lease was last given. `until` is its token."""

    endpoint: int
    name: str
    url: str
    warehouses: Sequence[str]
    sealed_secret: str
    sealed_old_secret: str
    until: datetime
    failures: int
    delivered_at: datetime | None
    enabled: bool


def call_couriers() -> list[int]:
    """Webhooks to which a courier is to be sent now: those that have something due, are not resting, and
    have no courier with them or on the way."""
    require_unit_of_work()
    return [id_ for (id_,) in rows(CALL, [])]


def claim(*, endpoint: int) -> Lease | None:
    """The lease of a webhook, unless another courier has it, it rests, or it is disabled."""
    require_unit_of_work()
    found = rows(CLAIM, [endpoint])
    return Lease(*found[0]) if found else None


def pending(*, endpoint: int, after: int = 0, limit: int = PAGE) -> list[Message]:
    """The messages beyond this sequence that have not been delivered, in their order, due or not."""
    require_unit_of_work()
    given: dict[str, Any] = {"endpoint": endpoint, "after": after, "limit": limit, "test": TEST}
    found = rows(READ, given)
    return [_message(row) for row in found]


def _message(row: tuple[Any, ...]) -> Message:
    delivery, id_, sequence, attempts, due, first, type_, reference, actor, levels, details, at = (
        row
    )
    return Message(
        delivery=delivery,
        id=id_,
        sequence=sequence,
        attempts=attempts,
        due=due,
        first_tried=first,
        type=type_,
        reference=reference,
        actor=actor,
        levels=json.loads(levels),
        details=json.loads(details),
        occurred_at=at,
    )


def mark(*, lease: Lease, verdict: Verdict) -> Lease | None:
    """Write down what came of attempts and renew the lease; None where another courier has it by now.

    What was delivered is marked in any case: it was.
    """
    require_unit_of_work()
    told = [
        {
            "delivery": one.outcome.message.delivery,
            "status": one.status,
            "wait": one.wait,
            "code": one.outcome.reply.status,
            "error": "" if one.outcome.reply.good else in_words(one.outcome.reply)[:300],
            "answer": one.outcome.reply.answer,
            "ms": one.outcome.reply.duration_ms,
        }
        for one in verdict.marked
    ]
    found = rows(
        MARK,
        {
            "told": json.dumps(told),
            "failures": verdict.failures,
            "rest": verdict.rest,
            "succeeded": verdict.succeeded,
            "error": verdict.error[:300],
            "why": verdict.disabled_why,
            "endpoint": lease.endpoint,
            "until": lease.until,
        },
    )
    return Lease(*found[0]) if found else None


def release(*, lease: Lease, left: bool) -> bool:
    """Give the lease back; `left`: something that could be sent was not. Whether there is more to send."""
    require_unit_of_work()
    given = {"endpoint": lease.endpoint, "until": lease.until, "left": left}
    found = rows(RELEASE, given)
    return bool(found and found[0][0])
