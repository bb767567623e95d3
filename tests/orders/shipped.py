"""Orders that left the house, and suppliers, for tests of what comes in."""

from collections.abc import Mapping

from orders.models import OrderLine, SalesOrder
from tests.factories import SupplierFactory, do, stock
from warehouse.lines import ReserveLine, ReserveRequest
from warehouse.models import Product, Reservation, Supplier
from warehouse.services.reservations import reserve_batch
from warehouse.services.shipping import ship


def shipped_order(reference: str, lines: Mapping[str, int], *, code: str = "MAIN") -> SalesOrder:
    """An order of which everything was shipped from one warehouse."""
    request = ReserveRequest(
        reference,
        [ReserveLine(sku, units) for sku, units in lines.items()],
        warehouse=code,
        owner="orders",
    )
    do(reserve_batch, requests=[request])
    do(ship, reference=reference, owner="orders")
    order = SalesOrder.objects.create(
        reference=reference,
        status="shipped",
        reservation=Reservation.objects.get(reference=reference),
        fingerprint="",
        actor="tester",
    )
    products = Product.objects.in_bulk(lines, field_name="sku")
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product=products[sku], quantity=units, shipped=units)
        for sku, units in lines.items()
    )
    return order


def supplied(*skus: str, code: str = "ACME", lead_time_days: int = 7, **fields: object) -> Supplier:
    """A supplier that sells these products, which are known in MAIN."""
    stock({(sku, "MAIN"): 0 for sku in skus})
    supplier = Supplier.objects.filter(code=code).first() or SupplierFactory(
        code=code, lead_time_days=lead_time_days
    )
    Product.objects.filter(sku__in=skus).update(supplier=supplier, **fields)
    return supplier
