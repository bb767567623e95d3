"""Ninety days of the demo's company, made through the services as the days themselves would.

One day is one transaction, so that an interrupted start goes on where it stopped.
"""

import bisect
import itertools
import math
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from inventory_site.core.actors import Actor
from inventory_site.core.db import in_unit_of_work
from warehouse.lines import (
    CountLine,
    Disposition,
    ExpectedLine,
    Held,
    PlacedLine,
    ReserveLine,
    ReserveRequest,
    ReturnLine,
    TransferLine,
)
from warehouse.models import (
    BinStock,
    CycleCount,
    InboundLine,
    InventoryItem,
    ReorderSuggestion,
    StockMovement,
)
from warehouse.services.counting import count
from warehouse.services.importing import import_opening_stock
from warehouse.services.inbound import expect
from warehouse.services.locations import NewBin, add_bins
from warehouse.services.movements import damage, receive, return_stock
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve_batch
from warehouse.services.shipping import ship_batch
from warehouse.services.transfers import transfer
from warehouse.simulation.assortment import WAREHOUSES, Article, assortment, opening

SHOP = Actor(name="shop")
CREW = Actor(name="crew")
ORDERS_A_DAY = (95, 85, 80, 80, 90, 40, 30)  # Monday to Sunday
LINES_OF_AN_ORDER = (1, 1, 2, 2, 3, 4, 6)
UNITS_OF_A_LINE = (1, 1, 1, 2, 2, 3, 6)
UNITS_PER_DAY = 480.0
OPENING = "DEMO-OPENING"
SETTINGS_TOGETHER = 5000


