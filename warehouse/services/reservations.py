"""Promising stock: reserve, and everything that ends a promise without shipping it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.errors import DomainError
from notifications.outbox import Event
from warehouse import queries
from warehouse.changes import Change, ItemState, level_payload
from warehouse.checks import check_quantities, check_reference, check_some, normal_sku
from warehouse.errors import (
    InsufficientStock,
    InvalidLines,
    ReferenceConflict,
    ReservationClosed,
    UnknownSku,
    UnknownWarehouse,
    WarehouseNotAllowed,
)
from warehouse.events import refresh_cache_on_commit
from warehouse.lines import Held, HeldLine, Level, ReserveLine, ReserveRequest, ShortLine
from warehouse.locks import lock_items_of_skus
from warehouse.services.sourcing import Shortfall, Sourced, check_strategy, source
from warehouse.statements import (
    Lost,
    NewReservation,
    write_lost_demand,
    write_reservations,
    write_suggestions,
)

MAX_EXPIRY = 366 * 24 * 3600  # seconds


def reserve(
    *,
    reference: str,
    lines: Sequence[ReserveLine],
    warehouse: str | None = None,
    strategy: str = "most_available",
    expires_in: int | None = None,
    allow_partial: bool = False,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Held:
    """Promise stock to a reference: all lines or none, or with `allow_partial` what there is.

    `expires_in` is in seconds by the database's clock. The same request for the same reference returns
    the same reservation. Raises InsufficientStock (recorded as lost demand), ReferenceConflict,
    ReservationClosed, UnknownSku, UnknownWarehouse, WarehouseNotAllowed, InvalidLines,
    InvalidReference.
    """
    request = ReserveRequest(
        reference=reference,
        lines=lines,
        warehouse=warehouse,
        strategy=strategy,
        expires_in=expires_in,
        allow_partial=allow_partial,
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


@dataclass(slots=True)
class _Order:
    """One request on its way to its answer."""

    request: ReserveRequest
    actor: Actor
    within: Collection[str] | None
    reference: str = ""
    wanted: dict[str, int] | None = None
    fingerprint: str = ""
    sourced: Sourced | None = None
    answer: Held | DomainError | None = None

    def read(self) -> None:
        """Check and merge. Raises what is wrong with the request itself."""
        request = self.request
        self.reference = check_reference(request.reference)
        check_some(request.lines)
        check_quantities(line.quantity for line in request.lines)
        check_strategy(request.strategy)
        if request.expires_in is not None and not 0 < request.expires_in <= MAX_EXPIRY:
            raise InvalidLines(f"expires_in is 1 to {MAX_EXPIRY} seconds.")
        if request.warehouse and self.within is not None and request.warehouse not in self.within:
            raise WarehouseNotAllowed(
                f"Not allowed in warehouse {request.warehouse}.",
                items=[{"warehouse": request.warehouse}],
            )
        wanted: dict[str, int] = {}
        for line in request.lines:
            sku = normal_sku(line.sku)
            wanted[sku] = wanted.get(sku, 0) + line.quantity
        check_quantities(wanted.values())
        self.wanted = wanted
        told = (sorted(wanted.items()), request.warehouse, request.strategy, request.allow_partial)
        self.fingerprint = sha256(repr(told).encode()).hexdigest()

    def place_of(self, sku: str) -> int:
        """The first line of the request that asks for this SKU."""
        return next(i for i, x in enumerate(self.request.lines) if normal_sku(x.sku) == sku)

    @property
    def granted(self) -> bool:
        """Whether there is something to write: everything, or a part where parts are allowed."""
        if self.answer is not None or self.sourced is None or not self.sourced.grants:
            return False
        return not self.sourced.short or self.request.allow_partial


class _Batch:
    """The orders of one call, taken through guard, lock, decide, write, tell."""

    def __init__(
        self,
        requests: Sequence[ReserveRequest],
        actor: Actor,
        within: Collection[str] | None,
    ) -> None:
        self.all: list[_Order] = []
        self.orders: list[_Order] = []
        taken: dict[str, _Order] = {}
        self.twins: list[tuple[_Order, _Order]] = []
        for request in requests:
            limit = request.within if request.within is not None else within
            order = _Order(request, request.actor or actor, limit)
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

    def open_orders(self) -> list[_Order]:
        return [order for order in self.orders if order.answer is None]

    def answer_existing(self, orders: Iterable[_Order]) -> None:
        """A reference that is taken already: the same reservation again, or a conflict."""
        asked = {order.reference: order for order in orders}
        for reference, (fingerprint, held) in queries.known_reservations(asked).items():
            asked[reference].answer = _again(asked[reference], fingerprint, held)

    def source_all(self, items: Sequence[ItemState]) -> None:
        """Decide each order in turn on the locked items; what one is granted the next cannot have."""
        by_sku: dict[str, list[ItemState]] = {}
        for item in items:
            by_sku.setdefault(item.sku, []).append(item)
        for order in self.open_orders():
            order.sourced = _source(order, by_sku)
            if order.granted:
                for item, quantity in order.sourced.grants:
                    item.reserved += quantity

    def answer_refused(self, now: datetime | None) -> None:
        """Refuse what cannot be served, after looking whether it had been served before."""
        refused = [order for order in self.open_orders() if not order.granted]
        if len(self.orders) == 1:
            self.answer_existing(refused)
            refused = [order for order in refused if order.answer is None]
        if refused:
            _refuse(refused, now)
        partly = [order for order in self.open_orders() if order.sourced and order.sourced.short]
        lost = [row for order in [*refused, *partly] for row in _lost(order)]
        if lost:
            write_lost_demand(lost=lost, now=now)

    def write(self, now: datetime | None) -> None:
        """Write every granted order in one statement and give each its reservation."""
        granted = self.open_orders()
        if granted:
            change = Change()
            for order in granted:
                for item, _ in order.sourced.grants:  # type: ignore[union-attr]
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
                raise Raced("A reference of this batch was taken meanwhile; run it again.")
            self.answer_existing(taken)
            if not taken:
                write_suggestions(change=change, now=now)
                refresh_cache_on_commit(levels=list(levels.values()))
            for order in granted:
                if order.answer is None:
                    order.answer = _held(order, expiries[order.reference])
        for order, twin in self.twins:
            order.answer = _like(order, twin)


def _lock(orders: Sequence[_Order]) -> list[ItemState]:
    skus = {sku for order in orders for sku in order.wanted or ()}
    named = {order.request.warehouse for order in orders}
    only = None if None in named else {code for code in named if code}
    return lock_items_of_skus(skus=skus, warehouses=only)


def _source(order: _Order, by_sku: dict[str, list[ItemState]]) -> Sourced:
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


def _again(order: _Order, fingerprint: str, held: Held) -> Held | DomainError:
    """The answer to a reference that is known already."""
    if fingerprint != order.fingerprint:
        return ReferenceConflict(
            f"The reference {order.reference} was used for another reservation; "
            "use a new reference, or release and reserve under a new one."
        )
    if order.within is not None and {x.warehouse for x in held.lines} - set(order.within):
        return WarehouseNotAllowed(f"{order.reference} holds stock in a warehouse not allowed.")
    if held.status in ("released", "expired"):
        return ReservationClosed(
            f"The reservation {order.reference} is {held.status}; reserve under a new reference."
        )
    return held


def _like(order: _Order, twin: _Order) -> Held | DomainError:
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
    return ReferenceConflict(f"The reference {order.reference} stands twice in this batch.")


def _refuse(orders: Sequence[_Order], now: datetime | None) -> None:
    """Give each order its error: unknown SKUs and warehouses first, else every short line."""
    skus = {sku for order in orders for sku in order.wanted or ()}
    facts = queries.refusal_facts(
        skus=skus, warehouses={o.request.warehouse for o in orders if o.request.warehouse}
    )
    for order in orders:
        if order.request.warehouse and order.request.warehouse not in facts.warehouses:
            order.answer = UnknownWarehouse(
                f"There is no warehouse {order.request.warehouse}.",
                items=[{"warehouse": order.request.warehouse, "pointer": "/warehouse"}],
            )
            continue
        unknown = [sku for sku in order.wanted or () if sku not in facts.skus]
        if unknown:
            order.answer = UnknownSku(
                f"Unknown SKU {', '.join(unknown)}.",
                items=[{"line": order.place_of(sku), "sku": sku} for sku in unknown],
            )
            continue
        short = order.sourced.short if order.sourced else ()
        order.answer = _insufficient(order, short, facts)


def _insufficient(
    order: _Order, short: Sequence[Shortfall], facts: queries.RefusalFacts
) -> InsufficientStock:
    told = ", ".join(f"{s.sku}: {s.requested} asked, {s.available} available" for s in short[:5])
    more = f" and {len(short) - 5} more" if len(short) > 5 else ""
    return InsufficientStock(
        f"Not enough stock for {order.reference} ({told}{more}).",
        items=[
            {
                "line": order.place_of(s.sku),
                "sku": s.sku,
                "requested": s.requested,
                "available": s.available,
                "held": facts.held.get(s.sku, []),
                "next_inbound": facts.next_inbound.get(s.sku),
            }
            for s in short
        ],
    )


def _lost(order: _Order) -> list[Lost]:
    if isinstance(order.answer, DomainError) and not isinstance(order.answer, InsufficientStock):
        return []
    return [
        Lost(
            reference=order.reference,
            sku=s.sku,
            warehouse=order.request.warehouse,
            requested=s.requested,
            available=s.available,
            actor=order.actor.name,
        )
        for s in (order.sourced.short if order.sourced else ())
    ]


def _row(order: _Order) -> NewReservation:
    assert order.sourced is not None
    return NewReservation(
        reference=order.reference,
        fingerprint=order.fingerprint,
        actor=order.actor.name,
        pinned=order.request.warehouse is not None,
        expires_in=order.request.expires_in,
        grants=[(item.id, quantity) for item, quantity in order.sourced.grants],
    )


def _event(order: _Order, levels: dict[int, Level]) -> Event:
    assert order.sourced is not None
    return Event(
        type="reservation.created",
        reference=order.reference,
        actor=order.actor.name,
        levels=[level_payload(levels[item.id]) for item, _ in order.sourced.grants],
    )


def _held(order: _Order, expires_at: datetime | None) -> Held:
    assert order.sourced is not None
    return Held(
        reference=order.reference,
        status="active",
        expires_at=expires_at,
        lines=[
            HeldLine(
                sku=item.sku,
                warehouse=item.warehouse,
                quantity=quantity,
                shipped=0,
                released=0,
                backordered=0,
            )
            for item, quantity in order.sourced.grants
        ],
        short=[
            ShortLine(sku=s.sku, requested=s.requested, available=s.available)
            for s in order.sourced.short
        ],
        created=True,
    )
