"""The way of a document, as pure tables and functions: plain values in, plain values out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from inventory_site.core.errors import DomainError, Kind


class WrongState(DomainError):
    """The document is past (or not yet at) the point where this can be done."""

    code = "wrong_state"
    title = gettext_noop("Not in this state")
    kind = Kind.CONFLICT


# As sentences have them; as codes they are in the database and in answers to programs.
WORDS = {
    "draft": _("draft"),
    "allocated": _("allocated"),
    "backordered": _("backordered"),
    "picking": _("picking"),
    "packed": _("packed"),
    "partly_shipped": _("partly shipped"),
    "shipped": _("shipped"),
    "closed": _("closed"),
    "cancelled": _("cancelled"),
    "sent": _("sent"),
    "partly_received": _("partly received"),
    "received": _("received"),
    "closed_short": _("closed short"),
    "requested": _("requested"),
    "in_transit": _("in transit"),
    "dispatched": _("dispatched"),
    "expected": _("expected"),
    "graded": _("graded"),
    "open": _("open"),
    "claimed": _("claimed"),
    "picked": _("picked"),
    "recount": _("recount"),
    "approval": _("approval"),
    "done": _("done"),
}


def in_words(state: str) -> str:
    """A state, or what is done to a document, as a sentence has it."""
    return str(WORDS.get(state.replace(" ", "_"), state.replace("_", " ")))


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
        raise WrongState(
            gettext("%(reference)s is %(now)s; it cannot become %(then)s.")
            % {"reference": reference, "now": in_words(now), "then": in_words(then)}
        )


# --- What comes from suppliers ---------------------------------------------------------------------

P_DRAFT, P_SENT, P_PARTLY, P_RECEIVED = "draft", "sent", "partly_received", "received"
P_CLOSED_SHORT, P_CANCELLED = "closed_short", "cancelled"
P_COMING = frozenset({P_SENT, P_PARTLY})
# What comes late, or too much, is booked all the same: it stands in the yard.
P_RECEIVABLE = P_COMING | {P_RECEIVED, P_CLOSED_SHORT}


def purchase_status(*, status: str, lines: Iterable[tuple[int, int]]) -> str:
    """What follows for a purchase order that was sent, from (ordered, received) of its lines."""
    told = list(lines)
    if status not in P_RECEIVABLE:
        return status
    if all(received >= ordered for ordered, received in told):
        return P_RECEIVED
    if status == P_CLOSED_SHORT:
        return status
    return P_PARTLY if any(received for _, received in told) else P_SENT


# --- What goes from one of our warehouses to another -------------------------------------------------

T_REQUESTED, T_IN_TRANSIT, T_PARTLY = "requested", "in_transit", "partly_received"
T_RECEIVED, T_CANCELLED = "received", "cancelled"
T_COMING = frozenset({T_IN_TRANSIT, T_PARTLY})


def transfer_status(*, status: str, lines: Iterable[tuple[int, int, int]]) -> str:
    """What follows for a dispatched transfer, from (dispatched, received, lost) of its lines."""
    told = list(lines)
    if status not in T_COMING:
        return status
    if all(sent == received + lost for sent, received, lost in told):
        return T_RECEIVED
    return T_PARTLY if any(received or lost for _, received, lost in told) else T_IN_TRANSIT


# --- What customers send back ------------------------------------------------------------------------

R_EXPECTED, R_RECEIVED, R_GRADED, R_CANCELLED = "expected", "received", "graded", "cancelled"
R_WAITING = frozenset({R_EXPECTED, R_RECEIVED})


def check_state(*, reference: str, now: str, allowed: Collection[str], to: str) -> None:
    """Raise WrongState unless the document is in one of the states in which `to` can be done."""
    if now not in allowed:
        raise WrongState(
            gettext("%(reference)s is %(now)s; it cannot be %(to)s.")
            % {"reference": reference, "now": in_words(now), "to": in_words(to)}
        )
