"""Goods that go from one of our warehouses to another: requested → in transit → received, part by part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.locks import lock_transfers
from orders.queries.transfers import TransferView, transfer_views
from orders.services.documents import all_found, check_known, check_on, reference_of, tell
from orders.services.numbering import TRANSFER
from orders.services.progress import OWNER
from orders.services.receiving import ArrivedLine, check_arrived, placed_lines
from orders.states import T_CANCELLED, T_COMING, T_REQUESTED, check_state, transfer_status
from warehouse.checks import check_quantities, check_some, check_theirs, check_within, normal_sku
from warehouse.errors import InvalidLines, OverReceipt, ReferenceConflict
from warehouse.lines import ExpectedLine, TransferLine
from warehouse.services.inbound import cancel_expected
from warehouse.services.movements import receive
from warehouse.services.places import Place, open_places
from warehouse.services.transfers import transfer

MOST_REFERENCE = 40

REQUEST = """
    WITH header AS (
        INSERT INTO orders_transferorder
               (reference, source_id, destination_id, status, notes, actor, expected_at, created_at)
        SELECT %(reference)s, f.id, d.id, 'requested', %(notes)s, %(actor)s,
               %(expected_at)s::timestamptz, coalesce(%(now)s::timestamptz, statement_timestamp())
          FROM warehouse_warehouse f, warehouse_warehouse d
         WHERE f.code = %(source)s AND d.code = %(destination)s
            ON CONFLICT (reference) DO NOTHING
        RETURNING id
    ), line AS (
        INSERT INTO orders_transferline
               (transfer_id, product_id, quantity, dispatched, received, damaged, lost)
        SELECT header.id, p.id, l.quantity, 0, 0, 0, 0
          FROM unnest(%(skus)s::text[], %(quantities)s::int[])
               WITH ORDINALITY AS l(sku, quantity, place)
         CROSS JOIN header
          JOIN warehouse_product p ON p.sku = l.sku
         ORDER BY l.place
    )
    SELECT id FROM header
"""

DISPATCHED = """
    WITH line AS (
        UPDATE orders_transferline l SET dispatched = d.quantity
          FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS d(sku, quantity)
          JOIN warehouse_product p ON p.sku = d.sku
         WHERE l.transfer_id = %(id)s AND l.product_id = p.id
    )
    UPDATE orders_transferorder
       SET status = 'in_transit', expected_at = coalesce(%(expected_at)s::timestamptz, expected_at),
           dispatched_at = coalesce(%(now)s::timestamptz, statement_timestamp())
     WHERE id = %(id)s
"""

RECEIVED = """
    UPDATE orders_transferline l
       SET received = l.received + d.quantity, damaged = l.damaged + d.damaged, lost = l.lost + d.lost
      FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[]) AS d(sku, quantity, damaged, lost)
      JOIN warehouse_product p ON p.sku = d.sku
     WHERE l.transfer_id = %s AND l.product_id = p.id
