"""Where a product is, and what is in a bin, with what moved last: for whoever stands before it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory_site.core.sql import rows
from warehouse.checks import normal_bin, normal_sku

LAST = 12  # movements of a page

PRODUCT = """
    SELECT p.id, p.sku, p.name, p.active,
           ARRAY(SELECT code FROM warehouse_barcode WHERE product_id = p.id ORDER BY code)
      FROM warehouse_product p WHERE p.sku = %s
"""

ITEMS = """
    SELECT i.id, w.code, i.on_hand, i.reserved, i.unsellable, i.inbound, i.last_counted_at
      FROM warehouse_inventoryitem i JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE i.product_id = %s AND (%s::text[] IS NULL OR w.code = ANY(%s::text[]))
     ORDER BY w.priority, w.code
"""

BINS_OF = """
    SELECT w.code, b.code, b.kind, s.quantity, b.id IS NOT DISTINCT FROM i.primary_bin_id
      FROM warehouse_inventoryitem i
      JOIN warehouse_binstock s ON s.item_id = i.id AND s.quantity > 0
      JOIN warehouse_bin b ON b.id = s.bin_id
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE i.id = ANY(%s::bigint[])
     ORDER BY w.priority, w.code, b.id IS DISTINCT FROM i.primary_bin_id, b.pick_sequence, b.code
"""

MOVEMENT = """
           m.id, m.occurred_at, m.type, m.quantity, f.code AS bin_from, t.code AS bin_to, m.reference,
           m.actor
"""

# The bin at the far end of a transfer is told to whoever may see that warehouse.
SEEN = """(%(within)s::text[] IS NULL OR {bin}.warehouse_id IN (
           SELECT id FROM warehouse_warehouse WHERE code = ANY(%(within)s::text[])))"""

MOVEMENTS_OF_ITEMS = f"""
    SELECT p.sku, w.code, {MOVEMENT}
      FROM (SELECT last.* FROM unnest(%(items)s::bigint[]) AS x(item_id)
             CROSS JOIN LATERAL (SELECT * FROM warehouse_stockmovement
                                  WHERE item_id = x.item_id ORDER BY id DESC LIMIT {LAST}) last) m
      JOIN warehouse_inventoryitem i ON i.id = m.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_bin f ON f.id = m.bin_from_id AND {SEEN.format(bin="f")}
      LEFT JOIN warehouse_bin t ON t.id = m.bin_to_id AND {SEEN.format(bin="t")}
     ORDER BY m.id DESC LIMIT {LAST}
"""

BIN = """
    SELECT b.id, w.code, b.code, b.kind
      FROM warehouse_bin b JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE w.code = %s AND b.code = %s
"""

CONTENTS = """
    SELECT p.sku, p.name, s.quantity
      FROM warehouse_binstock s
      JOIN warehouse_inventoryitem i ON i.id = s.item_id
      JOIN warehouse_product p ON p.id = i.product_id
     WHERE s.bin_id = %s AND s.quantity > 0
     ORDER BY p.name, p.sku LIMIT %s
"""

# Movements have no index by bin: the items that were touched last among those that ever lay here tell.
MOVEMENTS_OF_BIN = f"""
    SELECT p.sku, w.code, {MOVEMENT}
      FROM (SELECT last.*
              FROM (SELECT s.item_id FROM warehouse_binstock s
                      JOIN warehouse_inventoryitem i ON i.id = s.item_id
                     WHERE s.bin_id = %(bin)s ORDER BY i.updated_at DESC LIMIT 60) x
             CROSS JOIN LATERAL (
                   SELECT * FROM (SELECT * FROM warehouse_stockmovement
                                   WHERE item_id = x.item_id ORDER BY id DESC LIMIT 60) late
                    WHERE %(bin)s = CASE WHEN quantity > 0 THEN bin_to_id ELSE bin_from_id END
                    ORDER BY id DESC LIMIT {LAST}) last) m
      JOIN warehouse_inventoryitem i ON i.id = m.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_bin f ON f.id = m.bin_from_id AND {SEEN.format(bin="f")}
      LEFT JOIN warehouse_bin t ON t.id = m.bin_to_id AND {SEEN.format(bin="t")}
     ORDER BY m.id DESC LIMIT {LAST}
"""


@dataclass(frozen=True, slots=True)
class LastMovement:
    """One row of the ledger."""

    sku: str
    warehouse: str
    id: int
    occurred_at: datetime
    type: str
    quantity: int
    bin_from: str | None
    bin_to: str | None
    reference: str
    actor: str


@dataclass(frozen=True, slots=True)
class ItemThere:
    """A product's counters in one warehouse."""

    id: int
    warehouse: str
    on_hand: int
    reserved: int
    unsellable: int
    inbound: int
    last_counted_at: datetime | None

    @property
    def available(self) -> int:
        return self.on_hand - self.unsellable - self.reserved


@dataclass(frozen=True, slots=True)
class BinOfProduct:
    warehouse: str
    code: str
    kind: str
    quantity: int
    primary: bool


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product and where it is, in the warehouses asked about."""

    sku: str
    name: str
    active: bool
    barcodes: Sequence[str]
    items: Sequence[ItemThere]
    bins: Sequence[BinOfProduct]
    movements: Sequence[LastMovement]


@dataclass(frozen=True, slots=True)
class Content:
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class BinView:
    """A bin and what is in it. `more`: there is more in it than is shown."""

    id: int
    warehouse: str
    code: str
    kind: str
    contents: Sequence[Content]
    more: bool
    movements: Sequence[LastMovement]


def product_view(*, sku: str, within: Collection[str] | None = None) -> ProductView | None:
    """A product with its stock, bins and last movements in these warehouses. Four statements."""
    found = rows(PRODUCT, [normal_sku(sku)])
    if not found:
        return None
    product_id, code, name, active, barcodes = found[0]
    allowed = None if within is None else sorted(within)
    items = [ItemThere(*row) for row in rows(ITEMS, [product_id, allowed, allowed])]
    ids = [item.id for item in items]
    asked = {"items": ids, "within": allowed}
    return ProductView(
        sku=code,
        name=name,
        active=active,
        barcodes=barcodes,
        items=items,
        bins=[BinOfProduct(*row) for row in rows(BINS_OF, [ids])],
        movements=[LastMovement(*row) for row in rows(MOVEMENTS_OF_ITEMS, asked)],
    )


def bin_view(
    *, warehouse: str, code: str, most: int = 100, within: Collection[str] | None = None
) -> BinView | None:
    """A bin with what is in it and what moved last. Three statements."""
    found = rows(BIN, [warehouse, normal_bin(code)])
    if not found:
        return None
    contents = [Content(*row) for row in rows(CONTENTS, [found[0][0], most + 1])]
    asked = {"bin": found[0][0], "within": None if within is None else sorted(within)}
    moved = [LastMovement(*x) for x in rows(MOVEMENTS_OF_BIN, asked)]
    return BinView(*[*found[0], contents[:most], len(contents) > most, moved])
