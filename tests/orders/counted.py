"""Counts as tests make them: opened, claimed, handed in by people."""

from typing import Any

from django.contrib.auth import get_user_model

from inventory_site.core.actors import Actor
from orders.models import CountTask
from orders.services.count_results import CountOutcome, submit
from orders.services.count_work import claim_task
from orders.services.counting import CountPlace, open_for_short_pick, open_tasks
from tests.factories import do
from warehouse.lines import TransferLine
from warehouse.services.transfers import transfer


def person(name: str) -> Actor:
    """Somebody who works here."""
    user, _ = get_user_model().objects.get_or_create(username=name)
    return Actor(name=name, user_id=user.pk)


def opened(bin: str | None = "A-01-01", sku: str | None = None, *, code: str = "MAIN") -> str:
    """The one task for a place."""
    (reference,) = do(open_tasks, places=[CountPlace(code, bin, sku)])
    return reference


def claimed(reference: str, who: str = "kim") -> Actor:
    actor = person(who)
    do(claim_task, task=reference, user_id=actor.user_id, actor=actor)
    return actor


def hand_in(reference: str, who: str = "kim", /, **counts: Any) -> CountOutcome:
    """Claim a task, count these units and hand it in."""
    actor = claimed(reference, who)
    return do(
        submit, task=reference, user_id=actor.user_id, actor=actor, counts=list(counts.items())
    )


def move(sku: str, quantity: int, from_bin: str, to_bin: str) -> None:
    line = TransferLine(sku, quantity, from_bin, to_bin)
    do(transfer, reference="MOVE", from_warehouse="MAIN", to_warehouse="MAIN", lines=[line])


def short_pick(sku: str, missing: int, *, bin: str = "A-01-01") -> str:
    """A picker did not find so many units: they go to MISSING, and a task opens."""
    if missing:
        move(sku, missing, bin, "MISSING")
    return do(open_for_short_pick, warehouse="MAIN", bin=bin, sku=sku, missing=missing)


def task(reference: str) -> CountTask:
    return CountTask.objects.get(reference=reference)
