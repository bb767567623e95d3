"""Webhooks and what was sent to them, to be looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inventory_site.core.sql import rows
from notifications.models import Delivery, DeliveryStatus, Endpoint
from notifications.services.messages import TEST

PAGE = """
    SELECT d.sequence, d.message, coalesce(e.type, %(test)s), coalesce(e.reference, ''), d.status,
           d.attempts, d.created_at,
           CASE WHEN d.status = 'pending' THEN d.due_at END, d.done_at,
           a.at, a.duration_ms, a.status_code, a.error, a.answer
      FROM notifications_delivery d
      LEFT JOIN notifications_outboxevent e ON e.id = d.event_id
      LEFT JOIN LATERAL (SELECT t.* FROM notifications_attempt t
                          WHERE t.delivery_id = d.id ORDER BY t.id DESC LIMIT 1) a ON true
     WHERE d.endpoint_id = %(endpoint)s
       AND (%(status)s::text IS NULL OR d.status = %(status)s)
       AND (%(before)s::bigint IS NULL OR d.sequence < %(before)s)
     ORDER BY d.sequence DESC
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class LastAttempt:
    """The newest try. `error` is empty where it got through."""

    at: datetime
    duration_ms: int
    status_code: int | None
    error: str
    answer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to one webhook. `due_at` is None once nothing is to be sent any more."""

    sequence: int
    message_id: str
    type: str
    reference: str
    status: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    last_attempt: LastAttempt | None


def webhooks(*, within: Collection[str] | None = None) -> QuerySet[Endpoint]:
    """Those that a caller may see: limited to warehouses, only such as are limited to some of these."""
    if within is None:
        return Endpoint.objects.all()
    own = Endpoint.objects.filter(warehouses__contained_by=sorted(within))
    return own.exclude(warehouses=[])


def with_pending(found: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
    """The same, each with how many messages wait for it, as `pending`."""
    waiting = Delivery.objects.filter(endpoint=OuterRef("pk"), status=DeliveryStatus.PENDING)
    counted = waiting.order_by().values("endpoint").annotate(many=Count("*")).values("many")
    return found.annotate(pending=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def entries(
    *, endpoint: int, status: str | None = None, before: int | None = None, limit: int = 50
) -> list[Entry]:
    """A page of a webhook's log, the newest first, each with its last attempt. One statement."""
    given = {"endpoint": endpoint, "status": status, "before": before, "limit": limit, "test": TEST}
    return [_entry(row) for row in rows(PAGE, given)]


def _entry(row: tuple[Any, ...]) -> Entry:
    sequence, message, type_, reference, status, attempts, created_at, due_at, done_at, *last = row
    return Entry(
        sequence=sequence,
        message_id=f"msg_{message.hex}",
        type=type_,
        reference=reference,
        status=status,
        attempts=attempts,
        created_at=created_at,
        due_at=due_at,
        done_at=done_at,
        last_attempt=None if last[0] is None else LastAttempt(*last),
    )
