"""Pages of what there is: products, warehouses, bins and the ledger. One statement each, by cursor."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from inventory_site.core.sql import rows

Row = tuple[Any, ...]


def warehouses(*, after: str, limit: int, within: Collection[str] | None) -> list[Row]:
    """Code, name, address, time zone, priority; by code."""
    return rows(
        """SELECT code, name, address, time_zone, priority FROM warehouse_warehouse
            WHERE code > %s AND (%s::text[] IS NULL OR code = ANY(%s::text[]))
            ORDER BY code LIMIT %s""",
        [after, _array(within), _array(within), limit],
    )


SEEN = """(%s::text[] IS NULL OR {bin}.warehouse_id IN (
                       SELECT id FROM warehouse_warehouse WHERE code = ANY(%s::text[])))"""


def bins(
    *, warehouse: str | None, after: int, limit: int, within: Collection[str] | None
) -> list[Row]:
    """Id, warehouse, code, kind, pick sequence; by id."""
    return rows(
        """SELECT b.id, w.code, b.code, b.kind, b.pick_sequence
             FROM warehouse_bin b JOIN warehouse_warehouse w ON w.id = b.warehouse_id
            WHERE b.id > %s AND (%s::text IS NULL OR w.code = %s::text)
              AND (%s::text[] IS NULL OR w.code = ANY(%s::text[]))
            ORDER BY b.id LIMIT %s""",
        [after, warehouse, warehouse, _array(within), _array(within), limit],
    )


def products(*, after: str, limit: int) -> list[Row]:
    """SKU, name, barcodes, unit cost, supplier, active; by SKU."""
    return rows(
        """SELECT p.sku, p.name,
                  ARRAY(SELECT code FROM warehouse_barcode WHERE product_id = p.id ORDER BY code),
                  p.unit_cost, s.code, p.active
             FROM warehouse_product p LEFT JOIN warehouse_supplier s ON s.id = p.supplier_id
            WHERE p.sku > %s ORDER BY p.sku LIMIT %s""",
        [after, limit],
    )


MOVEMENTS = """warehouse_stockmovement m
              JOIN warehouse_inventoryitem i ON i.id = m.item_id
              JOIN warehouse_product p ON p.id = i.product_id
              JOIN warehouse_warehouse w ON w.id = i.warehouse_id"""

# The newest of each item of a product, by the index of the items: to sort what a product that sells every
# minute has ever done takes a hundred times as long.
NEWEST_OF_EACH = """warehouse_product p
              JOIN warehouse_inventoryitem i ON i.product_id = p.id
              JOIN warehouse_warehouse w ON w.id = i.warehouse_id
              CROSS JOIN LATERAL (SELECT * FROM warehouse_stockmovement m
                                   WHERE m.item_id = i.id{conditions}
                                   ORDER BY m.id DESC LIMIT %s) m"""


def movements(
    *,
    sku: str | None = None,
    warehouse: str | None = None,
    type: str | None = None,
    reference: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[Row]:
    """The ledger, newest first; `since` is included, `until` is not.

    The bin at the far end of a transfer is told to whoever may see that warehouse.
    """
    of_movement, own = _given(
        ("m.type = %s", type),
        ("m.reference = %s", reference),
        ("m.occurred_at >= %s", since),
        ("m.occurred_at < %s", until),
        ("m.id < %s", before),
    )
    of_item, items = _given(
        ("p.sku = %s", sku),
        ("w.code = %s", warehouse),
        ("w.code = ANY(%s::text[])", _array(within)),
    )
    seen = [_array(within)] * 4
    if sku is not None and reference is None:
        conditions = "".join(f" AND {one}" for one in of_movement)
        source, wanted = NEWEST_OF_EACH.format(conditions=conditions), of_item
        params = [*own, limit, *seen, *items, limit]
    else:
        source, wanted = MOVEMENTS, of_movement + of_item
        params = [*seen, *own, *items, limit]
    where = "WHERE " + " AND ".join(wanted) if wanted else ""
    return rows(
        f"""SELECT m.id, m.type, p.sku, w.code, m.quantity, m.on_hand_after, f.code, t.code,
                   m.reference, m.reason, m.notes, m.actor, m.occurred_at
              FROM {source}
              LEFT JOIN warehouse_bin f ON f.id = m.bin_from_id AND {SEEN.format(bin="f")}
              LEFT JOIN warehouse_bin t ON t.id = m.bin_to_id AND {SEEN.format(bin="t")}
              {where} ORDER BY m.id DESC LIMIT %s""",
        params,
    )


def _given(*conditions: tuple[str, Any]) -> tuple[list[str], list[Any]]:
    """Those conditions for which there is a value, and the values."""
    known = [(condition, value) for condition, value in conditions if value is not None]
    return [condition for condition, _ in known], [value for _, value in known]


def _array(values: Collection[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
