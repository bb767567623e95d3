"""What ends or prolongs a promise without shipping it: release, expiry, extension."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import SYSTEM, Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from inventory_site.core.sql import rows
from warehouse import queries
from warehouse.changes import Change, ItemState
from warehouse.checks import check_reference, check_some, check_theirs
from warehouse.errors import (
    InvalidLines,
    NeverExpires,
    ReservationClosed,
    ReservationNotFound,
    ReservationOwned,
)
from warehouse.lines import Held, ReservedLine
from warehouse.locks import lock_reservations, lock_run_out
from warehouse.queries import LineState
from warehouse.services.promises import (
    Opened,
    check_allowed,
    check_lines,
    draw,
    finish,
    open_reservations,
)
from warehouse.services.requested import MAX_EXPIRY
from warehouse.services.shortages import settle

EXTEND = """
    UPDATE warehouse_reservation
       SET expires_at = greatest(expires_at, statement_timestamp() + %s * interval '1 second'),
           updated_at = statement_timestamp()
     WHERE id = %s AND status = 'active'
    RETURNING expires_at
"""

DUE = """
    SELECT reference FROM warehouse_reservation
     WHERE status = 'active' AND expires_at <= statement_timestamp()
     ORDER BY expires_at
     LIMIT %s
"""


def release(
    *,
    reference: str,
    lines: Sequence[ReservedLine] | None = None,
    owner: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Held:
    """Give a promise back, whole or the `lines` given. What is freed fills others' backorders.

    Of a SKU that partly waits for stock, the waiting part goes first, in whichever warehouse it waits. A
    reservation that is released already is returned as it is. Raises ReservationNotFound,
    ReservationClosed (fulfilled or expired), NotReserved (naming every line), WarehouseNotAllowed,
    InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    if lines is not None:
        check_some(lines)
        check_lines(lines)
    (opened,), items, _ = open_reservations(references=[reference], whole_products=True)
    check_allowed(opened=opened, within=within)
    if opened.status == "released" and lines is None:
        return opened.held()
    opened.check_active(owner)
    change = Change()
    if lines is None:
        _release_rest(opened, items, change)
    else:
        _release_lines(opened, lines, items, change)
    if opened.settled():
        _close(opened, change, "released")
    settle(change=change, items=items)
    finish(change=change, opened=[opened], type="reservation.released", actor=actor, now=now)
    if change.filled:  # this very reservation may have been waiting for what it gave back
        return queries.reservation(reference=reference) or opened.held()
    return opened.held()


def _release_lines(
    opened: Opened, lines: Sequence[ReservedLine], items: dict[int, ItemState], change: Change
) -> None:
    faults = Faults()
    for place, asked in enumerate(lines):
        with faults.of_line():
            for line, n in draw(opened=opened, asked=asked, place=place, backordered=True):
                _free(change, line, items[line.item_id], n)
    faults.tell()


def extend(
    *, reference: str, expires_in: int, actor: Actor, within: Collection[str] | None = None
) -> Held:
    """Let an active reservation expire `expires_in` seconds from now, by the database's clock.

    One that is to last longer than that stays as it is: extending takes no time away. Raises
    ReservationNotFound, ReservationClosed (also where it has just run out), NeverExpires,
    ReservationOwned, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    if not 0 < expires_in <= MAX_EXPIRY:
        raise InvalidLines(_("expires_in is 1 to %(most)s seconds.") % {"most": MAX_EXPIRY})
    locked = lock_reservations(references=[reference])
    if not locked:
        raise ReservationNotFound(
            _("There is no reservation %(reference)s.") % {"reference": reference}
        )
    held = queries.reservation(reference=reference)
    assert held is not None
    check_theirs(what=reference, warehouses=[x.warehouse for x in held.lines], within=within)
    row = locked[0]
    if row.status != "active":
        raise ReservationClosed(
            _("The reservation %(reference)s is %(status)s.")
            % {"reference": reference, "status": row.status}
        )
    if row.owner:
        raise ReservationOwned(
            _("%(reference)s belongs to a document of %(owner)s and does not run out.")
            % {"reference": reference, "owner": row.owner}
        )
    if row.expires_at is None:
        raise NeverExpires(
            _("%(reference)s does not run out; it is kept until it is shipped or released.")
            % {"reference": reference}
        )
    ((expires_at,),) = rows(EXTEND, [expires_in, row.id])
    return replace(held, expires_at=expires_at)


def due(*, limit: int) -> list[str]:
    """References that have run out by the database's clock, the longest overdue first."""
    return [reference for (reference,) in rows(DUE, [limit])]


def expire_due(
    *, references: Sequence[str] | None = None, limit: int = 500, actor: Actor = SYSTEM
) -> list[str]:
    """Give back what has run out (of `references`, or all); returns the references expired.

    By the database's clock, and exact under races: what is shipped, released or extended meanwhile is
    left alone. Raises Busy when a row stays locked; the next sweep comes back to it.
    """
    require_unit_of_work()
    candidates = due(limit=limit) if references is None else references
    if not candidates:
        return []
    opened, items, _ = open_reservations(references=candidates, whole_products=True)
    expired = [reservation for reservation in opened if reservation.run_out]
    change = Change()
    for reservation in expired:
        _release_rest(reservation, items, change)
        _close(reservation, change, "expired")
    if expired:
        settle(change=change, items=items)
        finish(change=change, opened=expired, type="reservation.expired", actor=actor, now=None)
    return [reservation.reference for reservation in expired]


def free_run_out(*, items: Mapping[int, ItemState], wanted: Collection[int]) -> bool:
    """Give back what of the `wanted` (locked) items reservations hold that have run out: a sweep would, but
    somebody who needs them is here first. Whether anything was freed; what waits for it got it before.

    What else they hold, and their end, is left to the sweep: other items come before these in the order
    of locks. `items` are all that are locked; they stand as written afterwards.
    """
    require_unit_of_work()
    change = Change()
    opened: dict[int, Opened] = {}
    for reference, *columns in lock_run_out(item_ids=wanted):
        line = LineState(*columns)
        if items[line.item_id].reserved < line.open:
            continue  # the books do not add up there: not to be made worse
        one = Opened(line.reservation_id, reference, "expired", None, "", [])
        opened.setdefault(line.reservation_id, one).lines.append(line)
        _free(change, line, items[line.item_id], line.open + line.backordered)
    if opened:
        settle(change=change, items=items)
        finish(
            change=change,
            opened=list(opened.values()),
            type="reservation.released",
            actor=SYSTEM,
            now=None,
        )
        for item in change.touched.values():
            item.is_written()
    return bool(opened)


def _release_rest(opened: Opened, items: dict[int, ItemState], change: Change) -> None:
    for line in opened.lines:
        _free(change, line, items[line.item_id], line.open + line.backordered)


def _free(change: Change, line: LineState, item: ItemState, quantity: int) -> None:
    """Release `quantity` of a line, what is backordered first."""
    if not quantity:
        return
    waiting = min(quantity, line.backordered)
    delta = change.line(line.id)
    delta.released += quantity
    delta.backordered -= waiting
    line.released += quantity
    line.backordered -= waiting
    item.reserved -= quantity - waiting
    change.touch(item)


def _close(opened: Opened, change: Change, status: str) -> None:
    opened.status = status
    change.statuses[opened.id] = status
