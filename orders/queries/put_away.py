"""What lies where it should not stay (RECEIVING, RETURNS, unowned in PACKING), and where it belongs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventory_site.core.sql import rows

LINES_OF_A_PAGE = 20

# What is in a tote belongs to an order, even where that was cancelled: its tote is put back as a whole.
LYING = """
    SELECT l.bin, l.kind, l.sku, l.name, l.units, count(*) OVER ()
      FROM (SELECT b.code AS bin, b.kind, b.pick_sequence, p.sku, p.name,
                   s.quantity - CASE WHEN b.kind = 'packing' THEN coalesce(
                       (SELECT sum(x.picked - x.shipped)::int FROM orders_pickline x
                         WHERE x.item_id = i.id AND x.picked > x.shipped), 0) ELSE 0 END AS units
              FROM warehouse_warehouse w
              JOIN warehouse_bin b ON b.warehouse_id = w.id
               AND b.kind IN ('receiving', 'returns', 'packing')
              JOIN warehouse_binstock s ON s.bin_id = b.id AND s.quantity > 0
              JOIN warehouse_inventoryitem i ON i.id = s.item_id
              JOIN warehouse_product p ON p.id = i.product_id
             WHERE w.code = %(warehouse)s AND (%(sku)s::text IS NULL OR p.sku = %(sku)s::text)) l
     WHERE l.units > 0
     ORDER BY l.kind DESC, l.bin, l.sku
     LIMIT %(limit)s OFFSET %(offset)s
"""

# The primary bin; else the pick bin that holds most of it, bulk last; else the first empty pick bin of the
# walk that is nobody's primary one, a different one for each product.
SUGGESTED = """
    WITH asked AS (
        SELECT p.sku, coalesce(
               (SELECT b.code FROM warehouse_bin b
                 WHERE b.id = i.primary_bin_id AND b.kind IN ('pick', 'bulk')),
               (SELECT b.code FROM warehouse_binstock s JOIN warehouse_bin b ON b.id = s.bin_id
                 WHERE s.item_id = i.id AND s.quantity > 0 AND b.kind IN ('pick', 'bulk')
                 ORDER BY b.kind DESC, s.quantity DESC, b.pick_sequence, b.code LIMIT 1)) AS bin
          FROM warehouse_product p
          LEFT JOIN (SELECT x.* FROM warehouse_inventoryitem x
                       JOIN warehouse_warehouse w ON w.id = x.warehouse_id
                      WHERE w.code = %(warehouse)s) i ON i.product_id = p.id
         WHERE p.sku = ANY(%(skus)s::text[])
    ), homeless AS (
        SELECT sku, row_number() OVER (ORDER BY sku) AS place FROM asked WHERE bin IS NULL
    ), empty AS (
        SELECT b.code, row_number() OVER (ORDER BY b.pick_sequence, b.code) AS place
          FROM warehouse_bin b
          JOIN warehouse_warehouse w ON w.id = b.warehouse_id
         WHERE w.code = %(warehouse)s AND b.kind = 'pick' AND EXISTS (SELECT FROM homeless)
           AND NOT EXISTS (SELECT FROM warehouse_binstock s
                            WHERE s.bin_id = b.id AND s.quantity > 0)
           AND NOT EXISTS (SELECT FROM warehouse_inventoryitem i
                            WHERE i.warehouse_id = w.id AND i.primary_bin_id = b.id)
    )
    SELECT a.sku, coalesce(a.bin, e.code)
      FROM asked a
      LEFT JOIN homeless h ON h.sku = a.sku
      LEFT JOIN empty e ON e.place = h.place
