"""Who is told, inside the unit of work, when a promise changes that belongs to somebody.

The engine knows no orders. Whoever owns reservations (`ReserveRequest.owner`, `adopt`) registers here and
is called with their references in the same transaction, so that a document never says otherwise than
the stock. Goods that come under somebody's document (`own_arrivals`) are received by its owner alone. Both
are registered once, when the apps are ready; see docs/adr/0009-followers.md.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from warehouse.changes import Change
from warehouse.errors import ReceiptOwned


class Follower(Protocol):
    def __call__(self, *, references: Collection[str], now: datetime | None) -> None: ...


class Papers(Protocol):
    def __call__(self, *, references: Collection[str]) -> Mapping[str, str]:
        """Those of the references that are documents of its own, each with where its goods are received."""


_followers: dict[str, Follower] = {}
_papers: dict[str, Papers] = {}


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


def own_arrivals(*, owner: str, papers: Papers) -> None:
    """Goods that come under one of these `papers` are received by their `owner` alone."""
    _papers[owner] = papers


def check_arrivals(*, references: Collection[str], owner: str) -> None:
    """Raise ReceiptOwned where goods would come past somebody else's document."""
    for name, papers in _papers.items():
        owned = papers(references=references) if name != owner else {}
        if owned:
            told = "; ".join(
                _("%(reference)s is a %(what)s") % {"reference": reference, "what": what}
                for reference, what in owned.items()
            )
            raise ReceiptOwned(
                _("%(told)s. Received there, stock and document agree.") % {"told": told},
                items=[{"reference": reference} for reference in owned],
            )
