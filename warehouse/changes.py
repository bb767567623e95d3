"""A change of stock as it is being decided: plain values, kept until they are written by set.

A service locks items, decides on the `ItemState`s here, and hands the `Change` to
`statements.write`, which writes one part per table. Nothing in this module touches the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from warehouse.lines import Affected, Level
from warehouse.policy import to_order

QUARANTINE = "quarantine"


class ItemState:
    """A locked inventory item: its counters as they will be, and as they were when locked."""

    __slots__ = (
        "active", "could_sell", "id", "inbound", "locked", "on_hand", "pack_size", "primary_bin",
        "primary_bin_id", "priority", "product_id", "reorder_point", "reorder_quantity", "reserved",
        "safety_stock", "sku", "unsellable", "version", "warehouse", "warehouse_id",
    )  # fmt: skip

    def __init__(
        self,
        id: int,
        product_id: int,
        warehouse_id: int,
        sku: str,
        warehouse: str,
        priority: int,
        active: bool,
        on_hand: int,
        reserved: int,
        unsellable: int,
        inbound: int,
        safety_stock: int,
        reorder_point: int,
        reorder_quantity: int,
        version: int,
        primary_bin_id: int | None,
        primary_bin: str | None,
        pack_size: int = 1,
    ) -> None:
        self.id = id
        self.product_id = product_id
        self.warehouse_id = warehouse_id
        self.sku = sku
        self.warehouse = warehouse
        self.priority = priority
        self.active = active
        self.on_hand = on_hand
        self.reserved = reserved
        self.unsellable = unsellable
        self.inbound = inbound
        self.safety_stock = safety_stock
        self.reorder_point = reorder_point
        self.reorder_quantity = reorder_quantity
        self.version = version
        self.primary_bin_id = primary_bin_id
        self.primary_bin = primary_bin
        self.pack_size = pack_size
        self.locked = (on_hand, reserved, unsellable, inbound)
        self.could_sell = self.to_sell

    def is_written(self) -> None:
        """What was decided is in the database: what is decided next starts from there."""
        self.version += 1
        self.locked = (self.on_hand, self.reserved, self.unsellable, self.inbound)
        self.could_sell = self.to_sell

    @property
    def available(self) -> int:
        return self.on_hand - self.unsellable - self.reserved

    @property
    def to_sell(self) -> int:
        """What may still be promised, to whoever asks and to whoever waits: the safety stock is not."""
        return self.available - self.safety_stock

    @property
    def was_low(self) -> bool:
        on_hand, reserved, unsellable, inbound = self.locked
        return self.active and on_hand - unsellable - reserved + inbound <= self.reorder_point

    @property
    def is_low(self) -> bool:
        """At or under the reorder point, counting what is on its way; what is not sold any more never is."""
        return self.active and self.available + self.inbound <= self.reorder_point

    @property
    def to_order(self) -> int:
        """Units to order of an item that is low."""
        return to_order(
            point=self.reorder_point,
            quantity=self.reorder_quantity,
            coming=self.available + self.inbound,
            pack=self.pack_size,
        )

    def level(self, *, version: int) -> Level:
        return Level(
            sku=self.sku,
            warehouse=self.warehouse,
            on_hand=self.on_hand,
            reserved=self.reserved,
            unsellable=self.unsellable,
            inbound=self.inbound,
            safety_stock=self.safety_stock,
            bin=self.primary_bin,
            version=version,
        )


@dataclass(frozen=True, slots=True)
class BinRef:
    id: int
    warehouse: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Movement:
    item_id: int
    type: str
    quantity: int
    bin_from: int | None
    bin_to: int | None
    on_hand_after: int
    reference: str
    reason: str


@dataclass(slots=True)
class LineDelta:
    """How an existing reservation line changes."""

    quantity: int = 0
    shipped: int = 0
    released: int = 0
    backordered: int = 0


@dataclass(slots=True)
class Change:
    """Everything one unit of work will write. `touched` holds items whose counters or bins moved."""

    touched: dict[int, ItemState] = field(default_factory=dict)
    bins: dict[tuple[int, int], int] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    line_deltas: dict[int, LineDelta] = field(default_factory=dict)
    moved_lines: dict[tuple[int, int], int] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    inbound_received: dict[int, int] = field(default_factory=dict)
    inbound_cancelled: dict[int, int] = field(default_factory=dict)
    inbound_expected: dict[int, int] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    new_primary_bins: dict[int, BinRef] = field(default_factory=dict)
    affected: list[Affected] = field(default_factory=list)
    filled: list[Affected] = field(default_factory=list)

    def touch(self, item: ItemState) -> None:
        self.touched[item.id] = item

    def put(
        self,
        item: ItemState,
        bin: BinRef,
        quantity: int,
        *,
        type: str,
        reference: str,
        reason: str = "",
        bin_from: int | None = None,
    ) -> None:
        """`quantity` units come into `bin`. The first pick bin becomes the item's primary bin."""
        self._shift(item, bin, quantity)
        self.movements.append(
            Movement(item.id, type, quantity, bin_from, bin.id, item.on_hand, reference, reason)
        )
        if item.primary_bin_id is None and bin.kind == "pick":
            item.primary_bin_id, item.primary_bin = bin.id, bin.code
            self.new_primary_bins[item.id] = bin

    def take(
        self,
        item: ItemState,
        bin: BinRef,
        quantity: int,
        *,
        type: str,
        reference: str,
        reason: str = "",
        bin_to: int | None = None,
    ) -> None:
        """`quantity` units leave `bin`."""
        self._shift(item, bin, -quantity)
        self.movements.append(
            Movement(item.id, type, -quantity, bin.id, bin_to, item.on_hand, reference, reason)
        )

    def line(self, line_id: int) -> LineDelta:
        return self.line_deltas.setdefault(line_id, LineDelta())

    def levels(self) -> list[Level]:
        """The resulting levels, as they will be once written."""
        return [item.level(version=item.version + 1) for item in self.touched.values()]

    def _shift(self, item: ItemState, bin: BinRef, delta: int) -> None:
        item.on_hand += delta
        if bin.kind == QUARANTINE:
            item.unsellable += delta
        key = (item.id, bin.id)
        self.bins[key] = self.bins.get(key, 0) + delta
        self.touch(item)


def level_payload(level: Level) -> dict[str, object]:
    """A level as events and the change feed carry it."""
    return {
        "sku": level.sku,
        "warehouse": level.warehouse,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "available": level.available,
        "inbound": level.inbound,
        "unsellable": level.unsellable,
        "to_sell": level.to_sell,
        "version": level.version,
    }


@dataclass(frozen=True, slots=True)
class Posting:
    """What goes with a change into the ledger and the outbox."""

    type: str
    reference: str
    actor: str
    user_id: int | None = None
    notes: str = ""
    now: datetime | None = None


def by_item(states: Iterable[ItemState]) -> dict[int, ItemState]:
    return {state.id: state for state in states}
