"""Levels, reservations, the ledger, and what follows from them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import FoundByItsStart, ShownLines, ShownOnly
from inventory_site.core.reporting.rights import may_read
from warehouse.admin.filters import DoneBy, Occurred, classes
from warehouse.admin.item_settings import EditedInTheList
from warehouse.admin.searching import ForgivingSearch
from warehouse.admin.stock_filters import NotCounted, RunsOut, StockState
from warehouse.admin.telling import told_of_item
from warehouse.models import (
    InboundLine,
    InventoryItem,
    LostDemand,
    Reservation,
    ReservationLine,
    StockMovement,
)


@admin.register(InventoryItem)
class InventoryItemAdmin(EditedInTheList, ForgivingSearch, ShownOnly):
    warehouse_paths = ("warehouse__code",)
    list_display = (
        "product", "warehouse", "classes", "on_hand", "reserved", "unsellable", "available", "inbound",
        "reorder_point", "reorder_quantity", "safety_stock", "primary_bin",
    )  # fmt: skip
    list_filter = (
        StockState,
        WarehouseFilter,
        classes(of="ABC", path="item_class__abc", title=_("class by value")),
        classes(of="XYZ", path="item_class__xyz", title=_("class by evenness")),
        NotCounted,
    )
    list_select_related = ("product", "warehouse", "primary_bin", "item_class")
    actions_list = ("dead_stock",)
    list_before_template = "admin/sheet_links.html"
    sheet = "reorder_settings"
    search_fields = ("product__sku", "product__name")
    change_form_before_template = "admin/item_story.html"
    fields = (
        "product", "warehouse", "reorder_point", "reorder_quantity", "safety_stock", "primary_bin",
        "last_counted_at", "updated_at",
    )  # fmt: skip
    nothing_here = _(
        "A product is listed for each warehouse that has had it. Import an opening stock, or receive goods."
    )
    ordering = ("product__sku", "warehouse__code")

    @admin.display(description=_("available"))
    def available(self, item: InventoryItem) -> int:
        return item.on_hand - item.unsellable - item.reserved

    @admin.display(description=_("class"), ordering="item_class__abc")
    def classes(self, item: InventoryItem) -> str:
        """By value and by evenness of demand, such as AX; nothing before the first night."""
        return str(getattr(item, "item_class", "") or "")

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """With what its story begins with, read once."""
        known: dict[str, Any] = request.__dict__.setdefault("known_items", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The item, with its story."""
        item = self.get_object(request, object_id)
        more = {} if item is None else told_of_item(request, item)
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **more}
        )
        return answer

    def has_read_reports_permission(self, request: HttpRequest) -> bool:
        """As for the report itself."""
        return may_read(request)

    @action(  # type: ignore[untyped-decorator]
        description=_("Dead stock"), url_path="dead-stock", permissions=["read_reports"]
    )
    def dead_stock(self, request: HttpRequest) -> HttpResponse:
        """It was a page of its own once; the report answers the same question."""
        given = {"idle": request.GET.get("days", ""), "warehouse": request.GET.get("warehouse", "")}
        asked = urlencode({name: value for name, value in given.items() if value})
        address = reverse("report", args=["dead-stock"])
        return HttpResponseRedirect(f"{address}?{asked}" if asked else address)


class Lines(ShownLines):
    model = ReservationLine
    warehouse_paths = ("item__warehouse__code",)
    fields = ("item", "quantity", "shipped", "released", "backordered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item__product", "item__warehouse")


@admin.register(Reservation)
class ReservationAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    """Found by its reference, or by a product that it holds."""

    warehouse_paths = ("lines__item__warehouse__code",)
    product_path = "lines__item__product"
    list_display = ("reference", "status", "actor", "created_at", "expires_at")
    list_filter = ("status", RunsOut, WarehouseFilter)
    search_fields = ("reference",)
    nothing_here = _(
        "Whoever takes stock for an order or a cart is listed here. A shop reserves with an API key; an "
        "order reserves when it is confirmed."
    )
    fields = (
        "reference", "status", "actor", "created_at", "expires_at", "pinned", "owner", "updated_at",
    )  # fmt: skip
    inlines = (Lines,)


@admin.register(StockMovement)
class StockMovementAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    by_parts = False
    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "occurred_at", "type", "item", "quantity", "on_hand_after", "bin_from", "bin_to", "reference",
        "reason", "actor",
    )  # fmt: skip
    list_filter = (Occurred, "type", WarehouseFilter, DoneBy)
    list_select_related = ("item__product", "item__warehouse", "bin_from", "bin_to")
    search_fields = ("reference", "item__product__sku")
    product_path = "item__product"
    nothing_here = _(
        "Every change of stock is written down here, for good. Import an opening stock, or receive goods."
    )


@admin.register(InboundLine)
class InboundLineAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    warehouse_paths = ("item__warehouse__code",)
    list_display = ("reference", "kind", "item", "quantity", "received", "cancelled", "expected_at")
    list_filter = ("kind", WarehouseFilter)
    list_select_related = ("item__product", "item__warehouse")
    search_fields = ("reference", "item__product__sku")
    product_path = "item__product"
    nothing_here = _(
        "What a purchase order or a transfer will bring is listed here from the day on that it is sent."
    )


@admin.register(LostDemand)
class LostDemandAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    warehouse_paths = ("warehouse__code",)
    list_display = ("occurred_at", "reference", "product", "requested", "available", "actor")
    list_filter = (Occurred, WarehouseFilter)
    list_select_related = ("product",)
    search_fields = ("reference", "product__sku")
    nothing_here = _(
        "Who asked for more than there was is listed here. Nothing was refused so far: good."
    )
