"""Actions on products and bins: count them, print their labels."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inventory_site.core.confirming import at_once
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import MANAGER, staff
from orders.services import counting
from orders.services.counting import MOST_PLACES, CountPlace
from orders.services.labels import MOST_LABELS, bin_labels_by_id, product_labels

Rows = QuerySet[Any]


def _pdf(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="labels.pdf"'
    return response


def _of_products(request: HttpRequest, rows: Rows, paper: str) -> HttpResponse | None:
    chosen = list(rows.order_by("sku").values_list("sku", flat=True)[: MOST_LABELS + 1])
    try:
        return _pdf(product_labels(skus=chosen, paper=paper))
    except DomainError as error:
        messages.error(request, error.detail)
        return None


def _of_bins(request: HttpRequest, rows: Rows, paper: str) -> HttpResponse | None:
    chosen = list(rows.values_list("id", flat=True)[: MOST_LABELS + 1])
    try:
        return _pdf(bin_labels_by_id(ids=chosen, paper=paper))
    except DomainError as error:
        messages.error(request, error.detail)
        return None


@at_once
@admin.action(description=_("Print labels: sheet, 3 by 8 on A4"), permissions=["view"])
def product_sheet(model: Any, request: HttpRequest, rows: Rows) -> HttpResponse | None:
    return _of_products(request, rows, "sheet")


@at_once
@admin.action(description=_("Print labels: roll, 50 by 25 mm"), permissions=["view"])
def product_roll(model: Any, request: HttpRequest, rows: Rows) -> HttpResponse | None:
    return _of_products(request, rows, "roll")


@at_once
@admin.action(description=_("Print labels: sheet, 3 by 8 on A4"), permissions=["view"])
def bin_sheet(model: Any, request: HttpRequest, rows: Rows) -> HttpResponse | None:
    return _of_bins(request, rows, "sheet")


@at_once
@admin.action(description=_("Print labels: roll, 50 by 25 mm"), permissions=["view"])
def bin_roll(model: Any, request: HttpRequest, rows: Rows) -> HttpResponse | None:
    return _of_bins(request, rows, "roll")


@admin.action(description=_("Have these bins counted"), permissions=["view"])
def count_bins(model: Any, request: HttpRequest, rows: Rows) -> None:
    """For managers: a task for each bin, with all that is in it."""
    who = staff(request.user)
    places = [
        CountPlace(warehouse, code)
        for warehouse, code in rows.values_list("warehouse__code", "code")[: MOST_PLACES + 1]
    ]
    try:
        who.check_role(MANAGER)
        opened = in_unit_of_work(
            lambda: counting.open_tasks(places=places, actor=who.actor, within=who.within)
        )
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        words = ngettext(
            "%(n)s bin waits to be counted.", "%(n)s bins wait to be counted.", len(opened)
        )
        messages.success(request, words % {"n": len(opened)})


def offer() -> None:
    """Give the warehouse's own pages what only orders can do; imports go the other way."""
    for name, actions in (
        ("Product", (product_sheet, product_roll)),
        ("Bin", (bin_sheet, bin_roll, count_bins)),
    ):
        page = admin.site.get_model_admin(apps.get_model("warehouse", name))
        page.actions = (*(page.actions or ()), *actions)


offer()
