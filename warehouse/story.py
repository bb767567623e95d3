"""A product's story on one page: where it is, who holds it, what is coming, what moved, how it sells; or that
of one item, the product in one warehouse.

Ten statements at most, whatever there is to tell; each reads an index of this product's items.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inventory_site.core.sql import rows
from warehouse.reordering import TO_ORDER
from warehouse.statements import int_array

DAYS = 90
WEEKS = 26
MOST = 15  # rows of each list; the list behind it has all

ITEMS = f"""
    SELECT i.id, w.code, w.time_zone, i.on_hand, i.unsellable, i.reserved,
           i.on_hand - i.unsellable - i.reserved, i.inbound, i.safety_stock, i.reorder_point,
           i.reorder_quantity, i.last_counted_at, b.code, c.abc || c.xyz,
           CASE WHEN s.id IS NOT NULL THEN {TO_ORDER} END, a.id, a.point, a.quantity
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_bin b ON b.id = i.primary_bin_id
      LEFT JOIN warehouse_itemclass c ON c.item_id = i.id
      LEFT JOIN warehouse_reordersuggestion s ON s.item_id = i.id AND s.closed_at IS NULL
      LEFT JOIN warehouse_reorderadvice a ON a.item_id = i.id AND a.decided_at IS NULL
     WHERE i.product_id = %(product)s
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     ORDER BY w.priority, w.code
"""

BINS = """
    SELECT w.code, b.code, b.kind, s.quantity
      FROM warehouse_binstock s
      JOIN warehouse_bin b ON b.id = s.bin_id
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE s.item_id = ANY(%(items)s::bigint[]) AND s.quantity > 0
     ORDER BY w.priority, w.code, b.pick_sequence, b.code
"""

HOLDERS = """
    SELECT r.reference, w.code, l.quantity - l.shipped - l.released - l.backordered, l.backordered,
           r.created_at, r.expires_at, count(*) OVER ()
      FROM warehouse_reservationline l
      JOIN warehouse_reservation r ON r.id = l.reservation_id AND r.status = 'active'
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE l.item_id = ANY(%(items)s::bigint[])
       AND (l.quantity > l.shipped + l.released + l.backordered OR l.backordered > 0)
     ORDER BY l.reservation_id LIMIT %(most)s
"""

COMING = """
    SELECT n.reference, n.kind, w.code, n.quantity - n.received - n.cancelled, n.expected_at
      FROM warehouse_inboundline n
      JOIN warehouse_inventoryitem i ON i.id = n.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE n.item_id = ANY(%(items)s::bigint[]) AND n.quantity > n.received + n.cancelled
     ORDER BY n.expected_at NULLS LAST, n.id LIMIT %(most)s
"""

MOVEMENTS = """
    SELECT m.occurred_at, m.type, w.code, m.quantity, f.code, t.code, m.on_hand_after, m.reference,
           m.reason, m.actor
      FROM unnest(%(items)s::bigint[]) AS x(id)
     CROSS JOIN LATERAL (SELECT * FROM warehouse_stockmovement WHERE item_id = x.id
                          ORDER BY id DESC LIMIT %(most)s) m
      JOIN warehouse_inventoryitem i ON i.id = m.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_bin f ON f.id = m.bin_from_id
      LEFT JOIN warehouse_bin t ON t.id = m.bin_to_id
     ORDER BY m.id DESC LIMIT %(most)s
"""

# Of each day what it changed on hand, and of each week what it shipped.
PAST = """
    SELECT (occurred_at AT TIME ZONE %(zone)s)::date, sum(quantity)::int,
           coalesce(sum(-quantity) FILTER (WHERE type = 'ship'), 0)::int
      FROM warehouse_stockmovement
     WHERE item_id = ANY(%(items)s::bigint[]) AND occurred_at >= %(since)s::timestamptz
       AND occurred_at < %(now)s::timestamptz
     GROUP BY 1
"""

REFUSED = """
    SELECT (occurred_at AT TIME ZONE %(zone)s)::date, sum(requested - available)::int
      FROM warehouse_lostdemand
     WHERE product_id = %(product)s AND occurred_at >= %(since)s::timestamptz
       AND (%(item)s::bigint IS NULL OR warehouse_id = (
            SELECT warehouse_id FROM warehouse_inventoryitem WHERE id = %(item)s::bigint))
       AND occurred_at < %(now)s::timestamptz
     GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class ItemStory:
    """Units in one warehouse. `suggested`: to order now; `advice`: the id of what is advised, or None."""

    id: int
    warehouse: str
    time_zone: str
    on_hand: int
    unsellable: int
    reserved: int
    available: int
    inbound: int
    safety_stock: int
    reorder_point: int
    reorder_quantity: int
    last_counted_at: datetime | None
    bin: str | None
    classes: str | None
    suggested: int | None
    advice: int | None
    advised_point: int | None
    advised_quantity: int | None


