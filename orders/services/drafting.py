"""Purchase orders before they are sent: written by hand, or made from what the engine suggests to buy."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import UnknownSupplier
from orders.locks import lock_buying, lock_purchases
from orders.queries.purchases import PurchaseView, known_suppliers, purchase_views, suggested
from orders.services.documents import all_found, check_known, reference_of, tell
from orders.services.numbering import PURCHASE, next_numbers
from orders.states import P_DRAFT, check_state
from warehouse.checks import check_quantities, check_some, check_theirs, check_within, normal_sku
from warehouse.errors import ReferenceConflict

MOST_REFERENCE = 40

DRAFT = """
    WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(%(orders)s::jsonb)
               AS w(place int, reference text, supplier text, warehouse text,
                    expected_at timestamptz, notes text)
    ), header AS (
        INSERT INTO orders_purchaseorder
               (reference, supplier_id, warehouse_id, status, expected_at, notes, actor, created_at)
        SELECT w.reference, s.id, h.id, 'draft', w.expected_at, w.notes, %(actor)s,
               coalesce(%(now)s::timestamptz, statement_timestamp())
          FROM wanted w
          JOIN warehouse_supplier s ON s.code = w.supplier
          JOIN warehouse_warehouse h ON h.code = w.warehouse
         ORDER BY w.place
            ON CONFLICT (reference) DO NOTHING
        RETURNING id, reference
    ), line AS (
        INSERT INTO orders_purchaseline (order_id, product_id, quantity, received, damaged, unit_cost)
        SELECT header.id, p.id, l.quantity, 0, 0, coalesce(l.unit_cost, p.unit_cost)
          FROM unnest(%(line_orders)s::text[], %(skus)s::text[], %(quantities)s::int[],
                      %(costs)s::numeric[])
               WITH ORDINALITY AS l(reference, sku, quantity, unit_cost, place)
          JOIN header USING (reference)
          JOIN warehouse_product p ON p.sku = l.sku
         ORDER BY l.place
    )
    SELECT reference FROM header
"""

LINES = """
    INSERT INTO orders_purchaseline (order_id, product_id, quantity, received, damaged, unit_cost)
    SELECT %s, p.id, l.quantity, 0, 0, coalesce(l.unit_cost, p.unit_cost)
      FROM unnest(%s::text[], %s::int[], %s::numeric[])
           WITH ORDINALITY AS l(sku, quantity, unit_cost, place)
      JOIN warehouse_product p ON p.sku = l.sku
     ORDER BY l.place
