"""How a replay does what a year brings: by the stock engine alone, or by whatever ways a caller has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from inventory_site.core.actors import Actor
from inventory_site.core.errors import DomainError
from warehouse.lines import (
    ExpectedLine,
    Held,
    PlacedLine,
    ReserveLine,
    ReserveRequest,
    ReturnLine,
)
from warehouse.models import ReorderSuggestion
from warehouse.services.inbound import expect
from warehouse.services.movements import receive, return_stock
from warehouse.services.reservations import reserve_batch
from warehouse.services.shipping import ship_batch
from warehouse.simulation.patience import patiently
from warehouse.simulation.year import Order

REPLAY = Actor(name="replay")
LEAD_DAYS = 14  # where the year does not say

Left = tuple[str, str, int]  # SKU, warehouse, units that left the house


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an order: units promised at once, units that wait for stock, or why it was refused."""

    promised: int = 0
    waiting: int = 0
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was ordered of a supplier, and when its lorry comes."""

    due: datetime
    reference: str
    lines: Sequence[PlacedLine]


class Ways(Protocol):
    """Each call opens its own units of work."""

    def sell(self, orders: Sequence[Order], *, now: datetime) -> tuple[list[Answer], list[Left]]:
        """Take these orders; what came of each, and everything that left the house meanwhile."""

    def take_back(self, *, reference: str, lines: Sequence[ReturnLine], now: datetime) -> None:
        """Goods come back."""

    def buy(self, *, now: datetime) -> list[Purchase]:
        """Order what the engine suggests."""

    def receive(self, purchase: Purchase, *, now: datetime) -> None:
        """A lorry is here."""

    def close(self, *, now: datetime) -> list[Left]:
        """The year is over: whatever can leave, leaves."""

    def figures(self) -> dict[str, Any]:
        """What the report tells beside the tally."""


class EngineWays:
    """Orders reserve all their lines or are lost demand, and ship at once; no documents."""

    def __init__(
        self, *, prefix: str, suppliers: Mapping[str, str], lead_days: Mapping[str, int]
    ) -> None:
        self.prefix = prefix
        self.suppliers = suppliers
        self.lead_days = lead_days

    def sell(self, orders: Sequence[Order], *, now: datetime) -> tuple[list[Answer], list[Left]]:
        requests = [
            ReserveRequest(
                reference=self.prefix + order.id,
                lines=[ReserveLine(sku, units) for sku, units, _ in order.lines],
            )
            for order in orders
        ]
        answers = patiently(partial(reserve_batch, requests=requests, actor=REPLAY, now=now))
        held = [answer.reference for answer in answers if isinstance(answer, Held)]
        told = [_answer(answer) for answer in answers]
        if not held:
            return told, []
        shipped = patiently(partial(ship_batch, references=held, actor=REPLAY, now=now))
        left = [(x.sku, x.warehouse, x.shipped) for one in shipped for x in one.lines]
        return told, left

    def take_back(self, *, reference: str, lines: Sequence[ReturnLine], now: datetime) -> None:
        patiently(
            partial(
                return_stock,
                reference=self.prefix + reference,
                lines=lines,
                actor=REPLAY,
                now=now,
            )
        )

    def buy(self, *, now: datetime) -> list[Purchase]:
        """One purchase order per supplier and lead time."""
        suggested = ReorderSuggestion.objects.filter(
            closed_at__isnull=True, item__product__sku__any_of=list(self.suppliers)
        ).values_list("item__product__sku", "item__warehouse__code", "quantity")
        orders: defaultdict[tuple[str, int], list[ExpectedLine]] = defaultdict(list)
        for sku, code, units in suggested:
            lead = self.lead_days.get(sku, LEAD_DAYS)
            orders[self.suppliers.get(sku, ""), lead].append(ExpectedLine(sku, code, units))
        bought = []
        for (supplier, lead), lines in sorted(orders.items()):
            reference = f"{self.prefix}PO-{now:%Y%m%d}-{supplier}-{lead}"
            due = now + timedelta(days=lead, hours=2)
            patiently(
                partial(
                    expect,
                    reference=reference,
                    lines=lines,
                    expected_at=due,
                    actor=REPLAY,
                    now=now,
                )
            )
            placed = [PlacedLine(line.sku, line.warehouse, line.quantity) for line in lines]
            bought.append(Purchase(due, reference, placed))
        return bought

    def receive(self, purchase: Purchase, *, now: datetime) -> None:
        patiently(
            partial(
                receive,
                reference=purchase.reference,
                lines=purchase.lines,
                actor=REPLAY,
                now=now,
            )
        )

    def close(self, *, now: datetime) -> list[Left]:
        return []

    def figures(self) -> dict[str, Any]:
        return {}


def _answer(answer: Held | DomainError) -> Answer:
    if isinstance(answer, Held):
        return Answer(promised=sum(line.quantity for line in answer.lines))
    return Answer(refusal=answer)
