"""Warehouses and bins."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from unfold.admin import ModelAdmin

from inventory_site.core.confirming import Confirmed
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.office import own_warehouses
from inventory_site.core.roles import staff
from inventory_site.core.stale import NotOutdated
from warehouse.admin.searching import ForgivingBinSearch
from warehouse.admin.stock_filters import BinState
from warehouse.models import Bin, Warehouse
from warehouse.services.locations import check_code, open_warehouse


class WarehouseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A code as bins, labels and the ledger carry it, and a time zone that exists."""

    class Meta:
        model = Warehouse
        fields = ("code", "name", "address", "time_zone", "priority")

    def clean_code(self) -> str:
        try:
            code = check_code(str(self.cleaned_data["code"]))
        except DomainError as error:
            raise forms.ValidationError(error.detail) from None
        if Warehouse.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("There is a warehouse %(code)s already.") % {"code": code}
            )
        return code

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"]).strip()
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("No such time zone; one is called Europe/Berlin, another UTC.")
            )
        return zone


@admin.register(Warehouse)
class WarehouseAdmin(NotOutdated, TakenAlong, ModelAdmin):  # type: ignore[misc]
    """New warehouses are opened by a service, since they need their staging bins."""

    form = WarehouseForm
    list_display = ("code", "name", "time_zone", "priority")
    nothing_here = _lazy(
        "Each building with stock is a warehouse. Open the first; it gets its staging bins by itself."
    )
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Codes stand in the ledger's words and on labels."""
        return ("code",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, "code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever is limited to some warehouses opens no other."""
        if not request.user.is_authenticated:
            return False
        who = staff(request.user)
        return who.is_manager and who.within is None

    def save_model(self, request: HttpRequest, obj: Warehouse, form: Any, change: bool) -> None:
        """Within the transaction that the back office has opened for this form."""
        if change:
            super().save_model(request, obj, form, change)
            return
        opened = open_warehouse(
            code=obj.code,
            name=obj.name,
            address=obj.address,
            time_zone=obj.time_zone,
            priority=obj.priority,
        )
        obj.pk, obj._state.adding = opened.pk, False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bin)
class BinAdmin(NotOutdated, TakenAlong, Confirmed, ForgivingBinSearch, ModelAdmin):  # type: ignore[misc]
    warehouse_paths = ("warehouse__code",)
    list_display = ("code", "warehouse", "kind", "pick_sequence")
    list_filter = (WarehouseFilter, "kind", BinState)
    list_select_related = ("warehouse",)
    list_per_page = 50
    search_fields = ("code",)
    nothing_here = _lazy(
        "A bin is a place on a shelf, such as A-03-12. Import a sheet of them, or add one by hand."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, *self.warehouse_paths)

    def formfield_for_foreignkey(self, field: Any, request: HttpRequest, **more: Any) -> Any:
        """A new bin is put up in a warehouse of one's own."""
        if field.name == "warehouse":
            more["queryset"] = own_warehouses(Warehouse.objects.all(), request, "code")
        return super().formfield_for_foreignkey(field, request, **more)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("warehouse", "code", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
