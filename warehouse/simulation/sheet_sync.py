"""What the same year would have been with stock synced twice a day from a sheet. Pure.

The shop shows for each SKU what the sheet said at the last sync. It accepts an order whose every line is
covered by what it shows. At 08:00 and 14:00 the sheet is filled in from the shelves and synced; at 11:00
and 16:00 accepted orders are picked. Until it is picked, promised stock is still on the shelf, so a sync
counts it once more. An order whose shelf turns out to be empty at the pick was oversold.

Two shops: one shows the same number until the next sync, one counts its own orders down meanwhile.
Deliveries, returns and adjustments reach the shelves as they did in the replay.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

SYNCS = (time(8), time(14))
PICKS = (time(11), time(16))


@dataclass
class SheetShop:
    """A shop that sells from a sheet."""

    shelf: dict[str, int]
    counts_down: bool
    shown: dict[str, int] = field(default_factory=dict)
    waiting: list[Mapping[str, int]] = field(default_factory=list)
    clock: datetime | None = None
    accepted_orders: int = 0
    accepted_units: int = 0
    refused_orders: int = 0
    oversold_units: int = 0
    oversold_orders: int = 0

    def __post_init__(self) -> None:
        self.shown = dict(self.shelf)

    def advance(self, now: datetime) -> None:
        """Hold every sync and pick round that falls before `now`."""
        if self.clock is None:
            self.clock = now
            return
        for at, what in _rounds(self.clock, now):
            if what == "sync":
                self.shown = dict(self.shelf)
            else:
                self._pick()
            self.clock = at
        self.clock = now

    def order(self, lines: Mapping[str, int]) -> None:
        """A customer orders."""
        if any(self.shown.get(sku, 0) < units for sku, units in lines.items()):
            self.refused_orders += 1
            return
        self.accepted_orders += 1
        self.accepted_units += sum(lines.values())
        self.waiting.append(lines)
        if self.counts_down:
            for sku, units in lines.items():
                self.shown[sku] -= units

    def move(self, sku: str, units: int) -> None:
        """Units come to the shelf or (negative) leave it, as far as they are there: this shelf sold
        other orders than the real one, so it may lack what was taken from that one."""
        there = self.shelf.get(sku, 0)
        self.shelf[sku] = there + units if units > -there else 0

    def finish(self) -> None:
        """Pick what is still waiting."""
        self._pick()

    def _pick(self) -> None:
        for lines in self.waiting:
            missing: defaultdict[str, int] = defaultdict(int)
            for sku, units in lines.items():
                there = self.shelf.get(sku, 0)
                taken = min(units, there)
                self.shelf[sku] = there - taken
                missing[sku] = units - taken
            short = sum(missing.values())
            self.oversold_units += short
            self.oversold_orders += short > 0
        self.waiting = []


def _rounds(since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    """Syncs and picks after `since`, up to and with `until`, in order."""
    found = []
    day = since.date()
    while day <= until.date():
        for times, what in ((SYNCS, "sync"), (PICKS, "pick")):
            for moment in times:
                at = datetime.combine(day, moment, tzinfo=since.tzinfo)
                if since < at <= until:
                    found.append((at, what))
        day += timedelta(days=1)
    return sorted(found)
