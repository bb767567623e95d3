"""A reservation that becomes part of a document: it no longer runs out, and its owner is told of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from warehouse.checks import check_reference
from warehouse.errors import (
    ReservationClosed,
    ReservationDiffers,
    ReservationNotFound,
    ReservationOwned,
)
from warehouse.lines import Held
from warehouse.services.promises import Opened, check_allowed, open_known

ADOPT = """
    UPDATE warehouse_reservation
       SET owner = %s, expires_at = NULL, updated_at = coalesce(%s::timestamptz, statement_timestamp())
     WHERE id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A reservation to be taken over. `lines`: what it must hold by SKU, where the document says so.

    `within` where it differs from the call's.
    """

    reference: str
    lines: Mapping[str, int] | None = None
    within: frozenset[str] | None = None


def adopt(
    *,
    reference: str,
    owner: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Held:
    """Take an active reservation over (a cart that became an order). Repeating it is harmless.

    Raises ReservationNotFound, ReservationClosed, ReservationOwned (by somebody else),
    WarehouseNotAllowed.
    """
    limit = None if within is None else frozenset(within)
    (answer,) = adopt_batch(
        adoptions=[Adoption(check_reference(reference), within=limit)],
        owner=owner,
        actor=actor,
        now=now,
    )
    if isinstance(answer, DomainError):
        raise answer
    return answer


def adopt_batch(
    *,
    adoptions: Sequence[Adoption],
    owner: str,
    actor: Actor,
    now: datetime | None = None,
) -> list[Held | DomainError]:
    """Take many reservations over by set, each by itself: its state, or its own error (not raised).

    Their items are locked as well, so that what is answered holds until the end of the transaction.
    Errors as of `adopt`, and ReservationDiffers. Raises Raced.
    """
    require_unit_of_work()
    known = open_known(references=[one.reference for one in adoptions])
    answers = [_decide(one, known.get(one.reference), owner) for one in adoptions]
    fresh = {
        held.reference: known[held.reference].id
        for held in answers
        if isinstance(held, Held) and not known[held.reference].owner
    }
    if fresh:
        rows(ADOPT, [owner, now, list(fresh.values())])
        outbox.record(
            events=[
                Event("reservation.adopted", reference, actor.name, [], {"owner": owner})
                for reference in fresh
            ],
            now=now,
        )
    return answers


def _decide(wanted: Adoption, opened: Opened | None, owner: str) -> Held | DomainError:
    if opened is None:
        return ReservationNotFound(
            _("There is no reservation %(reference)s.") % {"reference": wanted.reference}
        )
    try:
        check_allowed(opened=opened, within=wanted.within)
        if opened.status != "active":
            raise ReservationClosed(
                _("The reservation %(reference)s is %(status)s; reserve anew.")
                % {"reference": opened.reference, "status": opened.status}
            )
        if opened.owner not in ("", owner):
            raise ReservationOwned(
                _("%(reference)s belongs to another document.") % {"reference": opened.reference}
            )
        if wanted.lines is not None:
            _check_same(opened, wanted.lines)
    except DomainError as error:
        return error
    return replace(opened.held(), expires_at=None)


def _check_same(opened: Opened, wanted: Mapping[str, int]) -> None:
    """Raise ReservationDiffers naming each SKU of which it does not hold what is wanted."""
    holds: dict[str, int] = {}
    for line in opened.lines:
        promised = line.quantity - line.released - line.shipped
        if promised:
            holds[line.sku] = holds.get(line.sku, 0) + promised
    wrong = [
        {"sku": sku, "requested": wanted.get(sku, 0), "reserved": holds.get(sku, 0)}
        for sku in sorted({*holds, *wanted})
        if holds.get(sku, 0) != wanted.get(sku, 0)
    ]
    if wrong:
        told = ", ".join(
            _("%(reserved)s of %(sku)s, not %(requested)s")
            % {"reserved": x["reserved"], "sku": x["sku"], "requested": x["requested"]}
            for x in wrong[:5]
        )
        raise ReservationDiffers(
            _("%(reference)s holds %(told)s.") % {"reference": opened.reference, "told": told},
            items=wrong,
        )
