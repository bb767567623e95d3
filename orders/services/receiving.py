"""What comes on a lorry: against purchase orders, in part or whole, or without any paper.

Stock is booked by the engine under the purchase order's own reference, so that inbound falls with it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import OverDelivery
from orders.locks import lock_purchases
from orders.queries.purchases import PurchaseLineView, PurchaseView, purchase_views
from orders.services.documents import check_on, reference_of, tell
from orders.services.doubting import check_likely
from orders.services.drafting import purchases, summary
from orders.services.numbering import DELIVERY
from orders.services.progress import OWNER
from orders.states import P_RECEIVABLE, WrongState, check_state, purchase_status
from warehouse.checks import check_quantities, check_some, check_within, normal_sku
from warehouse.errors import InvalidLines
from warehouse.lines import MAX_REFERENCE, Delivery, Moved, PlacedLine
from warehouse.services.movements import receive, receive_batch
from warehouse.services.places import QUARANTINE_BIN

RECEIVED = """
    UPDATE orders_purchaseline l
       SET received = l.received + d.quantity, damaged = l.damaged + d.damaged
      FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[]) AS d(order_id, sku, quantity, damaged)
      JOIN warehouse_product p ON p.sku = d.sku
     WHERE l.order_id = d.order_id AND l.product_id = p.id
"""

STATUS = """
    UPDATE orders_purchaseorder o
       SET status = d.status,
           closed_at = CASE WHEN d.status = 'received'
                            THEN coalesce(o.closed_at, %(now)s::timestamptz, statement_timestamp())
                            ELSE o.closed_at END
      FROM unnest(%(ids)s::bigint[], %(statuses)s::text[]) AS d(id, status)
     WHERE o.id = d.id
"""


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """`quantity` units came, `damaged` of them go to quarantine, the others into `bin`.

    Without a bin: the item's primary bin, else RECEIVING.
    """

    sku: str
    quantity: int
    bin: str | None = None
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What whoever receives should know: more (`over`) or less (`under`) than ordered, or `damaged`."""

    sku: str
    kind: str
    ordered: int
    received: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A purchase order after goods of it came."""

    order: PurchaseView
    notices: Sequence[Notice]


def receive_purchase(
    *,
    reference: str,
    lines: Sequence[ArrivedLine] | None = None,
    accept_over: bool = True,
    asked_over: int | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Receipt:
    """Book what came of a purchase order; without lines, all that is still to come.

    More or less than was ordered is booked and noticed, and so is what comes after the order was closed.
    Damaged units are on hand in quarantine. `asked_over` are the units beyond the order that a person was
    asked about: another number of them is not what was agreed to. Raises DocumentNotFound, WrongState (a
    draft, cancelled, or nothing left to come), NotOnDocument, OverDelivery (unless `accept_over`),
    UnknownBin, InvalidLines, TooLarge, WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    if lines is not None:
        check_arrived(lines=lines)
    wanted = {reference: lines}
    (receipt,) = _receive(wanted, accept_over=accept_over, actor=actor, now=now, within=within)
    if asked_over is not None and asked_over != _beyond(receipt.order, lines or ()):
        raise _raced(receipt)
    return receipt


