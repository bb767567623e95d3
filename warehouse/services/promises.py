"""What release, ship and expire have in common: reservations opened under lock, lines drawn on.

The items are locked first, then the reservations; both in primary-key order (locks.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced
from notifications.outbox import Event
from warehouse import queries
from warehouse.changes import Change, ItemState, Posting, by_item, level_payload
from warehouse.checks import check_quantities, check_theirs, normal_sku
from warehouse.errors import (
    NotReserved,
    ReservationClosed,
    ReservationNotFound,
    ReservationOwned,
)
from warehouse.events import outcome, refresh_cache_on_commit
from warehouse.lines import Held, HeldLine, ReservedLine
from warehouse.locks import LockedReservation, lock_reservations_with_items
from warehouse.queries import BinContent, LineState
from warehouse.services.following import tell
from warehouse.statements import write


@dataclass(slots=True)
class Opened:
    """A reservation whose items and row are locked."""

    id: int
    reference: str
    status: str
    expires_at: datetime | None
    owner: str
    lines: list[LineState]
    run_out: bool = False  # and not given back yet: `status` is expired already

    def held(self) -> Held:
        return Held(
            reference=self.reference,
            status=self.status,
            expires_at=self.expires_at,
            lines=[
                HeldLine(
                    sku=line.sku,
                    warehouse=line.warehouse,
                    quantity=line.quantity,
                    shipped=line.shipped,
                    released=line.released,
                    backordered=line.backordered,
                )
                for line in self.lines
                if line.quantity
            ],
        )

    def check_active(self, owner: str = "") -> None:
        """Raise ReservationClosed, or ReservationOwned where somebody else's document holds it."""
        if self.status != "active":
            raise ReservationClosed(
                _("The reservation %(reference)s is %(status)s.")
                % {"reference": self.reference, "status": self.status}
            )
        if self.owner not in ("", owner):
            raise ReservationOwned(
                _("%(reference)s belongs to a document of %(owner)s; change that instead.")
                % {"reference": self.reference, "owner": self.owner}
            )

    def item_ids(self) -> list[int]:
        return [line.item_id for line in self.lines]

    def settled(self) -> bool:
        """Whether nothing is promised any more."""
        return not any(line.open or line.backordered for line in self.lines)


def open_reservations(
    *, references: Sequence[str], whole_products: bool = False, with_bins: bool = False
) -> tuple[list[Opened], dict[int, ItemState], dict[int, list[BinContent]]]:
    """Lock the items of these reservations, then the reservations, and read their lines.

    In the order of `references`; with the bins of the items where asked. Raises ReservationNotFound
    naming the first that does not exist, and Raced when a line moved to an item that is not locked (a
    shortage was just found there).
    """
    then = [queries.OPEN_LINES, *([queries.BINS_OF_RESERVATIONS] if with_bins else [])]
    states, reservations, read = lock_reservations_with_items(
        references=references, whole_products=whole_products, then=then
    )
    items = by_item(states)
    locked = {row.reference: row for row in reservations}
    lines = queries.lines_by_reservation(read[0])
    bins = queries.contents_by_item(read[1]) if with_bins else {}
    opened = []
    for reference in references:
        if reference not in locked:
            raise ReservationNotFound(
                _("There is no reservation %(reference)s.") % {"reference": reference}
            )
        own = lines.get(locked[reference].id, [])
        if any(line.item_id not in items for line in own):
            raise Raced(
                _("%(reference)s was just sourced from elsewhere; try again.")
                % {"reference": reference}
            )
        opened.append(_opened(locked[reference], own))
    return opened, items, bins


def _opened(row: LockedReservation, lines: list[LineState]) -> Opened:
    return Opened(
        row.id, row.reference, row.status, row.expires_at, row.owner, lines, run_out=row.run_out
    )


def open_known(*, references: Sequence[str]) -> dict[str, Opened]:
    """The same for those that exist, by reference; the others are left out. Raises Raced."""
    states, reservations, read = lock_reservations_with_items(
        references=references, whole_products=False, then=[queries.OPEN_LINES]
    )
    locked = {state.id for state in states}
    lines = queries.lines_by_reservation(read[0])
    found = {}
    for row in reservations:
        own = lines.get(row.id, [])
        if any(line.item_id not in locked for line in own):
            raise Raced(
                _("%(reference)s was just sourced from elsewhere; try again.")
                % {"reference": row.reference}
            )
        found[row.reference] = _opened(row, own)
    return found


def check_allowed(*, opened: Opened, within: Collection[str] | None) -> None:
    """Raise WarehouseNotAllowed when the reservation holds stock where the caller may not go."""
    own = [line.warehouse for line in opened.lines if line.quantity]
    check_theirs(what=opened.reference, warehouses=own, within=within)


def draw(
    *, opened: Opened, asked: ReservedLine, place: int, backordered: bool
) -> list[tuple[LineState, int]]:
    """Divide one asked line over the reservation's lines of that SKU. Raises NotReserved.

    With `backordered`, what waits for stock counts as well, and is drawn on first, that of all lines. The
    same line may come twice, first with what waits and then with what is there.
    """
    sku = normal_sku(asked.sku)
    mine = [
        line
        for line in opened.lines
        if line.sku == sku and asked.warehouse in (None, line.warehouse)
    ]
    left = asked.quantity
    parts = []
    waiting = [(line, line.backordered) for line in mine if backordered]
    for line, most in [*waiting, *((line, line.open) for line in mine)]:
        part = min(left, most)
        if part > 0:
            parts.append((line, part))
            left -= part
    if left:
        where = _(" in %(warehouse)s") % {"warehouse": asked.warehouse} if asked.warehouse else ""
        held = asked.quantity - left
        raise NotReserved(
            _("%(reference)s holds %(held)s of %(sku)s%(where)s, not %(quantity)s.")
            % {
                "reference": opened.reference,
                "held": held,
                "sku": sku,
                "where": where,
                "quantity": asked.quantity,
            },
            items=[{"line": place, "sku": sku, "requested": asked.quantity, "reserved": held}],
        )
    return parts


def check_lines(lines: Sequence[ReservedLine]) -> None:
    """Raise InvalidLines unless every quantity is a whole number from 1 up."""
    check_quantities(line.quantity for line in lines)


def finish(
    *,
    change: Change,
    opened: Sequence[Opened],
    type: str,
    actor: Actor,
    now: datetime | None,
) -> None:
    """Write the change with one event per reservation; tell followers; refresh the cache after commit."""
    levels = {id_: item.level(version=item.version + 1) for id_, item in change.touched.items()}
    untold = set(levels)
    events = []
    for reservation in opened:
        own = [i for i in reservation.item_ids() if i in levels]
        untold.difference_update(own)
        events.append((reservation.reference, own))
    events[0][1].extend(untold)  # items that only settling touched
    told = outcome(change)
    posting = Posting(
        type=type,
        reference=opened[0].reference,
        actor=actor.name,
        user_id=actor.user_id,
        now=now,
    )
    write(
        change=change,
        posting=posting,
        events=[
            Event(
                type=type,
                reference=reference,
                actor=actor.name,
                levels=[level_payload(levels[i]) for i in own],
                details=told if place == 0 else {},
            )
            for place, (reference, own) in enumerate(events)
        ],
    )
    tell(owned=[r.reference for r in opened if r.owner], change=change, now=now)
    refresh_cache_on_commit(levels=list(levels.values()))