"""

STATUS = """
    UPDATE orders_transferorder
       SET status = %(status)s::text,
           closed_at = CASE WHEN %(status)s::text IN ('received', 'cancelled')
                            THEN coalesce(%(now)s::timestamptz, statement_timestamp()) END
     WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many units are to be carried over; from `from_bin`, or from where the engine chooses."""

    sku: str
    quantity: int
    from_bin: str | None = None


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """`quantity` units arrived, `damaged` of them broken (to quarantine); `lost` ones will not come."""

    sku: str
    quantity: int = 0
    bin: str | None = None
    damaged: int = 0
    lost: int = 0


def request(
    *,
    source: str,
    destination: str,
    lines: Sequence[WantedLine],
    reference: str | None = None,
    expected_at: datetime | None = None,
    notes: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> TransferView:
    """Ask for goods of another warehouse; nothing moves yet. Without a reference: the next number.

    Raises UnknownSku, UnknownWarehouse, ReferenceConflict, InvalidReference, InvalidLines,
    WarehouseNotAllowed (both warehouses count).
    """
    require_unit_of_work()
    check_within(warehouses=[source, destination], within=within)
    wanted = _merged(lines)
    check_known(skus=[line.sku for line in lines], warehouses=[source, destination])
    if source == destination:
        raise InvalidLines(
            _("A transfer leads to another warehouse; %(source)s is the same.") % {"source": source}
        )
    number = reference_of(given=reference, prefix=TRANSFER, most=MOST_REFERENCE)
    params = {
        "reference": number,
        "source": source,
        "destination": destination,
        "notes": notes,
        "actor": actor.name,
        "expected_at": expected_at,
        "skus": list(wanted),
        "quantities": list(wanted.values()),
        "now": now,
    }
    if not rows(REQUEST, params):
        raise ReferenceConflict(_("There is a transfer %(number)s already.") % {"number": number})
    return _told("transfer.requested", number, actor, now)


def dispatch(
    *,
    reference: str,
    lines: Sequence[WantedLine] | None = None,
    expected_at: datetime | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> TransferView:
    """The lorry leaves with all that was asked for, or with the lines given (no more than that).

    The goods are out here and inbound there. Raises DocumentNotFound, WrongState, NotOnDocument,
    InvalidLines (more than was asked for), NotEnoughToTake, NotEnoughInBin, WarehouseNotAllowed (of the
    source), Raced.
    """
    require_unit_of_work()
    paper = _transfer(reference)
    check_theirs(what=paper.reference, warehouses=[paper.source], within=within)
    check_state(reference=reference, now=paper.status, allowed={T_REQUESTED}, to="dispatched")
    if lines is None:
        lines = [WantedLine(line.sku, line.quantity) for line in paper.lines]
    leaving = _merged(lines)
    _check_asked(paper, lines, leaving)
    transfer(
        reference=reference,
        from_warehouse=paper.source,
        to_warehouse=paper.destination,
        lines=[TransferLine(line.sku, line.quantity, line.from_bin) for line in lines],
        mode="dispatch",
        expected_at=expected_at or paper.expected_at,
        actor=actor,
        now=now,
    )
    ((id_, _, status),) = lock_transfers(ids=[paper.id])
    check_state(reference=reference, now=status, allowed={T_REQUESTED}, to="dispatched")
    rows(
        DISPATCHED,
        {
            "id": id_,
            "skus": list(leaving),
            "quantities": list(leaving.values()),
            "expected_at": expected_at,
            "now": now,
        },
    )
    return _told("transfer.left", reference, actor, now)


def receive_transfer(
    *,
    reference: str,
    lines: Sequence[CarriedLine] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> TransferView:
    """Book what arrived, whole or damaged, and what was lost; without lines, all that is on the road.

    The transfer is received once nothing of it is on the road. Raises DocumentNotFound, WrongState,
    NotOnDocument, OverReceipt (more than is on the road), UnknownBin, InvalidLines, WarehouseNotAllowed
    (of the destination).
    """
    require_unit_of_work()
    paper = _transfer(reference)
    check_theirs(what=paper.reference, warehouses=[paper.destination], within=within)
    check_state(reference=reference, now=paper.status, allowed=T_COMING, to="received")
    if lines is None:
        lines = [CarriedLine(line.sku, line.left) for line in paper.lines if line.left]
    _check_carried(paper, lines)
    arrived = [ArrivedLine(x.sku, x.quantity, x.bin, x.damaged) for x in lines if x.quantity]
    lost = [ExpectedLine(x.sku, paper.destination, x.lost) for x in lines if x.lost]
    if arrived and lost:
        _lock_stock(paper.destination, [line.sku for line in lines])
    if arrived:
        check_arrived(lines=arrived)
        placed = placed_lines(warehouse=paper.destination, lines=arrived)
        receive(reference=reference, lines=placed, actor=actor, now=now, owner=OWNER)
    if lost:
        cancel_expected(reference=reference, lines=lost, actor=actor, now=now)
    return _book(paper, lines, actor, now)


def cancel_transfer(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> TransferView:
    """Take a request back that has not left yet. Raises DocumentNotFound, WrongState, WarehouseNotAllowed."""
    require_unit_of_work()
    paper = transfer_order(reference=reference, within=within)
    ((id_, _, status),) = lock_transfers(ids=[paper.id])
    check_state(reference=reference, now=status, allowed={T_REQUESTED}, to="cancelled")
    rows(STATUS, {"status": T_CANCELLED, "id": id_, "now": now})
    return _told("transfer.cancelled", reference, actor, now)


def transfer_order(*, reference: str, within: Collection[str] | None) -> TransferView:
    """A transfer order as it stands, not locked, seen from either end.

    Raises DocumentNotFound, WarehouseNotAllowed (of both ends).
    """
    paper = _transfer(reference)
    if within is not None and not {paper.source, paper.destination} & set(within):
        check_theirs(what=reference, warehouses=[paper.source, paper.destination], within=within)
    return paper


def _transfer(reference: str) -> TransferView:
    (paper,) = all_found(
        kind=_("transfer order"),
        references=[reference],
        papers=transfer_views(references=[reference]),
    )
    return paper


def _check_asked(paper: TransferView, lines: Sequence[WantedLine], leaving: dict[str, int]) -> None:
    """Raise NotOnDocument or InvalidLines unless that much was asked for."""
    asked = {line.sku: line.quantity for line in paper.lines}
    check_on(reference=paper.reference, skus=[line.sku for line in lines], known=asked)
    over = [
        {"sku": sku, "requested": quantity, "asked_for": asked[sku]}
        for sku, quantity in leaving.items()
        if quantity > asked[sku]
    ]
    if over:
        told = ", ".join(
            _("%(sku)s: %(requested)s of %(asked_for)s")
            % {"sku": x["sku"], "requested": x["requested"], "asked_for": x["asked_for"]}
            for x in over
        )
        raise InvalidLines(
            _("%(reference)s asks for less (%(told)s).")
            % {"reference": paper.reference, "told": told},
            items=over,
        )


def _check_carried(paper: TransferView, lines: Sequence[CarriedLine]) -> None:
    """Raise InvalidLines, NotOnDocument or OverReceipt before any stock is touched."""
    check_some(lines)
    check_on(
        reference=paper.reference,
        skus=[line.sku for line in lines],
        known={line.sku for line in paper.lines},
    )
    for counter in ("quantity", "damaged", "lost"):
        check_quantities((getattr(line, counter) for line in lines), least=0)
    check_quantities(line.quantity + line.lost for line in lines)
    left = {line.sku: line.left for line in paper.lines}
    wrong = []
    for place, line in enumerate(lines):
        sku = normal_sku(line.sku)
        if line.damaged > line.quantity:
            raise InvalidLines(_("No more can be damaged than came."), items=[{"line": place}])
        if line.quantity + line.lost > left[sku]:
            asked = line.quantity + line.lost
            wrong.append({"line": place, "sku": sku, "requested": asked, "expected": left[sku]})
        left[sku] -= line.quantity + line.lost
    if wrong:
        told = ", ".join(
            _("%(sku)s: %(requested)s of %(expected)s")
            % {"sku": x["sku"], "requested": x["requested"], "expected": x["expected"]}
            for x in wrong
        )
        raise OverReceipt(
            _("Less of %(reference)s is on the road (%(told)s).")
            % {"reference": paper.reference, "told": told},
            items=wrong,
        )


def _lock_stock(warehouse: str, skus: Sequence[str]) -> None:
    """All items at once, in primary-key order, since two engine calls follow."""
    places = [Place(n, sku, warehouse) for n, sku in enumerate(skus)]
    open_places(places=places, create=False, within=None)


def _book(
    paper: TransferView, lines: Sequence[CarriedLine], actor: Actor, now: datetime | None
) -> TransferView:
    """Bring the paper up to what came, under its lock."""
    ((id_, reference, status),) = lock_transfers(ids=[paper.id])
    check_state(reference=reference, now=status, allowed=T_COMING, to="received")
    (before,) = transfer_views(references=[reference])
    try:
        _check_carried(before, lines)
    except OverReceipt:
        raise Raced(
            _("Somebody else is receiving %(reference)s; look again.") % {"reference": reference}
        ) from None
    came: dict[str, list[int]] = {}
    for line in lines:
        counts = came.setdefault(normal_sku(line.sku), [0, 0, 0])
        for place, units in enumerate((line.quantity, line.damaged, line.lost)):
            counts[place] += units
    columns = [[counts[place] for counts in came.values()] for place in range(3)]
    rows(RECEIVED, [list(came), *columns, id_])
    (after,) = transfer_views(references=[reference])
    told = [(line.dispatched, line.received, line.lost) for line in after.lines]
    status = transfer_status(status=after.status, lines=told)
    rows(STATUS, {"status": status, "id": id_, "now": now})
    return _told("transfer.arrived", reference, actor, now)


def _told(event: str, reference: str, actor: Actor, now: datetime | None) -> TransferView:
    (paper,) = transfer_views(references=[reference])
    lines = [
        {
            "sku": line.sku,
            "dispatched": line.dispatched,
            "received": line.received,
            "damaged": line.damaged,
            "lost": line.lost,
        }
        for line in paper.lines
    ]
    told = {
        "source": paper.source,
        "destination": paper.destination,
        "status": paper.status,
        "lines": lines,
    }
    tell(type=event, details={reference: told}, actor=actor, now=now)
    return paper


def _merged(lines: Sequence[WantedLine]) -> dict[str, int]:
    """Units by SKU. Raises InvalidLines, TooLarge."""
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    merged: dict[str, int] = {}
    for line in lines:
        sku = normal_sku(line.sku)
        merged[sku] = merged.get(sku, 0) + line.quantity
    check_quantities(merged.values())
    return merged
