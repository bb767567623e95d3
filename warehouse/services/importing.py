"""Taking over the opening stock of a firm that counted it in a sheet: all rows or none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import plan_for_each
from inventory_site.core.sql import rows as query
from notifications.feed import was_told
from warehouse.changes import Change
from warehouse.checks import check_quantities, check_reference, check_within, normal_bin, normal_sku
from warehouse.errors import (
    BarcodeTaken,
    InvalidLines,
    StockAlreadyThere,
    UnknownWarehouse,
)
from warehouse.locks import count_what_was_imported, lock_imports
from warehouse.models import Barcode, Product, Supplier, Warehouse
from warehouse.services.cataloguing import suppliers_named
from warehouse.services.levels import refresh_products
from warehouse.services.locations import NewBin, add_bins, open_warehouse
from warehouse.services.places import RECEIVING, Place, Places, complete, open_places
from warehouse.sheet_records import used_items
from warehouse.sheets.cleaning import CleanedRow, CleanResult, clean
from warehouse.sheets.limits import Deadline
from warehouse.sheets.opening_rows import judged
from warehouse.sheets.place_rows import Known
from warehouse.sheets.reading import Sheet
from warehouse.sheets.rows import OpeningStockRow

OPENED = "stock.opened"


@dataclass(frozen=True, slots=True)
class ImportResult:
    products_created: int = 0
    products_updated: int = 0
    items: int = 0
    bins_created: int = 0
    units: int = 0
    already_imported: bool = False


def import_opening_stock(
    *,
    rows: Sequence[OpeningStockRow],
    reference: str,
    actor: Actor,
    create_warehouses: Sequence[str] = (),
    within: Collection[str] | None = None,
    now: datetime | None = None,
) -> ImportResult:
    """Create products, barcodes, suppliers, bins and stock from cleaned rows, in one transaction.

    What a row does not say leaves a known product as it is. The same reference is imported once.
    Raises StockAlreadyThere naming the rows whose item has stock or a history, UnknownWarehouse,
    BarcodeTaken, InvalidLines (a place twice), InvalidLocation, TooLarge, WarehouseNotAllowed.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    if not rows:
        raise InvalidLines(_("There is no row to import."))
    check_quantities((row.on_hand for row in rows), least=0)
    check_within(warehouses={row.warehouse for row in rows} | {*create_warehouses}, within=within)
    plan_for_each()
    lock_imports()
    if opened_before(reference=reference):
        return ImportResult(already_imported=True)
    _check_places(rows)
    _open_warehouses(rows, create_warehouses)
    created, updated = _write_products(rows)
    bins = _write_bins(rows)
    items, units = _write_stock(rows, reference, actor, now)
    count_what_was_imported(written=len(rows))
    return ImportResult(
        products_created=created,
        products_updated=updated,
        items=items,
        bins_created=bins,
        units=units,
    )


def opened_before(*, reference: str) -> bool:
    """Whether stock was opened under this reference, be it none of anything."""
    return was_told(type=OPENED, reference=reference)


def opening_reference(*, digest: str) -> str:
    """The reference of a file's opening stock, by which it is imported once."""
    return f"opening:{digest}"


def clean_opening_stock(
    *, sheet: Sheet, warehouses: Mapping[str, str], today: date, deadline: Deadline
) -> CleanResult:
    """Decide about every row in the light of what is stored already; `warehouses` are codes and names."""
    return clean(
        sheet=sheet,
        warehouses=warehouses,
        known_barcodes=dict(Barcode.objects.values_list("code", "product__sku")),
        known_skus=dict(Product.objects.values_list("sku", "name")),
        known_costs=dict(Product.objects.values_list("sku", "unit_cost")),
        known_suppliers=Supplier.objects.values_list("code", flat=True),
        today=today,
        deadline=deadline,
    )


def judge_openings(*, rows: Sequence[CleanedRow], known: Known) -> list[CleanedRow]:
    """The rows as they are, but for a person those of items that have stock or a history already."""
    skus = {normal_sku(row.values.sku) for row in rows if row.values is not None}
    inactive = Product.objects.filter(sku__any_of=list(skus), active=False)
    return judged(
        rows,
        used=used_items(skus=skus),
        inactive=set(inactive.values_list("sku", flat=True)),
        known=known,
    )


def _check_places(rows: Sequence[OpeningStockRow]) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    twice = []
    for row in rows:
        place = (normal_sku(row.sku), row.warehouse, normal_bin(row.bin))
        first = seen.setdefault(place, row.row)
        if first != row.row:
            twice.append({"row": row.row, "first_row": first, "sku": place[0]})
    if twice:
        told = ", ".join(str(item["row"]) for item in twice[:10])
        raise InvalidLines(
            _("The same SKU, warehouse and bin stand twice (row %(told)s).") % {"told": told},
            items=twice,
        )


def _open_warehouses(rows: Sequence[OpeningStockRow], create: Sequence[str]) -> None:
    known = set(Warehouse.objects.values_list("code", flat=True))
    for code in create:
        if code not in known:
            open_warehouse(code=code, name=code.title())
            known.add(code)
    lost = sorted({row.warehouse for row in rows} - known)
    if lost:
        raise UnknownWarehouse(
            _("There is no warehouse %(lost)s.") % {"lost": ", ".join(lost)},
            items=[
                {"row": row.row, "warehouse": row.warehouse}
                for row in rows
                if row.warehouse in lost
            ],
        )


