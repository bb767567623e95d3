"""Sales orders as the API, pages and packing slips show them: three statements, whatever is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.sql import rows, rows_together
from orders.errors import OrderNotFound
from warehouse.checks import check_theirs
from warehouse.errors import WarehouseNotAllowed

ORDERS = """
    SELECT o.id, o.reference, o.status, o.priority, o.ship_by, o.carrier, o.ship_to_name,
           o.ship_to_address, o.notes, w.code, o.strategy, r.reference, o.placed_at, o.updated_at,
           ARRAY(SELECT s.reference FROM orders_shipment s WHERE s.order_id = o.id ORDER BY s.id)
      FROM orders_salesorder o
      LEFT JOIN warehouse_warehouse w ON w.id = o.warehouse_id
      LEFT JOIN warehouse_reservation r ON r.id = o.reservation_id
     WHERE o.reference = ANY(%s::text[])
"""

LINES = """
    SELECT o.reference, p.sku, p.name, y.quantity, y.cancelled, y.shipped
      FROM orders_salesorder o
      JOIN orders_orderline y ON y.order_id = o.id
      JOIN warehouse_product p ON p.id = y.product_id
     WHERE o.reference = ANY(%s::text[])
     ORDER BY y.id
"""

PROMISES = """
    SELECT o.reference, p.sku, w.code,
           l.quantity - l.shipped - l.released - l.backordered, l.backordered
      FROM orders_salesorder o
      JOIN warehouse_reservationline l ON l.reservation_id = o.reservation_id AND l.quantity > 0
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE o.reference = ANY(%s::text[])
     ORDER BY l.id
"""

# The newest first. Seen is an order whose promises all lie where the caller may look.
PAGE = """
    SELECT o.id, o.reference
      FROM orders_salesorder o
      LEFT JOIN warehouse_warehouse w ON w.id = o.warehouse_id
     WHERE o.id < %(before)s AND (%(status)s::text IS NULL OR o.status = %(status)s::text)
       AND (%(within)s::text[] IS NULL OR CASE
            WHEN o.reservation_id IS NULL THEN w.code = ANY(%(within)s::text[])
            ELSE NOT EXISTS (
                 SELECT FROM warehouse_reservationline l
                   JOIN warehouse_inventoryitem i ON i.id = l.item_id
                   JOIN warehouse_warehouse x ON x.id = i.warehouse_id
                  WHERE l.reservation_id = o.reservation_id AND l.quantity > 0
                    AND x.code <> ALL(%(within)s::text[])) END)
     ORDER BY o.id DESC LIMIT %(limit)s
"""
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PromiseView:
    """What one warehouse holds for an order line: units that are there, units that are awaited."""

    warehouse: str
    reserved: int
    backordered: int


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """quantity = cancelled + shipped + what is still to come, of which `backordered` waits for stock."""

    sku: str
    name: str
    quantity: int
    cancelled: int
    shipped: int
    promises: Sequence[PromiseView]

    @property
    def open(self) -> int:
        return self.quantity - self.cancelled - self.shipped

    @property
    def backordered(self) -> int:
        return sum(promise.backordered for promise in self.promises)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it stands. `created` tells whether this very call placed it."""

    id: int
    reference: str
    status: str
    priority: int
    ship_by: datetime | None
    carrier: str
    ship_to_name: str
    ship_to_address: str
    notes: str
    warehouse: str | None
    strategy: str
    reservation: str | None
    placed_at: datetime
    updated_at: datetime
    shipments: Sequence[str]
    lines: Sequence[OrderLineView]
    created: bool = False

    @property
    def warehouses(self) -> set[str]:
        """Where its goods come from; for a draft, where they are to come from."""
        if self.reservation is None:
            return {self.warehouse} if self.warehouse else set()
        return {promise.warehouse for line in self.lines for promise in line.promises}

    def check_allowed(self, within: Collection[str] | None) -> None:
        """Raise WarehouseNotAllowed where any part of it lies, or may come to lie, outside of `within`."""
        if within is not None and not self.warehouses:
            raise WarehouseNotAllowed(
                _("%(reference)s names no warehouse of yours.") % {"reference": self.reference}
            )
        check_theirs(what=self.reference, warehouses=self.warehouses, within=within)


def order_views(*, references: Collection[str]) -> dict[str, OrderView]:
    """The orders that exist, by reference."""
    wanted = [list(references)]
    heads, lines, promises = rows_together((ORDERS, wanted), (LINES, wanted), (PROMISES, wanted))
    promised: dict[tuple[str, str], list[PromiseView]] = {}
    for reference, sku, *promise in promises:
        promised.setdefault((reference, sku), []).append(PromiseView(*promise))
    held: dict[str, list[OrderLineView]] = {}
    for reference, sku, *rest in lines:
        line = OrderLineView(*[sku, *rest, promised.get((reference, sku), [])])
        held.setdefault(reference, []).append(line)
    return {row[1]: OrderView(*[*row, held.get(row[1], [])]) for row in heads}


def order_view(*, reference: str) -> OrderView:
    """One order. Raises OrderNotFound."""
    found = order_views(references=[reference])
    if reference not in found:
        raise OrderNotFound(_("There is no order %(reference)s.") % {"reference": reference})
    return found[reference]


def order_page(
    *,
    status: str | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[OrderView]:
    """The next orders, the newest first; `before` is the id of the last one seen."""
    params: dict[str, Any] = {
        "status": status,
        "before": NEWEST if before is None else before,
        "limit": limit,
        "within": None if within is None else sorted(within),
    }
    references = [reference for _, reference in rows(PAGE, params)]
    found = order_views(references=references)
    return [found[reference] for reference in references]


def known_orders(*, references: Collection[str]) -> dict[str, str]:
    """Fingerprints of the orders that exist, by reference."""
    found = rows(
        "SELECT reference, fingerprint FROM orders_salesorder WHERE reference = ANY(%s::text[])",
        [list(references)],
    )
    return dict(found)


def orders_of_reservations(*, references: Collection[str]) -> dict[str, str]:
    """Which order has which reservation: references of orders by those of reservations."""
    found = rows(
        """SELECT r.reference, o.reference FROM orders_salesorder o
             JOIN warehouse_reservation r ON r.id = o.reservation_id
            WHERE r.reference = ANY(%s::text[])""",
        [list(references)],
    )
    return dict(found)
