"""Sales orders and shipments."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import (
    FoundByItsStart,
    ShownLines,
    ShownOnly,
    carry_out,
)
from inventory_site.core.roles import MANAGER, Staff, staff
from orders.admin.filters import Due, Promise, RecentCarrier
from orders.admin.forms import OrderForm
from orders.admin.making import Maker
from orders.models import OrderLine, SalesOrder, Shipment, ShipmentLine
from orders.queries.shipments import shipment_view
from orders.services.cancelling import cancel, close
from orders.services.packing_slips import packing_slip
from orders.services.placing import NewLine, NewOrder, confirm, place


class Lines(ShownLines):
    model = OrderLine
    fields = ("product", "quantity", "cancelled", "shipped")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")


class Shipments(ShownLines):
    model = Shipment
    warehouse_paths = ("warehouse__code",)
    fields = ("reference", "warehouse", "carrier", "tracking_number", "shipped_at", "slip")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("warehouse")

    @admin.display(description=_("packing slip"))
    def slip(self, shipment: Shipment) -> str:
        return slip_link(shipment)


@admin.register(SalesOrder)
class SalesOrderAdmin(FoundByItsStart, Maker):
    form_made = OrderForm
    made_title = _("New order")
    warehouse_paths = ("warehouse__code", "reservation__lines__item__warehouse__code")
    made_words = _(
        "Stock is promised at once; what is not there waits, and is filled as it arrives."
    )
    list_display = (
        "reference", "status", "priority", "ship_by", "carrier", "ship_to_name", "placed_at",
    )  # fmt: skip
    list_filter = (Due, "status", Promise, WarehouseFilter, RecentCarrier, "placed_at")
    nothing_here = _(
        "Orders of your customers stand here, with what is promised to each. Your shop places them over the "
        "API; one that came by telephone is made here."
    )
    search_fields = ("reference", "ship_to_name", "lines__product__sku")
    list_select_related = ("reservation",)
    fields = (
        "reference", "status", "priority", "ship_by", "carrier", "ship_to_name", "ship_to_address",
        "notes", "warehouse", "reservation", "actor", "placed_at", "updated_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines, Shipments)
    actions = ("confirm_drafts", "cancel_orders", "close_orders")

    def make(self, given: dict[str, Any], who: Staff) -> str:
        lines = [NewLine(sku, quantity) for sku, quantity in given.pop("lines")]
        given["priority"] = int(given["priority"])
        given["warehouse"] = given["warehouse"] or None
        order = NewOrder(lines=lines, **given)
        return place(order=order, actor=who.actor, within=who.within).reference

    @admin.action(description=_("Confirm (promise stock to drafts)"), permissions=["decide"])
    def confirm_drafts(self, request: HttpRequest, queryset: QuerySet[SalesOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            who.check_role(MANAGER)
            return confirm(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            _references(queryset),
            ngettext_lazy("%(n)s confirmed.", "%(n)s confirmed.", "n"),
            work,
        )

    @admin.action(description=_("Cancel what has not left"), permissions=["decide"])
    def cancel_orders(self, request: HttpRequest, queryset: QuerySet[SalesOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            who.check_role(MANAGER)
            return cancel(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            _references(queryset),
            ngettext_lazy("%(n)s cancelled.", "%(n)s cancelled.", "n"),
            work,
        )

    @admin.action(description=_("Close (nothing more will leave)"), permissions=["decide"])
    def close_orders(self, request: HttpRequest, queryset: QuerySet[SalesOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            who.check_role(MANAGER)
            return close(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            _references(queryset),
            ngettext_lazy("%(n)s closed.", "%(n)s closed.", "n"),
            work,
        )


class ShipmentLines(ShownLines):
    model = ShipmentLine
    fields = ("order_line", "quantity")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order_line__product")


@admin.register(Shipment)
class ShipmentAdmin(FoundByItsStart, ShownOnly):
    warehouse_paths = ("warehouse__code",)
    list_display = (
        "reference", "order", "warehouse", "carrier", "tracking_number", "shipped_at", "slip",
    )  # fmt: skip
    list_filter = (WarehouseFilter, RecentCarrier, "shipped_at")
    nothing_here = _(
        "Every parcel that left stands here, with its packing slip. Parcels are made on the floor, when a "
        "walk is packed and shipped."
    )
    list_select_related = ("order", "warehouse")
    search_fields = ("reference", "order__reference", "tracking_number")
    fields = (
        "reference", "order", "warehouse", "pick_list", "carrier", "tracking_number", "actor",
        "shipped_at", "slip",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (ShipmentLines,)

    @admin.display(description=_("packing slip"))
    def slip(self, shipment: Shipment) -> str:
        return slip_link(shipment)

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.print_slip)
        own = path("<str:reference>/packing-slip", view, name="orders_shipment_packing_slip")
        return [own, *super().get_urls()]

    def print_slip(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The packing slip, for whoever may look at shipments (of this warehouse)."""
        if not self.has_view_permission(request):
            raise Http404
        try:
            found = shipment_view(reference=reference, within=staff(request.user).within)
        except DomainError as error:
            raise Http404(error.detail) from error
        response = HttpResponse(packing_slip(shipment=found), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{found.reference}.pdf"'
        return response


def slip_link(shipment: Shipment) -> str:
    """Where the packing slip of this parcel is printed."""
    address = reverse("admin:orders_shipment_packing_slip", args=[shipment.reference])
    return format_html('<a href="{}" target="_blank" rel="noopener">PDF</a>', address)


def _references(queryset: QuerySet[SalesOrder]) -> list[str]:
    return list(queryset.order_by("id").values_list("reference", flat=True))
