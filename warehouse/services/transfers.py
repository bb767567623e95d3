"""Stock that changes its place: from bin to bin, and from warehouse to warehouse."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from warehouse import queries
from warehouse.changes import BinRef, Change, ItemState
from warehouse.checks import check_quantities, check_reference, check_some, check_within, normal_bin
from warehouse.errors import InvalidLines, NotEnoughToTake, UnknownWarehouse
from warehouse.lines import Moved, TransferLine
from warehouse.services.inbound import Arrival, add_inbound
from warehouse.services.picking_bins import check_sellable
from warehouse.services.places import Place, Places, check_room, complete, open_places

Mode = Literal["immediate", "dispatch"]


def transfer(
    *,
    reference: str,
    from_warehouse: str,
    to_warehouse: str,
    lines: Sequence[TransferLine],
    mode: Mode = "immediate",
    expected_at: datetime | None = None,
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Move stock, all lines or none.

    Within one warehouse: from bin to bin (both named), on hand unchanged. Between warehouses: only what
    is not promised; `immediate` books both sides at once, `dispatch` takes it out here and counts it as
    inbound there until `receive` is called with the same reference.

    Raises NotEnoughToTake, NotEnoughInBin, ReferenceConflict (dispatch), UnknownSku, UnknownWarehouse,
    UnknownBin, WrongBinKind, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    if mode not in ("immediate", "dispatch"):
        raise InvalidLines(_("mode is immediate or dispatch."))
    check_within(warehouses=[from_warehouse, to_warehouse], within=within)
    _check_warehouses(from_warehouse, to_warehouse)
    sources = [Place(n, x.sku, from_warehouse, x.from_bin) for n, x in enumerate(lines)]
    targets = [Place(n, x.sku, to_warehouse, x.to_bin) for n, x in enumerate(lines)]
    places = open_places(places=[*sources, *targets], create=True, within=within)
    change = Change()
    if from_warehouse == to_warehouse:
        if mode == "dispatch":
            raise InvalidLines(
                _("dispatch goes from one warehouse to another; a move is immediate.")
            )
        _move(change, places, lines, sources, targets, reference)
        kind = "stock.moved"
    elif mode == "immediate":
        _check_free(places, lines, from_warehouse)
        _carry(change, places, lines, sources, targets, reference)
        kind = "stock.transferred"
    else:
        _check_free(places, lines, from_warehouse)
        _dispatch(change, places, lines, sources, targets, reference, expected_at, now)
        kind = "transfer.dispatched"
    return complete(
        change=change,
        places=places,
        type=kind,
        reference=reference,
        actor=actor,
        now=now,
        notes=notes,
    )


def _check_warehouses(*codes: str) -> None:
    known = queries.known_warehouses(codes)
    lost = [code for code in dict.fromkeys(codes) if code not in known]
    if lost:
        raise UnknownWarehouse(
            _("There is no warehouse %(lost)s.") % {"lost": ", ".join(lost)},
            items=[{"warehouse": code} for code in lost],
        )


def _check_free(places: Places, lines: Sequence[TransferLine], warehouse: str) -> None:
    """Refuse, naming every short line, to carry away what is promised or not there."""
    wanted: dict[str, int] = {}
    first: dict[str, int] = {}
    for n, line in enumerate(lines):
        item = places.item(line.sku, warehouse)
        first.setdefault(item.sku, n)
        wanted[item.sku] = wanted.get(item.sku, 0) + line.quantity
    short = [
        {
            "line": first[sku],
            "sku": sku,
            "requested": quantity,
            "available": places.item(sku, warehouse).available,
        }
        for sku, quantity in wanted.items()
        if places.item(sku, warehouse).available < quantity
    ]
    if short:
        told = ", ".join(
            _("%(sku)s: %(requested)s of %(available)s")
            % {"sku": x["sku"], "requested": x["requested"], "available": x["available"]}
            for x in short[:5]
        )
        raise NotEnoughToTake(
            _("%(warehouse)s has less than that free of promises (%(told)s).")
            % {"warehouse": warehouse, "told": told},
            items=short,
        )


def _move(
    change: Change,
    places: Places,
    lines: Sequence[TransferLine],
    sources: Sequence[Place],
    targets: Sequence[Place],
    reference: str,
) -> None:
    faults = Faults()
    for n, (line, source, target) in enumerate(zip(lines, sources, targets, strict=True)):
        with faults.of_line():
            _check_ends(n, line)
            item = places.item(line.sku, source.warehouse)
            to = places.bin(target.warehouse, line.to_bin or "")
            ((bin_, quantity),) = places.sources(source, item, line.quantity, line=n)
            told = line.reference or reference
            change.take(item, bin_, quantity, type="move", reference=told, bin_to=to.id)
            change.put(item, to, quantity, type="move", reference=told, bin_from=bin_.id)
    faults.tell()


def _check_ends(n: int, line: TransferLine) -> None:
    if not line.from_bin or not line.to_bin:
        raise InvalidLines(
            _("Line %(number)s: a move within a warehouse names from_bin and to_bin.")
            % {"number": n + 1},
            items=[{"line": n, "sku": line.sku}],
        )
    if normal_bin(line.from_bin) == normal_bin(line.to_bin):
        raise InvalidLines(
            _("Line %(number)s: from_bin and to_bin are the same.") % {"number": n + 1},
            items=[{"line": n, "sku": line.sku}],
        )


def _carry(
    change: Change,
    places: Places,
    lines: Sequence[TransferLine],
    sources: Sequence[Place],
    targets: Sequence[Place],
    reference: str,
) -> None:
    faults = Faults()
    for n, (line, source, target) in enumerate(zip(lines, sources, targets, strict=True)):
        item = places.item(line.sku, source.warehouse)
        other = places.item(line.sku, target.warehouse)
        to = places.destination(target, other)
        with faults.of_line():
            for bin_, part in _sellable(places, source, item, line.quantity, n):
                change.take(item, bin_, part, type="transfer", reference=reference, bin_to=to.id)
                change.put(other, to, part, type="transfer", reference=reference, bin_from=bin_.id)
            check_room(item=other, line=n)
    faults.tell()


def _dispatch(
    change: Change,
    places: Places,
    lines: Sequence[TransferLine],
    sources: Sequence[Place],
    targets: Sequence[Place],
    reference: str,
    expected_at: datetime | None,
    now: datetime | None,
) -> None:
    arrivals: list[Arrival] = []
    faults = Faults()
    for n, (line, source, target) in enumerate(zip(lines, sources, targets, strict=True)):
        item = places.item(line.sku, source.warehouse)
        other = places.item(line.sku, target.warehouse)
        with faults.of_line():
            for bin_, part in _sellable(places, source, item, line.quantity, n):
                change.take(item, bin_, part, type="transfer", reference=reference)
        arrivals.append(Arrival(reference, other, line.quantity, n, expected_at))
    faults.tell()
    add_inbound(
        change=change,
        kind="transfer",
        arrivals=arrivals,
        source_id=places.item(lines[0].sku, sources[0].warehouse).warehouse_id,
        now=now,
    )


def _sellable(
    places: Places, source: Place, item: ItemState, quantity: int, line: int
) -> list[tuple[BinRef, int]]:
    chosen = places.sources(source, item, quantity, line=line)
    check_sellable(chosen=chosen, item=item, line=line)
    return chosen