class Company:
    """The company from its opening day on; the same for the same seed, SKUs and last day."""

    def __init__(self, *, skus: int, days: int, seed: int, until: date) -> None:
        self.seed = seed
        self.first = until - timedelta(days=days)
        self.days = [self.first + timedelta(days=n) for n in range(1, days)]
        self.today = until
        self.articles = assortment(skus=skus, seed=seed, units_per_day=UNITS_PER_DAY)
        self.by_sku = {article.sku: article for article in self.articles}
        self.popularity = list(itertools.accumulate(a.per_day for a in self.articles))

    def open(self) -> None:
        """The opening day, in one transaction: products, bins, stock, reorder points."""
        in_unit_of_work(self._open)

    def _open(self) -> None:
        now = _at(self.first, 6)
        import_opening_stock(
            rows=opening(self.articles, seed=self.seed),
            reference=OPENING,
            actor=CREW,
            create_warehouses=list(WAREHOUSES),
            now=now,
        )
        bulk = [
            NewBin(f"Z-{rack:02d}-{shelf:02d}", "bulk") for rack in range(1, 13) for shelf in (1, 2)
        ]
        for code in WAREHOUSES:
            add_bins(warehouse=code, bins=bulk)
        settings = self._reorder_settings()
        for start in range(0, len(settings), SETTINGS_TOGETHER):
            part = settings[start : start + SETTINGS_TOGETHER]
            set_reorder_batch(settings=part, actor=CREW, now=now)

    def _reorder_settings(self) -> list[ReorderSetting]:
        settings = []
        for article in self.articles:
            share = article.per_day / len(article.places)
            point = math.ceil(share * article.lead_days * 1.3)
            quantity = max(6, math.ceil(share * 30))
            for warehouse, _ in article.places:
                settings.append(ReorderSetting(article.sku, warehouse, point, quantity))
        return settings

    def days_left(self) -> list[date]:
        """The days that have not happened yet; a day's own count is the mark that it has."""
        done = set(
            CycleCount.objects.filter(reference__startswith="DEMO-COUNT-").values_list(
                "reference", flat=True
            )
        )
        return [day for day in self.days if f"DEMO-COUNT-{day}" not in done]

    def live(self, day: date) -> None:
        """One whole day, in one transaction."""
        in_unit_of_work(lambda: self._day(day, random.Random(f"{self.seed}-{day}")))

    def _day(self, day: date, dice: random.Random) -> None:
        self._lorries(day)
        self._orders(day, dice)
        self._buy(day)
        self._returns(day, dice)
        if day.weekday() == 2:
            self._move_to_east(day, dice, "immediate")
        if dice.random() < 0.5:
            self._breakage(day, dice)
        self._counts(day, dice)

    def _lorries(self, day: date) -> None:
        """Receive what was ordered so long ago that it is here today."""
        due: defaultdict[str, list[PlacedLine]] = defaultdict(list)
        for line in _inbound_until(_at(day, 23)):
            due[line[0]].append(PlacedLine(*line[1:]))
        for reference, lines in sorted(due.items()):
            receive(reference=reference, lines=lines, actor=CREW, now=_at(day, 7))

    def _orders(self, day: date, dice: random.Random) -> None:
        requests = [
            self._request(f"DEMO-{day:%y%m%d}-{n:03d}", dice)
            for n in range(ORDERS_A_DAY[day.weekday()])
        ]
        answers = reserve_batch(requests=requests, actor=SHOP, now=_at(day, 11))
        held = [answer.reference for answer in answers if isinstance(answer, Held)]
        if held:
            ship_batch(references=held, actor=CREW, now=_at(day, 15))

    def _request(
        self, reference: str, dice: random.Random, expires_in: int | None = None
    ) -> ReserveRequest:
        chosen = {self._article(dice).sku for _ in range(dice.choice(LINES_OF_AN_ORDER))}
        lines = [ReserveLine(sku, dice.choice(UNITS_OF_A_LINE)) for sku in sorted(chosen)]
        return ReserveRequest(reference=reference, lines=lines, expires_in=expires_in)

    def _article(self, dice: random.Random) -> Article:
        place = bisect.bisect(self.popularity, dice.random() * self.popularity[-1])
        return self.articles[min(place, len(self.articles) - 1)]

    def _buy(self, day: date) -> None:
        """Weekly on Monday, what the engine suggests, one order per supplier."""
        if day.weekday() != 0:
            return
        orders: defaultdict[str, list[ExpectedLine]] = defaultdict(list)
        for sku, code, units in ReorderSuggestion.objects.filter(closed_at=None).values_list(
            "item__product__sku", "item__warehouse__code", "quantity"
        ):
            if sku in self.by_sku:
                orders[self.by_sku[sku].supplier].append(ExpectedLine(sku, code, units))
        for supplier, lines in sorted(orders.items()):
            lead = self.by_sku[lines[0].sku].lead_days
            expect(
                reference=f"DEMO-PO-{day:%y%m%d}-{supplier}",
                lines=sorted(lines, key=lambda line: (line.sku, line.warehouse)),
                expected_at=_at(day + timedelta(days=lead), 7),
                actor=CREW,
                now=_at(day, 9),
            )

    def _returns(self, day: date, dice: random.Random) -> None:
        lines = {}
        for _ in range(dice.randint(1, 6)):
            article = self._article(dice)
            how = dice.choices(list(Disposition), weights=(7, 2, 1))[0]
            lines[article.sku] = ReturnLine(article.sku, article.places[0][0], 1, how)
        return_stock(
            reference=f"DEMO-RMA-{day:%y%m%d}",
            lines=list(lines.values()),
            actor=CREW,
            now=_at(day, 16),
        )

    def _move_to_east(self, day: date, dice: random.Random, mode: str) -> None:
        free = [item for item in self._well_stocked(dice) if len(self.by_sku[item[0]].places) > 1]
        lines = [TransferLine(sku, max(1, units // 6)) for sku, units in free[:12]]
        if lines:
            transfer(
                reference=f"DEMO-TR-{day:%y%m%d}-{mode}",
                from_warehouse="MAIN",
                to_warehouse="EAST",
                lines=lines,
                mode="dispatch" if mode == "dispatch" else "immediate",
                expected_at=_at(day + timedelta(days=2), 12),
                actor=CREW,
                now=_at(day, 13),
            )

    def _well_stocked(self, dice: random.Random) -> list[tuple[str, int]]:
        found = InventoryItem.objects.filter(
            warehouse__code="MAIN", reserved=0, unsellable=0, on_hand__gte=30
        ).values_list("product__sku", "on_hand")
        mine = sorted((sku, units) for sku, units in found if sku in self.by_sku)
        return dice.sample(mine, min(40, len(mine)))

    def _breakage(self, day: date, dice: random.Random) -> None:
        chosen = self._well_stocked(dice)[:2]
        if chosen:
            lines = [PlacedLine(sku, "MAIN", dice.randint(1, 3)) for sku, _ in chosen]
            reason = dice.choice(("dropped", "water damage", "crushed in transit"))
            damage(
                reference=f"DEMO-DMG-{day:%y%m%d}",
                reason=reason,
                lines=lines,
                actor=CREW,
                now=_at(day, 14),
            )

    def _counts(self, day: date, dice: random.Random) -> None:
        """A few bins; most are right, some are off by a little."""
        chosen = dice.sample(self.articles, 8)
        lines = []
        for article in chosen:
            warehouse, bin_code = article.places[0]
            held = _in_bin(article.sku, warehouse, bin_code)
            off = dice.choice((0, 0, 0, 0, 0, 0, -1, 1))
            lines.append(CountLine(article.sku, warehouse, max(0, held + off), bin_code))
        count(reference=f"DEMO-COUNT-{day}", lines=lines, actor=CREW, now=_at(day, 17))

    def finish(self) -> None:
        """Today: orders that wait to be picked, carts that run out, goods on the road."""
        if StockMovement.objects.filter(reference=f"DEMO-RMA-{self.today:%y%m%d}").exists():
            return
        dice = random.Random(f"{self.seed}-{self.today}-open")
        orders = [self._request(f"DEMO-OPEN-{n:03d}", dice) for n in range(60)]
        carts = [self._request(f"DEMO-CART-{n:03d}", dice, 1800 + 240 * n) for n in range(25)]
        steps: list[Callable[[], object]] = [
            lambda: self._lorries(self.today),
            lambda: reserve_batch(requests=[*orders, *carts], actor=SHOP),
            lambda: self._move_to_east(self.today, dice, "dispatch"),
            lambda: self._returns(self.today, dice),
        ]
        in_unit_of_work(lambda: [step() for step in steps])


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _inbound_until(moment: datetime) -> list[tuple[str, str, str, int]]:
    """Reference, SKU, warehouse and units of purchases that are due by then."""
    return [
        (line[0], line[1], line[2], line[3] - line[4] - line[5])
        for line in InboundLine.objects.filter(kind="purchase", expected_at__lte=moment)
        .order_by("id")
        .values_list(
            "reference",
            "item__product__sku",
            "item__warehouse__code",
            "quantity",
            "received",
            "cancelled",
        )
        if line[3] > line[4] + line[5]
    ]


def _in_bin(sku: str, warehouse: str, bin_code: str) -> int:
    found = BinStock.objects.filter(
        item__product__sku=sku, item__warehouse__code=warehouse, bin__code=bin_code
    ).values_list("quantity", flat=True)
    return sum(found)


def opened_on() -> date | None:
    """The company's opening day, where it has opened in this database."""
    first = StockMovement.objects.filter(reference=OPENING).values_list("occurred_at", flat=True)[
        :1
    ]
    return first[0].date() if first else None
