"""Purchase orders: shown, sent, closed short, cancelled, and drafted from what should be bought."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.decorators import action
from unfold.forms import BaseDialogForm

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import ShownLines, carry_out
from inventory_site.core.roles import RECEIVER, Staff, staff
from orders.admin.filters import Delivery
from orders.admin.forms import PurchaseForm
from orders.admin.making import Maker
from orders.admin.searching import ForgivingSearch
from orders.models import PurchaseLine, PurchaseOrder
from orders.queries.purchases import suggested
from orders.services.drafting import PurchaseLine as NewPurchaseLine
from orders.services.drafting import draft
from orders.services.purchasing import (
    cancel_purchase,
    close_short,
    draft_from_suggestions,
    send,
)


class Lines(ShownLines):
    model = PurchaseLine
    fields = ("product", "quantity", "received", "damaged", "unit_cost")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ForgivingSearch, Maker):
    form_made = PurchaseForm
    warehouse_paths = ("warehouse__code",)
    made_title = _("New purchase order")
    made_words = _("It is a draft until it is sent; then its lines count as inbound.")
    list_display = (
        "reference", "supplier", "warehouse", "status", "expected_at", "sent_at", "closed_at", "actor",
    )  # fmt: skip
    list_filter = (Delivery, "status", WarehouseFilter, "supplier")
    nothing_here = _(
        "What is ordered from suppliers stands here until it has come. Drafts of all that should be bought "
        "are made by the button above the list; one for something else is made by hand."
    )
    list_select_related = ("supplier", "warehouse")
    search_fields = ("reference", "supplier__code", "supplier__name", "lines__product__sku")
    product_path = "lines__product"
    fields = (
        "reference", "supplier", "warehouse", "status", "expected_at", "notes", "actor", "created_at",
        "sent_at", "closed_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines,)
    actions = ("send_drafts", "close_short", "cancel_orders")
    actions_list = ("draft_suggested",)

    def may_make(self, who: Staff) -> bool:
        """Receivers and managers buy."""
        return who.is_manager or RECEIVER in who.roles

    def make(self, given: dict[str, Any], who: Staff) -> str:
        bought = [NewPurchaseLine(sku, quantity) for sku, quantity in given.pop("lines")]
        return draft(lines=bought, actor=who.actor, within=who.within, **given).reference

    def has_buy_permission(self, request: HttpRequest) -> bool:
        """As for making one."""
        return self.may_make(staff(request.user))

    @admin.action(description=_("Send to the supplier (inbound from now on)"), permissions=["buy"])
    def send_drafts(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return send(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request, references(queryset), ngettext_lazy("%(n)s sent.", "%(n)s sent.", "n"), work
        )

    @admin.action(description=_("Close short (the rest will not come)"), permissions=["buy"])
    def close_short(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return close_short(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s closed short.", "%(n)s closed short.", "n"),
            work,
        )

    @admin.action(description=_("Cancel (nothing has come yet)"), permissions=["buy"])
    def cancel_orders(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return cancel_purchase(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s cancelled.", "%(n)s cancelled.", "n"),
            work,
        )

    @action(  # type: ignore[untyped-decorator]
        description=_("Draft from suggestions"),
        url_path="draft-from-suggestions",
        permissions=["buy"],
        dialog={
            "title": _("Draft from suggestions"),
            "description": _(
                "One draft per supplier and warehouse, of everything at or under its reorder "
                "point that no open purchase order brings yet. Nothing is sent."
            ),
            "form_class": None,
            "form_submit_text": _("Make drafts"),
        },
    )
    def draft_suggested(self, request: HttpRequest, form: BaseDialogForm) -> HttpResponse:
        """One draft per supplier and warehouse, of everything that should be bought."""
        who = staff(request.user)
        try:
            drafts = in_unit_of_work(
                lambda: draft_from_suggestions(actor=who.actor, within=who.within)
            )
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            _tell_drafts(request, len(drafts), who)
        return HttpResponseClientRedirect(reverse("admin:orders_purchaseorder_changelist"))


def _tell_drafts(request: HttpRequest, count: int, who: Staff) -> None:
    if count:
        words = ngettext(
            "%(n)s draft made; look and send.", "%(n)s drafts made; look and send.", count
        )
        messages.success(request, words % {"n": count})
    else:
        messages.info(
            request, gettext("Nothing is to be bought that is not on an open order already.")
        )
    without = sorted({x.sku for x in suggested(warehouses=who.within) if x.supplier is None})
    if without:
        told = ", ".join(without[:10]) + (" …" if len(without) > 10 else "")
        messages.warning(
            request, gettext("Without a supplier, so on no draft: %(told)s.") % {"told": told}
        )


def references(queryset: QuerySet[Any]) -> list[str]:
    """In the order in which the documents were made."""
    return list(queryset.order_by("id").values_list("reference", flat=True))
