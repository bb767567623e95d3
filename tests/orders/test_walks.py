"""Random walks: whatever is done to an order in whatever sequence, each step of its status is in the table,
papers agree with the stock, and the books are right."""

import random
from contextlib import suppress

import pytest

from inventory_site.core.errors import DomainError
from notifications.models import OutboxEvent
from orders.models import PickLine, PickList, PickListOrder, SalesOrder
from orders.queries.facts import facts_of
from orders.services import progress
from orders.services.cancelling import cancel, close
from orders.services.packing import pack, ship_packed
from orders.services.placing import NewLine, confirm
from orders.services.shipping import ShipLine, ship_order
from orders.states import NEXT, WrongState, status_of
from tests.factories import do, stock
from tests.orders.making import order, papers_agree_with_the_stock, pick, pick_list
from warehouse.lines import CountLine, PlacedLine
from warehouse.services.counting import count
from warehouse.services.movements import receive

pytestmark = pytest.mark.django_db

NAMES = ("O-0", "O-1", "O-2", "O-3")


class Walk:
    """Four orders of two products in two warehouses, and somebody who does not know what they want."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lists = 0
        stock({(sku, code): 6 for sku in "AB" for code in ("MAIN", "EAST")})
        for n, name in enumerate(NAMES):
            order(name, A=self.chance.randint(1, 6), B=self.chance.randint(1, 4), draft=n == 3)

    def step(self) -> None:
        name, sku = self.chance.choice(NAMES), self.chance.choice("AB")
        lines = [NewLine(sku, self.chance.randint(1, 3))]
        ways = [
            lambda: do(confirm, reference=name),
            lambda: do(cancel, reference=name, lines=lines),
            lambda: do(ship_order, reference=name, lines=[ShipLine(sku, lines[0].quantity)]),
            lambda: self.plan(name, sku),
            lambda: self.plan(name, sku),
            lambda: self.pick(name),
            lambda: self.pick(name),
            lambda: do(pack, pick_list=self.some_list(), order=name),
            lambda: do(ship_packed, pick_list=self.some_list()),
            lambda: self.count(sku),
            lambda: do(receive, reference="R", lines=[PlacedLine(sku, "MAIN", 3, "A-01-01")]),
            lambda: do(close, reference=name) if self.chance.random() < 0.3 else None,
            lambda: do(cancel, reference=name) if self.chance.random() < 0.2 else None,
        ]
        with suppress(DomainError):
            self.chance.choice(ways)()

    def some_list(self) -> str:
        return f"PICK-{self.chance.randint(1, max(1, self.lists))}"

    def plan(self, name: str, sku: str) -> None:
        """A list for what is promised in MAIN and on no list yet."""
        from orders.queries.promised import promised

        found = SalesOrder.objects.get(reference=name)
        if found.reservation_id is None:
            return
        for row in promised(order_ids=[found.id]):
            lines = PickLine.objects.filter(order_line=row.line_id, item=row.item_id)
            spoken = sum(x.quantity - x.short - x.shipped for x in lines)
            if row.sku == sku and row.warehouse == "MAIN" and row.open > spoken:
                self.lists += 1
                wanted = {name.replace("-", "_"): {sku: row.open - spoken}}
                pick_list(f"PICK-{self.lists}", **wanted)

    def pick(self, name: str) -> None:
        found = PickListOrder.objects.filter(order__reference=name, packed_at=None).first()
        if found:
            pick(found.pick_list.reference, most=self.chance.randint(1, 3), only=name)

    def count(self, sku: str) -> None:
        line = CountLine(sku, "MAIN", self.chance.randint(0, 5), "A-01-01")
        do(count, reference="C", lines=[line])


def insist(*, reference: str, now: str, then: str) -> None:
    """What the service refuses, but so that no walk passes over it."""
    assert then in NEXT[now], (reference, now, then)


def test_a_step_that_no_order_takes_is_refused_and_not_written():
    stock({("A", "MAIN"): 6})
    order("O-0", A=2)
    SalesOrder.objects.update(status="shipped")  # which nobody did
    with pytest.raises(WrongState, match="O-0 is shipped; it cannot become allocated"):
        do(progress.refresh, order_ids=[SalesOrder.objects.get().pk])
    assert SalesOrder.objects.get().status == "shipped"
    assert not OutboxEvent.objects.filter(type="order.status_changed").exists()


@pytest.mark.parametrize("seed", range(12))
def test_every_step_of_a_walk_is_in_the_table(seed, monkeypatch):
    monkeypatch.setattr(progress, "check_step", insist)
    walk = Walk(seed)
    for _ in range(60):
        walk.step()
        for found in facts_of(order_ids=list(SalesOrder.objects.values_list("id", flat=True))):
            assert found.facts.status == status_of(found.facts), found
    papers_agree_with_the_stock()
    steps = OutboxEvent.objects.filter(type="order.status_changed").values_list("details")
    assert [x for (x,) in steps if x["to"] not in NEXT[x["from"]]] == []
    for made in PickList.objects.exclude(status="cancelled"):
        lines = made.lines.all()
        over = not any(line.left for line in lines)
        empty = not any(line.picked > line.shipped for line in lines)
        assert (made.status == "done") == (over and empty), made
