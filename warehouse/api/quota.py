"""How many reservations one client may hold open: a defect of a shop must not hoard the house.

Counted by the name of the key, so that a key and the one that replaces it share their quota. The count is
asked of PostgreSQL once in a while and carried forward in between, so a limit may be passed by what other
processes reserve in those seconds; a refusal is always from a count made for it.
"""

import time
from dataclasses import dataclass

from django.conf import settings

from inventory_site.core.auth import Caller
from inventory_site.core.idempotency import Claim, is_known
from inventory_site.core.problems import ApiError
from warehouse import queries

COUNTED_SECONDS = 5.0  # how long a count is believed


class TooManyOpenReservations(ApiError):
    """The key's client holds as many open reservations as it may."""

    code, title, status = "too_many_open_reservations", "Too many open reservations", 429
    retry_after = 60


@dataclass(slots=True)
class _Count:
    open: int
    until: float


_counts: dict[str, _Count] = {}


def check_quota(*, caller: Caller, more: int, claim: Claim) -> None:
    """Take `more` of the client's quota. Raises TooManyOpenReservations.

    A request that was answered already goes through, for it will only be answered again.
    """
    most = settings.API_OPEN_RESERVATIONS
    if not most:
        return
    name = caller.actor.name
    count = _counts.get(name)
    if count is None or count.until < time.monotonic() or count.open + more > most:
        count = _counts[name] = _Count(
            open=queries.open_reservations(actor=name, most=most),
            until=time.monotonic() + COUNTED_SECONDS,
        )
        if count.open + more > most and not is_known(claim):
            raise TooManyOpenReservations(
                f"This client holds {count.open} open reservations of at most {most}; "
                "ship or release some, or let them expire."
            )
    count.open += more


def forget_counts() -> None:
    """Count anew; tests that change reservations behind the API's back call this."""
    _counts.clear()
