"""What bins hold, and held a while ago, for whoever counts them. One statement each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory_site.core.sql import rows

# What the books say of the wanted items in a bin, now and at each moment since a mark of the ledger.
# Corrections, and units that were declared missing, did not move anything: they are left out of that.
SHELF = """
    WITH place AS (
        SELECT b.id AS bin_id, b.warehouse_id, x.id AS missing_id
          FROM warehouse_bin b
          LEFT JOIN warehouse_bin x ON x.warehouse_id = b.warehouse_id AND x.code = 'MISSING'
         WHERE b.id = %(bin)s
    ),
    wanted AS (
        SELECT p.id, p.sku, p.unit_cost FROM warehouse_product p WHERE p.sku = ANY(%(skus)s::text[])
         UNION
        SELECT p.id, p.sku, p.unit_cost
          FROM place
          JOIN warehouse_binstock s ON s.bin_id = place.bin_id
          JOIN warehouse_inventoryitem i ON i.id = s.item_id
          JOIN warehouse_product p ON p.id = i.product_id
         WHERE %(all)s AND s.quantity > 0
    )
    SELECT wanted.id, wanted.sku, wanted.unit_cost, coalesce(s.quantity, 0),
           coalesce(s.quantity, 0) - greatest(0, coalesce(moved.most, 0)),
           coalesce(s.quantity, 0) - least(0, coalesce(moved.least, 0)),
           coalesce(lost.quantity, 0),
           coalesce((SELECT max(m.id) FROM warehouse_stockmovement m WHERE m.item_id = i.id), 0)
      FROM wanted CROSS JOIN place
      LEFT JOIN warehouse_inventoryitem i
             ON i.product_id = wanted.id AND i.warehouse_id = place.warehouse_id
      LEFT JOIN warehouse_binstock s ON s.item_id = i.id AND s.bin_id = place.bin_id
      LEFT JOIN warehouse_binstock lost ON lost.item_id = i.id AND lost.bin_id = place.missing_id
     CROSS JOIN LATERAL (
           SELECT max(since) AS most, min(since) AS least
             FROM (SELECT sum(m.quantity) OVER (ORDER BY m.id DESC) AS since
                     FROM warehouse_stockmovement m
                    WHERE m.item_id = i.id AND m.id > %(mark)s
                      AND m.type NOT IN ('cycle_count', 'adjust')
                      AND place.bin_id = CASE WHEN m.quantity > 0 THEN m.bin_to_id
                                              ELSE m.bin_from_id END
                      AND place.missing_id IS DISTINCT FROM
                          CASE WHEN m.quantity > 0 THEN m.bin_from_id ELSE m.bin_to_id END) step
           ) moved
     ORDER BY wanted.sku
"""

CORRECTED = """
    SELECT DISTINCT p.sku
      FROM unnest(%s::bigint[], %s::bigint[]) AS x(product_id, mark)
      JOIN warehouse_product p ON p.id = x.product_id
      JOIN warehouse_bin b ON b.id = %s
      JOIN warehouse_inventoryitem i ON i.product_id = p.id AND i.warehouse_id = b.warehouse_id
      JOIN warehouse_stockmovement m ON m.item_id = i.id AND m.id > x.mark
       AND m.type IN ('cycle_count', 'adjust', 'damage') AND m.reference <> %s
       AND b.id = CASE WHEN m.quantity > 0 THEN m.bin_to_id ELSE m.bin_from_id END
     ORDER BY p.sku
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One product in one bin: units now, the least and the most there were since the mark.

    `missing`: units of it in the warehouse's bin MISSING. `ledger_mark`: its last movement.
    """

    product_id: int
    sku: str
    unit_cost: Decimal | None
    quantity: int
    least: int
    most: int
    missing: int
    ledger_mark: int


def shelf(*, bin_id: int, skus: Collection[str], everything: bool, mark: int) -> list[Shelf]:
    """What a bin holds of these SKUs, and with `everything` of all that is in it. By SKU."""
    given = {"bin": bin_id, "skus": list(skus), "all": everything, "mark": mark}
    return [Shelf(*row) for row in rows(SHELF, given)]


def corrected_since(*, bin_id: int, marks: Sequence[tuple[int, int]], apart_from: str) -> list[str]:
    """SKUs whose books for this bin were corrected after a mark (product, movement).

    Counts, adjustments and damages under the reference `apart_from` are not looked at.
    """
    products, after = [x for x, _ in marks], [x for _, x in marks]
    return [sku for (sku,) in rows(CORRECTED, [products, after, bin_id, apart_from])]


def ledger_mark() -> int:
    """The number of the last movement there is."""
    found = rows("SELECT coalesce(max(id), 0) FROM warehouse_stockmovement", [])
    return int(found[0][0])
