"""What all services of count tasks share: the task itself, who may touch it, its event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.actors import Actor
from notifications import outbox
from notifications.outbox import Event
from orders.errors import CountTaskClaimed, CountTaskNotFound, NotInCount
from orders.queries.counts import TaskFacts, task_facts
from orders.states import WrongState
from warehouse.errors import WarehouseNotAllowed

COUNTABLE = ("open", "recount")


def known_task(*, reference: str, within: Collection[str] | None) -> TaskFacts:
    """The task. Raises CountTaskNotFound, WarehouseNotAllowed."""
    facts = task_facts(reference=reference)
    if facts is None:
        raise CountTaskNotFound(
            gettext("There is no count task %(reference)s.") % {"reference": reference}
        )
    check_allowed(warehouses=[facts.warehouse], within=within)
    return facts


def mine(*, reference: str, user_id: int, within: Collection[str] | None) -> TaskFacts:
    """The task, claimed by this person and not handed in. Raises CountTaskClaimed, WrongState too."""
    facts = known_task(reference=reference, within=within)
    if facts.status not in COUNTABLE or facts.claimed_by_id != user_id:
        refuse_claim(facts=facts, user_id=user_id)
    return facts


def check_counted(*, facts: TaskFacts, skus: Collection[str]) -> None:
    """Raise NotInCount where a task for one product is given another."""
    strange = sorted(sku for sku in skus if facts.sku is not None and sku != facts.sku)
    if strange:
        raise NotInCount(
            gettext("This task counts %(sku)s alone, not %(strange)s. Leave it where it is.")
            % {"sku": facts.sku, "strange": ", ".join(strange)},
            items=[{"sku": sku} for sku in strange],
        )


def check_allowed(*, warehouses: Collection[str], within: Collection[str] | None) -> None:
    """Raise WarehouseNotAllowed naming the warehouses that the caller may not touch."""
    foreign = sorted(set(warehouses) - set(within)) if within is not None else []
    if foreign:
        raise WarehouseNotAllowed(
            gettext("Not allowed in warehouse %(foreign)s.") % {"foreign": ", ".join(foreign)},
            items=[{"warehouse": code} for code in foreign],
        )


def tell(
    *, type: str, reference: str, actor: Actor, now: datetime | None, details: dict[str, Any]
) -> None:
    """Leave the event of a task that changed."""
    event = Event(type=type, reference=reference, actor=actor.name, levels=[], details=details)
    outbox.record(events=[event], now=now)


def refuse_claim(*, facts: TaskFacts, user_id: int | None) -> NoReturn:
    """Say why this task is not theirs to count. Raises WrongState, CountTaskClaimed."""
    if facts.status not in COUNTABLE:
        raise WrongState(
            gettext("%(reference)s is %(state)s; nothing is to be counted.")
            % {"reference": facts.reference, "state": _WORDS[facts.status]}
        )
    if facts.claimed_by_id is None:
        raise CountTaskClaimed(
            gettext("Nobody counts %(reference)s; claim it first.") % {"reference": facts.reference}
        )
    raise CountTaskClaimed(
        gettext("%(claimed_by)s is counting %(bin)s; take another task.")
        % {"claimed_by": facts.claimed_by, "bin": facts.bin}
    )


_WORDS = {
    "approval": _("waiting for a manager"),
    "done": _("counted already"),
    "cancelled": _("cancelled"),
}