"""


@dataclass(frozen=True, slots=True)
class Lying:
    """Units of a product that are to be put away from a bin; `to`: where they belong, where that is known."""

    bin: str
    kind: str
    sku: str
    name: str
    units: int
    to: str | None


@dataclass(frozen=True, slots=True)
class LyingPage:
    """A page of what is to be put away; `total` lines on `pages` pages."""

    lines: Sequence[Lying]
    page: int
    pages: int
    total: int


def lying(*, warehouse: str, sku: str) -> Sequence[Lying]:
    """Where a product waits to be put away in a warehouse, and where it belongs: two statements."""
    return _lying(warehouse, sku, 1).lines


def lying_page(*, warehouse: str, page: int = 1) -> LyingPage:
    """What is to be put away in a warehouse, with where it belongs: two statements.

    The first page where that one is not there any more, because the last of it was put away.
    """
    found = _lying(warehouse, None, page)
    return found if found.lines or page == 1 else _lying(warehouse, None, 1)


def _lying(warehouse: str, sku: str | None, page: int) -> LyingPage:
    offset = LINES_OF_A_PAGE * (page - 1)
    asked = {"warehouse": warehouse, "sku": sku, "limit": LINES_OF_A_PAGE, "offset": offset}
    found = rows(LYING, asked)
    places = suggested_bins(warehouse=warehouse, skus={row[2] for row in found}) if found else {}
    lines = [Lying(*[*row[:-1], places.get(row[2])]) for row in found]
    total = found[0][-1] if found else 0
    return LyingPage(lines, page, -(-total // LINES_OF_A_PAGE), total)


def suggested_bins(*, warehouse: str, skus: Collection[str]) -> dict[str, str | None]:
    """Where each product belongs in a warehouse; None where no bin is empty."""
    return dict(rows(SUGGESTED, {"warehouse": warehouse, "skus": sorted(skus)}))


def loose_in_packing(*, warehouse: str, skus: Collection[str]) -> dict[str, int]:
    """Of these products, units that lie in PACKING and in no tote, where there are any."""
    if not skus:
        return {}
    found = rows(
        """SELECT p.sku, sum(s.quantity)::int - coalesce(
                  (SELECT sum(x.picked - x.shipped)::int FROM orders_pickline x
                    WHERE x.item_id = i.id AND x.picked > x.shipped), 0) AS units
             FROM warehouse_product p
             JOIN warehouse_inventoryitem i ON i.product_id = p.id
             JOIN warehouse_warehouse w ON w.id = i.warehouse_id AND w.code = %s
             JOIN warehouse_binstock s ON s.item_id = i.id
             JOIN warehouse_bin b ON b.id = s.bin_id AND b.kind = 'packing'
            WHERE p.sku = ANY(%s::text[])
            GROUP BY p.sku, i.id""",
        [warehouse, sorted(skus)],
    )
    return {sku: units for sku, units in found if units > 0}


def in_packing(*, warehouse: str, sku: str) -> tuple[int, int]:
    """Units of a product that PACKING holds, and units that totes hold: fewer lie there after a count."""
    ((there, in_totes),) = rows(
        """SELECT coalesce(sum(s.quantity), 0)::int, coalesce(
                  (SELECT sum(x.picked - x.shipped)::int FROM orders_pickline x
                     JOIN warehouse_inventoryitem i ON i.id = x.item_id
                     JOIN warehouse_product p ON p.id = i.product_id
                     JOIN warehouse_warehouse w ON w.id = i.warehouse_id
                    WHERE w.code = %(warehouse)s AND p.sku = %(sku)s
                      AND x.picked > x.shipped), 0)
             FROM warehouse_binstock s
             JOIN warehouse_bin b ON b.id = s.bin_id AND b.kind = 'packing'
             JOIN warehouse_warehouse w ON w.id = b.warehouse_id AND w.code = %(warehouse)s
             JOIN warehouse_inventoryitem i ON i.id = s.item_id
             JOIN warehouse_product p ON p.id = i.product_id AND p.sku = %(sku)s""",
        {"warehouse": warehouse, "sku": sku},
    )
    return there, in_totes


def unowned_in_packing(*, warehouse: str, sku: str) -> int:
    """Units in PACKING beyond those in totes; negative when totes lack some. Read under the item's lock."""
    there, in_totes = in_packing(warehouse=warehouse, sku=sku)
    return there - in_totes
