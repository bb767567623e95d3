"""Reading the outbox so that nothing is ever missed.

A reader that asks for "id greater than the last" misses rows whose transaction commits late. Here a
row is shown only once no transaction is open that could still write in front of it: its position is
below the oldest open transaction id. See docs/adr/0003-change-feed.md for the proof.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows

COLUMNS = "position, id, type, reference, actor, levels, details, occurred_at"
ONE = f"SELECT {COLUMNS} FROM notifications_outboxevent WHERE id = %s"
READ = f"""
    SELECT {COLUMNS}
      FROM notifications_outboxevent
     WHERE (position, id) > (%(position)s, %(id)s)
       AND position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       AND (%(warehouses)s::text[] IS NULL OR warehouses::text[] && %(warehouses)s::text[])
     ORDER BY position, id
     LIMIT %(limit)s
"""

# The newest events may stand at the number of the next transaction, which on a quiet server does not come
# for long. Where they do, somebody has to take that number; elsewhere none is used up.
TAKE_THE_NEXT_NUMBER = """
    SELECT pg_current_xact_id()
     WHERE NOT pg_is_in_recovery()
       AND EXISTS (SELECT 1 FROM notifications_outboxevent
                    WHERE position >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
"""

# After a restore positions are of another cluster or time: they would lie ahead, and their events wait.
# Readers and webhooks go on behind the events that they know.
BEGIN_ANEW = (
    "UPDATE notifications_outboxevent SET position = 0 WHERE position > 0",
    "UPDATE notifications_feedreader SET position = 0",
    "UPDATE notifications_endpoint SET since = -1",
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """How far a reader has come."""

    position: int
    id: int


START = Mark(position=0, id=0)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    mark: Mark
    type: str
    reference: str
    actor: str
    levels: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any]
    occurred_at: datetime


def was_told(*, type: str, reference: str) -> bool:
    """Whether an event of this type and reference is on record. Only openings of stock have an index."""
    sql = "SELECT 1 FROM notifications_outboxevent WHERE type = %s AND reference = %s LIMIT 1"
    return bool(rows(sql, [type, reference]))


def read(
    *, after: Mark = START, limit: int = 100, warehouses: Collection[str] | None = None
) -> list[FeedEvent]:
    """The next events in an order in which none can appear later before one already shown.

    With `warehouses`, only events that touch one of them, and of their levels only those. Inside a unit of
    work its own transaction may hide the newest ones; another reader, or the next look, sees them.
    """
    wanted = {
        "position": after.position,
        "id": after.id,
        "limit": limit,
        "warehouses": None if warehouses is None else list(warehouses),
    }
    found = rows(READ, wanted)
    if len(found) < limit and not connection.in_atomic_block and rows(TAKE_THE_NEXT_NUMBER, []):
        found = rows(READ, wanted)
    return _events(found, warehouses)


def read_on(
    *, after: Mark = START, limit: int = 100, warehouses: Collection[str] | None = None
) -> tuple[list[FeedEvent], Mark]:
    """The next events, as `read` gives them, and the mark to go on from.

    Where they do not fill the page, that is behind everything that was passed over, so that a reader of few
    warehouses does not go through the events of the others again each time.
    """
    # Asked first: whatever lies before the end of now is seen by every later look.
    end = latest() if warehouses is not None else after
    events = read(after=after, limit=limit, warehouses=warehouses)
    last = events[-1].mark if events else after
    return events, last if len(events) == limit else max(last, end)


def _events(
    found: Sequence[tuple[Any, ...]], warehouses: Collection[str] | None = None
) -> list[FeedEvent]:
    return [
        FeedEvent(
            mark=Mark(position=position, id=id_),
            type=type_,
            reference=reference,
            actor=actor,
            levels=[
                x for x in json.loads(levels) if warehouses is None or x["warehouse"] in warehouses
            ],
            details=json.loads(details) if warehouses is None else {},
            occurred_at=occurred_at,
        )
        for position, id_, type_, reference, actor, levels, details, occurred_at in found
    ]


def one(*, id: int) -> FeedEvent:
    """An event by its id, readable or not yet."""
    return _events(rows(ONE, [id]))[0]


def latest(*, back: int = 0) -> Mark:
    """The mark of the newest event but `back`; START where there are no more than that."""
    found = rows(
        "SELECT position, id FROM notifications_outboxevent"
        " WHERE position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " ORDER BY position DESC, id DESC OFFSET %s LIMIT 1",
        [back],
    )
    return Mark(*found[0]) if found else START


def begin_anew() -> None:
    """Make all events of a restored backup readable at once, in the order of their ids; new ones follow."""
    require_unit_of_work()
    for update in BEGIN_ANEW:
        rows(update, [])