def _write_products(rows: Sequence[OpeningStockRow]) -> tuple[int, int]:
    """Create or complete products; returns how many of each."""
    suppliers = suppliers_named({row.supplier for row in rows if row.supplier})
    merged: dict[str, OpeningStockRow] = {}
    for row in rows:
        merged.setdefault(normal_sku(row.sku), row)
    known = {p.sku: p for p in Product.objects.filter(sku__any_of=list(merged))}
    fresh: list[Product] = []
    changed: list[Product] = []
    for sku, row in merged.items():
        product = known.get(sku) or Product(sku=sku)
        product.name = row.name or product.name or sku
        if row.unit_cost is not None:
            product.unit_cost = row.unit_cost
        if row.lead_time_days is not None:
            product.lead_time_days = row.lead_time_days
        if row.supplier:
            product.supplier = suppliers[row.supplier]
        (changed if sku in known else fresh).append(product)
    Product.objects.bulk_create(fresh, batch_size=2000)
    Product.objects.bulk_update(
        changed, ["name", "unit_cost", "lead_time_days", "supplier"], batch_size=500
    )
    _write_barcodes(rows, {product.sku: product for product in [*fresh, *changed]})
    if changed:
        skus = [product.sku for product in changed]
        transaction.on_commit(partial(refresh_products, skus=skus), robust=True)
    return len(fresh), len(changed)


def _write_barcodes(rows: Iterable[OpeningStockRow], products: dict[str, Product]) -> None:
    owners: dict[str, tuple[Product, int]] = {}
    taken = []
    for row in rows:
        product = products[normal_sku(row.sku)]
        for code in row.barcodes:
            owner, _row = owners.setdefault(code, (product, row.row))
            if owner.pk != product.pk:
                taken.append({"row": row.row, "sku": product.sku, "barcode": code})
    for known in Barcode.objects.filter(code__any_of=list(owners)):
        product, row_number = owners.pop(known.code)
        if known.product_id != product.pk:
            taken.append({"row": row_number, "sku": product.sku, "barcode": known.code})
    if taken:
        told = ", ".join(
            _("row %(row)s: %(barcode)s") % {"row": item["row"], "barcode": item["barcode"]}
            for item in taken[:10]
        )
        raise BarcodeTaken(
            _("A barcode belongs to another product (%(told)s).") % {"told": told}, items=taken
        )
    Barcode.objects.bulk_create(
        [Barcode(code=code, product=product) for code, (product, _) in owners.items()],
        batch_size=2000,
    )


def _write_bins(rows: Iterable[OpeningStockRow]) -> int:
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if row.bin:
            wanted.setdefault(row.warehouse, set()).add(normal_bin(row.bin))
    return sum(
        add_bins(warehouse=warehouse, bins=[NewBin(code) for code in sorted(codes)])
        for warehouse, codes in wanted.items()
    )


def _write_stock(
    rows: Sequence[OpeningStockRow], reference: str, actor: Actor, now: datetime | None
) -> tuple[int, int]:
    """Book what each row counted; returns how many items and units."""
    asked = [Place(n, row.sku, row.warehouse, row.bin or RECEIVING) for n, row in enumerate(rows)]
    places = open_places(places=asked, create=True, within=None)
    _check_empty(rows, places)
    change = Change()
    for place, row in zip(asked, rows, strict=True):
        item = places.item(row.sku, row.warehouse)
        change.counted.add(item.id)
        change.touch(item)
        if row.on_hand:
            change.put(
                item,
                places.destination(place, item),
                row.on_hand,
                type="receive",
                reference=reference,
                reason="opening stock",
            )
    complete(
        change=change,
        places=places,
        type=OPENED,
        reference=reference,
        actor=actor,
        now=now,
    )
    return len(change.touched), sum(row.on_hand for row in rows)


def _check_empty(rows: Sequence[OpeningStockRow], places: Places) -> None:
    """Refuse, naming every row, to open the stock of an item that has some or has had some."""
    found = query(
        """SELECT DISTINCT m.item_id FROM unnest(%s::bigint[]) AS i(id)
            CROSS JOIN LATERAL (SELECT item_id FROM warehouse_stockmovement
                                 WHERE item_id = i.id LIMIT 1) m""",
        [list(places.items)],
    )
    used = {item_id for (item_id,) in found}
    there = [
        {"row": row.row, "sku": item.sku, "warehouse": item.warehouse, "on_hand": item.on_hand}
        for row in rows
        for item in [places.item(row.sku, row.warehouse)]
        if item.id in used
    ]
    if there:
        told = ", ".join(
            _("row %(row)s: %(sku)s in %(warehouse)s")
            % {"row": x["row"], "sku": x["sku"], "warehouse": x["warehouse"]}
            for x in there[:5]
        )
        raise StockAlreadyThere(
            _(
                "%(count)s rows name items that have stock or a history already (%(told)s); "
                "correct those with a count or an adjustment."
            )
            % {"count": len(there), "told": told},
            items=there,
        )
