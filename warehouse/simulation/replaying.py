"""A real year through the services: orders reserve and ship, goods come back, stock is bought again."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

from django.db import connection

from inventory_site.core.actors import Actor
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from warehouse.errors import InsufficientStock
from warehouse.lines import (
    AdjustLine,
    Disposition,
    ExpectedLine,
    Held,
    PlacedLine,
    ReserveLine,
    ReserveRequest,
    ReturnLine,
)
from warehouse.models import ReorderSuggestion
from warehouse.services.inbound import expect
from warehouse.services.movements import adjust, receive, return_stock
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve_batch
from warehouse.services.shipping import ship_batch
from warehouse.simulation.planning import Buyer
from warehouse.simulation.sheet_sync import SheetShop
from warehouse.simulation.stockroom import Stockroom
from warehouse.simulation.year import Adjustment, Happening, Order, Return

REPLAY = Actor(name="replay")
ORDERS_TOGETHER = 50  # at most, and only of the same hour
LINES_TOGETHER = 2000
BUYING_HOUR = 6
SETTINGS_TOGETHER = 2000


@dataclass
class Tally:
    """What happened so far."""

    orders: int = 0
    lines: int = 0
    units_asked: int = 0
    orders_reserved: int = 0
    lines_reserved: int = 0
    units_reserved: int = 0
    units_shipped: int = 0
    orders_refused: int = 0
    lines_refused: int = 0
    units_refused: int = 0
    value_refused: Decimal = Decimal(0)
    returns: int = 0
    units_returned: int = 0
    adjustments: int = 0
    units_adjusted_in: int = 0
    units_adjusted_out: int = 0
    units_not_there_to_adjust: int = 0
    purchase_orders: int = 0
    units_bought: int = 0
    unexpected: list[str] = field(default_factory=list)


Arrival = tuple[datetime, int, str, list[PlacedLine]]


class Replay:
    """One run. `places`: the warehouses that hold each SKU, the home of its returns first."""

    def __init__(
        self,
        *,
        prefix: str,
        places: dict[str, list[str]],
        stockroom: Stockroom,
        buyer: Buyer,
        shops: Sequence[SheetShop],
        suppliers: dict[str, str],
        workers: int = 1,
    ) -> None:
        self.prefix = prefix
        self.places = places
        self.stockroom = stockroom
        self.buyer = buyer
        self.shops = shops
        self.suppliers = suppliers
        self.workers = workers
        self.tally = Tally()
        self.arrivals: list[Arrival] = []
        self.day: datetime | None = None
        self.pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def run(self, happenings: Iterator[Happening], tell: Callable[[Tally, datetime], None]) -> None:
        """Take everything in the order of time; `tell` is called after each batch."""
        batch: list[Order] = []
        for happening in happenings:
            if batch and not self._joins(batch, happening):
                self._orders(batch)
                tell(self.tally, batch[-1].at)
                batch = []
            if not batch:
                self._until(happening.at)
            if isinstance(happening, Order):
                batch.append(happening)
            elif isinstance(happening, Return):
                self._return(happening)
            else:
                self._adjust(happening)
        if batch:
            self._orders(batch)
            tell(self.tally, batch[-1].at)
        for shop in self.shops:
            shop.finish()
        if self.pool:
            self._leave(self.pool)

    def _leave(self, pool: ThreadPoolExecutor) -> None:
        """Close the connection of every worker: each waits for the others, so none takes two turns."""
        together = Barrier(self.workers)

        def close(_: int) -> None:
            together.wait()
            connection.close()

        list(pool.map(close, range(self.workers)))
        pool.shutdown()

    def _joins(self, batch: Sequence[Order], happening: Happening) -> bool:
        """Whether this one is reserved together with those: an order of the same hour."""
        first = batch[0].at.replace(minute=0)
        return (
            isinstance(happening, Order)
            and happening.at < first + timedelta(hours=1)
            and len(batch) < ORDERS_TOGETHER
            and sum(len(order.lines) for order in batch) + len(happening.lines) <= LINES_TOGETHER
            and not (self.arrivals and self.arrivals[0][0] <= happening.at)
        )

    # --- Orders ---

    def _orders(self, batch: Sequence[Order]) -> None:
        for order in batch:
            merged = _merged(order)
            for shop in self.shops:
                shop.advance(order.at)
                shop.order(merged)
            for sku, units in merged.items():
                self.buyer.asked(sku, units)
        parts = [batch[n :: self.workers] for n in range(self.workers)] if self.pool else [batch]
        parts = [part for part in parts if part]
        work = self.pool.map(self._reserve_and_ship, parts) if self.pool else None
        for part, (answers, shipped) in zip(
            parts, work or map(self._reserve_and_ship, parts), strict=True
        ):
            for order, answer in zip(part, answers, strict=True):
                self._count(order, answer)
            self.tally.units_shipped += self.stockroom.shipped(shipped)

    def _reserve_and_ship(
        self, batch: Sequence[Order]
    ) -> tuple[list[Held | DomainError], list[Held]]:
        requests = [
            ReserveRequest(
                reference=self.prefix + order.id,
                lines=[ReserveLine(sku, units) for sku, units, _ in order.lines],
            )
            for order in batch
        ]
        now = batch[-1].at
        answers = in_unit_of_work(lambda: reserve_batch(requests=requests, actor=REPLAY, now=now))
        held = [answer.reference for answer in answers if isinstance(answer, Held)]
        if not held:
            return answers, []
        shipped = in_unit_of_work(lambda: ship_batch(references=held, actor=REPLAY, now=now))
        return answers, shipped

    def _count(self, order: Order, answer: Held | DomainError) -> None:
        tally = self.tally
        units = sum(line[1] for line in order.lines)
        tally.orders += 1
        tally.lines += len(order.lines)
        tally.units_asked += units
        if isinstance(answer, Held):
            tally.orders_reserved += 1
            tally.lines_reserved += len(order.lines)
            tally.units_reserved += sum(line.quantity for line in answer.lines)
        else:
            tally.orders_refused += 1
            tally.lines_refused += len(order.lines)
            tally.units_refused += units
            tally.value_refused += sum(line[1] * line[2] for line in order.lines)
            if not isinstance(answer, InsufficientStock):
                tally.unexpected.append(f"{order.id}: {answer.code}")

    # --- Goods that come back, and corrections ---

    def _return(self, document: Return) -> None:
        merged: defaultdict[str, int] = defaultdict(int)
        for sku, units in document.lines:
            merged[sku] += units
        lines = [
            ReturnLine(sku, self.places[sku][0], units, Disposition.RESTOCK)
            for sku, units in merged.items()
        ]
        for line in lines:
            self._arrived(line.sku, line.warehouse, line.quantity, document.at)
            self.tally.units_returned += line.quantity
        self._do(return_stock, document.id, document.at, lines=lines)
        self.tally.returns += 1

    def _adjust(self, document: Adjustment) -> None:
        """Books what is there to be booked: the firm's own sheet went below zero, ours does not."""
        lines = []
        tally = self.tally
        for sku, units in document.lines:
            if units > 0:
                self._arrived(sku, self.places[sku][0], units, document.at)
                lines.append(AdjustLine(sku, self.places[sku][0], delta=units))
                tally.units_adjusted_in += units
                continue
            left = -units
            for code in self.places[sku]:
                part = min(left, self.stockroom.there(sku, code))
                if part:
                    self.stockroom.take(sku, code, part)
                    lines.append(AdjustLine(sku, code, delta=-part))
                    left -= part
            for shop in self.shops:
                shop.advance(document.at)
                shop.move(sku, units)
            tally.units_adjusted_out += -units - left
            tally.units_not_there_to_adjust += left
        if lines:
            reason = document.reason[:200] or "no reason given"
            self._do(adjust, document.id, document.at, lines=lines, reason=reason)
        tally.adjustments += 1

    def _arrived(self, sku: str, code: str, units: int, at: datetime) -> None:
        self.stockroom.put(sku, code, units)
        for shop in self.shops:
            shop.advance(at)
            shop.move(sku, units)

    def _do(self, service: Callable[..., Any], id_: str, at: datetime, **arguments: Any) -> None:
        moved = in_unit_of_work(
            lambda: service(reference=self.prefix + id_, actor=REPLAY, now=at, **arguments)
        )
        if self.stockroom.disagreements(moved):
            self.tally.unexpected.append(f"{id_}: the engine's stock differs from the documents'")

    # --- Buying ---

    def _until(self, now: datetime) -> None:
        """Everything that falls before `now`: mornings of the buyer, and lorries."""
        if self.day is None:
            self.day = _morning(now)
            self._plan(self.day)
            self._buy(self.day)
        while True:
            next_morning = self.day + timedelta(days=1)
            if self.arrivals and self.arrivals[0][0] <= min(now, next_morning):
                self._receive(heapq.heappop(self.arrivals))
            elif next_morning <= now:
                self.day = next_morning
                if self.day.weekday() == 0:
                    self._plan(self.day)
                self._buy(self.day)
            else:
                return

    def _plan(self, at: datetime) -> None:
        changed: list[ReorderSetting] = self.buyer.plan()
        for start in range(0, len(changed), SETTINGS_TOGETHER):
            part = changed[start : start + SETTINGS_TOGETHER]
            in_unit_of_work(partial(set_reorder_batch, settings=part, actor=REPLAY, now=at))

    def _buy(self, at: datetime) -> None:
        """Order what the engine suggests, one purchase order per supplier and lead time."""
        open_now = ReorderSuggestion.objects.filter(
            closed_at__isnull=True, item__product__sku__any_of=list(self.places)
        ).values_list("item__product__sku", "item__warehouse__code", "quantity")
        orders: defaultdict[tuple[str, int], list[ExpectedLine]] = defaultdict(list)
        for sku, code, units in open_now:
            lead = self.buyer.lead_days.get(sku, 14)
            orders[self.suppliers.get(sku, ""), lead].append(ExpectedLine(sku, code, units))
        for (supplier, lead), lines in sorted(orders.items()):
            reference = f"{self.prefix}PO-{at:%Y%m%d}-{supplier}-{lead}"
            due = at + timedelta(days=lead, hours=2)
            in_unit_of_work(
                partial(
                    expect,
                    reference=reference,
                    lines=lines,
                    expected_at=due,
                    actor=REPLAY,
                    now=at,
                )
            )
            placed = [PlacedLine(line.sku, line.warehouse, line.quantity) for line in lines]
            heapq.heappush(self.arrivals, (due, self.tally.purchase_orders, reference, placed))
            self.tally.purchase_orders += 1
            self.tally.units_bought += sum(line.quantity for line in lines)

    def _receive(self, arrival: Arrival) -> None:
        at, _, reference, lines = arrival
        for line in lines:
            self._arrived(line.sku, line.warehouse, line.quantity, at)
        self._do(receive, reference.removeprefix(self.prefix), at, lines=lines)


def _merged(order: Order) -> dict[str, int]:
    units: defaultdict[str, int] = defaultdict(int)
    for sku, quantity, _ in order.lines:
        units[sku] += quantity
    return dict(units)


def _morning(at: datetime) -> datetime:
    return at.replace(hour=BUYING_HOUR, minute=0, second=0)
