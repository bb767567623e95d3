"""Purchase orders as they stand, and what the engine suggests to buy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from inventory_site.core.sql import rows
from orders.queries.filtering import array, conditions
from warehouse.reordering import TO_ORDER

VIEW = """
    SELECT o.id, o.reference, s.code, s.lead_time_days, w.code, o.status, o.expected_at, o.notes,
           o.created_at, o.sent_at, o.closed_at,
           p.sku, p.name, l.quantity, l.received, l.damaged, l.unit_cost, p.lead_time_days
      FROM orders_purchaseorder o
      JOIN warehouse_supplier s ON s.id = o.supplier_id
      JOIN warehouse_warehouse w ON w.id = o.warehouse_id
      JOIN orders_purchaseline l ON l.order_id = o.id
      JOIN warehouse_product p ON p.id = l.product_id
"""

# Open suggestions of items that no open purchase order brings yet, with what they come to by now.
SUGGESTED = f"""
    SELECT s.code, w.code, p.sku, {TO_ORDER}
      FROM warehouse_reordersuggestion g
      JOIN warehouse_inventoryitem i ON i.id = g.item_id
      JOIN warehouse_product p ON p.id = i.product_id AND p.active
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_supplier s ON s.id = p.supplier_id
     WHERE g.closed_at IS NULL
       AND (%(warehouses)s::text[] IS NULL OR w.code = ANY(%(warehouses)s::text[]))
       AND NOT EXISTS (
           SELECT FROM orders_purchaseline l
             JOIN orders_purchaseorder o ON o.id = l.order_id
            WHERE l.product_id = i.product_id AND o.warehouse_id = i.warehouse_id
              AND o.status IN ('draft', 'sent', 'partly_received') AND l.received < l.quantity)
     ORDER BY s.code, w.code, p.sku
"""


@dataclass(frozen=True, slots=True)
class PurchaseLineView:
    """Units. `received` may exceed `quantity`; `damaged` are of those received."""

    sku: str
    name: str
    quantity: int
    received: int
    damaged: int
    unit_cost: Decimal | None
    lead_time_days: int | None

    @property
    def left(self) -> int:
        """What is still to come; nothing where more came than was ordered."""
        return self.quantity - self.received if self.received < self.quantity else 0


@dataclass(frozen=True, slots=True)
class PurchaseView:
    id: int
    reference: str
    supplier: str
    supplier_lead_days: int
    warehouse: str
    status: str
    expected_at: datetime | None
    notes: str
    created_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    lines: tuple[PurchaseLineView, ...]

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)


@dataclass(frozen=True, slots=True)
class Suggested:
    """So many units of an item are to be bought; no supplier: nobody is known who sells it."""

    supplier: str | None
    warehouse: str
    sku: str
    quantity: int


def purchase_views(*, references: Collection[str]) -> list[PurchaseView]:
    """These purchase orders with their lines, in the order in which they were made."""
    found = rows(VIEW + "WHERE o.reference = ANY(%s) ORDER BY o.id, l.id", [list(references)])
    return _views(found)


def purchase_page(
    *,
    status: str | None = None,
    supplier: str | None = None,
    warehouse: str | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[PurchaseView]:
    """Purchase orders, the newest first."""
    where, params = conditions(
        [
            ("o.status = %s", status),
            ("s.code = %s", supplier),
            ("w.code = %s", warehouse),
            ("o.id < %s", before),
            ("w.code = ANY(%s::text[])", array(within)),
        ]
    )
    return _views(rows(_page(where), [*params, limit]))


def _page(where: str) -> str:
    return f"""{VIEW} WHERE o.id IN (
           SELECT o.id FROM orders_purchaseorder o
             JOIN warehouse_supplier s ON s.id = o.supplier_id
             JOIN warehouse_warehouse w ON w.id = o.warehouse_id
           {where} ORDER BY o.id DESC LIMIT %s)
     ORDER BY o.id DESC, l.id"""


def coming_to(*, warehouse: str) -> list[PurchaseView]:
    """What was sent and has not all come to this warehouse, the earliest expected first."""
    return _views(
        rows(
            VIEW
            + """WHERE w.code = %s AND o.status IN ('sent', 'partly_received')
                 ORDER BY o.expected_at NULLS LAST, o.id, l.id""",
            [warehouse],
        )
    )


def suggested(*, warehouses: Collection[str] | None) -> list[Suggested]:
    """What is to be bought and is on no open purchase order, by supplier and warehouse."""
    return [Suggested(*row) for row in rows(SUGGESTED, {"warehouses": array(warehouses)})]


def known_suppliers(*, codes: Collection[str]) -> set[str]:
    """Those of `codes` that exist."""
    found = rows("SELECT code FROM warehouse_supplier WHERE code = ANY(%s)", [list(codes)])
    return {code for (code,) in found}


def _views(found: Sequence[tuple[Any, ...]]) -> list[PurchaseView]:
    return [
        PurchaseView(*(*head, tuple(PurchaseLineView(*row[11:]) for row in lines)))
        for head, lines in groupby(found, key=lambda row: row[:11])
    ]
