"""A replay's orders go through every document: order → reservation → pick list → shipment.

By set throughout: the orders of an hour are placed together and planned as waves, each list is picked at
once and shipped in one call. What is not there waits; what has come meanwhile leaves each morning.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from inventory_site.core.errors import DomainError
from orders.errors import NothingToPick
from orders.queries.sales import OrderView
from orders.queries.totals import totals
from orders.services.packing import ship_packed
from orders.services.picking import pick_whole_lists
from orders.services.placing import NewLine, NewOrder, place_batch
from orders.services.planning import plan
from orders.services.purchasing import draft_from_suggestions, receive_purchases, send_batch
from orders.services.returning import GradedLine, return_at_once
from orders.simulation.sent_out import SentOut
from warehouse.lines import PlacedLine, ReturnLine
from warehouse.simulation.patience import patiently
from warehouse.simulation.running import Setting
from warehouse.simulation.ways import REPLAY, Answer, Left, Purchase
from warehouse.simulation.year import Order

ORDERS_OF_A_WALK = 50
LINES_OF_A_WALK = 2000
DELIVERED_AFTER = timedelta(hours=2)  # of the morning on which it is due


class DocumentWays:
    """The same year as the engine's, on paper. Orders are promised what is there; the rest waits."""

    def __init__(self, *, prefix: str) -> None:
        self.prefix = prefix
        self.day: date | None = None
        self.sent_out = SentOut()

    def sell(self, orders: Sequence[Order], *, now: datetime) -> tuple[list[Answer], list[Left]]:
        new = [
            NewOrder(
                reference=self.prefix + order.id,
                lines=[NewLine(sku, units) for sku, units, _ in order.lines],
            )
            for order in orders
        ]
        placed = patiently(partial(place_batch, orders=new, actor=REPLAY, now=now))
        mine = [x.reference for x in placed if isinstance(x, OrderView) and _can_leave(x)]
        everything = self.day != now.date()
        self.day = now.date()
        left = self._deliver(now, None if everything else mine) if everything or mine else []
        return [_answer(answer) for answer in placed], left

    def _deliver(self, now: datetime, orders: Sequence[str] | None) -> list[Left]:
        """What can be picked (of these orders) is picked and leaves the house."""
        left: list[Left] = []
        while lists := self._planned(now, orders):
            patiently(partial(pick_whole_lists, pick_lists=lists, actor=REPLAY, now=now))
            for pick_list in lists:
                left += self._shipped(pick_list, now)
            if orders is not None:
                break
        return left

    def _shipped(self, pick_list: str, now: datetime) -> list[Left]:
        sent = patiently(partial(ship_packed, pick_list=pick_list, actor=REPLAY, now=now))
        self.sent_out.left(sent)
        return [(x.sku, parcel.warehouse, x.quantity) for parcel in sent for x in parcel.lines]

    def _planned(self, now: datetime, orders: Sequence[str] | None) -> list[str]:
        try:
            return patiently(
                partial(
                    plan,
                    warehouse=None,
                    kind="wave",
                    orders=orders,
                    most_orders=ORDERS_OF_A_WALK,
                    most_lines=LINES_OF_A_WALK,
                    actor=REPLAY,
                    now=now,
                )
            )
        except NothingToPick:  # another worker's morning round has them
            return []

    def take_back(self, *, reference: str, lines: Sequence[ReturnLine], now: datetime) -> None:
        """One return for each warehouse that the goods go to, and for each order that they were of."""
        orders = self.sent_out.back({line.sku: line.quantity for line in lines})
        papers: dict[tuple[str, str], list[GradedLine]] = {}
        for line in lines:
            graded = GradedLine(line.sku, line.quantity, line.disposition)
            papers.setdefault((line.warehouse, orders.get(line.sku, "")), []).append(graded)
        for number, ((code, order), mine) in enumerate(sorted(papers.items()), start=1):
            patiently(
                partial(
                    return_at_once,
                    warehouse=code,
                    lines=mine,
                    order=order or None,
                    reference=f"{self.prefix}{reference}-{number}",
                    actor=REPLAY,
                    now=now,
                )
            )

    def buy(self, *, now: datetime) -> list[Purchase]:
        """The engine's suggestions become drafts, and the drafts are sent."""
        drafts = patiently(partial(draft_from_suggestions, actor=REPLAY, now=now))
        if not drafts:
            return []
        references = [draft.reference for draft in drafts]
        sent = patiently(partial(send_batch, references=references, actor=REPLAY, now=now))
        return [
            Purchase(
                due=(paper.expected_at or now) + DELIVERED_AFTER,
                reference=paper.reference,
                lines=[PlacedLine(x.sku, paper.warehouse, x.quantity) for x in paper.lines],
            )
            for paper in sent
        ]

    def receive(self, purchase: Purchase, *, now: datetime) -> None:
        patiently(
            partial(receive_purchases, references=[purchase.reference], actor=REPLAY, now=now)
        )

    def close(self, *, now: datetime) -> list[Left]:
        return self._deliver(now, None)

    def figures(self) -> dict[str, Any]:
        return {"through_orders": totals()}


def through_orders(setting: Setting) -> DocumentWays:
    """Ways for `replay_folder`: suppliers and lead times are the catalog's own."""
    return DocumentWays(prefix=setting.prefix)


def _can_leave(answer: OrderView) -> bool:
    return _answer(answer).promised > 0


def _answer(answer: OrderView | DomainError) -> Answer:
    if isinstance(answer, DomainError):
        return Answer(refusal=answer)
    promises = [promise for line in answer.lines for promise in line.promises]
    return Answer(
        promised=sum(promise.reserved for promise in promises),
        waiting=sum(promise.backordered for promise in promises),
    )
