"""What waits to be picked, and where it lies: what a planner has to know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory_site.core.sql import rows

# Units of an item that lie where one may pick them and that no open line speaks for.
FREE = """
    SELECT FROM warehouse_binstock s
      JOIN warehouse_bin b ON b.id = s.bin_id AND b.kind NOT IN ('quarantine', 'packing')
     WHERE s.item_id = i.id
       AND (%(aisles)s::text[] IS NULL OR split_part(b.code, '-', 1) = ANY(%(aisles)s))
       AND s.quantity > (SELECT coalesce(sum(x.quantity - x.picked - x.short), 0)
                           FROM orders_pickline x
                          WHERE x.item_id = s.item_id AND x.bin_id = s.bin_id
                            AND x.quantity > x.picked + x.short)
"""

# From the items that are promised to their open promises, which are few: the orders that wait for stock,
# and those that have left, are never looked at. `OFFSET 0` keeps it in this order.
WAITING = f"""
    SELECT o.id
      FROM warehouse_inventoryitem i
     CROSS JOIN LATERAL (
           SELECT reservation_id, quantity - shipped - released - backordered AS units
             FROM warehouse_reservationline
            WHERE item_id = i.id AND quantity > shipped + released + backordered OFFSET 0) r
      JOIN orders_salesorder o ON o.reservation_id = r.reservation_id
       AND o.status NOT IN ('shipped', 'closed', 'cancelled')
     CROSS JOIN LATERAL (
           SELECT coalesce(sum(x.quantity - x.short - x.shipped), 0) AS units
             FROM orders_orderline y
             JOIN orders_pickline x ON x.order_line_id = y.id AND x.item_id = i.id
            WHERE y.order_id = o.id AND y.product_id = i.product_id) covered
     WHERE i.reserved > 0 AND i.warehouse_id = ANY(%(warehouses)s::bigint[])
       AND (%(orders)s::text[] IS NULL OR o.reference = ANY(%(orders)s))
       AND (%(carrier)s::text IS NULL OR o.carrier = %(carrier)s)
       AND (%(ship_before)s::timestamptz IS NULL OR o.ship_by <= %(ship_before)s)
       AND r.units > covered.units AND EXISTS ({FREE})
     GROUP BY o.id
     ORDER BY o.priority, o.ship_by NULLS LAST, o.id
     LIMIT %(most)s
"""

CARRIERS = f"""
    SELECT carrier, count(*)::int FROM orders_salesorder
     WHERE carrier <> '' AND id IN ({WAITING})
     GROUP BY carrier ORDER BY carrier
"""

ZONES = """
    SELECT DISTINCT split_part(b.code, '-', 1) FROM warehouse_bin b
     WHERE b.warehouse_id = ANY(%s::bigint[]) AND b.kind IN ('pick', 'bulk') AND b.code LIKE '%%-%%'
     ORDER BY 1
"""

# What the orders are promised and no list covers: on a list, or in a tote already.
DEMAND = """
    SELECT i.warehouse_id, o.id, y.id, i.id, u.units
      FROM orders_salesorder o
      JOIN orders_orderline y ON y.order_id = o.id
      JOIN warehouse_reservationline r ON r.reservation_id = o.reservation_id
       AND r.quantity > r.shipped + r.released + r.backordered
      JOIN warehouse_inventoryitem i ON i.id = r.item_id AND i.product_id = y.product_id
     CROSS JOIN LATERAL (
           SELECT r.quantity - r.shipped - r.released - r.backordered
                  - coalesce(sum(x.quantity - x.short - x.shipped), 0)::int AS units
             FROM orders_pickline x WHERE x.order_line_id = y.id AND x.item_id = i.id) u
     WHERE o.id = ANY(%(ids)s::bigint[]) AND u.units > 0
       AND o.status NOT IN ('shipped', 'closed', 'cancelled')
       AND i.warehouse_id = ANY(%(warehouses)s::bigint[])
     ORDER BY o.priority, o.ship_by NULLS LAST, o.id, y.id
