"""The catalog from sheets: products made and changed by set, and never from what nobody has seen."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import plan_for_each, rows
from warehouse.errors import BarcodeTaken
from warehouse.locks import count_what_was_imported, lock_imports, lock_products
from warehouse.models import Barcode, Product, Supplier
from warehouse.services.levels import refresh_products
from warehouse.services.replenishment import check_products
from warehouse.services.unchanged import check_unchanged
from warehouse.sheet_records import products_now
from warehouse.sheets.product_rows import ProductNow
from warehouse.sheets.records import Planned
from warehouse.statements import int_array

NAMED = 20  # rows that a message names

UPDATE = """
    UPDATE warehouse_product p
       SET name = n.name, supplier_id = n.supplier, unit_cost = n.cost, lead_time_days = n.lead,
           pack_size = n.pack, active = n.active
      FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::numeric[], %s::int[], %s::int[], %s::bool[])
           AS n(id, name, supplier, cost, lead, pack, active)
     WHERE p.id = n.id
"""
FORGET_BARCODES = """
    DELETE FROM warehouse_barcode b USING unnest(%s::bigint[], %s::text[]) AS n(product, code)
     WHERE b.code = n.code AND b.product_id = n.product
"""


def suppliers_named(names: Collection[str]) -> dict[str, Supplier]:
    """The supplier of each name; those that are unknown are made, with the name as their code."""
    require_unit_of_work()
    Supplier.objects.bulk_create(
        [Supplier(code=name[:40], name=name) for name in sorted(names)], ignore_conflicts=True
    )
    known = Supplier.objects.in_bulk([name[:40] for name in names], field_name="code")
    return {name: known[name[:40]] for name in names}


def write_products(*, planned: Sequence[Planned[ProductNow]]) -> dict[str, int]:
    """Make and change products as planned; how many of each, and how many stay as they are.

    Raises RowsChanged naming the rows of which a product is not what it was when they were planned,
    BarcodeTaken.
    """
    require_unit_of_work()
    plan_for_each()
    lock_imports()
    todo = [one for one in planned if one.word != "unchanged"]
    ids = lock_products(skus=[one.after.sku for one in todo])
    there = products_now(skus=[one.after.sku for one in todo])
    check_unchanged(planned=todo, now={(sku,): product for sku, product in there.items()})
    suppliers = suppliers_named({one.after.supplier for one in todo if one.after.supplier})
    fresh = [one.after for one in todo if one.before is None]
    made = Product.objects.bulk_create(
        [_product(product, suppliers) for product in fresh], batch_size=2000
    )
    ids |= {product.sku: product.pk for product in made}
    _update([one.after for one in todo if one.before is not None], ids, suppliers)
    _write_barcodes(todo, ids)
    count_what_was_imported(written=len(todo))
    skus = [one.after.sku for one in todo if one.before is not None]
    if skus:
        check_products(skus=skus)
        transaction.on_commit(lambda: refresh_products(skus=skus), robust=True)
    return {
        "created": len(fresh),
        "changed": len(todo) - len(fresh),
        "unchanged": len(planned) - len(todo),
    }


def _product(product: ProductNow, suppliers: dict[str, Supplier]) -> Product:
    return Product(
        sku=product.sku,
        name=product.name,
        supplier=suppliers.get(product.supplier),
        unit_cost=product.unit_cost,
        lead_time_days=product.lead_time_days,
        pack_size=product.pack_size,
        active=product.active,
    )


def _update(
    products: Sequence[ProductNow], ids: dict[str, int], suppliers: dict[str, Supplier]
) -> None:
    rows(
        UPDATE,
        [
            int_array(ids[product.sku] for product in products),
            [product.name for product in products],
            [suppliers[p.supplier].pk if p.supplier else None for p in products],
            [product.unit_cost for product in products],
            [product.lead_time_days for product in products],
            [product.pack_size for product in products],
            [product.active for product in products],
        ],
    )


def _write_barcodes(todo: Sequence[Planned[ProductNow]], ids: dict[str, int]) -> None:
    gone: list[tuple[int, str]] = []
    fresh: dict[str, Planned[ProductNow]] = {}
    for one in todo:
        before = set(one.before.barcodes) if one.before else set()
        gone += [(ids[one.after.sku], code) for code in before - {*one.after.barcodes}]
        fresh |= dict.fromkeys((c for c in one.after.barcodes if c not in before), one)
    rows(FORGET_BARCODES, [int_array(product for product, _ in gone), [code for _, code in gone]])
    taken = Barcode.objects.filter(code__any_of=list(fresh)).values_list("code", "product__sku")
    if found := list(taken):
        told = ", ".join(
            _("row %(row)s: %(code)s of %(sku)s")
            % {"row": fresh[code].row, "code": code, "sku": sku}
            for code, sku in found[:NAMED]
        )
        items = [{"row": fresh[code].row, "barcode": code, "sku": sku} for code, sku in found]
        raise BarcodeTaken(
            _("A barcode belongs to another product (%(told)s).") % {"told": told}, items=items
        )
    Barcode.objects.bulk_create(
        [Barcode(code=code, product_id=ids[one.after.sku]) for code, one in fresh.items()],
        batch_size=2000,
    )
