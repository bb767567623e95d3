"""What lies where: every bin with what is in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import FoundByItsStart, ShownOnly
from warehouse.admin.filters import OneOf, OneUnlessAsked, Rows
from warehouse.admin.searching import ForgivingSearch
from warehouse.models import BinKind, BinStock


def _holding(rows: Rows) -> Rows:
    return rows.filter(quantity__gt=0)


class Filled(OneUnlessAsked):
    """Bins keep the row of what once lay in them."""

    title = _("holds")
    parameter_name = "holds"
    usual = (_("Something"), _holding)
    ways = {
        "nothing": (_("Nothing any more"), lambda rows: rows.filter(quantity=0)),
        "all": (_("Either"), lambda rows: rows),
    }


def _of_kind(kind: BinKind) -> Callable[[Rows], Rows]:
    return lambda rows: rows.filter(bin__kind=kind)


class OfKind(OneOf):
    title = _("kind of bin")
    parameter_name = "kind"
    ways = {kind.value: (kind.label, _of_kind(kind)) for kind in BinKind}


@admin.register(BinStock)
class BinStockAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    """In the order of the walk. It is changed from a product's page, by services."""

    warehouse_paths = ("bin__warehouse__code",)
    product_path = "item__product"
    bin_path = "bin"
    list_display = ("place", "warehouse", "kind", "product", "name", "quantity")
    list_display_links = None
    list_filter = (Filled, WarehouseFilter, OfKind)
    list_select_related = ("bin__warehouse", "item__product")
    search_fields = ("bin__code", "item__product__sku")
    search_help_text = _("A bin or a product.")
    ordering = ("bin__warehouse", "bin__pick_sequence", "bin__code", "item__product__sku")
    nothing_here = _(
        "What lies in which bin. Import an opening stock with its bins, or put away what was received."
    )

    @admin.display(description=_("bin"), ordering="bin__code")
    def place(self, row: BinStock) -> str:
        return row.bin.code

    @admin.display(description=_("warehouse"), ordering="bin__warehouse__code")
    def warehouse(self, row: BinStock) -> str:
        return row.bin.warehouse.code

    @admin.display(description=_("kind"), ordering="bin__kind")
    def kind(self, row: BinStock) -> Any:
        return row.bin.get_kind_display()

    @admin.display(description=_("SKU"), ordering="item__product__sku")
    def product(self, row: BinStock) -> SafeString:
        address = reverse("admin:warehouse_product_change", args=[row.item.product_id])
        return format_html('<a class="underline" href="{}">{}</a>', address, row.item.product.sku)

    @admin.display(description=_("name"), ordering="item__product__name")
    def name(self, row: BinStock) -> str:
        return row.item.product.name
