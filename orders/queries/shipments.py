"""Parcels as the API, pages and packing slips show them: two statements, whatever is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.sql import rows, rows_together
from orders.errors import ShipmentNotFound
from warehouse.checks import check_theirs

SHIPMENTS = """
    SELECT s.id, s.reference, o.reference, w.code, t.reference, s.carrier, s.tracking_number,
           s.actor, s.shipped_at
      FROM orders_shipment s
      JOIN orders_salesorder o ON o.id = s.order_id
      JOIN warehouse_warehouse w ON w.id = s.warehouse_id
      LEFT JOIN orders_picklist t ON t.id = s.pick_list_id
     WHERE s.reference = ANY(%s::text[])
     ORDER BY s.id
"""

LINES = """
    SELECT s.reference, p.sku, p.name, l.quantity
      FROM orders_shipment s
      JOIN orders_shipmentline l ON l.shipment_id = s.id
      JOIN orders_orderline y ON y.id = l.order_line_id
      JOIN warehouse_product p ON p.id = y.product_id
     WHERE s.reference = ANY(%s::text[])
     ORDER BY l.id
"""

PAGE = """
    SELECT s.reference
      FROM orders_shipment s
      JOIN orders_salesorder o ON o.id = s.order_id
      JOIN warehouse_warehouse w ON w.id = s.warehouse_id
     WHERE s.id < %(before)s AND (%(order)s::text IS NULL OR o.reference = %(order)s::text)
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
     ORDER BY s.id DESC LIMIT %(limit)s
"""
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ShipmentLineView:
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """One parcel as it left. `pick_list` is where it was picked, if it was."""

    id: int
    reference: str
    order: str
    warehouse: str
    pick_list: str | None
    carrier: str
    tracking_number: str
    actor: str
    shipped_at: datetime
    lines: Sequence[ShipmentLineView]


def shipment_views(*, references: Collection[str]) -> list[ShipmentView]:
    """The shipments that exist, in the order in which they left."""
    wanted = [list(references)]
    heads, lines = rows_together((SHIPMENTS, wanted), (LINES, wanted))
    held: dict[str, list[ShipmentLineView]] = {}
    for reference, *line in lines:
        held.setdefault(reference, []).append(ShipmentLineView(*line))
    return [ShipmentView(*[*row, held.get(row[1], [])]) for row in heads]


def shipment_view(*, reference: str, within: Collection[str] | None = None) -> ShipmentView:
    """One parcel. Raises ShipmentNotFound, WarehouseNotAllowed."""
    found = shipment_views(references=[reference])
    if not found:
        raise ShipmentNotFound(_("There is no shipment %(reference)s.") % {"reference": reference})
    check_theirs(what=reference, warehouses=[found[0].warehouse], within=within)
    return found[0]


def shipment_page(
    *,
    order: str | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[ShipmentView]:
    """The next parcels, the newest first; `before` is the id of the last one seen."""
    params: dict[str, Any] = {
        "order": order,
        "before": NEWEST if before is None else before,
        "limit": limit,
        "within": None if within is None else sorted(within),
    }
    references = [reference for (reference,) in rows(PAGE, params)]
    return shipment_views(references=references)[::-1]
