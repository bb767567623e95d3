"""What came before, by which a number of units that is typed at the dock is judged."""

from dataclasses import dataclass

from inventory_site.core.sql import rows

BEFORE = """
    SELECT (SELECT coalesce(max(m.quantity), 0)
              FROM warehouse_stockmovement m JOIN warehouse_inventoryitem i ON i.id = m.item_id
              JOIN warehouse_product p ON p.id = i.product_id
             WHERE p.sku = %(sku)s AND m.type = 'receive'),
           (SELECT max(c.code)
              FROM (SELECT sku AS code FROM warehouse_product WHERE sku = ANY(%(codes)s::text[])
                     UNION ALL
                    SELECT code FROM warehouse_barcode WHERE code = ANY(%(codes)s::text[])) c)
"""


@dataclass(frozen=True, slots=True)
class Before:
    """`most`: units of a product that ever came at once, anywhere; `code`: one of the codes asked about that
    stands for goods."""

    most: int
    code: str | None


def received_before(*, sku: str, codes: list[str]) -> Before:
    """What is known of a product's receipts, and of these codes: one statement."""
    return Before(*rows(BEFORE, {"sku": sku, "codes": codes})[0])
