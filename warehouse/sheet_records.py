"""What is stored, as sheets show it: products, reorder settings, bins. One statement each, however many."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from inventory_site.core.sql import rows_planned
from warehouse.models import Barcode, Bin, InventoryItem, Product, Supplier, Warehouse
from warehouse.sheets.place_rows import BinNow, Known, SettingNow
from warehouse.sheets.product_rows import Catalog, ProductNow

# Of these products in these warehouses, the items that anything has ever moved of.
USED = """
    SELECT p.sku, w.code
      FROM unnest(%s::text[]) AS asked(sku)
      JOIN warehouse_product p ON p.sku = asked.sku
      JOIN warehouse_inventoryitem i ON i.product_id = p.id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE EXISTS (SELECT FROM warehouse_stockmovement m WHERE m.item_id = i.id)
"""


def product_now(product: Product) -> ProductNow:
    """The product, whose supplier and barcodes are read already."""
    return ProductNow(
        sku=product.sku,
        name=product.name,
        barcodes=tuple(sorted(barcode.code for barcode in product.barcodes.all())),
        supplier=product.supplier.code if product.supplier else "",
        unit_cost=product.unit_cost,
        lead_time_days=product.lead_time_days,
        pack_size=product.pack_size,
        active=product.active,
    )


def shown_products(found: QuerySet[Product]) -> QuerySet[Product]:
    """These products, read with all that a sheet shows of them."""
    return found.select_related("supplier").prefetch_related("barcodes")


def products_now(*, skus: Collection[str]) -> dict[str, ProductNow]:
    """Of these SKUs the products that there are."""
    found = shown_products(Product.objects.filter(sku__any_of=list(skus)))
    return {product.sku: product_now(product) for product in found}


def catalog_of(*, skus: Collection[str]) -> Catalog:
    """What a sheet of products with these SKUs is held against."""
    return Catalog(
        products=products_now(skus=skus),
        barcodes=dict(Barcode.objects.values_list("code", "product__sku")),
        suppliers=list(Supplier.objects.values_list("code", flat=True)),
    )


def setting_now(item: InventoryItem) -> SettingNow:
    """The item's settings, whose product and warehouse are read already."""
    return SettingNow(
        sku=item.product.sku,
        warehouse=item.warehouse.code,
        reorder_point=item.reorder_point,
        reorder_quantity=item.reorder_quantity,
        safety_stock=item.safety_stock,
    )


def settings_now(*, skus: Collection[str]) -> dict[tuple[str, ...], SettingNow]:
    """Settings of these products' items, by SKU and warehouse."""
    found = InventoryItem.objects.filter(product__sku__any_of=list(skus))
    now = map(setting_now, found.select_related("product", "warehouse"))
    return {setting.key: setting for setting in now}


def bins_now(*, warehouses: Iterable[str]) -> dict[tuple[str, ...], BinNow]:
    """The bins of these warehouses, by code and warehouse."""
    found = Bin.objects.filter(warehouse__code__any_of=list(warehouses)).values_list(
        "code", "warehouse__code", "kind", "pick_sequence"
    )
    return {(code, place): BinNow(code, place, kind, walk) for code, place, kind, walk in found}


def known_products(*, skus: Collection[str]) -> list[str]:
    """Of these SKUs those that there are."""
    return list(Product.objects.filter(sku__any_of=list(skus)).values_list("sku", flat=True))


def known_places(*, within: Collection[str] | None) -> Known:
    """The warehouses that a person may change."""
    every: Mapping[str, str] = dict(Warehouse.objects.values_list("code", "name"))
    if within is None:
        return Known(every, limited=False)
    return Known({code: every[code] for code in sorted(within) if code in every}, limited=True)


def used_items(*, skus: Collection[str]) -> set[tuple[Any, ...]]:
    """SKU and warehouse of each item that has stock or a history."""
    return set(rows_planned(USED, [list(skus)]))
