"""Goods that go from one of our warehouses to another: requested → in transit → received, part by part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from orders.locks import lock_transfers
from orders.queries.transfers import TransferView
from orders.services.carried import (
    STATUS,
    CarriedLine,
    find_transfer,
    receive_transfer,
    tell_transfer,
)
from orders.services.documents import check_known, check_on, reference_of
from orders.services.numbering import TRANSFER
from orders.states import T_CANCELLED, T_REQUESTED, check_state
from warehouse.checks import check_quantities, check_some, check_theirs, check_within, normal_sku
from warehouse.errors import InvalidLines, ReferenceConflict
from warehouse.lines import TransferLine
from warehouse.services.transfers import transfer

__all__ = [
    "CarriedLine",
    "WantedLine",
    "cancel_transfer",
    "dispatch",
    "receive_transfer",
    "request",
    "transfer_order",
]

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


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many units are to be carried over; from `from_bin`, or from where the engine chooses."""

    sku: str
    quantity: int
    from_bin: str | None = None


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
    return tell_transfer(event="transfer.requested", reference=number, actor=actor, now=now)


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
    paper = find_transfer(reference=reference)
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
    return tell_transfer(event="transfer.left", reference=reference, actor=actor, now=now)


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
    return tell_transfer(event="transfer.cancelled", reference=reference, actor=actor, now=now)


def transfer_order(*, reference: str, within: Collection[str] | None) -> TransferView:
    """A transfer order as it stands, not locked, seen from either end.

    Raises DocumentNotFound, WarehouseNotAllowed (of both ends).
    """
    paper = find_transfer(reference=reference)
    if within is not None and not {paper.source, paper.destination} & set(within):
        check_theirs(what=reference, warehouses=[paper.source, paper.destination], within=within)
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
