"""Stock that comes in, comes back, is corrected or is lost."""

from collections.abc import Collection, Sequence
from datetime import datetime
from unicodedata import category

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from warehouse.changes import Change
from warehouse.checks import (
    check_quantities,
    check_reference,
    check_some,
    check_text,
    is_whole,
    normal_sku,
)
from warehouse.errors import InvalidLines, NotEnoughToTake, ReasonRequired, StockChanged
from warehouse.lines import (
    MAX_QUANTITY,
    AdjustLine,
    Delivery,
    Disposition,
    Moved,
    PlacedLine,
    ReturnLine,
)
from warehouse.services.following import check_arrivals
from warehouse.services.inbound import Arrival, by_reference, draw_on_inbound
from warehouse.services.places import (
    QUARANTINE_BIN,
    RETURNS,
    Place,
    Places,
    check_kind,
    check_room,
    complete,
    open_places,
)

MAX_REASON = 200


def receive(
    *,
    reference: str,
    lines: Sequence[PlacedLine],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
    owner: str = "",
) -> Moved:
    """Goods arrive in bins. Inbound falls by what this reference still expected, never by more.

    Under the reference of a dispatched transfer, this completes it (movement type `transfer`). Arriving
    stock fills backorders, oldest first. Goods of somebody's document are received by its `owner`. Raises
    ReceiptOwned, UnknownSku, UnknownWarehouse, UnknownBin, OverReceipt (more than was dispatched),
    NotOnTransfer, TooLarge, WarehouseNotAllowed, InvalidLines.
    """
    delivery = Delivery(reference, lines)
    return receive_batch(
        deliveries=[delivery], actor=actor, notes=notes, now=now, within=within, owner=owner
    )


def receive_batch(
    *,
    deliveries: Sequence[Delivery],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
    owner: str = "",
) -> Moved:
    """`receive` for many references, in one transaction and by set, with one event for each.

    All or nothing; raises what `receive` raises.
    """
    require_unit_of_work()
    check_some(deliveries)
    came = [
        (check_reference(delivery.reference), n, line)
        for delivery in deliveries
        for n, line in enumerate(delivery.lines)
    ]
    check_some(came)
    check_quantities(line.quantity for _, _, line in came)
    check_arrivals(references={reference for reference, _, _ in came}, owner=owner)
    asked = [Place(n, line.sku, line.warehouse, line.bin) for _, n, line in came]
    places = open_places(places=asked, create=True, within=within)
    change = Change()
    arrivals = [
        Arrival(reference, places.item(line.sku, line.warehouse), line.quantity, n)
        for reference, n, line in came
    ]
    types = draw_on_inbound(change=change, arrivals=arrivals)
    faults = Faults()
    for place, arrival, type_ in zip(asked, arrivals, types, strict=True):
        bin_ = places.destination(place, arrival.item)
        change.put(arrival.item, bin_, arrival.quantity, type=type_, reference=arrival.reference)
        with faults.of_line():
            check_room(item=arrival.item, line=arrival.line)
    faults.tell()
    return complete(
        change=change,
        places=places,
        type="stock.received",
        reference=arrivals[0].reference,
        actor=actor,
        now=now,
        notes=notes,
        parts=by_reference(arrivals),
    )


