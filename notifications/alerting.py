"""Watches: who looks whether something is wrong. Alerts follow the state of the house, not its events.

An app registers a watch for each of its rules when the apps are ready. Events only say where to look: the
watch reads how things stand now, so that a lost, late or repeated event makes no wrong alert, and a sweep
that looks everywhere mends what was missed.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications.feed import FeedEvent

SeverityName = Literal["info", "warning", "urgent"]

# A watch may say in the details how the house grades the subject, and its severity follow from that. A step
# up with another grade is made by last night's sums, not by what happened: it waits for the next repeat.
GRADE = "class"
REPEAT_HOURS = 24  # after which what still stands is told of again, and before which it never is


def rank(severity: str) -> str:
    """SQL: how severe that is, from 1 to 3; 0 where it is none."""
    return f"coalesce(array_position(ARRAY['info', 'warning', 'urgent'], ({severity})::text), 0)"


def told_at(*, rule: str, subject: str, severity: str, now: str) -> str:
    """SQL: when a message that told of this rule and subject, as severe as that or worse, last left within
    the day, or was refused for good; null where none did. What waits, or was dropped, was not told.

    A time that is more than a day ahead is one of a clock that was wrong, and counts for nothing.
    """
    day = f"interval '{REPEAT_HOURS} hours'"
    return f"""(
        SELECT max(coalesce(r.sent_at, r.dropped_at))
          FROM notifications_alert b JOIN notifications_ring r ON r.alert_id = b.id
         WHERE b.rule = {rule} AND b.subject = {subject}
           AND (r.sent_at IS NOT NULL OR r.refused <> '')
           AND coalesce(r.sent_at, r.dropped_at) > {now} - {day}
           AND coalesce(r.sent_at, r.dropped_at) <= {now} + {day}
           AND (r.severity = '' OR {rank("r.severity")} >= {rank(severity)}))"""


@dataclass(frozen=True, slots=True)
class Condition:
    """How one subject stands. With `holds` false it is neither wrong nor quite right again: an alert that
    stands goes on, in these words, none is opened."""

    subject: str
    title: str
    severity: SeverityName = "warning"
    warehouse: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a watch saw: conditions, and which subjects it looked at (None: all of its rule)."""

    conditions: Sequence[Condition]
    looked: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule. `look` is given the events that say where to look, or None to look everywhere. None itself
    where looking is too dear to be repeated: whoever has looked settles the rule."""

    rule: str
    label: str | Promise  # marked for translation where it is written
    look: Callable[[Sequence[FeedEvent] | None, datetime | None], Found] | None = None


_watches: dict[str, Watch] = {}


def register(watch: Watch) -> None:
    """Have a rule watched from now on. One watch for each rule: the last one counts."""
    _watches[watch.rule] = watch


def watches() -> list[Watch]:
    """All that look by themselves, by rule, which is the order in which their rules are locked."""
    return [_watches[rule] for rule in sorted(_watches) if _watches[rule].look is not None]


def rules() -> dict[str, str]:
    """What every rule is called, by its label."""
    labels = {
        rule: str(watch.label) if isinstance(watch.label, Promise) else _(watch.label)
        for rule, watch in _watches.items()
    }
    return dict(sorted(labels.items(), key=lambda one: one[1]))


def in_the_site_s_language() -> AbstractContextManager[None]:
    """For titles, which are kept and read by everybody, whoever's page or worker makes them."""
    return translation.override(settings.LANGUAGE_CODE)


_warehouses: list[Callable[[], Sequence[tuple[str, str]]]] = []


def name_warehouses(source: Callable[[], Sequence[tuple[str, str]]]) -> None:
    """Have the warehouses, which other apps keep, offered by their code and name where alerts are routed."""
    _warehouses[:] = [source]


def warehouses() -> list[tuple[str, str]]:
    """Code and name of every warehouse; none where nobody has named them."""
    return [place for source in _warehouses for place in source()]


@dataclass(frozen=True, slots=True)
class Settled:
    """Ids of the alerts that were opened and resolved."""

    opened: list[int] = field(default_factory=list)
    resolved: list[int] = field(default_factory=list)


