"""Which bins a walk goes to, and in which order. Pure: plain values in, plain values out.

A bin is emptied before the next one is opened: the item's primary bin first, then those that other lists
take from already (the emptiest first), then the fewest further bins, and of those the nearest to where the
walk goes anyway. Bulk is opened when pick bins do not suffice, a suspect bin when nothing else does.
`sequence` is the bin's place in the serpentine walk, so the difference of two is how far apart they are
along it.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orders.queries.shelves import Shelf, Wanted

TIERS: Mapping[str, int] = {"pick": 0, "receiving": 1, "returns": 1, "bulk": 2}
SUSPECT = 3
NEVER = frozenset({"quarantine", "packing"})

SPOKEN_FOR = "spoken_for"  # other lists take what is there
NOT_IN_BINS = "not_in_bins"  # what is left lies in totes, or is not sellable


@dataclass(frozen=True, slots=True)
class Stop:
    """So many of an item, from one bin, for one line of an order."""

    order_id: int
    order_line_id: int
    item_id: int
    bin_id: int
    bin: str
    sequence: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Unplanned:
    """What of a wanted line is on no walk, and why."""

    wanted: Wanted
    quantity: int
    reason: str


@dataclass(slots=True)
class Walk:
    stops: list[Stop] = field(default_factory=list)
    unplanned: list[Unplanned] = field(default_factory=list)


def walks(
    *,
    batches: Sequence[Sequence[Wanted]],
    shelves: Iterable[Shelf],
    aisles: frozenset[str] = frozenset(),
    start: int | None = None,
) -> list[Walk]:
    """One walk for each batch, the most urgent first: what one takes is gone for the next.

    With `aisles`, only what lies there is walked to; the rest of a batch is left for another zone's list.
    `start`: the place in the walk where the picker stands.
    """
    stock = _Stock(shelves)
    return [_walk(batch, stock, aisles, start) for batch in batches]


class _Stock:
    """What is free, bin by bin, as the walks draw it down."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self.by_item: dict[int, list[Shelf]] = {}
        self.free: dict[tuple[int, int], int] = {}
        self.opened: set[tuple[int, int]] = set()
        for shelf in shelves:
            if shelf.kind in NEVER:
                continue
            key = (shelf.item_id, shelf.bin_id)
            self.by_item.setdefault(shelf.item_id, []).append(shelf)
            self.free[key] = max(0, shelf.free)
            if shelf.spoken:
                self.opened.add(key)

    def choose(self, item_id: int, need: int, stops: Sequence[int]) -> list[tuple[Shelf, int]]:
        """Bins for `need` units, and how much each gives; `stops` is where the walk goes already."""
        open_shelves = [x for x in self.by_item.get(item_id, ()) if self.free[item_id, x.bin_id]]
        chosen: list[tuple[Shelf, int]] = []
        visited = list(stops)
        while need and open_shelves:
            shelf = min(open_shelves, key=lambda x: self._rank(x, need, visited))
            open_shelves.remove(shelf)
            part = min(need, self.free[item_id, shelf.bin_id])
            chosen.append((shelf, part))
            insort(visited, shelf.sequence)
            need -= part
        return chosen

    def _rank(self, shelf: Shelf, need: int, stops: Sequence[int]) -> tuple[int, ...]:
        """The lowest first. Of bins that are open already the emptiest: it is finished off first."""
        key = (shelf.item_id, shelf.bin_id)
        opened = key in self.opened
        return (
            SUSPECT if shelf.suspect else TIERS[shelf.kind],
            not shelf.primary,
            not opened,
            self.free[key] if opened else -min(self.free[key], need),
            _detour(shelf.sequence, stops),
            shelf.sequence,
            shelf.bin_id,
        )

    def take(self, shelf: Shelf, quantity: int) -> None:
        key = (shelf.item_id, shelf.bin_id)
        self.free[key] -= quantity
        self.opened.add(key)

    def why(self, item_id: int) -> str:
        """Why nothing more of an item can be planned."""
        mine = self.by_item.get(item_id, ())
        return SPOKEN_FOR if any((item_id, x.bin_id) in self.opened for x in mine) else NOT_IN_BINS


def _detour(sequence: int, stops: Sequence[int]) -> int:
    """How far a bin is from the nearest stop; 0 while the walk is empty."""
    if not stops:
        return 0
    place = bisect_left(stops, sequence)
    return min(abs(sequence - stop) for stop in stops[max(0, place - 1) : place + 1])


def _walk(
    batch: Sequence[Wanted], stock: _Stock, aisles: frozenset[str], start: int | None
) -> Walk:
    """Items with one bin to go to first: the others are chosen near those."""
    by_item: dict[int, list[Wanted]] = {}
    for wanted in batch:
        by_item.setdefault(wanted.item_id, []).append(wanted)
    walk = Walk()
    stops = [] if start is None else [start]
    for item_id in sorted(by_item, key=lambda x: (len(stock.by_item.get(x, ())), x)):
        need = sum(wanted.quantity for wanted in by_item[item_id])
        chosen = stock.choose(item_id, need, stops)
        if aisles:
            chosen = [(shelf, part) for shelf, part in chosen if shelf.aisle in aisles]
        for shelf, part in chosen:
            stock.take(shelf, part)
            insort(stops, shelf.sequence)
        _share_out(walk, by_item[item_id], chosen, stock, elsewhere=bool(aisles))
    place = {wanted.order_line_id: n for n, wanted in enumerate(batch)}
    walk.stops.sort(key=lambda x: (x.sequence, x.bin_id, place[x.order_line_id]))
    return walk


def _share_out(
    walk: Walk,
    lines: Sequence[Wanted],
    chosen: Sequence[tuple[Shelf, int]],
    stock: _Stock,
    *,
    elsewhere: bool,
) -> None:
    """Give what the bins hold to the lines, the first line first; say what is left."""
    held = deque(sorted(chosen, key=lambda x: (x[0].sequence, x[0].bin_id)))
    for wanted in lines:
        left = wanted.quantity
        while left and held:
            shelf, there = held.popleft()
            part = min(left, there)
            walk.stops.append(_stop(wanted, shelf, part))
            left -= part
            if there > part:
                held.appendleft((shelf, there - part))
        if left and not elsewhere:
            walk.unplanned.append(Unplanned(wanted, left, stock.why(wanted.item_id)))


def _stop(wanted: Wanted, shelf: Shelf, quantity: int) -> Stop:
    return Stop(
        order_id=wanted.order_id,
        order_line_id=wanted.order_line_id,
        item_id=wanted.item_id,
        bin_id=shelf.bin_id,
        bin=shelf.bin,
        sequence=shelf.sequence,
        quantity=quantity,
    )
