"""Promising stock: reserve, and everything that ends a promise without shipping it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.errors import DomainError
from notifications.outbox import Event
from warehouse import queries
from warehouse.changes import Change, ItemState, by_item, level_payload
from warehouse.checks import check_theirs
from warehouse.errors import ReferenceConflict, ReservationClosed, WarehouseNotAllowed
from warehouse.events import refresh_cache_on_commit
from warehouse.lines import Held, HeldLine, Level, ReserveLine, ReserveRequest, ShortLine
from warehouse.locks import lock_items_of_skus
from warehouse.services.refusals import lost_demand, refuse
from warehouse.services.releasing import free_run_out
from warehouse.services.requested import Requested
from warehouse.services.sourcing import Sourced, source
from warehouse.statements import (
    NewReservation,
    write_lost_demand,
    write_reservations,
    write_suggestions,
)


def reserve(
    *,
    reference: str,
    lines: Sequence[ReserveLine],
    warehouse: str | None = None,
    strategy: str = "most_available",
    expires_in: int | None = None,
    allow_partial: bool = False,
    backorder: bool = False,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Held:
    """Promise stock to a reference: all lines or none, or with `allow_partial` what there is.

    With `backorder`, what is not there is promised all the same and filled as stock arrives, the oldest
    promise first; refused is only what no warehouse has ever held, of those that the request may take
    from. `expires_in` is in seconds by the database's clock. With a `warehouse` or `within`, the promise
    is pinned: a later shortage never sources it from another warehouse, also not from another one
    `within`, so that whoever made it keeps the right
    to it. The same request for the same reference returns the same reservation. Raises InsufficientStock
    (recorded as lost demand), ProductInactive, ReferenceConflict, ReservationClosed, UnknownSku,
    UnknownWarehouse, WarehouseNotAllowed, InvalidLines, InvalidReference.
    """
    request = ReserveRequest(
        reference=reference,
        lines=lines,
        warehouse=warehouse,
        strategy=strategy,
        expires_in=expires_in,
        allow_partial=allow_partial,
        backorder=backorder,
        within=None if within is None else frozenset(within),
    )
    answer = reserve_batch(requests=[request], actor=actor, now=now)[0]
    if isinstance(answer, DomainError):
        raise answer
    return answer


def reserve_batch(
    *,
    requests: Sequence[ReserveRequest],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[Held | DomainError]:
    """Reserve many orders in one transaction under one lock statement, in the order given.

    Each order is all-or-nothing by itself; its answer is its reservation or its own error (returned,
    not raised). Raises Raced when another transaction takes one of several references meanwhile:
    nothing is kept then, and the batch can be run again.
    """
    require_unit_of_work()
    batch = _Batch(requests, actor, within)
    if len(batch.orders) > 1:
        batch.answer_existing(batch.orders)
    if batch.open_orders():
        batch.source_all(_lock(batch.open_orders()))
        batch.answer_refused(now)
        batch.write(now)
    return [order.answer for order in batch.all]  # type: ignore[misc]


class _Batch:
    """The orders of one call, taken through guard, lock, decide, write, tell."""

    def __init__(
        self,
        requests: Sequence[ReserveRequest],
        actor: Actor,
        within: Collection[str] | None,
    ) -> None:
        self.all: list[Requested] = []
        self.orders: list[Requested] = []
        taken: dict[str, Requested] = {}
        self.twins: list[tuple[Requested, Requested]] = []
        for request in requests:
            limit = request.within if request.within is not None else within
            order = Requested(request, request.actor or actor, limit)
            self.all.append(order)
            try:
                order.read()
            except DomainError as error:
                order.answer = error
                continue
            twin = taken.setdefault(order.reference, order)
            if twin is order:
                self.orders.append(order)
            else:
                self.twins.append((order, twin))

    def open_orders(self) -> list[Requested]:
        return [order for order in self.orders if order.answer is None]

    def answer_existing(self, orders: Iterable[Requested]) -> None:
        """A reference that is taken already: the same reservation again, or a conflict."""
        asked = {order.reference: order for order in orders}
        for reference, (fingerprint, held) in queries.known_reservations(asked).items():
            asked[reference].answer = _again(asked[reference], fingerprint, held)

    def source_all(self, items: Sequence[ItemState]) -> None:
        """Decide each order in turn on the locked items; what one is granted the next cannot have.

        Where that is not enough, what others hold beyond their time is taken back, and all is decided anew.
        """
        by_sku: dict[str, list[ItemState]] = {}
        for item in items:
            by_sku.setdefault(item.sku, []).append(item)
        self._mark_unknown(by_sku)
        reserved = [item.reserved for item in items]
        self._source(by_sku)
        lacking = self._lacking(by_sku)
        if lacking:
            granted = [item.reserved for item in items]
            _put_back(items, reserved)
            if free_run_out(items=by_item(items), wanted=lacking):
                self._source(by_sku)
            else:
                _put_back(items, granted)

    def _lacking(self, by_sku: Mapping[str, list[ItemState]]) -> list[int]:
        """The items of which orders would have liked more."""
        skus = {
            short.sku
            for order in self.open_orders()
            if order.sourced and not order.unknown
            for short in order.sourced.short
        }
        return [item.id for sku in skus for item in by_sku.get(sku, ())]

    def _source(self, by_sku: dict[str, list[ItemState]]) -> None:
        for order in self.open_orders():
            order.sourced = _source(order, by_sku)
            if order.granted:
                for item, quantity in order.sourced.grants:
                    item.reserved += quantity

    def _mark_unknown(self, by_sku: Collection[str]) -> None:
        """Of what is nowhere in stock, orders that take a part as well are asked whether it exists at all."""
        nowhere = {
            order.reference: [sku for sku in order.wanted or () if sku not in by_sku]
            for order in self.open_orders()
            if order.request.allow_partial
        }
        wanted = {sku for skus in nowhere.values() for sku in skus}
        if wanted:
            unknown = wanted - queries.known_skus(wanted)
            for order in self.open_orders():
                order.unknown = not unknown.isdisjoint(nowhere.get(order.reference, ()))

    def answer_refused(self, now: datetime | None) -> None:
        """Refuse what cannot be served, and record what was lost, but of nothing that had been served before.

        Several orders have been looked up already, a single one only now that it would leave a record.
        """
        if len(self.orders) == 1:
            self.answer_existing(
                order for order in self.open_orders() if not order.granted or lost_demand(order)
            )
        served = self.open_orders()
        refused = [order for order in served if not order.granted]
        if refused:
            refuse(orders=refused)
        lost = [row for order in served for row in lost_demand(order)]
        if lost:
            write_lost_demand(lost=lost, now=now)

    def write(self, now: datetime | None) -> None:
        """Write every granted order in one statement and give each its reservation."""
        granted = self.open_orders()
        if granted:
            change = Change()
            for order in granted:
                for item in order.items():
                    change.touch(item)
            levels = {
                item.id: item.level(version=item.version + 1) for item in change.touched.values()
            }
            expiries = write_reservations(
                orders=[_row(order) for order in granted],
                events=[_event(order, levels) for order in granted],
                now=now,
            )
            taken = [order for order in granted if order.reference not in expiries]
            if taken and len(granted) > 1:
                raise Raced(_("A reference of this batch was taken meanwhile; run it again."))
            self.answer_existing(taken)
            if not taken:
                write_suggestions(change=change, now=now)
                refresh_cache_on_commit(levels=list(levels.values()))
            for order in granted:
                if order.answer is None:
                    order.answer = _held(order, expiries[order.reference])
        for order, twin in self.twins:
            order.answer = _like(order, twin)


def _put_back(items: Sequence[ItemState], reserved: Sequence[int]) -> None:
    for item, before in zip(items, reserved, strict=True):
        item.reserved = before


def _lock(orders: Sequence[Requested]) -> list[ItemState]:
    skus = {sku for order in orders for sku in order.wanted or ()}
    named = {order.request.warehouse for order in orders}
    only = None if None in named else {code for code in named if code}
    return lock_items_of_skus(skus=skus, warehouses=only)


def _source(order: Requested, by_sku: dict[str, list[ItemState]]) -> Sourced:
    request, wanted = order.request, order.wanted or {}
    stock = {sku: by_sku.get(sku, []) for sku in wanted}
    if request.warehouse or order.within is not None:
        stock = {
            sku: [
                item
                for item in items
                if (not request.warehouse or item.warehouse == request.warehouse)
                and (order.within is None or item.warehouse in order.within)
            ]
            for sku, items in stock.items()
        }
    if any(items and not items[0].active for items in stock.values()):
        stock = {sku: [i for i in items if i.active] for sku, items in stock.items()}
    return source(wanted=wanted, stock=stock, strategy=request.strategy)


def _again(order: Requested, fingerprint: str, held: Held) -> Held | DomainError:
    """The answer to a reference that is known already."""
    if not order.is_what_made(fingerprint):
        return ReferenceConflict(
            _(
                "The reference %(reference)s was used for another reservation; use a new "
                "reference, or release and reserve under a new one."
            )
            % {"reference": order.reference}
        )
    try:
        own = [line.warehouse for line in held.lines]
        check_theirs(what=order.reference, warehouses=own, within=order.within)
    except WarehouseNotAllowed as error:
        return error
    if held.status in ("released", "expired"):
        return ReservationClosed(
            _("The reservation %(reference)s is %(status)s; reserve under a new reference.")
            % {"reference": order.reference, "status": held.status}
        )
    return held


def _like(order: Requested, twin: Requested) -> Held | DomainError:
    """A reference given twice in one batch: the second is a repetition of the first, or a conflict."""
    if isinstance(twin.answer, Held):
        held = Held(
            reference=twin.answer.reference,
            status=twin.answer.status,
            expires_at=twin.answer.expires_at,
            lines=twin.answer.lines,
            short=twin.answer.short,
        )
        return _again(order, twin.fingerprint, held)
    assert twin.answer is not None
    if twin.fingerprint == order.fingerprint:
        return twin.answer
    return ReferenceConflict(
        _("The reference %(reference)s stands twice in this batch.")
        % {"reference": order.reference}
    )


def _row(order: Requested) -> NewReservation:
    return NewReservation(
        reference=order.reference,
        fingerprint=order.fingerprint,
        actor=order.actor.name,
        pinned=order.request.warehouse is not None or order.within is not None,
        expires_in=order.request.expires_in,
        owner=order.request.owner,
        grants=[(item.id, there + late, late) for item, there, late in order.parts()],
    )


def _event(order: Requested, levels: dict[int, Level]) -> Event:
    waiting = [
        {"sku": item.sku, "warehouse": item.warehouse, "quantity": late}
        for item, _, late in order.parts()
        if late
    ]
    return Event(
        type="reservation.created",
        reference=order.reference,
        actor=order.actor.name,
        levels=[level_payload(levels[item.id]) for item in order.items()],
        details={"backordered": waiting} if waiting else {},
    )


def _held(order: Requested, expires_at: datetime | None) -> Held:
    assert order.sourced is not None
    return Held(
        reference=order.reference,
        status="active",
        expires_at=expires_at,
        lines=[
            HeldLine(
                sku=item.sku,
                warehouse=item.warehouse,
                quantity=there + late,
                shipped=0,
                released=0,
                backordered=late,
            )
            for item, there, late in order.parts()
        ],
        short=tuple(
            ShortLine(sku=s.sku, requested=s.requested, available=s.available)
            for s in (() if order.request.backorder else order.sourced.short)
        ),
        created=True,
    )
