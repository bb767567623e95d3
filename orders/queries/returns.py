"""Returns as they stand, what of an order may come back, and how long and what is waiting to be graded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from inventory_site.core.sql import rows
from orders.queries.filtering import array, conditions

VIEW = """
    SELECT r.id, r.reference, o.reference, r.order_id, w.code, r.status, r.reason, r.created_at,
           r.received_at, r.graded_at,
           p.sku, p.name, l.expected, l.received, l.restocked, l.quarantined, l.scrapped
      FROM orders_returnorder r
      JOIN warehouse_warehouse w ON w.id = r.warehouse_id
      LEFT JOIN orders_salesorder o ON o.id = r.order_id
      JOIN orders_returnline l ON l.return_order_id = r.id
      JOIN warehouse_product p ON p.id = l.product_id
"""

# What was shipped of an order (from anywhere, and from these warehouses), and what of that came back or is
# announced on other returns.
RETURNABLE = """
    SELECT p.sku, p.name, y.shipped,
           CASE WHEN %(within)s::text[] IS NULL THEN y.shipped
                ELSE coalesce((SELECT sum(l.shipped)
                                 FROM warehouse_reservationline l
                                 JOIN warehouse_inventoryitem i ON i.id = l.item_id
                                 JOIN warehouse_warehouse w ON w.id = i.warehouse_id
                                WHERE l.reservation_id = o.reservation_id
                                  AND i.product_id = y.product_id
                                  AND w.code = ANY(%(within)s::text[])), 0)::int END,
           coalesce((SELECT sum(greatest(l.expected, l.received))
                       FROM orders_returnline l
                       JOIN orders_returnorder r ON r.id = l.return_order_id
                      WHERE r.order_id = y.order_id AND l.product_id = y.product_id
                        AND r.status <> 'cancelled'
                        AND r.id IS DISTINCT FROM %(beside)s::bigint), 0)::int
      FROM orders_orderline y
      JOIN orders_salesorder o ON o.id = y.order_id
      JOIN warehouse_product p ON p.id = y.product_id
     WHERE y.order_id = %(order)s
     ORDER BY y.id
"""

# The clock runs from the moment at which the parcel came; an announced one's from its announcement.
WAITING = """
    SELECT r.reference, o.reference, w.code, r.status, coalesce(r.received_at, r.created_at) AS since,
           coalesce(%(now)s::timestamptz, statement_timestamp())
               - coalesce(r.received_at, r.created_at) AS age,
           l.units, l.value
      FROM orders_returnorder r
      JOIN warehouse_warehouse w ON w.id = r.warehouse_id
      LEFT JOIN orders_salesorder o ON o.id = r.order_id
     CROSS JOIN LATERAL (
           SELECT sum(u.units)::int AS units, sum(u.units * coalesce(p.unit_cost, 0)) AS value
             FROM orders_returnline x
             JOIN warehouse_product p ON p.id = x.product_id
            CROSS JOIN LATERAL (
                  SELECT CASE WHEN r.status = 'expected' THEN x.expected
                              ELSE x.received - x.restocked - x.quarantined - x.scrapped
                         END AS units) u
            WHERE x.return_order_id = r.id) l
     WHERE r.status = ANY(%(statuses)s::text[])
       AND (%(warehouses)s::text[] IS NULL OR w.code = ANY(%(warehouses)s::text[]))
     ORDER BY r.status DESC, since, r.id
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ReturnLineView:
    """Units. `expected` 0: nobody announced it."""

    sku: str
    name: str
    expected: int
    received: int
    restocked: int
    quarantined: int
    scrapped: int

    @property
    def ungraded(self) -> int:
        return self.received - self.restocked - self.quarantined - self.scrapped

    @property
    def left(self) -> int:
        """What was announced and has not come."""
        return self.expected - self.received if self.received < self.expected else 0


