"""Levels, reservations, the ledger, and what follows from them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from inventory_site.core.office import FoundByItsStart, ShownLines, ShownOnly
from warehouse.admin.dead_stock import dead_stock_page
from warehouse.admin.filters import NotCounted, StockState
from warehouse.admin.item_settings import EditedInTheList
from warehouse.admin.searching import ForgivingSearch
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
    list_filter = (StockState, "warehouse", "item_class__abc", "item_class__xyz", NotCounted)
    list_select_related = ("product", "warehouse", "primary_bin", "item_class")
    actions_list = ("dead_stock",)
    list_before_template = "admin/sheet_links.html"
    sheet = "reorder_settings"
    search_fields = ("product__sku", "product__name")
    ordering = ("product__sku", "warehouse__code")

    @admin.display(description="available")
    def available(self, item: InventoryItem) -> int:
        return item.on_hand - item.unsellable - item.reserved

    @admin.display(description="class", ordering="item_class__abc")
    def classes(self, item: InventoryItem) -> str:
        """By value and by evenness of demand, such as AX; nothing before the first night."""
        return str(getattr(item, "item_class", "") or "")

    @action(description="Dead stock", url_path="dead-stock", permissions=["view"])  # type: ignore[untyped-decorator]
    def dead_stock(self, request: HttpRequest) -> HttpResponse:
        """What lies and is not sold, the most valuable first."""
        return dead_stock_page(request, self.admin_site.each_context(request))


class Lines(ShownLines):
    model = ReservationLine
    warehouse_paths = ("item__warehouse__code",)
    fields = ("item", "quantity", "shipped", "released", "backordered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item__product", "item__warehouse")


@admin.register(Reservation)
class ReservationAdmin(FoundByItsStart, ShownOnly):
    warehouse_paths = ("lines__item__warehouse__code",)
    list_display = ("reference", "status", "actor", "created_at", "expires_at")
    list_filter = ("status",)
    search_fields = ("reference",)
    inlines = (Lines,)


@admin.register(StockMovement)
class StockMovementAdmin(FoundByItsStart, ShownOnly):
    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "occurred_at", "type", "item", "quantity", "on_hand_after", "bin_from", "bin_to", "reference",
        "reason", "actor",
    )  # fmt: skip
    list_filter = ("type", "item__warehouse")
    list_select_related = ("item__product", "item__warehouse", "bin_from", "bin_to")
    search_fields = ("reference", "item__product__sku")


@admin.register(InboundLine)
class InboundLineAdmin(FoundByItsStart, ShownOnly):
    warehouse_paths = ("item__warehouse__code",)
    list_display = ("reference", "kind", "item", "quantity", "received", "cancelled", "expected_at")
    list_filter = ("kind",)
    list_select_related = ("item__product", "item__warehouse")
    search_fields = ("reference", "item__product__sku")


@admin.register(LostDemand)
class LostDemandAdmin(FoundByItsStart, ShownOnly):
    warehouse_paths = ("warehouse__code",)
    list_display = ("occurred_at", "reference", "product", "requested", "available", "actor")
    list_select_related = ("product",)
    search_fields = ("reference", "product__sku")