# An alert that comes back within a day is seen at once and told of when that day is over. One that turns more
# severe rings at once; on a channel that was told of that step within the day, the ring waits for its end.
# What somebody is at, or has put off, stays silent.
_TOLD = told_at(rule="t.rule", subject="c.subject", severity="c.severity", now="t.now")
_EVER_TOLD = told_at(
    rule="a.rule", subject="a.subject", severity="'info'", now="excluded.opened_at"
)
OPEN = f"""
    INSERT INTO notifications_alert AS a
           (rule, subject, warehouse, severity, title, details, status, opened_at, rings_at)
    SELECT t.rule, c.subject, c.warehouse, c.severity, left(c.title, 300), c.details, 'open',
           t.now, coalesce({_TOLD} + interval '{REPEAT_HOURS} hours', t.now)
      FROM jsonb_to_recordset(%(conditions)s::jsonb)
           AS c(subject text, warehouse text, severity text, title text, details jsonb, holds bool)
     CROSS JOIN (SELECT coalesce(%(now)s::timestamptz, statement_timestamp()) AS now,
                        %(rule)s::text AS rule) t
     WHERE c.holds
        ON CONFLICT (rule, subject) WHERE resolved_at IS NULL
        DO UPDATE SET severity = excluded.severity, title = excluded.title, details = excluded.details,
                      warehouse = excluded.warehouse,
                      rings_at = CASE
                          WHEN a.status <> 'open'
                               OR {rank("excluded.severity")} <= {rank("a.severity")}
                          THEN a.rings_at
                          WHEN a.details ->> '{GRADE}' IS DISTINCT FROM excluded.details ->> '{GRADE}'
                          THEN greatest(a.rings_at, {_EVER_TOLD} + interval '{REPEAT_HOURS} hours')
                          ELSE least(a.rings_at, excluded.opened_at) END
           WHERE (a.severity, a.title, a.details, a.warehouse) IS DISTINCT FROM
                 (excluded.severity, excluded.title, excluded.details, excluded.warehouse)
    RETURNING id, xmax = 0 AS opened
"""

# What is neither wrong nor right again goes on with the words and the severity that it has now. It rings no
# sooner for that.
GO_ON = """
    UPDATE notifications_alert a
       SET severity = c.severity, title = left(c.title, 300), details = c.details,
           warehouse = c.warehouse
      FROM jsonb_to_recordset(%(conditions)s::jsonb)
           AS c(subject text, warehouse text, severity text, title text, details jsonb, holds bool)
     WHERE NOT c.holds AND a.rule = %(rule)s AND a.subject = c.subject AND a.resolved_at IS NULL
       AND (a.severity, a.title, a.details, a.warehouse)
           IS DISTINCT FROM (c.severity, left(c.title, 300), c.details, c.warehouse)
"""

RESOLVE = """
    UPDATE notifications_alert
       SET status = 'resolved', snoozed_until = NULL,
           resolved_at = coalesce(%(now)s::timestamptz, statement_timestamp())
     WHERE rule = %(rule)s AND resolved_at IS NULL
       AND (%(looked)s::text[] IS NULL OR subject = ANY(%(looked)s::text[]))
       AND NOT EXISTS (SELECT FROM unnest(%(standing)s::text[]) AS s WHERE s = subject)
    RETURNING id
"""


def check(
    *, watch: Watch, events: Sequence[FeedEvent] | None = None, now: datetime | None = None
) -> Settled:
    """Look, and bring the rule's alerts in line with what is seen: where `events` point, or everywhere."""
    require_unit_of_work()
    assert watch.look is not None
    _lock(watch.rule)
    with in_the_site_s_language():
        found = watch.look(events, now)
    return _settle(rule=watch.rule, found=found, now=now)


def settle(*, rule: str, found: Found, now: datetime | None = None) -> Settled:
    """Bring a rule's alerts in line with what its caller has just seen.

    For what is too dear to look at again (a proof of the whole ledger). Raises OutsideUnitOfWork.
    """
    require_unit_of_work()
    _lock(rule)
    return _settle(rule=rule, found=found, now=now)


def _lock(rule: str) -> None:
    """One at a time looks at a rule and writes what it saw, so that no older look overwrites a newer one."""
    rows("SELECT pg_advisory_xact_lock(hashtext('alerts'), hashtext(%s))", [rule])


def _settle(*, rule: str, found: Found, now: datetime | None) -> Settled:
    if found.looked is not None and not found.looked:
        return Settled()
    # Two of one subject are one alert: the later counts.
    by_subject = {condition.subject: asdict(condition) for condition in found.conditions}
    conditions = list(by_subject.values())
    written = []
    if conditions:
        given = {"rule": rule, "conditions": json.dumps(conditions, default=str), "now": now}
        written = rows(OPEN, given)
        if not all(condition["holds"] for condition in conditions):
            rows(GO_ON, given)
    resolved = rows(
        RESOLVE,
        {
            "rule": rule,
            "looked": None if found.looked is None else list(found.looked),
            "standing": list(by_subject),
            "now": now,
        },
    )
    return Settled([id_ for id_, opened in written if opened], [id_ for (id_,) in resolved])
