"""What a person decides about alerts that stand. Nobody resolves one by hand: its cause does."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications.alerting import REPEAT_HOURS, told_at
from notifications.errors import AlertNotFound, AlertResolved, InvalidSnooze

MOST_SNOOZE = timedelta(days=90)

# Locked in the order of their ids, so that two people who decide about the same ones wait for each other.
LOCK = """
    SELECT id, title, status, warehouse FROM notifications_alert
     WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

# What is put off is told of when that time has come; what is open again, when it is due anyway, which is
# at once where it has turned more severe meanwhile.
_NOW = "coalesce(%(now)s::timestamptz, statement_timestamp())"
_TOLD = told_at(rule="a.rule", subject="a.subject", severity="a.severity", now=_NOW)
DECIDE = f"""
    UPDATE notifications_alert a
       SET status = %(status)s, snoozed_until = %(until)s, decided_by = %(actor)s,
           decided_at = coalesce(%(now)s::timestamptz, statement_timestamp()),
           rings_at = coalesce(
               %(until)s,
               {_TOLD} + interval '{REPEAT_HOURS} hours',
               least(rings_at, coalesce(%(now)s, statement_timestamp())))
     WHERE id = ANY(%(ids)s::bigint[])
"""


COUNT = """
    SELECT count(*)::int FROM notifications_alert
     WHERE status = 'open' AND (%(within)s::text[] IS NULL OR warehouse = ANY(%(within)s::text[]))
"""


def count_open(*, within: Collection[str] | None = None) -> int:
    """How many alerts stand that nobody has decided about."""
    found = rows(COUNT, {"within": None if within is None else list(within)})
    return int(found[0][0])


def acknowledge(
    *,
    ids: Sequence[int],
    actor: Actor,
    within: Collection[str] | None = None,
    now: datetime | None = None,
) -> int:
    """Somebody is at it: these alerts are told of no more until they are resolved. How many. All or none.

    Raises AlertNotFound (also where it is about a warehouse that is not in `within`), AlertResolved.
    """
    return _decide(ids, "acknowledged", None, actor, within, now)


def snooze(
    *,
    ids: Sequence[int],
    until: datetime,
    actor: Actor,
    within: Collection[str] | None = None,
    now: datetime | None = None,
) -> int:
    """Put these alerts off: told of again at that time, if they stand then. How many. All or none.

    Raises AlertNotFound, AlertResolved, InvalidSnooze (in the past, or more than 90 days ahead).
    """
    ahead = until - (now or timezone.now())
    if not timedelta(0) < ahead <= MOST_SNOOZE:
        raise InvalidSnooze(
            _("Name a time ahead, within %(days)s days.") % {"days": MOST_SNOOZE.days}
        )
    return _decide(ids, "snoozed", until, actor, within, now)


def reopen(
    *,
    ids: Sequence[int],
    actor: Actor,
    within: Collection[str] | None = None,
    now: datetime | None = None,
) -> int:
    """Take an acknowledgement or a delay back. How many. Raises AlertNotFound, AlertResolved."""
    return _decide(ids, "open", None, actor, within, now)


def _decide(
    ids: Sequence[int],
    status: str,
    until: datetime | None,
    actor: Actor,
    within: Collection[str] | None,
    now: datetime | None,
) -> int:
    require_unit_of_work()
    found = rows(LOCK, [list(ids)])
    theirs = [row for row in found if within is None or row[3] in within]
    missing = set(ids) - {row[0] for row in theirs}
    if missing:
        raise AlertNotFound(
            _("There is no alert %(numbers)s.")
            % {"numbers": ", ".join(str(id_) for id_ in sorted(missing))},
            items=[{"alert": id_} for id_ in sorted(missing)],
        )
    over = [row for row in theirs if row[2] == "resolved"]
    if over:
        raise AlertResolved(
            _("Resolved already: %(titles)s.") % {"titles": "; ".join(row[1] for row in over[:5])},
            items=[{"alert": row[0]} for row in over],
        )
    rows(
        DECIDE,
        {"ids": list(ids), "status": status, "until": until, "actor": actor.name, "now": now},
    )
    return len(theirs)
