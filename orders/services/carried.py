"""What a transfer brings: whole, damaged, lost on the road, or more than was sent.

What was not sent is still in the books of the source, so it was never inbound here: it is found goods. It is
booked as an adjustment under the transfer's reference, and the transfer tells the source to count.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.locks import lock_transfers
from orders.queries.transfers import TransferView, transfer_views
from orders.services.documents import all_found, check_on, tell
from orders.services.progress import OWNER
from orders.services.receiving import ArrivedLine, check_arrived, placed_lines
from orders.states import T_COMING, check_state, transfer_status
from warehouse.checks import check_quantities, check_some, check_theirs, normal_sku
from warehouse.errors import InvalidLines, OverReceipt
from warehouse.lines import AdjustLine, ExpectedLine
from warehouse.services.inbound import cancel_expected
from warehouse.services.movements import adjust, receive
from warehouse.services.places import Place, open_places

RECEIVED = """
    UPDATE orders_transferline l
       SET received = l.received + d.quantity, damaged = l.damaged + d.damaged, lost = l.lost + d.lost
      FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[]) AS d(sku, quantity, damaged, lost)
      JOIN warehouse_product p ON p.sku = d.sku
     WHERE l.transfer_id = %s AND l.product_id = p.id
"""

# The newest first, so that a full field loses what is oldest.
NOTED = """
    UPDATE orders_transferorder SET notes = left(concat_ws(' ', %s::text, nullif(notes, '')), 500)
     WHERE id = %s
"""

STATUS = """
    UPDATE orders_transferorder
       SET status = %(status)s::text,
           closed_at = CASE WHEN %(status)s::text IN ('received', 'cancelled')
                            THEN coalesce(%(now)s::timestamptz, statement_timestamp()) END
     WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """`quantity` units arrived, `damaged` of them broken (to quarantine); `lost` ones will not come."""

    sku: str
    quantity: int = 0
    bin: str | None = None
    damaged: int = 0
    lost: int = 0