def return_stock(
    *,
    reference: str,
    lines: Sequence[ReturnLine],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
    owner: str = "",
) -> Moved:
    """Goods come back: restocked (sellable at once), quarantined (on hand, not sellable) or scrapped.

    Scrap passes through the ledger as a return and a damage, so that both are on record. What comes back
    under somebody's document is graded by its `owner`. Raises ReceiptOwned, UnknownSku, UnknownWarehouse,
    UnknownBin, WrongBinKind, WarehouseNotAllowed, InvalidLines.
    """
    reference, asked = _opened(reference, lines, [line.quantity for line in lines])
    check_arrivals(references={reference}, owner=owner)
    places = open_places(places=asked, create=True, within=within)
    change = Change()
    faults = Faults()
    for n, (place, line) in enumerate(zip(asked, lines, strict=True)):
        item = places.item(line.sku, line.warehouse)
        quarantine = line.disposition == Disposition.QUARANTINE
        if quarantine and not place.bin:
            place = Place(n, line.sku, line.warehouse, QUARANTINE_BIN)
        bin_ = places.destination(place, item, default=RETURNS)
        with faults.of_line():
            check_kind(bin=bin_, quarantine=quarantine, line=n)
        change.put(item, bin_, line.quantity, type="return", reference=reference)
        if line.disposition == Disposition.SCRAP:
            change.take(
                item,
                bin_,
                line.quantity,
                type="damage",
                reference=reference,
                reason="scrapped return",
            )
        with faults.of_line():
            check_room(item=item, line=n)
    faults.tell()
    return complete(
        change=change,
        places=places,
        type="stock.returned",
        reference=reference,
        actor=actor,
        now=now,
        notes=notes,
    )


