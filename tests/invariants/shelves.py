"""What comes in, goes out of the books and changes its place, in any order: half of the machine's steps."""

from contextlib import contextmanager
from itertools import count as counting

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from inventory_site.core.errors import DomainError
from tests.factories import BinFactory, ProductFactory, do, warehouse
from tests.invariants.model import PICK, PRIORITY, QUARANTINE, RECEIVING, RETURNS, Model, Refused
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReturnLine,
    TransferLine,
)
from warehouse.services import inbound as expecting
from warehouse.services.counting import count
from warehouse.services.importing import import_opening_stock
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.replenishment import set_reorder
from warehouse.services.transfers import transfer
from warehouse.sheets.rows import OpeningStockRow

numbers = counting(1)
codes = st.sampled_from(sorted(PRIORITY))
places = st.tuples(st.sampled_from("PQ"), codes)
letters = st.sampled_from("PQ")
quantities = st.integers(min_value=1, max_value=12)
small = st.integers(min_value=1, max_value=6)


class Shelves(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.example = next(numbers)
        self.model = Model()
        self.expected: dict[str, tuple[tuple[str, str], int]] = {}
        self.versions: dict[tuple[str, str], int] = {}
        for letter in "PQ":
            ProductFactory(sku=self.sku(letter))
        for code in ("MAIN", "EAST"):
            BinFactory(warehouse=warehouse(code, priority=PRIORITY[code]), code=PICK)
        self.receive(("P", "MAIN"), 10, PICK)

    def sku(self, letter):
        return f"{letter}{self.example}"

    def reference(self, kind):
        return f"{kind}-{self.example}-{next(numbers)}"

    @contextmanager
    def step(self):
        """What the model makes of a step; refused, it is as it was. `attempt` asks the engine then."""
        before = self.model.copy()
        try:
            yield
        except Refused as refusal:
            self.model, self.refusal = before, str(refusal)
        else:
            self.refusal = None

    def attempt(self, service, **arguments):
        """The engine's answer; None where it refuses as the model does."""
        answer, refused = None, None
        try:
            answer = do(service, **arguments)
        except DomainError as error:
            refused = error.code
        assert refused == self.refusal, f"{service.__name__}: {refused}, not {self.refusal}"
        return answer

    # --- What comes in, and what is put right --------------------------------------------------------------

    @rule(place=places, quantity=quantities, bin=st.sampled_from([None, PICK, RECEIVING]))
    def receive(self, place, quantity, bin):
        with self.step():
            self.model.put(place, quantity, bin)
        line = PlacedLine(self.sku(place[0]), place[1], quantity, bin)
        self.attempt(receive, reference=self.reference("IN"), lines=[line])

    @rule(place=places, quantity=quantities, bin=st.sampled_from(["", PICK]))
    def open_stock(self, place, quantity, bin):
        with self.step():
            if place in self.model.moved:
                raise Refused("stock_already_there")
            self.model.put(place, quantity, bin or RECEIVING)
        sku = self.sku(place[0])
        row = OpeningStockRow(2, sku, sku, (), None, None, None, place[1], bin, quantity)
        self.attempt(import_opening_stock, reference=self.reference("OPEN"), rows=[row])

    @rule(place=places, quantity=quantities)
    def expect(self, place, quantity):
        reference = self.reference("PO")
        with self.step():
            self.model.known.add(place)
            self.model.inbound[place] += quantity
        line = ExpectedLine(self.sku(place[0]), place[1], quantity)
        self.attempt(expecting.expect, reference=reference, lines=[line], expected_at=None)
        self.expected[reference] = (place, quantity)

    @rule(quantity=quantities)
    def receive_expected(self, quantity):
        if not self.expected:
            return
        reference, (place, open_) = next(iter(self.expected.items()))
        with self.step():
            if reference.startswith("TR") and quantity > open_:
                raise Refused("over_receipt")
            self.model.put(place, quantity)
            self.model.inbound[place] -= min(quantity, open_)
        line = PlacedLine(self.sku(place[0]), place[1], quantity)
        if self.attempt(receive, reference=reference, lines=[line]):
            self.expected[reference] = (place, open_ - quantity)
            if quantity >= open_:
                del self.expected[reference]

    @rule(place=places, quantity=quantities, how=st.sampled_from(list(Disposition)))
    def give_back(self, place, quantity, how):
        with self.step():
            bin = QUARANTINE if how == Disposition.QUARANTINE else self.model.home(place, RETURNS)
            self.model.put(place, quantity, bin)
            if how == Disposition.SCRAP:
                self.model.take(place, quantity, bin)
        line = ReturnLine(self.sku(place[0]), place[1], quantity, how)
        self.attempt(return_stock, reference=self.reference("RET"), lines=[line])

    @rule(place=places, delta=st.integers(-8, 8))
    def adjust(self, place, delta):
        with self.step():
            if delta == 0:
                raise Refused("invalid_lines")
            if delta > 0:
                self.model.put(place, delta)
            else:
                self.model.write_off(place, -delta)
        line = AdjustLine(self.sku(place[0]), place[1], delta=delta)
        self.attempt(adjust, reference=self.reference("ADJ"), reason="x", lines=[line])

    @rule(place=places, to=st.integers(0, 20), off=st.sampled_from([0, 0, 1]))
    def set_to(self, place, to, off):
        believed = self.model.on_hand(place) + off
        with self.step():
            if off:
                raise Refused("stock_changed")
            self.model.known.add(place)
            if to > believed:
                self.model.put(place, to - believed)
            else:
                self.model.take(place, believed - to)
        line = AdjustLine(self.sku(place[0]), place[1], set_to=to, expected_on_hand=believed)
        self.attempt(adjust, reference=self.reference("SET"), reason="x", lines=[line])

    @rule(place=places, quantity=quantities)
    def damage(self, place, quantity):
        with self.step():
            self.model.write_off(place, quantity)
        line = PlacedLine(self.sku(place[0]), place[1], quantity)
        self.attempt(damage, reference=self.reference("DMG"), reason="x", lines=[line])

    @rule(place=places, counted=st.integers(0, 15), bin=st.sampled_from([PICK, RECEIVING, None]))
    def count(self, place, counted, bin):
        with self.step():
            if bin:
                self.model.count(place, bin, counted - self.model.bins[place].get(bin, 0))
            else:
                self.model.count_whole(place, counted)
        line = CountLine(self.sku(place[0]), place[1], counted, bin)
        self.attempt(count, reference=self.reference("CNT"), lines=[line])

    @rule(place=places, counted=st.integers(0, 15), expected=st.integers(0, 15))
    def count_earlier(self, place, counted, expected):
        with self.step():
            self.model.count(place, RECEIVING, counted - expected)
        line = CountLine(self.sku(place[0]), place[1], counted, RECEIVING, expected=expected)
        self.attempt(count, reference=self.reference("CNT"), lines=[line])

    @rule(place=places, point=st.integers(0, 12), safety=st.none() | st.integers(0, 4))
    def set_reorder(self, place, point, safety):
        with self.step():
            self.model.known.add(place)
            self.model.point[place] = point
            if safety is not None:
                self.model.safety[place] = safety
                self.model.guarded |= {place} if safety else set()
        what = {"sku": self.sku(place[0]), "warehouse": place[1], "safety_stock": safety}
        self.attempt(set_reorder, **what, reorder_point=point, reorder_quantity=5)

    # --- What changes its place ----------------------------------------------------------------------------

    @rule(letter=letters, quantity=small, dispatch=st.booleans(), origin=codes)
    def transfer(self, letter, quantity, dispatch, origin):
        goal = "EAST" if origin == "MAIN" else "MAIN"
        here, there = (letter, origin), (letter, goal)
        with self.step():
            if quantity > self.model.available(here):
                raise Refused("not_enough_to_take")
            self.model.take(here, quantity)
            self.model.known.add(there)
            if dispatch:
                self.model.inbound[there] += quantity
            else:
                self.model.put(there, quantity)
        reference = self.reference("TR")
        ways = {"from_warehouse": origin, "to_warehouse": goal}
        lines = [TransferLine(self.sku(letter), quantity)]
        mode = "dispatch" if dispatch else "immediate"
        if self.attempt(transfer, reference=reference, lines=lines, mode=mode, **ways) and dispatch:
            self.expected[reference] = (there, quantity)

    @rule(
        place=places,
        quantity=small,
        bins=st.permutations([PICK, RECEIVING, QUARANTINE]) | st.just([PICK, PICK]),
    )
    def move(self, place, quantity, bins):
        one, other = bins[:2]
        with self.step():
            if one == other:
                raise Refused("invalid_lines")
            self.model.take(place, quantity, one)
            self.model.put(place, quantity, other)
        lines = [TransferLine(self.sku(place[0]), quantity, one, other)]
        ways = {"from_warehouse": place[1], "to_warehouse": place[1]}
        self.attempt(transfer, reference=self.reference("MOVE"), lines=lines, **ways)
