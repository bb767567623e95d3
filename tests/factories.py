"""What tests start from. Stock is made the way everybody makes it: through the services."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import factory

from inventory_site.core.actors import Actor
from inventory_site.core.db import in_unit_of_work
from warehouse.lines import PlacedLine
from warehouse.models import Bin, InventoryItem, Product, Supplier, Warehouse
from warehouse.services.locations import open_warehouse
from warehouse.services.movements import receive

T = TypeVar("T")

TESTER = Actor(name="tester")


class SupplierFactory(factory.django.DjangoModelFactory[Supplier]):
    class Meta:
        model = Supplier

    code = factory.Sequence(lambda n: f"SUP-{n}")
    name = "A supplier"


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    class Meta:
        model = Product
        django_get_or_create = ("sku",)

    sku = factory.Sequence(lambda n: f"SKU-{n:05d}")
    name = factory.LazyAttribute(lambda product: f"Product {product.sku}")


class BinFactory(factory.django.DjangoModelFactory[Bin]):
    class Meta:
        model = Bin
        django_get_or_create = ("warehouse", "code")

    code = factory.Sequence(lambda n: f"A-{n // 100:02d}-{n % 100:02d}")
    kind = "pick"


def do(service: Callable[..., T], **arguments: Any) -> T:
    """Call a service in a unit of work of its own, as the tester where it wants an actor."""
    if "actor" in (service.__kwdefaults__ or {}) or "actor" in service.__annotations__:
        arguments.setdefault("actor", TESTER)
    return in_unit_of_work(lambda: service(**arguments))


def warehouse(code: str = "MAIN", *, priority: int = 100) -> Warehouse:
    """The warehouse of that code, opened with its staging bins if need be."""
    return Warehouse.objects.filter(code=code).first() or do(
        open_warehouse, code=code, name=code.title(), priority=priority
    )


def stock(quantities: Mapping[tuple[str, str], int], *, bin: str | None = "A-01-01") -> None:
    """So many units of each (SKU, warehouse), received into a pick bin of that code."""
    known(sku for sku, _ in quantities)
    places = [warehouse(code) for code in dict.fromkeys(code for _, code in quantities)]
    if bin:
        shelves([BinFactory.build(warehouse=place, code=bin) for place in places])
    lines = [PlacedLine(sku, code, n, bin) for (sku, code), n in quantities.items() if n]
    if lines:
        do(receive, reference="OPENING", lines=lines)


def known(skus: Iterable[str]) -> None:
    """Products of these SKUs; those that there are stay as they are."""
    made = [ProductFactory.build(sku=sku) for sku in dict.fromkeys(skus)]
    Product.objects.bulk_create(made, ignore_conflicts=True)


def shelves(bins: Collection[Bin]) -> None:
    """These bins; those that there are stay as they are."""
    Bin.objects.bulk_create(bins, ignore_conflicts=True)


def item(sku: str, code: str = "MAIN") -> InventoryItem:
    """The item as the database has it now."""
    return InventoryItem.objects.get(product__sku=sku, warehouse__code=code)


def counters(sku: str, code: str = "MAIN") -> tuple[int, int, int, int]:
    """On hand, reserved, unsellable, inbound."""
    row = item(sku, code)
    return row.on_hand, row.reserved, row.unsellable, row.inbound
