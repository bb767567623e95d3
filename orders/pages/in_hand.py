"""What somebody holds in their hand on a page that asks in steps: goods, then how many, then where to."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from orders.errors import NotInHand
from orders.pages.arriving import Visit
from orders.services.floor_actions import book_once

BOOKED = "floor_booked"  # in the session: the warehouse, and what was booked there last
IN_HAND = "floor_in_hand"  # in the session: the page, and what was told on it


def take(visit: Visit, **told: Any) -> None:
    """Remember what was scanned on this page; what was in hand before is forgotten.

    Each time it gets a number of its own, `step`, which the form for what is in hand sends along.
    """
    mine = {"page": visit.request.path, "step": str(uuid4())}
    visit.request.session[IN_HAND] = {**told, **mine}


def in_hand(visit: Visit) -> Mapping[str, Any] | None:
    """What is in hand on this page."""
    told = visit.request.session.get(IN_HAND)
    return told if told and told.get("page") == visit.request.path else None


def held_still(visit: Visit, sent: QueryDict) -> Mapping[str, Any]:
    """What is in hand, where that is what the form is about. Raises BookedAlready, NotInHand."""
    held, sku = in_hand(visit), sent.get("sku", "")
    if not held or held.get("sku") != sku:
        _book_once(visit, sku, sent.get("step", ""))
        raise _not_in_hand(held, sku)
    return held


def claim_step(visit: Visit, sent: QueryDict) -> None:
    """What this form showed in hand is booked now, and once. Raises BookedAlready, NotInHand.

    A scanner that fires twice sends two scans, each with a UUID of its own, for one and the same step.
    """
    held, sku, step = in_hand(visit), sent.get("sku", ""), sent.get("step", "")
    _book_once(visit, sku, step)
    if not held or (held.get("sku"), held.get("step")) != (sku, step):
        raise _not_in_hand(held, sku)


def _book_once(visit: Visit, sku: str, step: str) -> None:
    with suppress(ValueError):  # no page of ours: nothing is in hand under it
        book_once(step=UUID(step), user_id=visit.staff.user_id, sku=sku)


def _not_in_hand(held: Mapping[str, Any] | None, sku: str) -> NotInHand:
    words = (
        _("You have scanned other goods since; scan these again.")
        if held
        else _("%(sku)s is not in hand any more; scan it again.")
    )
    return NotInHand(words % {"sku": sku[:40]})


def put_down(visit: Visit) -> None:
    """Forget it."""
    visit.request.session.pop(IN_HAND, None)


def book(visit: Visit, **told: Any) -> None:
    """Put it down, and remember what was booked last: its labels are printed next."""
    put_down(visit)
    visit.request.session[BOOKED] = {"warehouse": visit.warehouse.code, **told}


def booked(visit: Visit) -> Mapping[str, Any] | None:
    """What was booked last in this warehouse."""
    told = visit.request.session.get(BOOKED)
    return told if told and told.get("warehouse") == visit.warehouse.code else None