@dataclass(frozen=True, slots=True)
class ReturnView:
    id: int
    reference: str
    order: str | None
    order_id: int | None
    warehouse: str
    status: str
    reason: str
    created_at: datetime
    received_at: datetime | None
    graded_at: datetime | None
    lines: tuple[ReturnLineView, ...]


@dataclass(frozen=True, slots=True)
class Returnable:
    """What of an order's product may still come back; `returned`: came, or is announced.

    `from_here`: what of it was shipped from the warehouses that were asked about.
    """

    sku: str
    name: str
    shipped: int
    from_here: int
    returned: int

    @property
    def left(self) -> int:
        return self.shipped - self.returned


@dataclass(frozen=True, slots=True)
class WaitingReturn:
    """A return that is not graded yet; `value` at unit cost (0 where no cost is known)."""

    reference: str
    order: str | None
    warehouse: str
    status: str
    since: datetime
    age: timedelta
    units: int
    value: Decimal


def return_views(*, references: Collection[str]) -> list[ReturnView]:
    """These returns with their lines, in the order in which they were made."""
    return _views(
        rows(VIEW + "WHERE r.reference = ANY(%s) ORDER BY r.id, l.id", [list(references)])
    )


def return_page(
    *,
    status: str | None = None,
    order: str | None = None,
    warehouse: str | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[ReturnView]:
    """Returns, the newest first."""
    where, params = conditions(
        [
            ("r.status = %s", status),
            ("o.reference = %s", order),
            ("w.code = %s", warehouse),
            ("r.id < %s", before),
            ("w.code = ANY(%s::text[])", array(within)),
        ]
    )
    sql = f"""{VIEW} WHERE r.id IN (
           SELECT r.id FROM orders_returnorder r
             JOIN warehouse_warehouse w ON w.id = r.warehouse_id
             LEFT JOIN orders_salesorder o ON o.id = r.order_id
           {where} ORDER BY r.id DESC LIMIT %s)
     ORDER BY r.id DESC, l.id"""
    return _views(rows(sql, [*params, limit]))


def order_to_return(*, reference: str, within: Collection[str] | None = None) -> int | None:
    """Id of a sales order of which some is promised in, or left from, one of these warehouses.

    A parcel comes back to where it left from, also when the rest of its order left from elsewhere.
    """
    found = rows(
        """SELECT o.id, ARRAY(
                  SELECT w.code FROM warehouse_reservationline l
                    JOIN warehouse_inventoryitem i ON i.id = l.item_id
                    JOIN warehouse_warehouse w ON w.id = i.warehouse_id
                   WHERE l.reservation_id = o.reservation_id AND l.quantity > 0)
             FROM orders_salesorder o WHERE o.reference = %s""",
        [reference],
    )
    if not found or (within is not None and found[0][1] and not {*found[0][1]} & {*within}):
        return None
    return int(found[0][0])


def returnable(
    *, order_id: int, beside: int | None = None, within: Collection[str] | None = None
) -> list[Returnable]:
    """What of an order may come back; what the return `beside` says itself is not counted."""
    asked = {"order": order_id, "beside": beside, "within": array(within)}
    return [Returnable(*row) for row in rows(RETURNABLE, asked)]


def waiting(
    *,
    warehouses: Collection[str] | None = None,
    statuses: Sequence[str] = ("received",),
    now: datetime | None = None,
    limit: int = 200,
) -> list[WaitingReturn]:
    """The clock: returns that are not graded, those on the bench first, the longest waiting first."""
    params = {
        "warehouses": array(warehouses),
        "statuses": list(statuses),
        "now": now,
        "limit": limit,
    }
    return [WaitingReturn(*row) for row in rows(WAITING, params)]


def _views(found: Sequence[tuple[Any, ...]]) -> list[ReturnView]:
    return [
        ReturnView(*(*head, tuple(ReturnLineView(*row[10:]) for row in lines)))
        for head, lines in groupby(found, key=lambda row: row[:10])
    ]