"""

SHELVES = """
    SELECT s.item_id, s.bin_id, b.code, b.kind, b.pick_sequence,
           s.quantity - coalesce(x.units, 0), coalesce(x.units, 0),
           EXISTS (SELECT FROM orders_counttask k
                    WHERE k.bin_id = b.id AND k.reason = 'short_pick'
                      AND k.status IN ('open', 'recount', 'approval')),
           b.id IS NOT DISTINCT FROM i.primary_bin_id
      FROM warehouse_binstock s
      JOIN warehouse_bin b ON b.id = s.bin_id
      JOIN warehouse_inventoryitem i ON i.id = s.item_id
     CROSS JOIN LATERAL (
           SELECT sum(quantity - picked - short)::int AS units FROM orders_pickline
            WHERE item_id = s.item_id AND bin_id = s.bin_id AND quantity > picked + short) x
     WHERE s.item_id = ANY(%s::bigint[]) AND s.quantity > 0
       AND b.kind NOT IN ('quarantine', 'packing')
     ORDER BY s.item_id, b.pick_sequence, b.id
"""

SPOKEN = """
    SELECT s.quantity, coalesce(x.units, 0), coalesce(x.lists, '{}')
      FROM warehouse_bin b
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id AND w.code = %s
      JOIN warehouse_binstock s ON s.bin_id = b.id
      JOIN warehouse_inventoryitem i ON i.id = s.item_id
      JOIN warehouse_product p ON p.id = i.product_id
     CROSS JOIN LATERAL (
           SELECT sum(l.quantity - l.picked - l.short)::int AS units,
                  array_agg(DISTINCT t.reference ORDER BY t.reference) AS lists
             FROM orders_pickline l JOIN orders_picklist t ON t.id = l.pick_list_id
            WHERE l.item_id = s.item_id AND l.bin_id = s.bin_id
              AND l.quantity > l.picked + l.short) x
     WHERE b.code = %s AND p.sku = %s
"""

# Where a picker is: at the first line that is still open. Of a list that nobody has, at its beginning.
OPEN_AT = """
    SELECT x.id, t.id, t.reference, x.order_line_id, y.order_id, x.quantity,
           x.quantity - x.picked - x.short, x.sequence,
           CASE t.status WHEN 'claimed' THEN w.here ELSE 0 END, w.last
      FROM orders_pickline x
      JOIN orders_picklist t ON t.id = x.pick_list_id
      JOIN orders_orderline y ON y.id = x.order_line_id
      JOIN orders_salesorder o ON o.id = y.order_id
     CROSS JOIN LATERAL (
           SELECT min(z.sequence) FILTER (WHERE z.quantity > z.picked + z.short) AS here,
                  max(z.sequence) AS last
             FROM orders_pickline z WHERE z.pick_list_id = t.id) w
     WHERE x.item_id = %s AND x.bin_id = %s AND x.quantity > x.picked + x.short AND x.id <> %s
     ORDER BY o.priority, o.ship_by NULLS LAST, o.id, x.id
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which waiting orders are meant. Times and carriers are the order's; aisles those of its bins."""

    orders: Collection[str] | None = None
    carrier: str | None = None
    ship_before: datetime | None = None
    aisles: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of an item that a line of an order is promised, and that are on no list yet."""

    order_id: int
    order_line_id: int
    item_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """An item in a bin. `free` is what no open pick line speaks for, `spoken` what one does."""

    item_id: int
    bin_id: int
    bin: str
    kind: str
    sequence: int
    free: int
    spoken: int = 0
    suspect: bool = False
    primary: bool = False

    @property
    def aisle(self) -> str:
        return self.bin.partition("-")[0]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line with `left` units to pick; its list's walk is at `walk_at` now and ends at `walk_end`."""

    id: int
    list_id: int
    pick_list: str
    order_line_id: int
    order_id: int
    quantity: int
    left: int
    sequence: int
    walk_at: int
    walk_end: int


