"""The dispatcher: each reader of the feed is given every event, in order, and its mark moves with the work.

What a reader does with events is rows in this database (alerts, deliveries that wait), written in one
transaction with its mark: a worker that dies leaves neither, and another one begins where it began. The
row's lock is the claim; it ends with its transaction, so it needs no lease. What goes out over a network
is sent later, from those rows, under leases (delivering, sending).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from inventory_site.core.db import (
    QUERY_CANCELED,
    connection_lost,
    require_unit_of_work,
    sqlstate,
)
from inventory_site.core.errors import Busy, DatabaseUnavailable
from inventory_site.core.sql import rows
from notifications.feed import FeedEvent, Mark, read

logger = structlog.get_logger(__name__)

Handle = Callable[[Sequence[FeedEvent], datetime | None], None]

BATCH = 500

CLAIM = """
    SELECT position, event FROM notifications_feedreader WHERE name = %s FOR UPDATE SKIP LOCKED
"""
MOVE = """
    UPDATE notifications_feedreader
       SET position = %s, event = %s, moved_at = statement_timestamp() WHERE name = %s
"""
SET_ASIDE = """
    INSERT INTO notifications_setaside (reader, event_id, error) VALUES (%s, %s, %s)
        ON CONFLICT (event_id, reader) DO UPDATE SET error = excluded.error
"""
# Classes of SQLSTATE that speak of the moment and not of the event: connection, resources, rollback,
# an operator's intervention, a lock that was not free.
PASSING = ("08", "53", "40", "57", "55")


@dataclass(frozen=True, slots=True)
class Reader:
    """A part of this house that reads the feed."""

    name: str
    handle: Handle


def open_reader(*, name: str) -> None:
    """Have a mark for a reader that has none: it begins with the first event."""
    require_unit_of_work()
    rows(
        "INSERT INTO notifications_feedreader (name, position, event) VALUES (%s, 0, 0)"
        " ON CONFLICT (name) DO NOTHING",
        [name],
    )


def advance(*, reader: Reader, limit: int = BATCH, now: datetime | None = None) -> int | None:
    """Give the reader its next events and move its mark; how many they were.

    None where another process is at it, or where the reader was never opened. An event that cannot be dealt
    with is set aside and the rest goes on; a fault that will pass (a lost race, no connection) is raised, and
    nothing has moved.
    """
    require_unit_of_work()
    found = rows(CLAIM, [reader.name])
    if not found:
        return None
    events = read(after=Mark(*found[0]), limit=limit)
    if events:
        _hand_over(reader, events, now)
        last = events[-1].mark
        rows(MOVE, [last.position, last.id, reader.name])
    return len(events)


def waiting(*, reader: Reader) -> bool:
    """Whether there are events beyond the reader's mark, though a transaction that is open may still hide
    them from it."""
    found = rows(
        "SELECT EXISTS (SELECT 1 FROM notifications_outboxevent e, notifications_feedreader r"
        " WHERE r.name = %s AND (e.position, e.id) > (r.position, r.event))",
        [reader.name],
    )
    return bool(found[0][0])


def _hand_over(reader: Reader, events: Sequence[FeedEvent], now: datetime | None) -> None:
    """All at once; where that fails, one by one, so that one bad event does not take others with it."""
    try:
        with transaction.atomic():
            reader.handle(events, now)
        return
    except Exception as error:
        if passes(error) and not _took_too_long(error):
            raise
        if len(events) == 1:
            _set_aside(reader, events[0], error)
            return
    for event in events:
        _hand_over(reader, [event], now)


def _set_aside(reader: Reader, event: FeedEvent, error: Exception) -> None:
    told = f"{type(error).__name__}: {error}"[:2000]
    logger.error("event_set_aside", reader=reader.name, event_id=event.mark.id, error=told)
    rows(SET_ASIDE, [reader.name, event.mark.id, told])


def _took_too_long(error: BaseException) -> bool:
    """A statement that was cancelled may be cancelled each time: fewer events may take it less time."""
    return sqlstate(error) == QUERY_CANCELED


def passes(error: BaseException) -> bool:
    """Whether a fault is of the moment, so that doing the same again later may well succeed."""
    return (
        isinstance(error, Busy | DatabaseUnavailable)
        or (sqlstate(error) or "").startswith(PASSING)
        or connection_lost(error)
    )
