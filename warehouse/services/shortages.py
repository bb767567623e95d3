"""When the shelf holds less than was promised, and when stock arrives for those who wait.

Both run inside the unit of work that changed the stock, on items that are locked with all of their
product's other warehouses. Newest promises give way first; oldest backorders are served first. Whatever
comes to be promised of an item, in its own warehouse or for another, comes out of what is to sell there
(`ItemState.to_sell`): its safety stock is kept for the promises that stand on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory_site.core.sql import rows
from warehouse.changes import Change, ItemState
from warehouse.lines import Affected
from warehouse.statements import int_array

# The newest reservations that together hold at least what is missing of each item.
NEWEST_HOLDERS = """
    SELECT id, reservation_id, reference, pinned, item_id, open
      FROM (SELECT l.id, l.reservation_id, r.reference, r.pinned, l.item_id, o.open,
                   sum(o.open) OVER (PARTITION BY l.item_id ORDER BY l.reservation_id DESC) AS run,
                   d.missing
              FROM unnest(%s::bigint[], %s::int[]) AS d(item_id, missing)
              JOIN warehouse_reservationline l ON l.item_id = d.item_id
               AND l.quantity > l.shipped + l.released + l.backordered
              JOIN warehouse_reservation r ON r.id = l.reservation_id AND r.status = 'active'
             CROSS JOIN LATERAL (
                   SELECT l.quantity - l.shipped - l.released - l.backordered AS open) o) holder
     WHERE run - open < missing
     ORDER BY item_id, reservation_id DESC
"""

OLDEST_WAITING = """
    SELECT l.id, l.reservation_id, r.reference, r.pinned, l.item_id, l.backordered
      FROM warehouse_reservationline l
      JOIN warehouse_reservation r ON r.id = l.reservation_id AND r.status = 'active'
     WHERE l.item_id = ANY(%s::bigint[]) AND l.backordered > 0
       AND (r.expires_at IS NULL OR r.expires_at > statement_timestamp())
     ORDER BY l.reservation_id, l.id
"""

LINES_OF = """
    SELECT reservation_id, item_id, id FROM warehouse_reservationline
     WHERE reservation_id = ANY(%s::bigint[]) AND item_id = ANY(%s::bigint[])
"""


@dataclass(slots=True)
class Holder:
    """A line that holds (or waits for) `quantity` of an item."""

    line_id: int
    reservation_id: int
    reference: str
    pinned: bool
    item_id: int
    quantity: int


def settle(*, change: Change, items: Mapping[int, ItemState]) -> None:
    """Make promises fit the stock again: give way where it is short, fill backorders where it grew.

    `items` are all locked items, those of the products' other warehouses among them.
    """
    short = [item for item in change.touched.values() if item.available < 0]
    if short:
        _give_way(change, items, short)
    grown = [item for item in change.touched.values() if item.to_sell > item.could_sell]
    if any(item.to_sell > 0 for item in grown):
        _fill(change, items, grown)


def _give_way(change: Change, items: Mapping[int, ItemState], short: Sequence[ItemState]) -> None:
    found = rows(
        NEWEST_HOLDERS,
        [int_array(item.id for item in short), int_array(-item.available for item in short)],
    )
    holders = [Holder(*row) for row in found]
    lines = _Lines(change, holders, items)
    for holder in holders:
        item = items[holder.item_id]
        lose = min(holder.quantity, -item.available)
        if lose <= 0:
            continue
        resourced = 0
        for other in _others(item, items, holder):
            part = min(lose - resourced, other.to_sell)
            if part > 0:
                lines.move(holder, item, other, part)
                resourced += part
        rest = lose - resourced
        if rest:
            item.reserved -= rest
            change.line(holder.line_id).backordered += rest
        change.affected.append(
            Affected(
                reference=holder.reference,
                sku=item.sku,
                warehouse=item.warehouse,
                resourced=resourced,
                backordered=rest,
            )
        )


def _fill(change: Change, items: Mapping[int, ItemState], grown: Sequence[ItemState]) -> None:
    products = {item.product_id for item in grown}
    siblings = [item for item in items.values() if item.product_id in products]
    found = [Holder(*row) for row in rows(OLDEST_WAITING, [[item.id for item in siblings]])]
    waiting = [holder for holder in found if _still_waiting(change, holder)]
    lines = _Lines(change, waiting, items)
    for holder in waiting:
        own = items[holder.item_id]
        own_part = min(holder.quantity, own.to_sell) if own.to_sell > 0 else 0
        if own_part:
            own.reserved += own_part
            change.touch(own)
            change.line(holder.line_id).backordered -= own_part
        left = holder.quantity - own_part
        moved = 0
        for other in _others(own, items, holder):
            part = min(left - moved, other.to_sell)
            if part > 0:
                lines.move_waiting(holder, other, part)
                moved += part
        if own_part or moved:
            change.filled.append(
                Affected(
                    reference=holder.reference,
                    sku=own.sku,
                    warehouse=own.warehouse,
                    resourced=moved,
                    backordered=left - moved,
                )
            )


def _still_waiting(change: Change, holder: Holder) -> bool:
    """Whether a line waits even after this change, which may give part of it back; adjusts `quantity`."""
    delta = change.line_deltas.get(holder.line_id)
    if delta is not None:
        holder.quantity += delta.backordered
    return holder.quantity > 0


def _others(item: ItemState, items: Mapping[int, ItemState], holder: Holder) -> list[ItemState]:
    """The same product elsewhere, fullest first; nowhere for a reservation that named its warehouse."""
    if holder.pinned:
        return []
    return sorted(
        (o for o in items.values() if o.product_id == item.product_id and o.id != item.id),
        key=lambda other: (-other.to_sell, other.id),
    )


class _Lines:
    """Moves promises between items, onto the line that is there already or onto a new one."""

    def __init__(
        self, change: Change, holders: Sequence[Holder], items: Mapping[int, ItemState]
    ) -> None:
        self.change = change
        found: list[tuple[Any, ...]] = []
        if holders:
            reservations = {holder.reservation_id for holder in holders}
            found = rows(LINES_OF, [list(reservations), list(items)])
        self.known = {(reservation, item): line for reservation, item, line in found}

    def move(self, holder: Holder, item: ItemState, other: ItemState, quantity: int) -> None:
        item.reserved -= quantity
        self.change.line(holder.line_id).quantity -= quantity
        self._promise(holder, other, quantity)

    def move_waiting(self, holder: Holder, other: ItemState, quantity: int) -> None:
        delta = self.change.line(holder.line_id)
        delta.quantity -= quantity
        delta.backordered -= quantity
        self._promise(holder, other, quantity)

    def _promise(self, holder: Holder, other: ItemState, quantity: int) -> None:
        other.reserved += quantity
        self.change.touch(other)
        key = (holder.reservation_id, other.id)
        if key in self.known:
            self.change.line(self.known[key]).quantity += quantity
        else:
            self.change.moved_lines[key] = self.change.moved_lines.get(key, 0) + quantity