def waiting_orders(*, warehouses: Collection[int], wanted: Filter, most: int) -> list[int]:
    """Ids of orders with something to plan in these warehouses: by priority, ship-by time, age."""
    found = rows(WAITING, _waiting(warehouses, wanted, most))
    return [order_id for (order_id,) in found]


def _waiting(warehouses: Collection[int], wanted: Filter, most: int | None) -> dict[str, Any]:
    return {
        "warehouses": list(warehouses),
        "orders": None if wanted.orders is None else list(wanted.orders),
        "carrier": wanted.carrier,
        "ship_before": wanted.ship_before,
        "aisles": None if wanted.aisles is None else list(wanted.aisles),
        "most": most,
    }


def waiting_carriers(*, warehouses: Collection[int]) -> dict[str, int]:
    """Carriers of the orders with something to plan in these warehouses, and how many orders each has."""
    return dict(rows(CARRIERS, _waiting(warehouses, Filter(), None)))


def zones(*, warehouses: Collection[int]) -> list[str]:
    """The aisles of these warehouses in which one picks."""
    return [aisle for (aisle,) in rows(ZONES, [list(warehouses)])]


def demand(*, order_ids: Collection[int], warehouses: Collection[int]) -> dict[int, list[Wanted]]:
    """What of these orders is to be planned, by warehouse, the most urgent order first."""
    found = rows(DEMAND, {"ids": list(order_ids), "warehouses": list(warehouses)})
    wanted: dict[int, list[Wanted]] = {}
    for warehouse_id, *line in found:
        wanted.setdefault(warehouse_id, []).append(Wanted(*line))
    return wanted


def shelves(*, item_ids: Collection[int]) -> list[Shelf]:
    """Where these items lie, as far as one may pick there."""
    return [Shelf(*row) for row in rows(SHELVES, [list(item_ids)])]


def spoken_for(*, warehouse: str, bin: str, sku: str) -> tuple[int, int, list[str]]:
    """Of a product in a bin: units there, units that open pick lines take from it, the lists concerned."""
    found = rows(SPOKEN, [warehouse, bin, sku])
    return (found[0][0], found[0][1], list(found[0][2])) if found else (0, 0, [])


def open_lines_at(*, item_id: int, bin_id: int, but: int) -> list[OpenLine]:
    """Lines of any list that still take this item from this bin, the most urgent first; not `but`."""
    return [OpenLine(*row) for row in rows(OPEN_AT, [item_id, bin_id, but])]


def warehouse_ids(*, codes: Collection[str] | None) -> dict[str, int]:
    """Ids of these warehouses by code; of all without `codes`."""
    found = rows(
        """SELECT code, id FROM warehouse_warehouse
            WHERE %s::text[] IS NULL OR code = ANY(%s::text[]) ORDER BY id""",
        [None if codes is None else list(codes)] * 2,
    )
    return dict(found)


def order_facts(*, references: Collection[str]) -> dict[str, tuple[str, int, int]]:
    """Of the orders that exist: status, units that wait for stock, units on lists or in totes."""
    found = rows(
        """SELECT o.reference, o.status, coalesce(r.units, 0), coalesce(x.units, 0)
             FROM orders_salesorder o
            CROSS JOIN LATERAL (SELECT sum(backordered)::int AS units
                                  FROM warehouse_reservationline
                                 WHERE reservation_id = o.reservation_id) r
            CROSS JOIN LATERAL (SELECT sum(p.quantity - p.short - p.shipped)::int AS units
                                  FROM orders_orderline y
                                  JOIN orders_pickline p ON p.order_line_id = y.id
                                 WHERE y.order_id = o.id) x
            WHERE o.reference = ANY(%s::text[])""",
        [list(references)],
    )
    return {row[0]: (row[1], row[2], row[3]) for row in found}