def damage(
    *,
    reference: str,
    reason: str,
    lines: Sequence[PlacedLine],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Write off what is broken or lost. Promises that no longer fit are re-sourced or backordered.

    Raises ReasonRequired, NotEnoughInBin, UnknownSku, UnknownWarehouse, UnknownBin,
    WarehouseNotAllowed, InvalidLines.
    """
    reason = check_reason(reason)
    reference, asked = _opened(reference, lines, [line.quantity for line in lines])
    places = open_places(places=asked, create=False, within=within)
    change = Change()
    faults = Faults()
    for n, (place, line) in enumerate(zip(asked, lines, strict=True)):
        with faults.of_line():
            _remove(change, places, place, line.quantity, "damage", reference, reason, n)
    faults.tell()
    return complete(
        change=change,
        places=places,
        type="stock.damaged",
        reference=reference,
        actor=actor,
        now=now,
        notes=notes,
        details={"reason": reason},
    )


def adjust(
    *,
    reference: str,
    reason: str,
    lines: Sequence[AdjustLine],
    actor: Actor,
    notes: str = "",
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Correct on hand, by a difference or by compare-and-set.

    `set_to` replaces the item's on-hand in that warehouse and needs the `expected_on_hand` it replaces;
    a difference may have it. It is booked in `bin`. Raises StockChanged with the present quantity,
    ReasonRequired, NotEnoughInBin, UnknownSku, UnknownWarehouse, UnknownBin, WarehouseNotAllowed,
    InvalidLines.
    """
    reason = check_reason(reason)
    require_unit_of_work()
    reference = check_reference(reference)
    check_some(lines)
    _check_adjustments(lines)
    asked = [Place(n, line.sku, line.warehouse, line.bin) for n, line in enumerate(lines)]
    grows = any(line.set_to is not None or (line.delta or 0) > 0 for line in lines)
    places = open_places(places=asked, create=grows, within=within)
    change = Change()
    faults = Faults()
    for n, (place, line) in enumerate(zip(asked, lines, strict=True)):
        with faults.of_line():
            delta = _delta(places, line, n)
            if delta > 0:
                item = places.item(line.sku, line.warehouse)
                bin_ = places.destination(place, item)
                change.put(item, bin_, delta, type="adjust", reference=reference, reason=reason)
                check_room(item=item, line=n)
            elif delta < 0:
                _remove(change, places, place, -delta, "adjust", reference, reason, n)
            else:
                change.touch(places.item(line.sku, line.warehouse))
    faults.tell()
    return complete(
        change=change,
        places=places,
        type="stock.adjusted",
        reference=reference,
        actor=actor,
        now=now,
        notes=notes,
        details={"reason": reason},
    )


def check_reason(reason: str) -> str:
    """The trimmed reason. Raises ReasonRequired when there is none, or one with control characters."""
    reason = check_text(reason).strip()
    if not reason or len(reason) > MAX_REASON or any(category(c) == "Cc" for c in reason):
        raise ReasonRequired(
            _("Say why, in one line of 1 to %(most)s characters.") % {"most": MAX_REASON}
        )
    return reason


def _opened(
    reference: str, lines: Sequence[PlacedLine | ReturnLine], quantities: Sequence[int]
) -> tuple[str, list[Place]]:
    require_unit_of_work()
    reference = check_reference(reference)
    check_some(lines)
    check_quantities(quantities)
    return reference, [Place(n, x.sku, x.warehouse, x.bin) for n, x in enumerate(lines)]


def _remove(
    change: Change,
    places: Places,
    place: Place,
    quantity: int,
    type: str,
    reference: str,
    reason: str,
    line: int,
) -> None:
    """Take a quantity away, refusing what is not there."""
    item = places.by_name.get((normal_sku(place.sku), place.warehouse))
    there = item.on_hand if item is not None else 0
    if item is None or there < quantity:
        raise NotEnoughToTake(
            _("%(warehouse)s holds %(there)s of %(sku)s, not %(quantity)s.")
            % {
                "warehouse": place.warehouse,
                "there": there,
                "sku": place.sku,
                "quantity": quantity,
            },
            items=[
                {
                    "line": line,
                    "sku": place.sku,
                    "warehouse": place.warehouse,
                    "requested": quantity,
                    "on_hand": there,
                    "available": item.available if item is not None else 0,
                }
            ],
        )
    for bin_, part in places.sources(place, item, quantity, line=line):
        change.take(item, bin_, part, type=type, reference=reference, reason=reason)


def _check_adjustments(lines: Sequence[AdjustLine]) -> None:
    faults = Faults()
    seen: set[tuple[str, str]] = set()
    for n, line in enumerate(lines):
        with faults.of_line():
            _check_adjustment(n, line)
            key = (normal_sku(line.sku), line.warehouse)
            if line.set_to is not None and key in seen:
                raise _wrong(n, line, _("%(sku)s is set twice.") % {"sku": key[0]})
            if line.set_to is not None:
                seen.add(key)
    faults.tell()


def _check_adjustment(n: int, line: AdjustLine) -> None:
    if (line.delta is None) == (line.set_to is None):
        raise _wrong(n, line, _("give either delta or set_to."))
    given = (line.delta, line.set_to, line.expected_on_hand)
    if not all(is_whole(number) for number in given if number is not None):
        raise _wrong(n, line, _("a quantity is a whole number."))
    if line.delta == 0:
        raise _wrong(n, line, _("a delta of 0 changes nothing."), "delta")
    if abs(line.delta or 0) > MAX_QUANTITY or not 0 <= (line.set_to or 0) <= MAX_QUANTITY:
        raise _wrong(n, line, _("at most %(most)s units.") % {"most": MAX_QUANTITY})
    if line.set_to is not None and line.expected_on_hand is None:
        words = _("set_to needs expected_on_hand, the quantity it replaces.")
        raise _wrong(n, line, words, "expected_on_hand")


def _wrong(n: int, line: AdjustLine, words: str, field: str = "") -> InvalidLines:
    """A line that contradicts itself, at the `field` where it is one that does."""
    where = {"line": n, "sku": line.sku, "warehouse": line.warehouse}
    return InvalidLines(
        _("Line %(number)s: %(words)s") % {"number": n + 1, "words": words},
        items=[where | {"field": field} if field else where],
    )


def _delta(places: Places, line: AdjustLine, place: int) -> int:
    """By how much on hand changes. Raises StockChanged when it is not what the caller saw."""
    item = places.by_name.get((normal_sku(line.sku), line.warehouse))
    on_hand = item.on_hand if item is not None else 0
    if line.expected_on_hand not in (None, on_hand):
        raise StockChanged(
            _("%(sku)s in %(warehouse)s has %(on_hand)s on hand, not %(expected_on_hand)s.")
            % {
                "sku": line.sku,
                "warehouse": line.warehouse,
                "on_hand": on_hand,
                "expected_on_hand": line.expected_on_hand,
            },
            items=[
                {
                    "line": place,
                    "sku": line.sku,
                    "warehouse": line.warehouse,
                    "expected_on_hand": line.expected_on_hand,
                    "on_hand": on_hand,
                }
            ],
        )
    if line.delta is not None:
        return line.delta
    assert line.set_to is not None
    return line.set_to - on_hand
