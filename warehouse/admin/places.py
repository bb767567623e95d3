"""Warehouses and bins."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from warehouse.models import Bin, Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(ModelAdmin):  # type: ignore[misc]
    """New warehouses are opened by a service, since they need their staging bins."""

    list_display = ("code", "name", "time_zone", "priority")
    search_fields = ("code", "name")
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bin)
class BinAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("code", "warehouse", "kind", "pick_sequence")
    list_filter = ("warehouse", "kind")
    list_select_related = ("warehouse",)
    list_per_page = 50
    search_fields = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("warehouse", "code", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
