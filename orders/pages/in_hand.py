"""What somebody holds in their hand on a page that asks in steps: goods, then how many, then where to."""

from collections.abc import Mapping
from typing import Any

from orders.pages.arriving import Visit

BOOKED = "floor_booked"  # in the session: the warehouse, and what was booked there last
IN_HAND = "floor_in_hand"  # in the session: the page, and what was told on it


def take(visit: Visit, **told: Any) -> None:
    """Remember what was scanned on this page; what was in hand before is forgotten."""
    visit.request.session[IN_HAND] = {"page": visit.request.path, **told}


def in_hand(visit: Visit) -> Mapping[str, Any] | None:
    """What is in hand on this page."""
    told = visit.request.session.get(IN_HAND)
    return told if told and told.get("page") == visit.request.path else None


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
