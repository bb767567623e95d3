"""Reads that services, pages and the API share. Each is one statement, whatever the number of rows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.sql import rows
from warehouse.changes import BinRef
from warehouse.errors import SkuNotFound, UnknownWarehouse
from warehouse.lines import Held, HeldLine, Level, ShortLine, StockLevel

OPEN_LINES = """
    SELECT l.id, l.reservation_id, l.item_id, p.sku, w.code,
           l.quantity, l.shipped, l.released, l.backordered
      FROM warehouse_reservationline l
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      JOIN warehouse_reservation r ON r.id = l.reservation_id
     WHERE r.reference = ANY(%s)
     ORDER BY l.id
"""

BINS_OF_RESERVATIONS = """
    SELECT s.item_id, s.quantity, b.pick_sequence, b.id, w.code, b.code, b.kind
      FROM warehouse_binstock s
      JOIN warehouse_bin b ON b.id = s.bin_id
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
     WHERE s.quantity > 0
       AND s.item_id IN (SELECT l.item_id FROM warehouse_reservationline l
                           JOIN warehouse_reservation r ON r.id = l.reservation_id
                          WHERE r.reference = ANY(%s))
     ORDER BY s.item_id, b.pick_sequence, b.code
"""

# What has run out is expired, whether or not a sweep has come by.
RESERVATIONS = """
    SELECT r.reference, r.fingerprint, CASE WHEN t.over THEN 'expired' ELSE r.status END, r.expires_at,
           p.sku, w.code, l.quantity, l.shipped,
           CASE WHEN t.over THEN l.quantity - l.shipped ELSE l.released END,
           CASE WHEN t.over THEN 0 ELSE l.backordered END
      FROM warehouse_reservation r
     CROSS JOIN LATERAL (
           SELECT r.status = 'active' AND r.expires_at <= statement_timestamp() AS over) t
      JOIN warehouse_reservationline l ON l.reservation_id = r.id AND l.quantity > 0
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE r.reference = ANY(%s)
     ORDER BY r.id, l.id
"""

SHORT_LINES = """
    SELECT d.reference, p.sku, d.requested, d.available
      FROM warehouse_lostdemand d JOIN warehouse_product p ON p.id = d.product_id
     WHERE d.reference = ANY(%s)
     ORDER BY d.id
"""

LEVELS = """
    SELECT p.sku, p.name, p.active, p.version, w.code, i.on_hand, i.reserved, i.unsellable, i.inbound,
           i.safety_stock, b.code, i.version
      FROM {products} p
      LEFT JOIN warehouse_inventoryitem i ON i.product_id = p.id
      LEFT JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN warehouse_bin b ON b.id = i.primary_bin_id