"""


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """What to buy. Without a unit cost, the product's own is kept with the line."""

    sku: str
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A purchase order to be written."""

    reference: str
    supplier: str
    warehouse: str
    lines: Sequence[PurchaseLine]
    expected_at: datetime | None = None
    notes: str = ""


def draft(
    *,
    supplier: str,
    warehouse: str,
    lines: Sequence[PurchaseLine],
    reference: str | None = None,
    expected_at: datetime | None = None,
    notes: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> PurchaseView:
    """Write a purchase order that is not sent yet; stock knows nothing of it.

    Without a reference it gets the next number. A product named twice is one line. Raises
    UnknownSupplier, UnknownWarehouse, UnknownSku, ReferenceConflict, InvalidReference, InvalidLines,
    WarehouseNotAllowed.
    """
    require_unit_of_work()
    check_within(warehouses=[warehouse], within=within)
    merged = _merged(lines)
    check_known(skus=[line.sku for line in lines], warehouses=[warehouse])
    if supplier not in known_suppliers(codes=[supplier]):
        raise UnknownSupplier(
            _("There is no supplier %(supplier)s.") % {"supplier": supplier},
            items=[{"supplier": supplier}],
        )
    number = reference_of(given=reference, prefix=PURCHASE, most=MOST_REFERENCE)
    new = Draft(number, supplier, warehouse, merged, expected_at, notes)
    return _write([new], actor=actor, now=now)[0]


def change_lines(
    *,
    reference: str,
    lines: Sequence[PurchaseLine],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> PurchaseView:
    """Replace the lines of a draft. Raises DocumentNotFound, WrongState (sent already), UnknownSku,
    InvalidLines, WarehouseNotAllowed."""
    require_unit_of_work()
    merged = _merged(lines)
    (paper,) = purchases(references=[reference], within=within)
    check_known(skus=[line.sku for line in lines], warehouses=[])
    ((id_, _, status),) = lock_purchases(ids=[paper.id])
    check_state(reference=reference, now=status, allowed={P_DRAFT}, to="changed")
    rows("DELETE FROM orders_purchaseline WHERE order_id = %s", [id_])
    rows(LINES, [id_, *_columns(merged)])
    (changed,) = purchase_views(references=[reference])
    tell(type="purchase.changed", details={reference: summary(changed)}, actor=actor, now=now)
    return changed


def draft_from_suggestions(
    *,
    actor: Actor,
    warehouse: str | None = None,
    chosen: Collection[tuple[str, str]] | None = None,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[PurchaseView]:
    """Make drafts of everything that the engine suggests to buy, one per supplier and warehouse.

    `chosen`: of these alone, each a SKU and the code of its warehouse. What is on an open purchase order
    already is left out, and so is a product without a supplier (`queries.purchases.suggested` still names
    it). One at a time does this, so that nothing is ordered twice. Raises UnknownWarehouse,
    WarehouseNotAllowed.
    """
    require_unit_of_work()
    if warehouse is not None:
        check_within(warehouses=[warehouse], within=within)
        check_known(skus=[], warehouses=[warehouse])
    if chosen is not None:
        check_within(warehouses=[code for _sku, code in chosen], within=within)
    lock_buying()
    bought = [
        one
        for one in suggested(warehouses=within if warehouse is None else [warehouse])
        if one.supplier is not None and (chosen is None or (one.sku, one.warehouse) in chosen)
    ]
    groups = [
        (place, [PurchaseLine(one.sku, one.quantity) for one in group])
        for place, group in groupby(bought, key=lambda one: (one.supplier or "", one.warehouse))
    ]
    if not groups:
        return []
    numbers = next_numbers(prefix=PURCHASE, count=len(groups))
    drafts = [
        Draft(number, supplier, code, lines)
        for number, ((supplier, code), lines) in zip(numbers, groups, strict=True)
    ]
    return _write(drafts, actor=actor, now=now)


def purchases(*, references: Sequence[str], within: Collection[str] | None) -> list[PurchaseView]:
    """These purchase orders as they stand, not locked. Raises DocumentNotFound, WarehouseNotAllowed."""
    found = all_found(
        kind=_("purchase order"),
        references=references,
        papers=purchase_views(references=references),
    )
    for paper in found:
        check_theirs(what=paper.reference, warehouses=[paper.warehouse], within=within)
    return found


def summary(paper: PurchaseView) -> Mapping[str, Any]:
    """What events tell of a purchase order."""
    return {"supplier": paper.supplier, "warehouse": paper.warehouse, "status": paper.status}


def _write(drafts: Sequence[Draft], *, actor: Actor, now: datetime | None) -> list[PurchaseView]:
    """Write drafts by set. Raises ReferenceConflict where a reference is taken."""
    heads = [
        {
            "place": place,
            "reference": new.reference,
            "supplier": new.supplier,
            "warehouse": new.warehouse,
            "expected_at": None if new.expected_at is None else new.expected_at.isoformat(),
            "notes": new.notes,
        }
        for place, new in enumerate(drafts)
    ]
    skus, quantities, costs = _columns([line for new in drafts for line in new.lines])
    written = rows(
        DRAFT,
        {
            "orders": json.dumps(heads),
            "line_orders": [new.reference for new in drafts for _ in new.lines],
            "skus": skus,
            "quantities": quantities,
            "costs": costs,
            "actor": actor.name,
            "now": now,
        },
    )
    known = {reference for (reference,) in written}
    for new in drafts:
        if new.reference not in known:
            raise ReferenceConflict(
                _("There is a purchase order %(reference)s already.") % {"reference": new.reference}
            )
    views = purchase_views(references=known)
    details = {view.reference: summary(view) for view in views}
    tell(type="purchase.drafted", details=details, actor=actor, now=now)
    return views


def _merged(lines: Sequence[PurchaseLine]) -> list[PurchaseLine]:
    """One line per product. The last cost that was named counts. Raises InvalidLines, TooLarge."""
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    merged: dict[str, PurchaseLine] = {}
    for line in lines:
        sku = normal_sku(line.sku)
        before = merged.get(sku, PurchaseLine(sku, 0))
        cost = before.unit_cost if line.unit_cost is None else line.unit_cost
        merged[sku] = PurchaseLine(sku, before.quantity + line.quantity, cost)
    check_quantities(line.quantity for line in merged.values())
    return list(merged.values())


def _columns(
    lines: Sequence[PurchaseLine],
) -> tuple[list[str], list[int], list[Decimal | None]]:
    return (
        [line.sku for line in lines],
        [line.quantity for line in lines],
        [line.unit_cost for line in lines],
    )
