"""A product's story on its page in the back office, with its charts."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from inventory_site.core.charts import Chart, Series, chart
from inventory_site.core.roles import staff
from warehouse.checks import normal_sku
from warehouse.models import Product
from warehouse.story import DAYS, WEEKS, Story, story

_handling: list[tuple[str, str]] = []

TOTALS = (
    ("On hand", "on_hand"),
    ("Promised", "reserved"),
    ("Quarantine", "unsellable"),
    ("Available", "available"),
    ("On the way", "inbound"),
)


def offer_handling(*, address: str, words: str) -> None:
    """Have a product's page lead from each bin to a page, by its address's name, that handles the stock."""
    _handling.append((address, words))


def handling_of(*, sku: str, warehouse: str) -> list[tuple[str, str, str]]:
    """Where a product's stock in a warehouse is handled: the address's name, the address, and its words."""
    asked = urlencode({"sku": sku, "warehouse": warehouse})
    return [(name, f"{reverse(name)}?{asked}", words) for name, words in _handling]


def product_page(*, sku: str) -> str:
    """The address of a product's page; of the list where there is no such product."""
    product = Product.objects.filter(sku=normal_sku(sku)).only("pk").first()
    if product is None:
        return reverse("admin:warehouse_product_changelist")
    return reverse("admin:warehouse_product_change", args=[product.pk])


def told(request: HttpRequest, product: Product) -> dict[str, Any]:
    """What the page shows of it, in the person's own warehouses."""
    who = staff(request.user)
    found = story(product=product.pk, now=timezone.now(), within=who.within)
    return {
        "story": found,
        "totals": [(title, found.total(name)) for title, name in TOTALS],
        "handling": _handling if who.is_manager else (),
        "stock_chart": _stock(found),
        "demand_chart": _demand(found),
    }


def _stock(found: Story) -> Chart:
    least, most = min(found.stock.values()), max(found.stock.values())
    return chart(
        type="line",
        labels=[_day(day) for day in found.stock],
        series=[Series("On hand", list(found.stock.values()))],
        words=f"On hand over {DAYS} days: between {least} and {most} units.",
        height=200,
    )


def _demand(found: Story) -> Chart:
    shipped = [units for units, _ in found.demand.values()]
    refused = [units for _, units in found.demand.values()]
    return chart(
        type="bar",
        labels=[_day(week) for week in found.demand],
        series=[Series("Shipped", shipped), Series("Refused", refused)],
        words=f"Over {WEEKS} weeks {sum(shipped)} units were shipped and {sum(refused)} refused.",
        stacked=True,
        height=200,
    )


def _day(day: date) -> str:
    return f"{day:%-d %b}"
