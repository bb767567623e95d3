"""Who is told, inside the unit of work, when a promise changes that belongs to somebody.

The engine knows no orders. Whoever owns reservations (`ReserveRequest.owner`, `adopt`) registers here and
is called with their references in the same transaction, so that a document never says otherwise than
the stock. Followers are registered once, when the apps are ready; see docs/adr/0009-followers.md.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from warehouse.changes import Change


class Follower(Protocol):
    def __call__(self, *, references: Collection[str], now: datetime | None) -> None: ...


_followers: dict[str, Follower] = {}


def follow(*, owner: str, follower: Follower) -> None:
    """Call `follower` whenever reservations of `owner` change. A second registration replaces the first."""
    _followers[owner] = follower


def tell(*, owned: Collection[str], change: Change, now: datetime | None) -> None:
    """Tell every follower of the reservations that were `owned`, re-sourced, backordered or filled."""
    references = {
        *owned,
        *(x.reference for x in change.affected),
        *(x.reference for x in change.filled),
    }
    if references:
        for follower in _followers.values():
            follower(references=references, now=now)
