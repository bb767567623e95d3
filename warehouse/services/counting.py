"""Cycle counts: what is really there becomes what is on hand."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from inventory_site.core.sql import rows
from warehouse.changes import QUARANTINE, BinRef, Change, ItemState
from warehouse.checks import check_quantities, check_reference, check_some, normal_bin
from warehouse.errors import InvalidLines, NotEnoughInBin
from warehouse.lines import CountLine, Moved
from warehouse.queries import BinContent
from warehouse.services.picking_bins import KIND_ORDER, PACKING
from warehouse.services.places import Place, Places, check_room, complete, open_places
from warehouse.statements import MOMENT, int_array

RECORD = f"""
    INSERT INTO warehouse_cyclecount
           (item_id, bin_id, reference, expected, counted, actor, counted_at)
    SELECT x.item_id, x.bin_id, %(reference)s, x.expected, x.counted, %(actor)s, {MOMENT}
      FROM unnest(%(items)s::bigint[], %(bins)s::bigint[], %(expected)s::int[],
                  %(counted)s::int[]) AS x(item_id, bin_id, expected, counted)
"""


def count(
    *,
    reference: str,
    lines: Sequence[CountLine],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """A cycle count of bins, or of items over the whole warehouse (line without a bin).

    Differences become `cycle_count` movements, every line is recorded with what was expected, and
    `last_counted_at` is set. Promises that no longer fit are re-sourced or backordered, newest first. An
    item's missing units are taken from its primary bin, then from the others in walk order, quarantine and
    what is packed last; surplus goes to its primary bin.

    A line with `expected` books the difference to what was expected when it was counted, whatever has
    moved since. Raises UnknownSku, UnknownWarehouse, UnknownBin, WarehouseNotAllowed, InvalidLines,
    NotEnoughInBin (a difference that the bin no longer holds).
    """
    require_unit_of_work()
    reference = check_reference(reference)
    check_some(lines)
    check_quantities((line.counted for line in lines), least=0)
    check_quantities((line.expected or 0 for line in lines), least=0)
    asked = [Place(n, line.sku, line.warehouse, line.bin) for n, line in enumerate(lines)]
    places = open_places(places=asked, create=True, within=within)
    _check_once(places, lines)
    change = Change()
    records = []
    faults = Faults()
    for n, (place, line) in enumerate(zip(asked, lines, strict=True)):
        item = places.item(line.sku, line.warehouse)
        with faults.of_line():
            for bin_, expected, counted in _found(places, place, item, line):
                records.append((item.id, bin_.id, expected, counted))
                _check_there(change, places, item, bin_, counted - expected, n)
                _correct(change, item, bin_, counted - expected, reference)
            check_room(item=item, line=n)
        change.counted.add(item.id)
        change.touch(item)
    faults.tell()
    _record(records, reference, actor, now)
    return complete(
        change=change,
        places=places,
        type="stock.counted",
        reference=reference,
        actor=actor,
        now=now,
        notes=notes,
    )


def _check_once(places: Places, lines: Sequence[CountLine]) -> None:
    """A bin counted twice, or an item both whole and by bin, contradicts itself.

    What was expected is known of a bin only.
    """
    seen: set[tuple[int, str | None]] = set()
    for n, line in enumerate(lines):
        item = places.item(line.sku, line.warehouse)
        bin_ = normal_bin(line.bin) if line.bin else None
        if line.expected is not None and not bin_:
            raise InvalidLines(
                _("Line %(number)s: expected goes with a bin.") % {"number": n + 1},
                items=[{"line": n, "sku": item.sku}],
            )
        whole = (item.id, None)
        if (item.id, bin_) in seen or whole in seen or (not bin_ and _any_of(seen, item)):
            raise InvalidLines(
                _("Line %(number)s: %(sku)s is counted twice in the same place.")
                % {"number": n + 1, "sku": item.sku},
                items=[{"line": n, "sku": item.sku, "warehouse": item.warehouse, "bin": line.bin}],
            )
        seen.add((item.id, bin_))


def _any_of(seen: set[tuple[int, str | None]], item: ItemState) -> bool:
    return any(item_id == item.id for item_id, _ in seen)


def _found(
    places: Places, place: Place, item: ItemState, line: CountLine
) -> list[tuple[BinRef, int, int]]:
    """Bin, expected and counted for a line; a whole item's difference is divided over its bins."""
    contents = places.contents.get(item.id, [])
    if place.bin:
        bin_ = places.bin(place.warehouse, place.bin)
        if line.expected is not None:
            return [(bin_, line.expected, line.counted)]
        return [(bin_, _held(contents, bin_), line.counted)]
    home = places.destination(place, item)
    ordered = sorted(
        contents,
        key=lambda content: (
            content.bin.kind == PACKING,
            content.bin.id != home.id,
            content.bin.kind == QUARANTINE,
            KIND_ORDER.get(content.bin.kind, 0),
            content.pick_sequence,
        ),
    )
    missing = item.on_hand - line.counted
    result = []
    for content in ordered:
        lost = min(missing, content.quantity) if missing > 0 else 0
        missing -= lost
        result.append((content.bin, content.quantity, content.quantity - lost))
    if missing < 0:
        at_home = [entry for entry in result if entry[0].id == home.id]
        expected = at_home[0][1] if at_home else 0
        result = [entry for entry in result if entry[0].id != home.id]
        result.append((home, expected, expected - missing))
    return result or [(home, 0, 0)]


def _held(contents: Sequence[BinContent], bin_: BinRef) -> int:
    return sum(content.quantity for content in contents if content.bin.id == bin_.id)


def _check_there(
    change: Change, places: Places, item: ItemState, bin_: BinRef, delta: int, line: int
) -> None:
    """Raise NotEnoughInBin where a difference found earlier is more than the bin still holds."""
    there = _held(places.contents.get(item.id, ()), bin_) + change.bins.get((item.id, bin_.id), 0)
    if there + delta < 0:
        raise NotEnoughInBin(
            _(
                "Bin %(code)s holds %(there)s of %(sku)s by now, %(value)s fewer were found; "
                "count again."
            )
            % {"code": bin_.code, "there": there, "sku": item.sku, "value": -delta},
            items=[{"line": line, "sku": item.sku, "bin": bin_.code, "available": there}],
        )


def _correct(change: Change, item: ItemState, bin_: BinRef, delta: int, reference: str) -> None:
    if delta > 0:
        change.put(item, bin_, delta, type="cycle_count", reference=reference, reason="count")
    elif delta < 0:
        change.take(item, bin_, -delta, type="cycle_count", reference=reference, reason="count")


def _record(
    records: Sequence[tuple[int, int, int, int]],
    reference: str,
    actor: Actor,
    now: datetime | None,
) -> None:
    rows(
        RECORD,
        {
            "items": int_array(record[0] for record in records),
            "bins": int_array(record[1] for record in records),
            "expected": int_array(record[2] for record in records),
            "counted": int_array(record[3] for record in records),
            "reference": reference,
            "actor": actor.name,
            "now": now,
        },
    )
