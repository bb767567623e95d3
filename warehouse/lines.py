"""What callers hand to the services, and what they get back. Plain values, no database, no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from inventory_site.core.actors import Actor

MAX_QUANTITY = 10_000_000  # of one line; keeps every counter far inside PostgreSQL's integer
MAX_ON_HAND = 1_000_000_000
MAX_REFERENCE = 120


@dataclass(frozen=True, slots=True)
class ReserveLine:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ReserveRequest:
    """One order of a batch. `expires_in` in seconds, counted by the database's clock.

    `backorder`: promise also what is not there yet. `owner`: the part of the house that the promise
    belongs to, which is told when it changes (services.following). `actor` and `within` where they
    differ from the batch's (requests of several callers combined).
    """

    reference: str
    lines: Sequence[ReserveLine]
    warehouse: str | None = None
    strategy: str = "most_available"
    expires_in: int | None = None
    allow_partial: bool = False
    backorder: bool = False
    owner: str = ""
    actor: Actor | None = None
    within: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """A line of `release` or `ship`. Without a warehouse: wherever the reservation holds the SKU.

    `bin` is read by `ship` only; without one the engine chooses (primary bin first, then walk order).
    """

    sku: str
    quantity: int
    warehouse: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A quantity in one place: receive, damage. No bin: the item's primary bin, else RECEIVING."""

    sku: str
    warehouse: str
    quantity: int
    bin: str | None = None


class Disposition(StrEnum):
    RESTOCK = "restock"
    QUARANTINE = "quarantine"
    SCRAP = "scrap"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    sku: str
    warehouse: str
    quantity: int
    disposition: Disposition
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class TransferLine:
    """`from_bin` / `to_bin` may be left to the engine between warehouses, never within one.

    Within a warehouse a line may have a `reference` of its own in the ledger (many pick lists at once).
    """

    sku: str
    quantity: int
    from_bin: str | None = None
    to_bin: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class AdjustLine:
    """Either `delta`, or `set_to` with the on-hand it replaces (`expected_on_hand`), which `delta` may have.

    `set_to` is the item's on-hand in that warehouse; `bin` is where the difference was found.
    """

    sku: str
    warehouse: str
    bin: str | None = None
    delta: int | None = None
    set_to: int | None = None
    expected_on_hand: int | None = None


@dataclass(frozen=True, slots=True)
class CountLine:
    """`counted` units in the bin; without a bin, of the item in the whole warehouse.

    `expected`, with a bin: what the books said when it was counted. The difference is booked then, so
    that what moved between counting and booking stays right.
    """

    sku: str
    warehouse: str
    counted: int
    bin: str | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    sku: str
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ExpectedDelivery:
    """A purchase order that was sent: what it will bring, and when."""

    reference: str
    lines: Sequence[ExpectedLine]
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came under one reference."""

    reference: str
    lines: Sequence[PlacedLine]


@dataclass(frozen=True, slots=True)
class Level:
    """One product in one warehouse, as it stands."""

    sku: str
    warehouse: str
    on_hand: int
    reserved: int
    unsellable: int
    inbound: int
    safety_stock: int
    bin: str | None
    version: int

    @property
    def available(self) -> int:
        """on_hand - unsellable - reserved."""
        return self.on_hand - self.unsellable - self.reserved

    @property
    def to_sell(self) -> int:
        """What may be promised: available less the safety stock; negative when it is eaten into."""
        return self.available - self.safety_stock


@dataclass(frozen=True, slots=True)
class StockLevel:
    """A product's levels: in total and per warehouse. `version` rises with every change.

    What is not `active` is not promised to anybody, however much of it there is.
    """

    sku: str
    name: str
    active: bool
    version: int
    warehouses: Sequence[Level]

    def total(self, counter: str) -> int:
        """Sum of one counter (`on_hand`, `reserved`, `available`, …) over the warehouses."""
        return sum(getattr(level, counter) for level in self.warehouses)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a reservation as it stands."""

    sku: str
    warehouse: str
    quantity: int
    shipped: int
    released: int
    backordered: int


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A part that was asked for and refused (`allow_partial`)."""

    sku: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation as it stands. `created` tells whether this very call made it."""

    reference: str
    status: str
    expires_at: datetime | None
    lines: Sequence[HeldLine]
    short: Sequence[ShortLine] = field(default=())
    created: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """An order that lost part of its promise because the shelf held less."""

    reference: str
    sku: str
    warehouse: str
    resourced: int
    backordered: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a movement left behind: the resulting levels, and the orders it hurt or helped."""

    reference: str
    levels: Sequence[Level]
    affected: Sequence[Affected] = field(default=())
    filled: Sequence[Affected] = field(default=())
