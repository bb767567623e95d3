"""Shipping: what was promised leaves the house. Never more than is reserved for the reference."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from warehouse import queries
from warehouse.changes import BinRef, Change, ItemState
from warehouse.checks import check_reference, check_some, normal_bin
from warehouse.errors import NotReserved, UnknownBin
from warehouse.lines import Held, ReservedLine
from warehouse.queries import BinContent, LineState
from warehouse.services.picking_bins import check_sellable, choose_bins, from_bin
from warehouse.services.promises import (
    Opened,
    check_allowed,
    check_lines,
    draw,
    finish,
    open_reservations,
)

Bins = dict[int, list[BinContent]]


def ship(
    *,
    reference: str,
    lines: Sequence[ReservedLine] | None = None,
    owner: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Held:
    """Ship a reservation, whole or the `lines` given; the rest stays reserved.

    Raises ReservationNotFound, ReservationClosed, ReservationOwned, NotReserved (more than is held for
    this reference), UnknownBin, NotEnoughInBin (a named bin holds less), WrongBinKind (quarantine), naming
    every line at fault; WarehouseNotAllowed, InvalidLines, Raced.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    if lines is not None:
        check_some(lines)
        check_lines(lines)
    (opened,), items, bins = open_reservations(references=[reference], with_bins=True)
    check_allowed(opened=opened, within=within)
    opened.check_active(owner)
    change = Change()
    if lines is None:
        _ship_rest(opened, items, bins, change)
    else:
        _ship_lines(opened, lines, items, bins, change)
    finish(change=change, opened=[opened], type="reservation.shipped", actor=actor, now=now)
    return opened.held()


def ship_batch(
    *,
    references: Sequence[str],
    owner: str = "",
    actor: Actor,
    now: datetime | None = None,
) -> list[Held]:
    """Ship many reservations whole, in one transaction and by set, with one event for each.

    All or nothing: raises what `ship` raises for the first that cannot be shipped.
    """
    require_unit_of_work()
    unique = list(dict.fromkeys(check_reference(reference) for reference in references))
    check_some(unique)
    opened, items, bins = open_reservations(references=unique, with_bins=True)
    change = Change()
    for reservation in opened:
        reservation.check_active(owner)
        _ship_rest(reservation, items, bins, change)
    finish(change=change, opened=opened, type="reservation.shipped", actor=actor, now=now)
    return [reservation.held() for reservation in opened]


def ship_lines_batch(
    *,
    lines: Mapping[str, Sequence[ReservedLine]],
    owner: str = "",
    actor: Actor,
    now: datetime | None = None,
) -> list[Held]:
    """Ship the lines given of many reservations (by reference), by set, with one event for each.

    All or nothing: raises what `ship` raises for the first line that cannot be shipped.
    """
    require_unit_of_work()
    check_some(list(lines))
    for wanted in lines.values():
        check_some(wanted)
        check_lines(wanted)
    opened, items, bins = open_reservations(references=list(lines), with_bins=True)
    change = Change()
    for reservation in opened:
        reservation.check_active(owner)
        _ship_lines(reservation, lines[reservation.reference], items, bins, change)
    finish(change=change, opened=opened, type="reservation.shipped", actor=actor, now=now)
    return [reservation.held() for reservation in opened]


def _ship_rest(opened: Opened, items: dict[int, ItemState], bins: Bins, change: Change) -> None:
    """Everything open. Raises NotReserved where all of it still waits for stock."""
    lines = [line for line in opened.lines if line.open]
    if not lines:
        raise NotReserved(
            _("Nothing of %(reference)s is there to ship; it waits for stock.")
            % {"reference": opened.reference}
        )
    for line in lines:
        item = items[line.item_id]
        contents = bins.get(item.id, ())
        chosen = choose_bins(
            item=item, contents=contents, quantity=line.open, place=None, packed_too=True
        )
        _send(change, opened, line, item, chosen)
    _close_if_settled(opened, change)


def _ship_lines(
    opened: Opened,
    lines: Sequence[ReservedLine],
    items: dict[int, ItemState],
    bins: Bins,
    change: Change,
) -> None:
    faults = Faults()
    # What names its bin comes first: the engine's own choice leaves that bin enough.
    for place, asked in sorted(enumerate(lines), key=lambda numbered: not numbered[1].bin):
        with faults.of_line():
            for line, quantity in draw(opened=opened, asked=asked, place=place, backordered=False):
                item = items[line.item_id]
                chosen = _chosen(asked, item, bins.get(item.id, ()), quantity, place)
                _send(change, opened, line, item, chosen)
    faults.tell()
    _close_if_settled(opened, change)


def _chosen(
    asked: ReservedLine,
    item: ItemState,
    contents: Sequence[BinContent],
    quantity: int,
    place: int,
) -> list[tuple[BinRef, int]]:
    """The bin that a line names, else those the engine chooses. Raises UnknownBin, NotEnoughInBin,
    WrongBinKind."""
    if not asked.bin:
        return choose_bins(
            item=item, contents=contents, quantity=quantity, place=place, packed_too=True
        )
    code = normal_bin(asked.bin)
    if all(content.bin.code != code for content in contents):
        _check_bin(item.warehouse, code, place)
    chosen = [from_bin(item=item, contents=contents, bin_code=code, quantity=quantity, place=place)]
    check_sellable(chosen=chosen, item=item, line=place)
    return chosen


def _check_bin(warehouse: str, code: str, place: int) -> None:
    """Raise UnknownBin where the warehouse has no such bin: one that has may hold nothing of the item."""
    if (warehouse, code) not in queries.bins_by_code(places=[(warehouse, code)]):
        raise UnknownBin(
            _("There is no bin %(bin)s in %(warehouse)s.") % {"bin": code, "warehouse": warehouse},
            items=[{"line": place, "warehouse": warehouse, "bin": code}],
        )


def _send(
    change: Change,
    opened: Opened,
    line: LineState,
    item: ItemState,
    chosen: Sequence[tuple[BinRef, int]],
) -> None:
    for bin_, quantity in chosen:
        change.take(item, bin_, quantity, type="ship", reference=opened.reference)
        item.reserved -= quantity
        line.shipped += quantity
        change.line(line.id).shipped += quantity


def _close_if_settled(opened: Opened, change: Change) -> None:
    if opened.settled():
        opened.status = "fulfilled"
        change.statuses[opened.id] = "fulfilled"
