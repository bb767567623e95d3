"""Every service in any order, against a model that fits on a page.

The model knows four numbers per product and warehouse and one per reservation. Whatever the engine
does (sourcing, giving way, filling backorders), this must hold: what is reserved is what is promised,
as far as there is stock to promise.
"""

import os
from collections import defaultdict
from itertools import count as counting

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from inventory_site.core.errors import DomainError
from tests.factories import ProductFactory, do, item, warehouse
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    ReturnLine,
    TransferLine,
)
from warehouse.models import InventoryItem, ReservationLine
from warehouse.services import inbound as expecting
from warehouse.services.counting import count
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import expire_due, release
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.services.transfers import transfer

numbers = counting(1)
places = st.tuples(st.sampled_from("PQ"), st.sampled_from(["MAIN", "EAST"]))
letters = st.sampled_from("PQ")
quantities = st.integers(min_value=1, max_value=12)
orders = st.integers(min_value=0, max_value=5)


class Stock(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.example = next(numbers)
        self.on_hand = defaultdict(int)
        self.unsellable = defaultdict(int)
        self.inbound = defaultdict(int)
        self.promised: dict[str, dict[str, int]] = {}
        self.expected: dict[str, tuple[tuple[str, str], int]] = {}
        for letter in "PQ":
            ProductFactory(sku=self.sku(letter))
        for code in ("MAIN", "EAST"):
            warehouse(code)
        self.receive(("P", "MAIN"), 10)

    def sku(self, letter):
        return f"{letter}{self.example}"

    def reference(self, kind):
        return f"{kind}-{self.example}-{next(numbers)}"

    def free(self, letter):
        """What may still be promised of a product, in all warehouses together."""
        sellable = sum(
            self.on_hand[letter, code] - self.unsellable[letter, code] for code in ("MAIN", "EAST")
        )
        return max(0, sellable - sum(lines.get(letter, 0) for lines in self.promised.values()))

    def there(self, letter, code):
        """What may be carried away from one warehouse, as the engine has it."""
        row = item(self.sku(letter), code)
        return row.on_hand - row.unsellable - row.reserved

    def attempt(self, service, **arguments):
        """The answer, or the error's code: then nothing may have changed."""
        try:
            return do(service, **arguments)
        except DomainError as error:
            return error.code

    @rule(place=places, quantity=quantities)
    def receive(self, place, quantity):
        line = PlacedLine(self.sku(place[0]), place[1], quantity)
        do(receive, reference=self.reference("IN"), lines=[line])
        self.on_hand[place] += quantity

    @rule(place=places, quantity=quantities)
    def expect(self, place, quantity):
        reference = self.reference("PO")
        line = ExpectedLine(self.sku(place[0]), place[1], quantity)
        do(expecting.expect, reference=reference, lines=[line], expected_at=None)
        self.inbound[place] += quantity
        self.expected[reference] = (place, quantity)

    @rule(quantity=quantities)
    def receive_expected(self, quantity):
        if self.expected:
            reference, (place, open_) = next(iter(self.expected.items()))
            line = PlacedLine(self.sku(place[0]), place[1], quantity)
            answer = self.attempt(receive, reference=reference, lines=[line])
            if reference.startswith("TR") and quantity > open_:
                assert answer == "over_receipt"
                return
            self.on_hand[place] += quantity
            self.inbound[place] -= min(quantity, open_)
            self.expected[reference] = (place, max(0, open_ - quantity))
            if quantity >= open_:
                del self.expected[reference]

    @rule(p=st.integers(0, 12), q=st.integers(0, 12), partly=st.booleans())
    def reserve(self, p, q, partly):
        wanted = {letter: n for letter, n in (("P", p), ("Q", q)) if n}
        reference = self.reference("ORDER")
        lines = [ReserveLine(self.sku(letter), n) for letter, n in wanted.items()]
        answer = self.attempt(reserve, reference=reference, lines=lines, allow_partial=partly)
        granted = {letter: min(n, self.free(letter)) for letter, n in wanted.items()}
        if not wanted:
            assert answer == "invalid_lines"
        elif granted == wanted or (partly and any(granted.values())):
            assert answer.status == "active"
            self.promised[reference] = granted
        else:
            assert answer == "insufficient_stock"

    @rule(p=st.integers(0, 12), q=st.integers(0, 12))
    def reserve_and_wait(self, p, q):
        wanted = {letter: n for letter, n in (("P", p), ("Q", q)) if n}
        reference = self.reference("LATE")
        lines = [ReserveLine(self.sku(letter), n) for letter, n in wanted.items()]
        answer = self.attempt(reserve, reference=reference, lines=lines, backorder=True)
        never = [letter for letter in wanted if not self._places(letter)]
        if not wanted:
            assert answer == "invalid_lines"
        elif never:
            assert answer == "insufficient_stock"
        else:
            late = {letter: max(0, n - self.free(letter)) for letter, n in wanted.items()}
            assert sum(line.backordered for line in answer.lines) == sum(late.values())
            self.promised[reference] = wanted

    def _places(self, letter):
        return InventoryItem.objects.filter(product__sku=self.sku(letter)).count()

    @rule(n=orders, quantity=quantities, letter=letters, whole=st.booleans())
    def release(self, n, quantity, letter, whole):
        if n < len(self.promised):
            reference, lines = list(self.promised.items())[n]
            asked = None if whole else [ReservedLine(self.sku(letter), quantity)]
            answer = self.attempt(release, reference=reference, lines=asked)
            if not whole and quantity > lines.get(letter, 0):
                assert answer == "not_reserved"
            elif whole:
                del self.promised[reference]
            else:
                self._take(reference, {letter: quantity})

    @rule(n=orders, quantity=quantities, letter=letters, whole=st.booleans())
    def ship(self, n, quantity, letter, whole):
        if n < len(self.promised):
            reference = list(self.promised)[n]
            before = self._lines(reference)
            asked = None if whole else [ReservedLine(self.sku(letter), quantity)]
            if isinstance(self.attempt(ship, reference=reference, lines=asked), str):
                assert self._lines(reference) == before
                return
            sent = defaultdict(int)
            for place, shipped in self._lines(reference).items():
                part = shipped - before.get(place, 0)
                self.on_hand[place] -= part
                sent[place[0]] += part
            assert sum(sent.values()) > 0
            self._take(reference, sent)

    def _lines(self, reference):
        rows = ReservationLine.objects.filter(reservation__reference=reference).values_list(
            "item__product__sku", "item__warehouse__code", "shipped"
        )
        return {(sku[0], code): shipped for sku, code, shipped in rows}

    def _take(self, reference, parts):
        lines = self.promised[reference]
        for letter, part in parts.items():
            lines[letter] = lines.get(letter, 0) - part
            assert lines[letter] >= 0
        if not any(lines.values()):
            del self.promised[reference]

    @rule(n=orders)
    def expire(self, n):
        if n < len(self.promised):
            reference = list(self.promised)[n]
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE warehouse_reservation SET expires_at = now() - interval '1 hour'"
                    " WHERE reference = %s",
                    [reference],
                )
            assert do(expire_due) == [reference]
            del self.promised[reference]

    @rule(place=places, quantity=quantities, how=st.sampled_from(list(Disposition)))
    def give_back(self, place, quantity, how):
        line = ReturnLine(self.sku(place[0]), place[1], quantity, how)
        do(return_stock, reference=self.reference("RET"), lines=[line])
        if how != Disposition.SCRAP:
            self.on_hand[place] += quantity
        if how == Disposition.QUARANTINE:
            self.unsellable[place] += quantity

    @rule(letter=letters, quantity=quantities, dispatch=st.booleans(), east=st.booleans())
    def transfer(self, letter, quantity, dispatch, east):
        origin, target = ("MAIN", "EAST") if east else ("EAST", "MAIN")
        do(receive, reference=self.reference("IN"), lines=[PlacedLine(self.sku(letter), origin, 1)])
        self.on_hand[letter, origin] += 1
        there = self.there(letter, origin)
        reference = self.reference("TR")
        answer = self.attempt(
            transfer,
            reference=reference,
            from_warehouse=origin,
            to_warehouse=target,
            lines=[TransferLine(self.sku(letter), quantity)],
            mode="dispatch" if dispatch else "immediate",
        )
        if quantity > there:
            assert answer == "not_enough_to_take"
            return
        self.on_hand[letter, origin] -= quantity
        if dispatch:
            self.inbound[letter, target] += quantity
            self.expected[reference] = ((letter, target), quantity)
        else:
            self.on_hand[letter, target] += quantity

    @rule(place=places, delta=st.integers(-8, 8))
    def adjust(self, place, delta):
        line = AdjustLine(self.sku(place[0]), place[1], delta=delta)
        answer = self.attempt(adjust, reference=self.reference("ADJ"), reason="x", lines=[line])
        sellable = self.on_hand[place] - self.unsellable[place]
        if delta == 0:
            assert answer == "invalid_lines"
        elif -delta > sellable:
            assert answer in ("not_enough_to_take", "not_enough_in_bin")
        else:
            self.on_hand[place] += delta

    @rule(place=places, to=st.integers(0, 20), seen=st.booleans())
    def set_to(self, place, to, seen):
        believed = self.on_hand[place] if seen else self.on_hand[place] + 1
        line = AdjustLine(self.sku(place[0]), place[1], set_to=to, expected_on_hand=believed)
        answer = self.attempt(adjust, reference=self.reference("SET"), reason="x", lines=[line])
        if not seen:
            assert answer == "stock_changed"
        elif not isinstance(answer, str):
            self.on_hand[place] = to
        else:
            assert to == self.on_hand[place] or to < self.unsellable[place]

    @rule(place=places, quantity=quantities)
    def damage(self, place, quantity):
        line = PlacedLine(self.sku(place[0]), place[1], quantity)
        answer = self.attempt(damage, reference=self.reference("DMG"), reason="x", lines=[line])
        if quantity > self.on_hand[place] - self.unsellable[place]:
            assert answer in ("not_enough_to_take", "not_enough_in_bin")
        else:
            self.on_hand[place] -= quantity

    @rule(place=places, counted=st.integers(0, 15))
    def count(self, place, counted):
        line = CountLine(self.sku(place[0]), place[1], counted, "RECEIVING")
        do(count, reference=self.reference("CNT"), lines=[line])
        row = item(self.sku(place[0]), place[1])
        held = sum(stock.quantity for stock in row.bin_stocks.exclude(bin__code="RECEIVING"))
        self.on_hand[place] = held + counted

    @rule(place=places, counted=st.integers(0, 15), expected=st.integers(0, 15))
    def count_earlier(self, place, counted, expected):
        row = InventoryItem.objects.filter(
            product__sku=self.sku(place[0]), warehouse__code=place[1]
        ).first()
        stocks = row.bin_stocks.filter(bin__code="RECEIVING") if row else []
        there = sum(stock.quantity for stock in stocks)
        line = CountLine(self.sku(place[0]), place[1], counted, "RECEIVING", expected=expected)
        answer = self.attempt(count, reference=self.reference("CNT"), lines=[line])
        if there + counted - expected < 0:
            assert answer == "not_enough_in_bin"
        else:
            self.on_hand[place] += counted - expected

    @invariant()
    def the_books_are_right(self):
        assert verify_ledger() == []

    @invariant()
    def the_engine_has_what_the_model_has(self):
        for letter in "PQ":
            reserved = 0
            for code in ("MAIN", "EAST"):
                place = (letter, code)
                row = type(self)._row(self.sku(letter), code)
                reserved += row[1]
                told = (self.on_hand[place], self.unsellable[place], self.inbound[place])
                assert (row[0], row[2], row[3]) == told
            promised = sum(lines.get(letter, 0) for lines in self.promised.values())
            assert reserved == promised - self._waiting(letter)
            assert self._waiting(letter) == 0 or self.free(letter) == 0

    @staticmethod
    def _row(sku, code):
        found = InventoryItem.objects.filter(product__sku=sku, warehouse__code=code).values_list(
            "on_hand", "reserved", "unsellable", "inbound"
        )
        return found[0] if found else (0, 0, 0, 0)

    def _waiting(self, letter):
        rows = ReservationLine.objects.filter(item__product__sku=self.sku(letter))
        return sum(row.backordered for row in rows)


@pytest.mark.django_db
def test_every_service_in_any_order_agrees_with_the_model():
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=int(os.environ.get("STATEFUL_EXAMPLES", "25")),
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