def receive_purchases(
    *,
    references: Sequence[str],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[Receipt]:
    """Book all that is still to come of many purchase orders, in one transaction and by set.

    All or nothing; raises what `receive_purchase` raises.
    """
    require_unit_of_work()
    check_some(references)
    wanted = dict.fromkeys(references)
    return _receive(wanted, accept_over=True, actor=actor, now=now, within=within)


def receive_without_order(
    *,
    warehouse: str,
    lines: Sequence[ArrivedLine],
    reference: str | None = None,
    accept_unlikely: bool = True,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Book goods that nobody ordered: samples, free goods, a delivery of unknown origin.

    Without a reference it gets the next number. Raises ReceiptOwned (it is that of an order), UnknownSku,
    UnknownWarehouse, UnknownBin, InvalidReference, InvalidLines, TooLarge, WarehouseNotAllowed,
    UnlikelyQuantity (unless `accept_unlikely`).
    """
    require_unit_of_work()
    check_arrived(lines=lines)
    check_within(warehouses=[warehouse], within=within)
    if not accept_unlikely:
        for line in lines:
            check_likely(sku=line.sku, quantity=line.quantity)
    number = reference_of(given=reference, prefix=DELIVERY, most=MAX_REFERENCE)
    placed = placed_lines(warehouse=warehouse, lines=lines)
    return receive(reference=number, lines=placed, actor=actor, now=now, within=within)


def check_arrived(*, lines: Sequence[ArrivedLine]) -> None:
    """Raise InvalidLines or TooLarge unless every quantity is in range and holds its damaged units."""
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    check_quantities((line.damaged for line in lines), least=0)
    wrong = [n for n, line in enumerate(lines) if line.damaged > line.quantity]
    if wrong:
        raise InvalidLines(
            _("No more can be damaged than came."), items=[{"line": place} for place in wrong]
        )


def placed_lines(*, warehouse: str, lines: Sequence[ArrivedLine]) -> list[PlacedLine]:
    """Lines for the engine: what is whole into its bin, what is damaged into quarantine."""
    placed = []
    for line in lines:
        if line.quantity > line.damaged:
            whole = line.quantity - line.damaged
            placed.append(PlacedLine(line.sku, warehouse, whole, line.bin))
        if line.damaged:
            placed.append(PlacedLine(line.sku, warehouse, line.damaged, QUARANTINE_BIN))
    return placed


def _receive(
    wanted: Mapping[str, Sequence[ArrivedLine] | None],
    *,
    accept_over: bool,
    actor: Actor,
    now: datetime | None,
    within: Collection[str] | None,
) -> list[Receipt]:
    papers = purchases(references=list(wanted), within=within)
    arrived = {paper.reference: _arrived(paper, wanted[paper.reference]) for paper in papers}
    deliveries = [
        Delivery(
            paper.reference,
            placed_lines(warehouse=paper.warehouse, lines=arrived[paper.reference]),
        )
        for paper in papers
    ]
    receive_batch(deliveries=deliveries, actor=actor, now=now, within=within, owner=OWNER)
    booked = _book(papers, arrived, now)
    receipts = [Receipt(paper, _notices(paper, arrived[paper.reference])) for paper in booked]
    for receipt in receipts:
        _check_over(receipt, whole=wanted[receipt.order.reference] is None, accept=accept_over)
    tell(
        type="purchase.received",
        details={x.order.reference: _told(x, arrived[x.order.reference]) for x in receipts},
        actor=actor,
        now=now,
    )
    return receipts


def _arrived(paper: PurchaseView, lines: Sequence[ArrivedLine] | None) -> Sequence[ArrivedLine]:
    """The lines given, or all that is still to come. Raises WrongState, NotOnDocument."""
    check_state(reference=paper.reference, now=paper.status, allowed=P_RECEIVABLE, to="received")
    if lines is None:
        left = [ArrivedLine(line.sku, line.left) for line in paper.lines if line.left]
        if not left:
            raise WrongState(
                _("Nothing of %(reference)s is still to come.") % {"reference": paper.reference}
            )
        return left
    known = {line.sku for line in paper.lines}
    check_on(reference=paper.reference, skus=[line.sku for line in lines], known=known)
    return lines


def _book(
    papers: Sequence[PurchaseView],
    arrived: Mapping[str, Sequence[ArrivedLine]],
    now: datetime | None,
) -> list[PurchaseView]:
    """Bring the papers up to what came, under their lock; as they are then."""
    ids = {paper.reference: paper.id for paper in papers}
    for _id, reference, status in lock_purchases(ids=ids.values()):
        check_state(reference=reference, now=status, allowed=P_RECEIVABLE, to="received")
    came: dict[tuple[int, str], tuple[int, int]] = {}
    for reference, lines in arrived.items():
        for line in lines:
            key = (ids[reference], normal_sku(line.sku))
            quantity, damaged = came.get(key, (0, 0))
            came[key] = (quantity + line.quantity, damaged + line.damaged)
    rows(
        RECEIVED,
        [
            [order_id for order_id, _ in came],
            [sku for _, sku in came],
            [quantity for quantity, _ in came.values()],
            [damaged for _, damaged in came.values()],
        ],
    )
    after = {paper.reference: paper for paper in purchase_views(references=ids)}
    result = [_follow(after[reference]) for reference in ids]
    params = {"ids": [x.id for x in result], "statuses": [x.status for x in result], "now": now}
    rows(STATUS, params)
    return result


def _follow(paper: PurchaseView) -> PurchaseView:
    counts = [(line.quantity, line.received) for line in paper.lines]
    return replace(paper, status=purchase_status(status=paper.status, lines=counts))


def _notices(paper: PurchaseView, lines: Sequence[ArrivedLine]) -> list[Notice]:
    """What is to be said of the products that came."""
    damaged: dict[str, int] = {}
    for came in lines:
        sku = normal_sku(came.sku)
        damaged[sku] = damaged.get(sku, 0) + came.damaged
    told = []
    for line in paper.lines:
        if line.sku in damaged:
            kinds = (
                ("over", line.received > line.quantity),
                ("under", line.received < line.quantity),
                ("damaged", damaged[line.sku] > 0),
            )
            told += [_notice(line, kind) for kind, so in kinds if so]
    return told


def _notice(line: PurchaseLineView, kind: str) -> Notice:
    return Notice(line.sku, kind, line.quantity, line.received, line.damaged)


def _check_over(receipt: Receipt, *, whole: bool, accept: bool) -> None:
    over = [notice for notice in receipt.notices if notice.kind == "over"]
    if over and whole:
        raise _raced(receipt)
    if over and not accept:
        told = ", ".join(
            _("%(sku)s: %(received)s of %(ordered)s")
            % {"sku": x.sku, "received": x.received, "ordered": x.ordered}
            for x in over
        )
        raise OverDelivery(
            _("More than was ordered on %(reference)s (%(told)s).")
            % {"reference": receipt.order.reference, "told": told},
            items=[{"sku": x.sku, "ordered": x.ordered, "received": x.received} for x in over],
        )


def _beyond(paper: PurchaseView, lines: Sequence[ArrivedLine]) -> int:
    """Of what came with these lines, units that were not ordered."""
    came: dict[str, int] = {}
    for line in lines:
        sku = normal_sku(line.sku)
        came[sku] = came.get(sku, 0) + line.quantity
    return sum(max(0, min(came.get(x.sku, 0), x.received - x.quantity)) for x in paper.lines)


def _raced(receipt: Receipt) -> Raced:
    return Raced(
        _("Somebody else is receiving %(reference)s; look again.")
        % {"reference": receipt.order.reference}
    )


def _told(receipt: Receipt, lines: Sequence[ArrivedLine]) -> dict[str, object]:
    came = [{"sku": x.sku, "quantity": x.quantity, "damaged": x.damaged} for x in lines]
    return {**summary(receipt.order), "lines": came}