"""

LEVELS_OF = (
    LEVELS.format(products="warehouse_product")
    + " WHERE p.sku = ANY(%s) ORDER BY p.sku, w.priority, w.code"
)

# In the database's own collation, whichever that is: only then does the index of the SKUs serve a page.
LEVELS_PAGE = (
    LEVELS.format(
        products="(SELECT id, sku, name, active, version FROM warehouse_product"
        " WHERE sku > %s ORDER BY sku LIMIT %s)"
    )
    + " ORDER BY p.sku, w.priority, w.code"
)


@dataclass(slots=True)
class LineState:
    """A reservation line as it stands; services draw on it while they decide."""

    id: int
    reservation_id: int
    item_id: int
    sku: str
    warehouse: str
    quantity: int
    shipped: int
    released: int
    backordered: int

    @property
    def open(self) -> int:
        """Promised and there: what counts as reserved."""
        return self.quantity - self.shipped - self.released - self.backordered


def lines_by_reservation(found: Iterable[tuple[Any, ...]]) -> dict[int, list[LineState]]:
    """Rows of `OPEN_LINES` by reservation."""
    result: dict[int, list[LineState]] = {}
    for row in found:
        result.setdefault(row[1], []).append(LineState(*row))
    return result


def known_reservations(references: Iterable[str]) -> dict[str, tuple[str, Held]]:
    """Fingerprint and present state of the reservations that exist, by reference."""
    wanted = list(references)
    if not wanted:
        return {}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows(RESERVATIONS, [wanted]):
        found.setdefault(row[0], []).append(row)
    if not found:
        return {}
    short: dict[str, list[ShortLine]] = {}
    for reference, sku, requested, available in rows(SHORT_LINES, [list(found)]):
        short.setdefault(reference, []).append(
            ShortLine(sku=sku, requested=requested, available=available)
        )
    return {
        reference: (lines[0][1], _held(lines, short.get(reference, [])))
        for reference, lines in found.items()
    }


def reservation(*, reference: str) -> Held | None:
    """One reservation as it stands."""
    found = known_reservations([reference]).get(reference)
    return None if found is None else found[1]


def open_reservations(*, actor: str, most: int) -> int:
    """How many reservations of this actor are active; counted up to `most`, from an index alone."""
    ((found,),) = rows(
        """SELECT count(*) FROM (SELECT FROM warehouse_reservation
                                 WHERE actor = %s AND status = 'active' LIMIT %s) r""",
        [actor, most],
    )
    return int(found)


def _held(lines: Sequence[tuple[Any, ...]], short: Sequence[ShortLine]) -> Held:
    reference, _, status, expires_at = lines[0][:4]
    held = [HeldLine(*row[4:]) for row in lines]
    promised: dict[str, int] = {}
    for line in held:
        promised[line.sku] = promised.get(line.sku, 0) + line.quantity
    return Held(
        reference=reference,
        status=status,
        expires_at=expires_at,
        lines=held,
        # An earlier refusal of the whole order is lost demand too, but not a short line of this one.
        short=tuple(line for line in short if promised.get(line.sku, 0) < line.requested),
    )


def levels_of(*, skus: Collection[str]) -> dict[str, StockLevel]:
    """Levels by SKU, from PostgreSQL; SKUs that do not exist are left out."""
    return {level.sku: level for level in _stock_levels(rows(LEVELS_OF, [list(skus)]))}


def levels_page(*, after_sku: str, limit: int) -> list[StockLevel]:
    """Levels of the next `limit` products in SKU order."""
    return _stock_levels(rows(LEVELS_PAGE, [after_sku, limit]))


def _stock_levels(found: Sequence[tuple[Any, ...]]) -> list[StockLevel]:
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for row in found:
        grouped.setdefault(row[0], []).append(row)
    result = []
    for sku, group in grouped.items():
        items = [
            Level(sku, row[4], row[5], row[6], row[7], row[8], row[9], row[10], row[11])
            for row in group
            if row[4] is not None
        ]
        _, name, active, own = group[0][:4]
        version = own + sum(item.version for item in items)
        result.append(
            StockLevel(sku=sku, name=name, active=active, version=version, warehouses=items)
        )
    return result


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """What a refusal tells: which SKUs exist and are sold, where they are held, when more is expected."""

    skus: set[str]
    inactive: set[str]
    warehouses: set[str]
    held: dict[str, list[dict[str, Any]]]
    next_inbound: dict[str, dict[str, datetime]]


def refusal_facts(*, skus: Collection[str], warehouses: Collection[str]) -> RefusalFacts:
    """Everything an error about these SKUs needs, in three statements."""
    levels = levels_of(skus=skus)
    return RefusalFacts(
        skus=set(levels),
        inactive={sku for sku, level in levels.items() if not level.active},
        warehouses=known_warehouses(warehouses),
        held={
            sku: [
                {"warehouse": x.warehouse, "on_hand": x.on_hand, "available": x.available}
                for x in level.warehouses
            ]
            for sku, level in levels.items()
        },
        next_inbound=next_inbound(skus=skus),
    )


def known_warehouses(codes: Collection[str]) -> set[str]:
    """Those of `codes` that exist."""
    if not codes:
        return set()
    found = rows("SELECT code FROM warehouse_warehouse WHERE code = ANY(%s)", [list(codes)])
    return {code for (code,) in found}


def warehouse_names() -> list[tuple[str, str]]:
    """Code and name of every warehouse, in the order in which stock is taken from them."""
    return rows("SELECT code, name FROM warehouse_warehouse ORDER BY priority, code", [])


def known_skus(skus: Collection[str]) -> set[str]:
    """Those of `skus` that exist."""
    found = rows("SELECT sku FROM warehouse_product WHERE sku = ANY(%s)", [list(skus)])
    return {sku for (sku,) in found}


def check_named(*, sku: str | None = None, warehouse: str | None = None) -> None:
    """What a list that turned out empty was asked for. Raises SkuNotFound, UnknownWarehouse."""
    if sku is not None and not known_skus([sku]):
        raise SkuNotFound(
            _("There is no SKU %(unknown)s.") % {"unknown": sku}, items=[{"sku": sku}]
        )
    if warehouse is not None and not known_warehouses([warehouse]):
        raise UnknownWarehouse(
            _("There is no warehouse %(warehouse)s.") % {"warehouse": warehouse},
            items=[{"warehouse": warehouse}],
        )


def next_inbound(*, skus: Collection[str]) -> dict[str, dict[str, datetime]]:
    """When the next delivery of each SKU is expected in each warehouse that has one under way.

    One that is late is left out: it may come any day, and nobody knows which.
    """
    told: dict[str, dict[str, datetime]] = {}
    found = rows(
        """SELECT p.sku, w.code, min(n.expected_at)
             FROM warehouse_inboundline n
             JOIN warehouse_inventoryitem i ON i.id = n.item_id
             JOIN warehouse_product p ON p.id = i.product_id
             JOIN warehouse_warehouse w ON w.id = i.warehouse_id
            WHERE p.sku = ANY(%s) AND n.quantity > n.received + n.cancelled
              AND n.expected_at > statement_timestamp()
            GROUP BY p.sku, w.code""",
        [list(skus)],
    )
    for sku, warehouse, expected_at in found:
        told.setdefault(sku, {})[warehouse] = expected_at
    return told


def moment(when: datetime) -> str:
    """A time as events and errors carry it: UTC, RFC 3339."""
    return when.isoformat().replace("+00:00", "Z")


def bins_by_code(*, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], BinRef]:
    """Bins by warehouse code and bin code."""
    found = rows(
        """SELECT b.id, w.code, b.code, b.kind
             FROM unnest(%s::text[], %s::text[]) AS x(warehouse, bin)
             JOIN warehouse_warehouse w ON w.code = x.warehouse
             JOIN warehouse_bin b ON b.warehouse_id = w.id AND b.code = x.bin""",
        [[place[0] for place in places], [place[1] for place in places]],
    )
    return {(row[1], row[2]): BinRef(*row) for row in found}


@dataclass(slots=True)
class BinContent:
    """What a bin holds of an item; `quantity` goes down as a service draws on it."""

    bin: BinRef
    quantity: int
    pick_sequence: int


def bin_stocks(*, item_ids: Collection[int]) -> dict[int, list[BinContent]]:
    """The bins that hold each item, in walk order. Read after the items are locked."""
    found = rows(
        """SELECT s.item_id, s.quantity, b.pick_sequence, b.id, w.code, b.code, b.kind
             FROM warehouse_binstock s
             JOIN warehouse_bin b ON b.id = s.bin_id
             JOIN warehouse_warehouse w ON w.id = b.warehouse_id
            WHERE s.item_id = ANY(%s) AND s.quantity > 0
            ORDER BY s.item_id, b.pick_sequence, b.code""",
        [list(item_ids)],
    )
    return contents_by_item(found)


def contents_by_item(found: Iterable[tuple[Any, ...]]) -> dict[int, list[BinContent]]:
    """Rows of item, quantity, pick sequence and bin, by item."""
    result: dict[int, list[BinContent]] = {}
    for item_id, quantity, sequence, *bin_row in found:
        result.setdefault(item_id, []).append(
            BinContent(bin=BinRef(*bin_row), quantity=quantity, pick_sequence=sequence)
        )
    return result
