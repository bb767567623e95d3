"""Shipping an order without a pick list: by the platform or from a desk, whole or in part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.gathering import Faults
from orders.errors import NothingToShip, NotOnOrder
from orders.queries.promised import Promised, promised
from orders.queries.sales import order_view
from orders.queries.shipments import ShipmentView
from orders.services.parcels import Part, check_label, send
from orders.states import DRAFT, OVER, WrongState, in_words
from warehouse.checks import check_quantities, check_some, check_within, normal_sku
from warehouse.errors import NotReserved


@dataclass(frozen=True, slots=True)
class ShipLine:
    sku: str
    quantity: int


def ship_order(
    *,
    reference: str,
    warehouse: str | None = None,
    lines: Sequence[ShipLine] | None = None,
    carrier: str = "",
    tracking_number: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[ShipmentView]:
    """Ship what is there of an order, or the `lines` given; one parcel for each warehouse.

    With `warehouse`, from there alone. Units in the order's totes go first, the rest from the shelves,
    and pick lists follow. Raises OrderNotFound, WrongState, NothingToShip (it all waits for stock),
    NotOnOrder, NotReserved (more than is promised and there), WarehouseNotAllowed, InvalidLines,
    InvalidOrder, NotEnoughInBin, Raced.
    """
    require_unit_of_work()
    check_label(carrier=carrier, tracking_number=tracking_number)
    order = order_view(reference=reference)
    if warehouse is None:
        order.check_allowed(within)
    else:
        check_within(warehouses=[warehouse], within=within)
    if order.status == DRAFT or order.status in OVER:
        raise WrongState(
            _("%(reference)s is %(status)s; it cannot be shipped.")
            % {"reference": reference, "status": in_words(order.status)}
        )
    found = promised(order_ids=[order.id])
    here = [row for row in found if warehouse in (None, row.warehouse)]
    if lines is None:
        parts = [Part(x, x.open, min(x.open, x.in_tote)) for x in here if x.open]
    else:
        skus = {line.sku for line in order.lines}
        parts = parts_of(reference=reference, lines=lines, here=here, skus=skus)
    if not parts:
        words = (
            _("Nothing of %(reference)s is there to ship in %(warehouse)s.")
            if warehouse
            else _("Nothing of %(reference)s is there to ship.")
        )
        raise NothingToShip(words % {"reference": reference, "warehouse": warehouse})
    return send(
        parts=parts,
        pick_list_id=None,
        carrier=carrier,
        tracking_number=tracking_number,
        actor=actor,
        now=now,
    )


def parts_of(
    *, reference: str, lines: Sequence[ShipLine], here: Sequence[Promised], skus: set[str]
) -> list[Part]:
    """Divide the lines over the warehouses that hold them: what was picked already first. Pure.

    Raises NotOnOrder (none of `skus`), NotReserved (more than is there), InvalidLines.
    """
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    faults = Faults()
    wanted: dict[str, tuple[int, int]] = {}
    for place, line in enumerate(lines):
        sku = normal_sku(line.sku)
        with faults.of_line():
            if sku not in skus:
                raise NotOnOrder(
                    _("%(reference)s has no %(sku)s.") % {"reference": reference, "sku": sku},
                    items=[{"line": place, "sku": sku}],
                )
            first, quantity = wanted.get(sku, (place, 0))
            wanted[sku] = (first, quantity + line.quantity)
    parts = []
    for sku, (place, quantity) in wanted.items():
        mine = [row for row in here if row.sku == sku]
        there = sum(row.open for row in mine)
        with faults.of_line():
            if there < quantity:
                raise NotReserved(
                    _("%(there)s of %(sku)s can leave for %(reference)s, not %(quantity)s.")
                    % {"there": there, "sku": sku, "reference": reference, "quantity": quantity},
                    items=[{"line": place, "sku": sku, "requested": quantity, "reserved": there}],
                )
            parts += _divide(mine, quantity)
    faults.tell()
    return parts


def _divide(mine: Sequence[Promised], quantity: int) -> list[Part]:
    parts = []
    for row in sorted(mine, key=lambda x: -min(x.open, x.in_tote)):
        part = min(quantity, row.open)
        if part:
            parts.append(Part(row, part, min(part, row.in_tote)))
            quantity -= part
    return parts
