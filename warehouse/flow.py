"""What went in and out, what it is worth, and what sells: figures for the manager's morning.

Each is one statement over the caller's warehouses.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from inventory_site.core.sql import rows_planned

# Bin to bin is neither in nor out.
FLOW = """
    SELECT (m.occurred_at AT TIME ZONE %(zone)s)::date AS day,
           coalesce(sum(m.quantity) FILTER (WHERE m.quantity > 0), 0)::bigint,
           coalesce(-sum(m.quantity) FILTER (WHERE m.quantity < 0), 0)::bigint
      FROM warehouse_stockmovement m
      JOIN warehouse_inventoryitem i ON i.id = m.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE m.type <> 'move' AND m.occurred_at >= %(since)s::timestamptz
       AND m.occurred_at < %(now)s::timestamptz
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     GROUP BY 1
"""

VALUE = """
    SELECT coalesce(c.abc, '-'), count(*), sum(i.on_hand)::bigint,
           coalesce(sum(i.on_hand * p.unit_cost), 0)
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_itemclass c ON c.item_id = i.id
     WHERE i.on_hand > 0 AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     GROUP BY 1 ORDER BY 1
"""

MOVERS = """
    SELECT p.id, p.sku, p.name, s.units, s.available
      FROM (SELECT i.product_id, -sum(m.quantity)::bigint AS units,
                   (SELECT sum(x.on_hand - x.unsellable - x.reserved)
                      FROM warehouse_inventoryitem x JOIN warehouse_warehouse y ON y.id = x.warehouse_id
                     WHERE x.product_id = i.product_id
                       AND (%(within)s::text[] IS NULL OR y.code = ANY(%(within)s::text[])))::bigint
                       AS available
              FROM warehouse_stockmovement m
              JOIN warehouse_inventoryitem i ON i.id = m.item_id
              JOIN warehouse_warehouse w ON w.id = i.warehouse_id
             WHERE m.type = 'ship' AND m.occurred_at >= %(since)s::timestamptz
               AND m.occurred_at < %(now)s::timestamptz
               AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
             GROUP BY i.product_id ORDER BY 2 DESC, 1 LIMIT %(most)s) s
      JOIN warehouse_product p ON p.id = s.product_id
     ORDER BY s.units DESC, p.sku
"""

# What is available lasts so long at the mean of its demand; what nobody asks for has no cover.
COVER = """
    SELECT p.id, p.sku, w.code, i.on_hand - i.unsellable - i.reserved, i.reorder_point, i.inbound,
           7 * (i.on_hand - i.unsellable - i.reserved) / c.weekly_mean
      FROM warehouse_itemclass c
      JOIN warehouse_inventoryitem i ON i.id = c.item_id
      JOIN warehouse_product p ON p.id = i.product_id AND p.active
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE c.weekly_mean > 0 AND c.abc = 'A'
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     ORDER BY 7, p.sku, w.code LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Day:
    """Units that came in and went out, transfers between warehouses among them."""

    day: date
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class ClassValue:
    """What lies of one class, at unit cost; `-`: not classed yet."""

    abc: str
    items: int
    units: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Mover:
    product: int
    sku: str
    name: str
    shipped: int
    available: int


@dataclass(frozen=True, slots=True)
class Cover:
    """How many days what is available lasts at the mean of an item's demand."""

    product: int
    sku: str
    warehouse: str
    available: int
    reorder_point: int
    inbound: int
    days: float


def flow(
    *, days: int, now: datetime, zone: str, within: Collection[str] | None = None
) -> list[Day]:
    """Units in and out on each of the last days, today among them."""
    found = rows_planned(FLOW, _given(within, now=now, since=now - timedelta(days=days), zone=zone))
    known = {day: (came, went) for day, came, went in found}
    last = max(known, default=now.date())
    wanted = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [Day(day, *known.get(day, (0, 0))) for day in wanted]


def value_by_class(*, within: Collection[str] | None = None) -> list[ClassValue]:
    """What is on hand, by ABC class."""
    return [ClassValue(*row) for row in rows_planned(VALUE, _given(within))]


def top_movers(
    *, days: int, now: datetime, most: int = 8, within: Collection[str] | None = None
) -> list[Mover]:
    """The products that shipped most units in the last days."""
    given = _given(within, now=now, since=now - timedelta(days=days), most=most)
    return [Mover(*row) for row in rows_planned(MOVERS, given)]


def least_cover(*, most: int = 8, within: Collection[str] | None = None) -> list[Cover]:
    """Items of class A that run out first, at the mean of their demand."""
    return [Cover(*row) for row in rows_planned(COVER, _given(within, most=most))]


def _given(within: Collection[str] | None, **more: object) -> dict[str, object]:
    return {"within": None if within is None else sorted(within), **more}
