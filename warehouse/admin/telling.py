"""A product's story on its page in the back office, and an item's, with their charts."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.core.charts import Chart, Series, chart
from inventory_site.core.roles import staff
from warehouse.checks import normal_sku
from warehouse.models import (
    BinKind,
    InboundKind,
    InventoryItem,
    MovementType,
    Product,
    ReorderAdvice,
)
from warehouse.story import DAYS, WEEKS, Story, story

_handling: list[tuple[str, str]] = []

TOTALS = (
    (gettext_lazy("On hand"), "on_hand"),
    (gettext_lazy("Promised"), "reserved"),
    (gettext_lazy("Quarantine"), "unsellable"),
    (gettext_lazy("Available"), "available"),
    (gettext_lazy("On the way"), "inbound"),
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
    found = story(product=product.pk, now=timezone.now(), within=staff(request.user).within)
    return _shown(request, found) | {"product": product}


def told_of_item(request: HttpRequest, item: InventoryItem) -> dict[str, Any]:
    """What the page shows of a product in one warehouse, with the way to the others that are one's own."""
    product = item.product
    found = story(
        product=product.pk, now=timezone.now(), within=staff(request.user).within, item=item.pk
    )
    open_advice = ReorderAdvice.objects.filter(item=item, decided_at=None).first()
    return _shown(request, found) | {
        "title": product.name,
        "item": next(iter(found.items), None),
        "product": product,
        "advice": open_advice,
    }


def _shown(request: HttpRequest, found: Story) -> dict[str, Any]:
    return {
        "story": found,
        "totals": [(title, found.total(name)) for title, name in TOTALS],
        "handling": _handling if staff(request.user).is_manager else (),
        "bins": [
            (one, "" if one.kind == BinKind.PICK else BinKind(one.kind).label) for one in found.bins
        ],
        "coming": [(one, InboundKind(one.kind).label) for one in found.coming],
        "movements": [(one, MovementType(one.type).label) for one in found.movements],
        "stock_chart": _stock(found),
        "demand_chart": _demand(found),
    }


def _stock(found: Story) -> Chart:
    least, most = min(found.stock.values()), max(found.stock.values())
    return chart(
        type="line",
        labels=[_day(day) for day in found.stock],
        series=[Series(_("On hand"), list(found.stock.values()))],
        words=_("On hand over %(days)s days: between %(least)s and %(most)s units.")
        % {"days": DAYS, "least": least, "most": most},
        height=200,
    )


def _demand(found: Story) -> Chart:
    shipped = [units for units, _ in found.demand.values()]
    refused = [units for _, units in found.demand.values()]
    return chart(
        type="bar",
        labels=[_day(week) for week in found.demand],
        series=[Series(_("Shipped"), shipped), Series(_("Refused"), refused)],
        words=_("Over %(weeks)s weeks %(shipped)s units were shipped and %(refused)s refused.")
        % {"weeks": WEEKS, "shipped": sum(shipped), "refused": sum(refused)},
        stacked=True,
        height=200,
    )


def _day(day: date) -> str:
    return date_format(day, "j M")
