"""Order the chosen: drafts of the suggestions that are ticked, and of no others."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import MANAGER, RECEIVER, staff
from orders.models import PurchaseOrder
from orders.queries.purchases import PurchaseView
from orders.services.purchasing import draft_from_suggestions

NAMED = 10  # products or drafts that a message names

Rows = QuerySet[Any]


@admin.action(
    description=gettext_lazy("Order the chosen (a draft per supplier and warehouse)"),
    permissions=["buy"],
)
def order_chosen(model: Any, request: HttpRequest, rows: Rows) -> None:
    """For managers and receivers. What is on an open purchase order already is not ordered again."""
    who = staff(request.user)
    ticked = _ticked(request, rows)
    suppliers = dict(_places(ticked, "item__product__supplier__code"))
    try:
        who.check_role(MANAGER, RECEIVER)
        drafts = in_unit_of_work(
            lambda: draft_from_suggestions(
                actor=who.actor, chosen=set(suppliers), within=who.within
            )
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return
    if drafts:
        _tell(request, drafts)
    _tell_left_out(request, suppliers, drafts)


def _ticked(request: HttpRequest, rows: Rows) -> Rows:
    """What was ticked, also where it is another warehouse's: that is refused, not passed over."""
    if request.POST.get("select_across") == "1":
        return rows
    given = request.POST.getlist(ACTION_CHECKBOX_NAME)
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]
    found: Rows = rows.model._default_manager.filter(pk__in=ids)
    return found


def _places(rows: Rows, field: str) -> list[tuple[tuple[str, str], Any]]:
    """SKU and warehouse of each, with a field of it."""
    found = rows.order_by("item__product__sku", "item__warehouse__code").values_list(
        "item__product__sku", "item__warehouse__code", field
    )
    return [((sku, code), value) for sku, code, value in found]


def _tell(request: HttpRequest, drafts: list[PurchaseView]) -> None:
    words = ngettext(
        "%(count)s draft made; look and send:", "%(count)s drafts made; look and send:", len(drafts)
    )
    named = PurchaseOrder.objects.filter(reference__in=[one.reference for one in drafts[:NAMED]])
    links = format_html_join(
        ", ",
        '<a class="underline" href="{}">{}</a>',
        ((_address(one), one.reference) for one in named.order_by("id")),
    )
    messages.success(request, format_html("{} {}", words % {"count": len(drafts)}, links))


def _address(order: PurchaseOrder) -> str:
    return reverse("admin:orders_purchaseorder_change", args=[order.pk])


def _tell_left_out(
    request: HttpRequest,
    suppliers: dict[tuple[str, str], str | None],
    drafts: list[PurchaseView],
) -> None:
    """Of what was chosen, what is on no draft now, and why."""
    without = sorted({sku for (sku, _code), supplier in suppliers.items() if supplier is None})
    if without:
        told = {"names": _named(without)}
        messages.warning(request, _("Without a supplier, so on no draft: %(names)s.") % told)
    bought = {(line.sku, one.warehouse) for one in drafts for line in one.lines}
    left = sorted(
        f"{sku} · {code}"
        for (sku, code), supplier in suppliers.items()
        if supplier is not None and (sku, code) not in bought
    )
    if left:
        told = {"names": _named(left)}
        messages.info(request, _("On an open purchase order already, or closed: %(names)s.") % told)


def _named(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def offer() -> None:
    """Give the warehouse's page of suggestions what only orders can do; imports go the other way."""
    page = admin.site.get_model_admin(apps.get_model("warehouse", "ReorderSuggestion"))
    page.actions = (*(page.actions or ()), order_chosen)


offer()
