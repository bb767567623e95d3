"""The only door through which something leaves the house: one row per unit of work, in its transaction.

`INSERT` is a statement of its own; a caller that writes everything in one statement composes it in as
one more common table expression and gives the same parameters.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import nudging

# Greater than every transaction id that a reader's snapshot may already consider finished, and never
# smaller than the position of an event on the same item that was committed before this one began to
# write. Readers show a row once all transactions below its position have ended (notifications.feed).
POSITION = "greatest(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id())::text::bigint"

INSERT = f"""
    INSERT INTO notifications_outboxevent
           (position, type, reference, actor, levels, details, warehouses, occurred_at)
    SELECT {POSITION}, e.type, e.reference, e.actor, e.levels, e.details, e.warehouses,
           coalesce(%(now)s::timestamptz, statement_timestamp())
      FROM jsonb_to_recordset(%(events)s::jsonb)
           AS e(type text, reference text, actor text, levels jsonb, details jsonb,
                warehouses text[])
"""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in primitives only: `levels` as the change feed shows them."""

    type: str
    reference: str
    actor: str
    levels: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)


def parameters(*, events: Sequence[Event]) -> dict[str, Any]:
    """The parameters of `INSERT`, less `now`: one JSON text, which is cheap to make and to send.

    Whoever asks for them is about to write, so the dispatcher is nudged once that is committed.
    """
    transaction.on_commit(nudging.wake, robust=True)
    told = [
        {
            "type": event.type,
            "reference": event.reference,
            "actor": event.actor,
            "levels": event.levels,
            "details": event.details,
            "warehouses": sorted({level["warehouse"] for level in event.levels}),
        }
        for event in events
    ]
    return {"events": json.dumps(told, separators=(",", ":"))}


def record(*, events: Sequence[Event], now: datetime | None = None) -> None:
    """Write events in the open unit of work. Raises OutsideUnitOfWork where there is none."""
    require_unit_of_work()
    rows(INSERT, parameters(events=events) | {"now": now})
