"""What a scanned code leads to: goods, places, and documents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventory_site.core.sql import rows
from orders.queries.filtering import array
from warehouse.lookup import known_codes

# Our own numbers are upper case; a caller's reference is taken as it is. An order is told to whoever may see
# a warehouse that some of it is promised in or left from: its goods are met there.
DOCUMENTS = """
    SELECT 'pick_list', t.reference, w.code, t.status, NULL FROM orders_picklist t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'purchase_order', t.reference, w.code, t.status, NULL FROM orders_purchaseorder t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'return', t.reference, w.code, t.status, NULL FROM orders_returnorder t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT e.kind, t.reference, e.code, t.status, e.other FROM orders_transferorder t
      JOIN warehouse_warehouse f ON f.id = t.source_id
      JOIN warehouse_warehouse d ON d.id = t.destination_id
     CROSS JOIN LATERAL (VALUES ('transfer', d.code, f.code), ('transfer_out', f.code, d.code))
           AS e(kind, code, other)
     WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'count_task', t.reference, w.code, t.status, NULL FROM orders_counttask t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'shipment', t.reference, w.code, NULL, NULL FROM orders_shipment t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id WHERE t.reference = ANY(%(codes)s::text[])
     UNION ALL
    SELECT 'order', t.reference, NULL, NULL, NULL FROM orders_salesorder t
      LEFT JOIN warehouse_warehouse w ON w.id = t.warehouse_id
     WHERE t.reference = ANY(%(codes)s::text[])
       AND (%(within)s::text[] IS NULL OR CASE
            WHEN t.reservation_id IS NULL THEN w.code = ANY(%(within)s::text[])
            ELSE (SELECT coalesce(bool_or(x.code = ANY(%(within)s::text[])), true)
                    FROM warehouse_reservationline l
                    JOIN warehouse_inventoryitem i ON i.id = l.item_id
                    JOIN warehouse_warehouse x ON x.id = i.warehouse_id
                   WHERE l.reservation_id = t.reservation_id AND l.quantity > 0) END)
"""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a code stands for. `warehouse` is where it is; None where it is not of one warehouse.

    A transfer is met at both ends, as `transfer` where it goes and as `transfer_out` where it comes from; the
    `other` end is named.
    """

    kind: str
    code: str
    warehouse: str | None
    status: str | None = None
    other: str | None = None


def resolve_code(
    *, code: str, warehouse: str, within: Collection[str] | None = None
) -> Sequence[Resolved]:
    """All that a code stands for, what is here first: goods, then bins, then documents. Two statements.

    Of warehouses that the person may not see nothing is told.
    """
    plain = code.strip()
    if not plain or len(plain) > 120 or not plain.isprintable():
        return []
    known = known_codes(code=plain, within=within)
    found = [Resolved(one.kind, one.code, one.warehouse) for one in known]
    codes = list(dict.fromkeys([plain, plain.upper()]))
    asked = {"codes": codes, "within": array(within)}
    papers = [Resolved(*row) for row in rows(DOCUMENTS, asked)]
    found += [x for x in papers if within is None or x.warehouse is None or x.warehouse in within]
    return sorted(found, key=lambda one: one.warehouse not in (None, warehouse))
