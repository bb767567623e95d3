"""What the engine must have after each step, told a second time and more simply: bins, promises, settings.

Two things the model does not work out but takes over from the engine as it stood before a step: in which
warehouse a promise is held, and which orders wait. A shelf that holds too little may move both. What a step
then does is worked out here, and compared.
"""

from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

Place = tuple[str, str]  # a product's letter, a warehouse

PRIORITY = {"MAIN": 20, "EAST": 10}  # EAST was opened later, and comes first
PICK, RECEIVING, RETURNS, QUARANTINE = "A-01-01", "RECEIVING", "RETURNS", "QUARANTINE"
WALK = (PICK, RECEIVING, RETURNS)  # from where units are taken, in this order


class Refused(Exception):
    """The model says that the engine refuses this, with that code."""


@dataclass
class Held:
    """What a reservation still holds and what it waits for, by place, in the order of its lines."""

    open: dict[Place, int]
    waiting: dict[Place, int]
    pinned: bool = False

    def places(self, letter: str, code: str | None) -> list[Place]:
        return [place for place in self.open if place[0] == letter and code in (None, place[1])]


@dataclass
class Model:
    bins: dict[Place, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    inbound: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    safety: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    guarded: set[Place] = field(default_factory=set)  # that ever had safety stock
    point: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    primary: set[Place] = field(default_factory=set)  # whose primary bin is PICK
    known: set[Place] = field(default_factory=set)  # which the engine has a row for
    moved: set[Place] = field(default_factory=set)  # that have a history
    promised: dict[str, dict[str, int]] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)  # taken over from the engine

    def on_hand(self, place: Place) -> int:
        return sum(self.bins[place].values())

    def unsellable(self, place: Place) -> int:
        return self.bins[place].get(QUARANTINE, 0)

    def sellable(self, place: Place) -> int:
        return self.on_hand(place) - self.unsellable(place)

    def reserved(self, place: Place) -> int:
        return sum(held.open.get(place, 0) for held in self.held.values())

    def available(self, place: Place) -> int:
        return self.sellable(place) - self.reserved(place)

    # --- What lies where ---------------------------------------------------------------------------------

    def put(self, place: Place, quantity: int, bin: str | None = None) -> None:
        """Into the bin named, else the primary bin, else RECEIVING. The first pick bin becomes primary."""
        bin = bin or self.home(place)
        self.bins[place][bin] = self.bins[place].get(bin, 0) + quantity
        if bin == PICK:
            self.primary.add(place)
        self.known.add(place)
        self.moved.add(place)

    def home(self, place: Place, staging: str = RECEIVING) -> str:
        return PICK if place in self.primary else staging

    def take(self, place: Place, quantity: int, bin: str | None = None) -> None:
        """From the bin named, else from those that may be sold, in walk order. Refuses what is not there."""
        left = quantity
        for code in [bin] if bin else WALK:
            part = min(left, self.bins[place].get(code, 0))
            if part:
                self.bins[place][code] -= part
            left -= part
        if left:
            raise Refused("not_enough_in_bin")

    def write_off(self, place: Place, quantity: int) -> None:
        if quantity > self.on_hand(place):
            raise Refused("not_enough_to_take")
        self.take(place, quantity)

    def count(self, place: Place, bin: str, delta: int) -> None:
        """A bin holds so many more (or fewer) than the books say."""
        self.known.add(place)
        if self.bins[place].get(bin, 0) + delta < 0:
            raise Refused("not_enough_in_bin")
        if delta > 0:
            self.put(place, delta, bin)
        elif delta < 0:
            self.bins[place][bin] += delta

    def count_whole(self, place: Place, counted: int) -> None:
        """What is missing goes from the primary bin, then in walk order, quarantine last."""
        missing = self.on_hand(place) - counted
        self.known.add(place)
        if missing < 0:
            self.put(place, -missing)
        for bin in dict.fromkeys((self.home(place), *WALK, QUARANTINE)):
            part = min(max(missing, 0), self.bins[place].get(bin, 0))
            if part:
                self.bins[place][bin] -= part
            missing -= part

    # --- What is promised --------------------------------------------------------------------------------

    def source(
        self,
        wanted: Mapping[str, int],
        *,
        strategy: str,
        only: str | None,
        late: bool,
        partly: bool,
    ) -> tuple[dict[Place, int], dict[Place, int]]:
        """What is promised where, and what waits where. Refuses what cannot be promised."""
        if not wanted or (late and partly):
            raise Refused("invalid_lines")
        there: dict[Place, int] = {}
        waiting: dict[Place, int] = {}
        lacking = False
        for letter, quantity in wanted.items():
            left = quantity
            places = self._candidates(letter, wanted, strategy, only)
            for place in places:
                part = min(left, max(0, self._to_sell(place)))
                if part:
                    there[place] = part
                left -= part
            if left and late and places:
                waiting[places[0]] = left
            elif left:
                lacking = True
        if lacking and not (partly and there):
            raise Refused("insufficient_stock")
        return there, waiting

    def _to_sell(self, place: Place) -> int:
        return self.available(place) - self.safety[place]

    def _candidates(
        self, letter: str, wanted: Mapping[str, int], strategy: str, only: str | None
    ) -> list[Place]:
        codes = [code for code in PRIORITY if (letter, code) in self.known and only in (None, code)]
        codes.sort(key=PRIORITY.__getitem__)
        if strategy != "priority":
            one_parcel = [
                code
                for code in sorted(PRIORITY, key=PRIORITY.__getitem__)
                if only in (None, code)
                and all(self._to_sell((part, code)) >= n for part, n in wanted.items())
            ]
            if strategy == "single_warehouse_first" and one_parcel:
                codes.sort(key=lambda code: code != one_parcel[0])
            else:
                codes.sort(key=lambda code: -self._to_sell((letter, code)))
        return [(letter, code) for code in codes]

    def promise(
        self, reference: str, there: Mapping[Place, int], waiting: Mapping[Place, int], pinned: bool
    ) -> None:
        places = there | waiting
        self.held[reference] = Held(
            {place: there.get(place, 0) for place in places},
            {place: waiting.get(place, 0) for place in places},
            pinned,
        )
        self.promised[reference] = defaultdict(int)
        for part in (there, waiting):
            for (letter, _), quantity in part.items():
                self.promised[reference][letter] += quantity

    def give_up(
        self, reference: str, letter: str, quantity: int, code: str | None, *, waiting: bool
    ) -> dict[Place, int]:
        """Draw on what a reservation holds of a product, with `waiting` on what it waits for first."""
        held = self.held[reference]
        places = held.places(letter, code)
        parts: dict[Place, int] = defaultdict(int)
        left = quantity
        for drawn in [held.waiting, held.open] if waiting else [held.open]:
            for place in places:
                part = min(left, drawn[place])
                drawn[place] -= part
                parts[place] += part
                left -= part
        if left:
            raise Refused("not_reserved")
        self.promised[reference][letter] -= quantity
        return {place: part for place, part in parts.items() if part}

    def close(self, reference: str, status: str) -> None:
        """Where nothing is left of a reservation."""
        if not any(self.promised[reference].values()):
            del self.promised[reference], self.held[reference]
            self.closed[reference] = status

    def copy(self) -> "Model":
        return deepcopy(self)
