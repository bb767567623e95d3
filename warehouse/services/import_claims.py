"""Imports that wait for a worker or are with one: taken, kept alive, ended, and taken again from the dead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.roles import MANAGER, NotYourRole, Staff, staff
from warehouse.errors import ImportMovedOn
from warehouse.models import ImportRun, ImportStatus

ATTEMPTS = 3
LIFE_SECONDS = 60  # without a sign of life a worker is taken for dead
WAIT_SECONDS = 30  # in the queue, after which the import is sent once more
# Kept with the import; its page translates it. 3: ATTEMPTS.
GIVEN_UP = gettext_noop(
    "The worker was stopped 3 times while it imported this sheet. Nothing was written. "
    "Split the sheet, or try again."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An import that this worker has taken, and nobody else meanwhile."""

    run_id: int
    attempt: int


def claim(*, run_id: int) -> Claim | None:
    """Take an import that waits; None where it does not, or somebody else has it."""
    require_unit_of_work()
    taken = ImportRun.objects.filter(pk=run_id, status=ImportStatus.QUEUED).update(
        status=ImportStatus.RUNNING,
        phase="reading",
        attempt=F("attempt") + 1,
        started_at=Now(),
        touched_at=Now(),
    )
    if not taken:
        return None
    return Claim(run_id, ImportRun.objects.values_list("attempt", flat=True).get(pk=run_id))


def person_of(*, run: ImportRun) -> Staff:
    """Who had it imported, with the rights they have by now. Raises NotYourRole."""
    user = get_user_model().objects.filter(pk=run.user_id or 0, is_active=True).first()
    if user is None:
        raise NotYourRole(_("Whoever started this import may not sign in any more."))
    who = staff(user)
    who.check_role(MANAGER)
    return who


def note(*, mine: Claim, phase: str = "", done: int = 0, total: int = 0) -> None:
    """A sign of life; with a phase, how far the work is, in rows.

    Raises ImportMovedOn where it was taken away.
    """
    require_unit_of_work()
    progress = {"phase": phase, "done": done, "total": total} if phase else {}
    _change(mine, touched_at=Now(), **progress)


def finish(
    *, mine: Claim, written: int, result: Mapping[str, int], found: Mapping[str, Any]
) -> None:
    """It is done. In the transaction that wrote the rows, so that both are there or neither.

    Raises ImportMovedOn where it was taken away, which takes the rows back.
    """
    require_unit_of_work()
    _change(
        mine, status=ImportStatus.DONE, revision=F("revision") + 1, phase="", written=written,
        done=F("total"), result=dict(result), ended_at=Now(), touched_at=Now(), **found,
    )  # fmt: skip


def fail(*, mine: Claim, message: str) -> None:
    """It cannot be done; why, in plain words."""
    require_unit_of_work()
    _change(
        mine, status=ImportStatus.FAILED, revision=F("revision") + 1, phase="", message=message,
        ended_at=Now(), touched_at=Now(),
    )  # fmt: skip


def put_back(*, mine: Claim) -> None:
    """Others hold what it needs: it waits once more, and this was no attempt."""
    require_unit_of_work()
    _change(mine, status=ImportStatus.QUEUED, phase="", attempt=F("attempt") - 1, touched_at=Now())


def _change(mine: Claim, **changes: Any) -> None:
    changed = ImportRun.objects.filter(
        pk=mine.run_id, attempt=mine.attempt, status=ImportStatus.RUNNING
    ).update(**changes)
    if not changed:
        raise ImportMovedOn(_("Another worker has taken this import over."))


def take_from_the_dead(*, now: datetime) -> list[int]:
    """Queue again what a worker was killed over, or give it up; all that waits for too long, to be sent."""
    require_unit_of_work()
    silent = now - timedelta(seconds=LIFE_SECONDS)
    dead = ImportRun.objects.filter(status=ImportStatus.RUNNING, touched_at__lt=silent)
    dead.filter(attempt__gte=ATTEMPTS).update(
        status=ImportStatus.FAILED, revision=F("revision") + 1, phase="", message=GIVEN_UP,
        ended_at=now,
    )  # fmt: skip
    again = list(dead.values_list("pk", flat=True))
    dead.filter(pk__in=again).update(status=ImportStatus.QUEUED, phase="", touched_at=now)
    late = now - timedelta(seconds=WAIT_SECONDS)
    waiting = ImportRun.objects.filter(status=ImportStatus.QUEUED, touched_at__lt=late)
    return sorted({*again, *waiting.values_list("pk", flat=True)})
