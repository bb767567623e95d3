"""Goods that customers send back: expected → received → graded.

Stock changes when goods are graded, not before: restocked units are sellable at once and fill backorders,
oldest first; quarantined ones are on hand but not sellable; scrap leaves only its trace in the ledger.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import OrderNotFound
from orders.locks import lock_orders, lock_returns
from orders.queries.returns import ReturnView, order_to_return, return_views
from orders.services.documents import all_found, check_known, reference_of, tell
from orders.services.numbering import RETURN
from orders.services.progress import OWNER
from orders.services.return_lines import (
    Delta,
    Deltas,
    announce,
    check_bench,
    check_order,
    with_present,
    write_lines,
)
from orders.states import (
    R_CANCELLED,
    R_EXPECTED,
    R_GRADED,
    R_RECEIVED,
    R_WAITING,
    WrongState,
    check_state,
)
from warehouse.checks import check_quantities, check_some, check_theirs, check_within, normal_sku
from warehouse.errors import ReferenceConflict
from warehouse.lines import MAX_REFERENCE, Disposition, ReturnLine
from warehouse.services.movements import return_stock

NOT_CANCELLED = R_WAITING | {R_GRADED}

STATUS = """
    UPDATE orders_returnorder
       SET status = %(status)s::text,
           received_at = CASE WHEN %(status)s::text IN ('received', 'graded')
                              THEN coalesce(received_at, %(now)s::timestamptz, statement_timestamp())
                              ELSE received_at END,
           graded_at = CASE WHEN %(status)s::text = 'graded'
                            THEN coalesce(%(now)s::timestamptz, statement_timestamp()) END
     WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """So many units of a product come, or came, back."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class GradedLine:
    """What is made of units that came back. No bin: the primary bin, else RETURNS; or QUARANTINE."""

    sku: str
    quantity: int
    disposition: Disposition
    bin: str | None = None


def expect_return(
    *,
    warehouse: str,
    lines: Sequence[ReturnedLine],
    order: str | None = None,
    reference: str | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ReturnView:
    """Announce a return, against an order or of unknown origin. Without a reference: the next number.

    Raises OrderNotFound, NotOnDocument, TooMuchReturned, UnknownSku, UnknownWarehouse,
    ReferenceConflict, InvalidReference, InvalidLines, WarehouseNotAllowed.
    """
    require_unit_of_work()
    deltas = _merged(lines, "expected")
    check_within(warehouses=[warehouse], within=within)
    check_known(skus=[line.sku for line in lines], warehouses=[warehouse])
    order_id = _order(order, within)
    number = reference_of(given=reference, prefix=RETURN, most=MAX_REFERENCE)
    check_order(order_id=order_id, reference=order, total=deltas)
    id_ = announce(
        reference=number,
        order_id=order_id,
        warehouse=warehouse,
        reason=reason,
        actor=actor,
        now=now,
    )
    write_lines(return_id=id_, deltas=deltas)
    return _told("return.expected", number, actor, now)


def receive_return(
    *,
    reference: str,
    lines: Sequence[ReturnedLine] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ReturnView:
    """The parcel is on the bench: the clock runs until it is graded. Stock does not change yet.

    Without lines: all that was announced. What was not announced is taken in too, but of an order no more
    than was shipped of it. Raises DocumentNotFound, WrongState, NotOnDocument, TooMuchReturned,
    UnknownSku, InvalidLines, WarehouseNotAllowed.
    """
    require_unit_of_work()
    paper = returns(reference=reference, within=within)
    check_state(reference=reference, now=paper.status, allowed=R_WAITING, to="received")
    if lines is not None:
        check_known(skus=[line.sku for line in lines], warehouses=[])
    paper = _locked(paper, R_WAITING, "received")
    if lines is None:
        lines = [ReturnedLine(line.sku, line.left) for line in paper.lines if line.left]
        if not lines:
            raise WrongState(
                _("All that was announced of %(reference)s has come.") % {"reference": reference}
            )
    deltas = _merged(lines, "received")
    _check_total(paper, deltas)
    write_lines(return_id=paper.id, deltas=deltas)
    rows(STATUS, {"status": R_RECEIVED, "id": paper.id, "now": now})
    return _told("return.received", reference, actor, now)


def grade(
    *,
    reference: str,
    lines: Sequence[GradedLine],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ReturnView:
    """Decide what becomes of units on the bench; the return is graded once nothing is left there.

    Raises DocumentNotFound, WrongState (nothing was received, or all is graded), NotOnDocument,
    NotReceived (more than lies there), UnknownBin, WrongBinKind, InvalidLines, WarehouseNotAllowed.
    """
    require_unit_of_work()
    paper = returns(reference=reference, within=within)
    deltas = _graded(lines)
    check_bench(paper=paper, deltas=deltas)
    _restock(reference, paper.warehouse, lines, actor, now)
    paper = _locked(paper, {R_RECEIVED}, "graded")
    check_bench(paper=paper, deltas=deltas)
    write_lines(return_id=paper.id, deltas=deltas)
    return _graded_so_far(reference, actor, now)


def return_at_once(
    *,
    warehouse: str,
    lines: Sequence[GradedLine],
    order: str | None = None,
    reference: str | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ReturnView:
    """Goods are in hand and their condition is plain: take them in and grade them in one go.

    A return of that reference takes them too, also when it was graded already (the parcel held more);
    else a new one is made. Raises what `expect_return`, `receive_return` and `grade` raise.
    """
    require_unit_of_work()
    deltas = _graded(lines)
    number = reference_of(given=reference, prefix=RETURN, most=MAX_REFERENCE)
    known = return_views(references=[number]) if reference is not None else []
    if known:
        return _take_announced(known[0], order, warehouse, lines, deltas, actor, now, within)
    check_within(warehouses=[warehouse], within=within)
    order_id = _order(order, within)
    _restock(number, warehouse, lines, actor, now)
    for delta in deltas.values():
        delta.received = delta.graded
    check_order(order_id=order_id, reference=order, total=deltas)
    id_ = announce(
        reference=number,
        order_id=order_id,
        warehouse=warehouse,
        reason=reason,
        actor=actor,
        now=now,
    )
    write_lines(return_id=id_, deltas=deltas)
    return _graded_so_far(number, actor, now)


def cancel_return(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ReturnView:
    """An announced return that will not come. Raises DocumentNotFound, WrongState, WarehouseNotAllowed."""
    require_unit_of_work()
    paper = _locked(returns(reference=reference, within=within), {R_EXPECTED}, "cancelled")
    rows(STATUS, {"status": R_CANCELLED, "id": paper.id, "now": now})
    return _told("return.cancelled", reference, actor, now)


def _take_announced(
    paper: ReturnView,
    order: str | None,
    warehouse: str,
    lines: Sequence[GradedLine],
    deltas: Deltas,
    actor: Actor,
    now: datetime | None,
    within: Collection[str] | None,
) -> ReturnView:
    """Receive and grade at once; what lies on the bench already is graded first, the rest is received."""
    check_theirs(what=paper.reference, warehouses=[paper.warehouse], within=within)
    if warehouse != paper.warehouse or order not in (None, paper.order):
        raise ReferenceConflict(
            _("%(reference)s is another return, to %(warehouse)s.")
            % {"reference": paper.reference, "warehouse": paper.warehouse}
        )
    check_state(reference=paper.reference, now=paper.status, allowed=NOT_CANCELLED, to="graded")
    _restock(paper.reference, paper.warehouse, lines, actor, now)
    paper = _locked(paper, NOT_CANCELLED, "graded")
    bench = {line.sku: line.ungraded for line in paper.lines}
    for sku, delta in deltas.items():
        there = bench.get(sku, 0)
        delta.received = delta.graded - there if delta.graded > there else 0
    _check_total(paper, deltas)
    write_lines(return_id=paper.id, deltas=deltas)
    return _graded_so_far(paper.reference, actor, now)


def returns(*, reference: str, within: Collection[str] | None) -> ReturnView:
    """A return as it stands, not locked. Raises DocumentNotFound, WarehouseNotAllowed."""
    (paper,) = all_found(
        kind=_("return"), references=[reference], papers=return_views(references=[reference])
    )
    check_theirs(what=paper.reference, warehouses=[paper.warehouse], within=within)
    return paper


def _locked(paper: ReturnView, allowed: Collection[str], to: str) -> ReturnView:
    """The paper again, locked, after the order that it is against. Raises WrongState."""
    if paper.order_id is not None:
        lock_orders(ids=[paper.order_id])
    ((_, reference, status),) = lock_returns(ids=[paper.id])
    check_state(reference=reference, now=status, allowed=allowed, to=to)
    (again,) = return_views(references=[reference])
    return again


def _order(reference: str | None, within: Collection[str] | None) -> int | None:
    """The id of the order. Whoever is limited to warehouses takes back what some of left from those."""
    if reference is None:
        return None
    found = order_to_return(reference=reference, within=within)
    if found is None:
        raise OrderNotFound(
            _("There is no order %(reference)s.") % {"reference": reference},
            items=[{"reference": reference}],
        )
    return found


def _check_total(paper: ReturnView, deltas: Deltas) -> None:
    """What the return says in total, once `deltas` are added, may come back."""
    check_order(
        order_id=paper.order_id,
        reference=paper.order,
        total=with_present(paper=paper, deltas=deltas),
        beside=paper.id,
    )


def _restock(
    reference: str,
    warehouse: str,
    lines: Sequence[GradedLine],
    actor: Actor,
    now: datetime | None,
) -> None:
    back = [
        ReturnLine(line.sku, warehouse, line.quantity, line.disposition, line.bin) for line in lines
    ]
    return_stock(reference=reference, lines=back, actor=actor, now=now, owner=OWNER)


def _graded_so_far(reference: str, actor: Actor, now: datetime | None) -> ReturnView:
    (paper,) = return_views(references=[reference])
    over = not any(line.ungraded for line in paper.lines)
    status = R_GRADED if over else R_RECEIVED
    rows(STATUS, {"status": status, "id": paper.id, "now": now})
    return _told("return.graded", reference, actor, now)


def _told(event: str, reference: str, actor: Actor, now: datetime | None) -> ReturnView:
    (paper,) = return_views(references=[reference])
    lines = [
        {
            "sku": line.sku,
            "received": line.received,
            "restocked": line.restocked,
            "quarantined": line.quarantined,
            "scrapped": line.scrapped,
        }
        for line in paper.lines
    ]
    told: Mapping[str, object] = {
        "order": paper.order,
        "warehouse": paper.warehouse,
        "status": paper.status,
        "lines": lines,
    }
    tell(type=event, details={reference: told}, actor=actor, now=now)
    return paper


def _merged(lines: Sequence[ReturnedLine], counter: str) -> Deltas:
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    merged: Deltas = {}
    for line in lines:
        delta = merged.setdefault(normal_sku(line.sku), Delta())
        setattr(delta, counter, getattr(delta, counter) + line.quantity)
    return merged


def _graded(lines: Sequence[GradedLine]) -> Deltas:
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    merged: Deltas = {}
    for line in lines:
        delta = merged.setdefault(normal_sku(line.sku), Delta())
        kind = str(line.disposition)
        setattr(delta, kind, getattr(delta, kind) + line.quantity)
    return merged
