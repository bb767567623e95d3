"""Products and suppliers."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from inventory_site.core.confirming import Confirmed
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.stale import NotOutdated
from warehouse.admin.searching import ForgivingSearch
from warehouse.admin.telling import told
from warehouse.checks import normal_sku
from warehouse.models import Barcode, Product, Supplier
from warehouse.services.levels import refresh_products
from warehouse.services.replenishment import check_products


@admin.register(Supplier)
class SupplierAdmin(NotOutdated, TakenAlong, ModelAdmin):  # type: ignore[misc]
    list_display = ("code", "name", "lead_time_days")
    nothing_here = _(
        "Products are bought from suppliers. Import a sheet of products that names them, or add one."
    )
    search_fields = ("code", "name")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Barcodes(TabularInline):  # type: ignore[misc]
    model = Barcode
    extra = 0

    def formfield_for_dbfield(self, field: Any, request: HttpRequest, **more: Any) -> Any:
        """A column's title is no label of the fields below it."""
        made = super().formfield_for_dbfield(field, request, **more)
        if made:
            made.widget.attrs.setdefault("aria-label", str(field.verbose_name).capitalize())
        return made


@admin.register(Product)
class ProductAdmin(NotOutdated, TakenAlong, Confirmed, ForgivingSearch, ModelAdmin):  # type: ignore[misc]
    """What it is called can be edited; how much there is of it is shown above."""

    product_path = ""
    change_form_before_template = "admin/product_story.html"
    list_before_template = "admin/sheet_links.html"
    sheet = "products"
    list_display = ("sku", "name", "supplier", "unit_cost", "pack_size", "active")
    list_filter = ("active", "supplier")
    list_select_related = ("supplier",)
    list_per_page = 50
    search_fields = ("sku", "name", "barcodes__code")
    nothing_here = _("What is sold is listed here. Import a sheet of products, or add one by hand.")
    fields = ("sku", "name", "unit_cost", "supplier", "lead_time_days", "pack_size", "active")
    autocomplete_fields = ("supplier",)
    inlines = (Barcodes,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A SKU is what the ledger and the shop know a product by: it is never changed."""
        return ("sku",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The product, with its story."""
        product = self.get_object(request, object_id)
        more = {} if product is None else told(request, product)
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **more}
        )
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.sku = normal_sku(obj.sku)
        super().save_model(request, obj, form, change)
        if "active" in form.changed_data:
            check_products(skus=[obj.sku])
        transaction.on_commit(lambda: refresh_products(skus=[obj.sku]), robust=True)