def receive_transfer(
    *,
    reference: str,
    lines: Sequence[CarriedLine] | None = None,
    accept_over: bool = False,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> TransferView:
    """Book what arrived, whole or damaged, and what was lost; without lines, all that is on the road.

    The transfer is received once nothing of it is on the road. With `accept_over`, units of its products
    beyond that are booked as found. Raises DocumentNotFound, WrongState, NotOnDocument, OverReceipt (more
    than is on the road, unless `accept_over`), UnknownBin, InvalidLines, WarehouseNotAllowed (of the
    destination).
    """
    require_unit_of_work()
    paper = find_transfer(reference=reference)
    check_theirs(what=paper.reference, warehouses=[paper.destination], within=within)
    check_state(reference=reference, now=paper.status, allowed=T_COMING, to="received")
    if lines is None:
        lines = [CarriedLine(line.sku, line.left) for line in paper.lines if line.left]
    _check_counts(lines)
    lines, found = _sent_and_found(paper, lines) if accept_over else (lines, [])
    _check_carried(paper, lines)
    arrived = [ArrivedLine(x.sku, x.quantity, x.bin, x.damaged) for x in lines if x.quantity]
    lost = [ExpectedLine(x.sku, paper.destination, x.lost) for x in lines if x.lost]
    if bool(arrived) + bool(lost) + bool(found) > 1:
        _lock_stock(paper.destination, [x.sku for x in lines] + [x.sku for x in found])
    if arrived:
        check_arrived(lines=arrived)
        placed = placed_lines(warehouse=paper.destination, lines=arrived)
        receive(reference=reference, lines=placed, actor=actor, now=now, owner=OWNER)
    if lost:
        cancel_expected(reference=reference, lines=lost, actor=actor, now=now)
    if found:
        _book_found(paper, found, actor, now)
    return _book(paper, lines, found, actor, now)


def find_transfer(*, reference: str) -> TransferView:
    """A transfer order as it stands, seen by anybody. Raises DocumentNotFound."""
    (paper,) = all_found(
        kind=_("transfer order"),
        references=[reference],
        papers=transfer_views(references=[reference]),
    )
    return paper


def _sent_and_found(
    paper: TransferView, lines: Sequence[CarriedLine]
) -> tuple[list[CarriedLine], list[ArrivedLine]]:
    """Lines as far as what they name is on the road, and what came beyond that; damaged ones first of those
    that were sent."""
    left = {line.sku: line.left for line in paper.lines}
    sent, found = [], []
    for line in lines:
        sku = normal_sku(line.sku)
        there = min(line.quantity, left.get(sku, line.quantity))
        damaged = min(line.damaged, there)
        if there or line.lost or not line.quantity:
            sent.append(replace(line, quantity=there, damaged=damaged))
            left[sku] = left.get(sku, there) - there
        if line.quantity > there:
            over = line.quantity - there
            found.append(ArrivedLine(sku, over, line.bin, line.damaged - damaged))
    return sent, found


def _book_found(
    paper: TransferView, found: Sequence[ArrivedLine], actor: Actor, now: datetime | None
) -> None:
    """Units that nobody sent are on hand all the same. Raises InvalidLines."""
    check_arrived(lines=found)
    placed = placed_lines(warehouse=paper.destination, lines=found)
    adjust(
        reference=paper.reference,
        reason=_("more than %(reference)s sent") % {"reference": paper.reference},
        lines=[AdjustLine(x.sku, x.warehouse, x.bin, delta=x.quantity) for x in placed],
        actor=actor,
        now=now,
    )


def _check_counts(lines: Sequence[CarriedLine]) -> None:
    """Raise InvalidLines or TooLarge unless every line has some units, and no more damaged than came."""
    check_some(lines)
    for counter in ("quantity", "damaged", "lost"):
        check_quantities((getattr(line, counter) for line in lines), least=0)
    check_quantities(line.quantity + line.lost for line in lines)
    wrong = [n for n, line in enumerate(lines) if line.damaged > line.quantity]
    if wrong:
        raise InvalidLines(
            _("No more can be damaged than came."), items=[{"line": place} for place in wrong]
        )


def _check_carried(paper: TransferView, lines: Sequence[CarriedLine]) -> None:
    """Raise NotOnDocument or OverReceipt before any stock is touched."""
    check_on(
        reference=paper.reference,
        skus=[line.sku for line in lines],
        known={line.sku for line in paper.lines},
    )
    left = {line.sku: line.left for line in paper.lines}
    wrong = []
    for place, line in enumerate(lines):
        sku = normal_sku(line.sku)
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
            _(
                "Less of %(reference)s is on the road (%(told)s). Count again; then receive what was "
                "sent, and book the rest as found."
            )
            % {"reference": paper.reference, "told": told},
            items=wrong,
        )


def _lock_stock(warehouse: str, skus: Sequence[str]) -> None:
    """All items at once, in primary-key order, since two engine calls follow."""
    places = [Place(n, sku, warehouse) for n, sku in enumerate(skus)]
    open_places(places=places, create=False, within=None)


def _book(
    paper: TransferView,
    lines: Sequence[CarriedLine],
    found: Sequence[ArrivedLine],
    actor: Actor,
    now: datetime | None,
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
    if found:
        _tell_source(before, found, actor, now)
    return tell_transfer(event="transfer.arrived", reference=reference, actor=actor, now=now)


def _tell_source(
    paper: TransferView, found: Sequence[ArrivedLine], actor: Actor, now: datetime | None
) -> None:
    """Whoever sent too much sees it on the transfer, and whoever listens to events hears of it."""
    told = ", ".join(
        _("%(quantity)s of %(sku)s") % {"quantity": x.quantity, "sku": x.sku} for x in found
    )
    words = _("More came than was sent (%(told)s): count it in %(source)s.")
    rows(NOTED, [words % {"told": told, "source": paper.source}, paper.id])
    details = {
        "source": paper.source,
        "destination": paper.destination,
        "found": [{"sku": line.sku, "quantity": line.quantity} for line in found],
    }
    tell(type="transfer.surplus", details={paper.reference: details}, actor=actor, now=now)


def tell_transfer(
    *, event: str, reference: str, actor: Actor, now: datetime | None
) -> TransferView:
    """Record the event of a transfer, with every line as it stands; the transfer."""
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
