"""A scan or tap that is sent twice is carried out once, and answered twice in the same words.

Its UUID is claimed by an insert before the work and its outcome is kept after it, both in the transaction of
the work. A second one with the UUID waits at the primary key for the first to end, then finds its outcome.
What is refused leaves no claim: nothing was done, and it may be sent again.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.sql import rows
from orders.errors import BookedAlready

KEPT_DAYS = 60  # longer than a device stays in a drawer with a scan on it

STEP = "step"  # the kind of a claim that no scan made, but what was in hand

CLAIM = """
    INSERT INTO orders_flooraction (id, user_id, kind, fingerprint, outcome)
    VALUES (%s, %s, %s, %s, '{}')
        ON CONFLICT (id) DO NOTHING
    RETURNING id
"""
KNOWN = "SELECT user_id, fingerprint, outcome FROM orders_flooraction WHERE id = %s"
KEEP = "UPDATE orders_flooraction SET outcome = %s::jsonb WHERE id = %s"
FORGET = """
    DELETE FROM orders_flooraction
     WHERE created_at < coalesce(%s::timestamptz, statement_timestamp()) - make_interval(days => %s)
    RETURNING id
"""


class ActionReused(DomainError):
    """The number of a floor scan or tap stands for another one already."""

    code = "action_reused"
    title = gettext_noop("The number of this scan is taken")
    kind = Kind.CONFLICT


def run_once(
    *,
    action_id: UUID,
    user_id: int,
    kind: str,
    fingerprint: str,
    work: Callable[[], Mapping[str, Any]],
) -> dict[str, Any]:
    """Carry out `work` unless it has been under this UUID; its outcome, which JSON must be able to carry.

    A refusal that keeps its record (lost demand) is kept as an outcome with `refused`: its code. Raises what
    the work raises, ActionReused when the UUID stands for something else.
    """
    require_unit_of_work()
    if not rows(CLAIM, [action_id, user_id, kind, fingerprint]):
        return _known(action_id=action_id, user_id=user_id, fingerprint=fingerprint)
    try:
        outcome = dict(work())
    except DomainError as error:
        if not error.keeps_record:
            raise
        outcome = {"refused": error.code, "text": error.detail}
    rows(KEEP, [json.dumps(outcome), action_id])
    return outcome


def book_once(*, step: UUID, user_id: int, sku: str) -> None:
    """Claim what a page showed in hand, for the booking in this transaction.

    Several scans, each with its own UUID, may be made for it. Raises BookedAlready for all but the first.
    """
    require_unit_of_work()
    if not rows(CLAIM, [step, user_id, STEP, ""]):
        raise BookedAlready(
            gettext("%(sku)s is booked already; scan the next goods.") % {"sku": sku[:40]}
        )


def forget_actions(*, now: datetime | None = None) -> int:
    """Forget what was done more than `KEPT_DAYS` days ago; how many there were."""
    require_unit_of_work()
    return len(rows(FORGET, [now, KEPT_DAYS]))


def _known(*, action_id: UUID, user_id: int, fingerprint: str) -> dict[str, Any]:
    found = rows(KNOWN, [action_id])
    if not found:
        raise Raced(gettext("The same scan is being worked on; send it again."))
    owner, told, outcome = found[0]
    if (owner, told) != (user_id, fingerprint):
        raise ActionReused(
            gettext("This scan's number was used for another one. Nothing was booked; scan again.")
        )
    return outcome if isinstance(outcome, dict) else dict(json.loads(outcome))
