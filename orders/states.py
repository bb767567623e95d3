"""The way of a document, as pure tables and functions: plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory_site.core.errors import DomainError, Kind


class WrongState(DomainError):
    """The document is past (or not yet at) the point where this can be done."""

    code = "wrong_state"
    title = "Not in this state"
    kind = Kind.CONFLICT


DRAFT, ALLOCATED, BACKORDERED = "draft", "allocated", "backordered"
PICKING, PACKED = "picking", "packed"
PARTLY_SHIPPED, SHIPPED, CLOSED, CANCELLED = "partly_shipped", "shipped", "closed", "cancelled"

# draft → allocated | backordered → picking → packed → shipped (partly) → closed; cancelled from any state
# before shipping. Goods that are put back, or found missing, lead back.
NEXT: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({ALLOCATED, BACKORDERED, CANCELLED}),
    ALLOCATED: frozenset({BACKORDERED, PICKING, PARTLY_SHIPPED, SHIPPED, CANCELLED}),
    BACKORDERED: frozenset({ALLOCATED, PICKING, PARTLY_SHIPPED, SHIPPED, CANCELLED}),
    PICKING: frozenset({ALLOCATED, BACKORDERED, PACKED, PARTLY_SHIPPED, SHIPPED, CANCELLED}),
    PACKED: frozenset({ALLOCATED, BACKORDERED, PICKING, PARTLY_SHIPPED, SHIPPED, CANCELLED}),
    PARTLY_SHIPPED: frozenset({SHIPPED, CLOSED}),
    SHIPPED: frozenset({CLOSED}),
    CLOSED: frozenset(),
    CANCELLED: frozenset(),
}
BEFORE_SHIPPING = frozenset({DRAFT, ALLOCATED, BACKORDERED, PICKING, PACKED})
OVER = frozenset({SHIPPED, CLOSED, CANCELLED})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so about an order, in units. `in_hand`: on a claimed list or in a tote; `packed`: all of it."""

    status: str
    ordered: int
    cancelled: int
    shipped: int
    backordered: int
    in_hand: int
    packed: bool


def status_of(facts: Facts) -> str:
    """The status that follows from the facts. A draft stays one until it is placed, a closed order closed."""
    if facts.status == CLOSED or (facts.status == DRAFT and facts.cancelled < facts.ordered):
        return facts.status
    if facts.ordered == facts.cancelled + facts.shipped:
        return SHIPPED if facts.shipped else CANCELLED
    if facts.shipped:
        return PARTLY_SHIPPED
    if facts.packed:
        return PACKED
    if facts.in_hand:
        return PICKING
    return BACKORDERED if facts.backordered else ALLOCATED


def check_step(*, reference: str, now: str, then: str) -> None:
    """Raise WrongState where an order may not go from one status to the other."""
    if now != then and then not in NEXT[now]:
        raise WrongState(f"{reference} is {now.replace('_', ' ')}; it cannot become {then}.")
