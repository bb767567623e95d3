"""A real year through the services: orders reserve and ship, goods come back, stock is bought again."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier

from django.db import connection

from warehouse import queries
from warehouse.errors import InsufficientStock
from warehouse.lines import AdjustLine, Disposition, ReturnLine
from warehouse.services.movements import adjust
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.simulation.patience import patiently
from warehouse.simulation.planning import Buyer
from warehouse.simulation.sheet_sync import SheetShop
from warehouse.simulation.stockroom import Stockroom
from warehouse.simulation.ways import REPLAY, Answer, Left, Purchase, Ways
from warehouse.simulation.year import Adjustment, Happening, Order, Return

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
    units_waiting_at_first: int = 0
    units_shipped: int = 0
    orders_refused: int = 0
    lines_refused: int = 0
    units_refused: int = 0
    value_refused: Decimal = Decimal(0)
    orders_unfit: int = 0  # not for want of stock: an unknown SKU, a reference that is taken
    lines_unfit: int = 0
    units_unfit: int = 0
    returns: int = 0
    units_returned: int = 0
    adjustments: int = 0
    units_adjusted_in: int = 0
    units_adjusted_out: int = 0
    units_not_there_to_adjust: int = 0
    purchase_orders: int = 0
    units_bought: int = 0
    unexpected: list[str] = field(default_factory=list)


Arrival = tuple[datetime, int, Purchase]


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
        ways: Ways,
        workers: int = 1,
    ) -> None:
        self.prefix = prefix
        self.places = places
        self.stockroom = stockroom
        self.buyer = buyer
        self.shops = shops
        self.ways = ways
        self.workers = workers
        self.tally = Tally()
        self.arrivals: list[Arrival] = []
        self.day: datetime | None = None
        self.pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def run(self, happenings: Iterator[Happening], tell: Callable[[Tally, datetime], None]) -> None:
        """Take everything in the order of time; `tell` is called after each batch."""
        batch: list[Order] = []
        last: datetime | None = None
        for happening in happenings:
            last = happening.at
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
        if last is not None:
            self._gone(self.ways.close(now=last))
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
        sell = partial(self.ways.sell, now=batch[-1].at)
        work = self.pool.map(sell, parts) if self.pool else map(sell, parts)
        for part, (answers, left) in zip(parts, work, strict=True):
            for order, answer in zip(part, answers, strict=True):
                self._count(order, answer)
            self._gone(left)

    def _gone(self, left: Sequence[Left]) -> None:
        for sku, code, units in left:
            self.stockroom.take(sku, code, units)
            self.tally.units_shipped += units

    def _count(self, order: Order, answer: Answer) -> None:
        tally = self.tally
        units = sum(line[1] for line in order.lines)
        tally.orders += 1
        tally.lines += len(order.lines)
        tally.units_asked += units
        if answer.refusal is None:
            tally.orders_reserved += 1
            tally.lines_reserved += len(order.lines)
            tally.units_reserved += answer.promised
            tally.units_waiting_at_first += answer.waiting
        elif isinstance(answer.refusal, InsufficientStock):
            tally.orders_refused += 1
            tally.lines_refused += len(order.lines)
            tally.units_refused += units
            tally.value_refused += sum(line[1] * line[2] for line in order.lines)
        else:
            tally.orders_unfit += 1
            tally.lines_unfit += len(order.lines)
            tally.units_unfit += units
            tally.unexpected.append(f"{order.id}: {answer.refusal.code}")

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
        self.ways.take_back(reference=document.id, lines=lines, now=document.at)
        self._compare(document.id, [line.sku for line in lines])
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
            patiently(
                lambda: adjust(
                    reference=self.prefix + document.id,
                    lines=lines,
                    reason=reason,
                    actor=REPLAY,
                    now=document.at,
                )
            )
            self._compare(document.id, [line.sku for line in lines])
        tally.adjustments += 1

    def _arrived(self, sku: str, code: str, units: int, at: datetime) -> None:
        self.stockroom.put(sku, code, units)
        for shop in self.shops:
            shop.advance(at)
            shop.move(sku, units)

    def _compare(self, reference: str, skus: Collection[str]) -> None:
        """The engine's stock of these SKUs with what the documents say."""
        levels = [x for found in queries.levels_of(skus=skus).values() for x in found.warehouses]
        if self.stockroom.disagreements(levels):
            self.tally.unexpected.append(
                f"{reference}: the engine's stock differs from the documents'"
            )

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
            patiently(partial(set_reorder_batch, settings=part, actor=REPLAY, now=at))

    def _buy(self, at: datetime) -> None:
        for purchase in self.ways.buy(now=at):
            heapq.heappush(self.arrivals, (purchase.due, self.tally.purchase_orders, purchase))
            self.tally.purchase_orders += 1
            self.tally.units_bought += sum(line.quantity for line in purchase.lines)

    def _receive(self, arrival: Arrival) -> None:
        at, _, purchase = arrival
        for line in purchase.lines:
            self._arrived(line.sku, line.warehouse, line.quantity, at)
        self.ways.receive(purchase, now=at)
        self._compare(purchase.reference, [line.sku for line in purchase.lines])


def _merged(order: Order) -> dict[str, int]:
    units: defaultdict[str, int] = defaultdict(int)
    for sku, quantity, _ in order.lines:
        units[sku] += quantity
    return dict(units)


def _morning(at: datetime) -> datetime:
    return at.replace(hour=BUYING_HOUR, minute=0, second=0)