@dataclass(frozen=True, slots=True)
class BinStory:
    warehouse: str
    bin: str
    kind: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds how many, until when; `waiting` units are promised and not there yet."""

    reference: str
    warehouse: str
    open: int
    waiting: int
    since: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coming:
    reference: str
    kind: str
    warehouse: str
    quantity: int
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    occurred_at: datetime
    type: str
    warehouse: str
    quantity: int
    bin_from: str | None
    bin_to: str | None
    on_hand_after: int
    reference: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class Story:
    """`stock`: on hand at each day's end; `demand`: units shipped and refused in the week of a Monday.
    `elsewhere`: items of the product that it does not tell of."""

    items: Sequence[ItemStory]
    bins: Sequence[BinStory]
    holders: Sequence[Holder]
    holders_in_all: int
    coming: Sequence[Coming]
    movements: Sequence[Moved]
    stock: Mapping[date, int]
    demand: Mapping[date, tuple[int, int]]
    elsewhere: Sequence[ItemStory] = ()

    def total(self, name: str) -> int:
        """A counter over all warehouses."""
        return sum(getattr(item, name) for item in self.items)


def story(
    *, product: int, now: datetime, within: Collection[str] | None = None, item: int | None = None
) -> Story:
    """What there is to tell of a product in the caller's warehouses, as it stands now.

    With an `item`, what there is to tell of that one; refused demand is then what was asked of its warehouse.
    Days are those of the first warehouse's time zone.
    """
    limit = None if within is None else sorted(within)
    found = [ItemStory(*row) for row in rows(ITEMS, {"product": product, "within": limit})]
    items = [one for one in found if item in (None, one.id)]
    zone = items[0].time_zone if items else "UTC"
    given = {
        "items": int_array(one.id for one in items),
        "product": product,
        "item": item,
        "most": MOST,
        "zone": zone,
        "since": now - timedelta(weeks=WEEKS),
        "now": now,
    }
    return _told(items, [one for one in found if one not in items], given, _today(now, zone))


def _told(
    items: Sequence[ItemStory], elsewhere: Sequence[ItemStory], given: dict[str, Any], today: date
) -> Story:
    held = rows(HOLDERS, given)
    past = rows(PAST, given)
    refused = rows(REFUSED, given)
    return Story(
        items=items,
        elsewhere=elsewhere,
        bins=[BinStory(*row) for row in rows(BINS, given)],
        holders=[Holder(*row[:-1]) for row in held],
        holders_in_all=held[0][-1] if held else 0,
        coming=[Coming(*row) for row in rows(COMING, given)],
        movements=[Moved(*row) for row in rows(MOVEMENTS, given)],
        stock=_daily(sum(one.on_hand for one in items), past, today),
        demand=_weekly(past, refused, today),
    )


def _today(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _daily(on_hand: int, past: Sequence[tuple[Any, ...]], today: date) -> dict[date, int]:
    """Backwards from what is on hand: at the end of the day before, less what the day changed."""
    changed = {day: units for day, units, _ in past}
    told = {}
    for back in range(DAYS):
        day = today - timedelta(days=back)
        told[day] = on_hand
        on_hand -= changed.get(day, 0)
    return dict(sorted(told.items()))


def _weekly(
    past: Sequence[tuple[Any, ...]], refused: Sequence[tuple[Any, ...]], today: date
) -> dict[date, tuple[int, int]]:
    monday = today - timedelta(days=today.weekday())
    weeks = {monday - timedelta(weeks=back): [0, 0] for back in range(WEEKS - 1, -1, -1)}
    told = [(day, shipped, 0) for day, _, shipped in past] + [
        (day, 0, lost) for day, lost in refused
    ]
    for day, shipped, lost in told:
        week = day - timedelta(days=day.weekday())
        if week in weeks:
            weeks[week][0] += shipped
            weeks[week][1] += lost
    return {week: (shipped, lost) for week, (shipped, lost) in weeks.items()}
