"""What is printed on labels. One statement each, in the order in which they were asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventory_site.core.sql import rows


@dataclass(frozen=True, slots=True)
class ProductLabel:
    sku: str
    name: str
    barcodes: Sequence[str]


@dataclass(frozen=True, slots=True)
class BinLabel:
    warehouse: str
    code: str
    kind: str


def products_by_sku(*, skus: Collection[str]) -> list[ProductLabel]:
    """Those that exist."""
    found = rows(
        """SELECT p.sku, p.name,
                  ARRAY(SELECT code FROM warehouse_barcode WHERE product_id = p.id ORDER BY id)
             FROM unnest(%s::text[]) WITH ORDINALITY AS x(sku, n)
             JOIN warehouse_product p ON p.sku = x.sku ORDER BY x.n""",
        [list(skus)],
    )
    return [ProductLabel(*row) for row in found]


def bins_by_code(*, warehouse: str, codes: Collection[str]) -> list[BinLabel]:
    """Those that exist in this warehouse."""
    found = rows(
        """SELECT w.code, b.code, b.kind
             FROM unnest(%s::text[]) WITH ORDINALITY AS x(code, n)
             JOIN warehouse_warehouse w ON w.code = %s
             JOIN warehouse_bin b ON b.warehouse_id = w.id AND b.code = x.code ORDER BY x.n""",
        [list(codes), warehouse],
    )
    return [BinLabel(*row) for row in found]


def bins_by_id(*, ids: Collection[int]) -> list[BinLabel]:
    """Those that exist, warehouse by warehouse in walk order."""
    found = rows(
        """SELECT w.code, b.code, b.kind FROM warehouse_bin b
             JOIN warehouse_warehouse w ON w.id = b.warehouse_id
            WHERE b.id = ANY(%s::bigint[]) ORDER BY w.code, b.pick_sequence, b.code""",
        [list(ids)],
    )
    return [BinLabel(*row) for row in found]
