"""Items with a past: weeks of sales, refusals and deliveries, written as the services would have."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.factories import ProductFactory, SupplierFactory, do, item, stock
from warehouse.lines import ExpectedLine, PlacedLine, ReserveLine
from warehouse.models import LostDemand, Product, Warehouse
from warehouse.services.inbound import expect
from warehouse.services.movements import receive
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)  # a Wednesday; the running week is not looked at
MONDAY = datetime(2026, 6, 8, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def sold(sku: str, weeks: Sequence[int], *, code: str = "MAIN", left: int = 1000) -> None:
    """An item that shipped so many units in each of the weeks before NOW, the last one last."""
    begin = MONDAY - len(weeks) * WEEK
    ProductFactory(sku=sku)
    stock({(sku, code): 0})
    line = PlacedLine(sku, code, sum(weeks) + left, "A-01-01")
    do(receive, reference=f"IN-{sku}-{code}", lines=[line], now=begin + timedelta(hours=1))
    for week, units in enumerate(weeks):
        if units:
            leave(sku, units, begin + week * WEEK + timedelta(days=2), code=code)


def kept(*places: tuple[str, str], point: int = 0, quantity: int = 0) -> None:
    """Items that have never had any stock, set like this."""
    stock(dict.fromkeys(places, 0))
    new = [ReorderSetting(sku, code, point, quantity) for sku, code in places]
    do(set_reorder_batch, settings=new)


def leave(sku: str, units: int, at: datetime, *, code: str = "MAIN") -> None:
    """So many units are sold and leave the house."""
    reference = f"O-{sku}-{code}-{at:%Y%m%d%H%M}"
    do(reserve, reference=reference, lines=[ReserveLine(sku, units)], warehouse=code, now=at)
    do(ship, reference=reference, now=at)


def refused(
    sku: str, units: int, *, weeks_ago: int, code: str | None = "MAIN", reference: str = ""
) -> None:
    """So many units were asked for and not there, in that week (1: the last whole one)."""
    LostDemand.objects.create(
        reference=reference or f"L-{sku}-{weeks_ago}-{code}",
        product=Product.objects.get(sku=sku),
        warehouse=Warehouse.objects.get(code=code) if code else None,
        requested=units,
        available=0,
        actor="shop",
        occurred_at=MONDAY - weeks_ago * WEEK + timedelta(days=1),
    )


def supplied(*skus: str, days: int = 7, code: str = "ACME") -> None:
    """These products come from a supplier that says it takes so many days."""
    supplier = SupplierFactory(code=code, lead_time_days=days)
    for sku in skus:
        ProductFactory(sku=sku)
        Product.objects.filter(sku=sku).update(supplier=supplier)


def delivered(sku: str, took: Sequence[float], *, code: str = "MAIN", name: str = "PO") -> None:
    """Deliveries of one unit, each sent on another day and so many days on the road."""
    for n, days in enumerate(took):
        sent = NOW - timedelta(days=200 - n)
        reference = f"{name}-{sku}-{n}"
        do(
            expect,
            reference=reference,
            lines=[ExpectedLine(sku, code, 1)],
            expected_at=None,
            now=sent,
        )
        line = PlacedLine(sku, code, 1, "A-01-01")
        do(receive, reference=reference, lines=[line], now=sent + timedelta(days=days))


def settings(sku: str, code: str = "MAIN") -> tuple[int, int]:
    row = item(sku, code)
    return row.reorder_point, row.reorder_quantity
