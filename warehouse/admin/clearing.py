"""The queue of dead stock in the back office: filled from the report, worked off here."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.labels import Label
from inventory_site.core.office import ShownOnly, own_warehouses
from inventory_site.core.roles import MANAGER, staff
from warehouse.admin.searching import ForgivingSearch
from warehouse.admin.telling import handling_of, product_page
from warehouse.models import (
    Clearance,
    ClearanceState,
    ClearanceWay,
    InventoryItem,
    MovementType,
    StockMovement,
)
from warehouse.services import clearing

MOST_CHOSEN = 1000
STATES = {"open": _("open"), "planned": _("planned"), "done": _("done")}
LABELS = {"open": "warning", "planned": "info", "done": "success"}


class QueueForm(forms.Form):
    way = forms.ChoiceField(
        label=_("What is to be done"),
        choices=ClearanceWay.choices,
        widget=UnfoldAdminSelectWidget(),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=clearing.MAX_NOTE,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )


def sold_since() -> Any:
    """Units of the item that were sold since it was queued, at most those that lay there then."""
    shipped = (
        StockMovement.objects.filter(
            item=OuterRef("item"), type=MovementType.SHIP, occurred_at__gte=OuterRef("opened_at")
        )
        .order_by()
        .values("item")
        .annotate(units=-Sum("quantity"))
        .values("units")
    )
    return Least(F("units"), Coalesce(Subquery(shipped), 0))


@admin.register(Clearance)
class ClearanceAdmin(ForgivingSearch, ShownOnly):
    """Stock is not changed here: a write-off leads to the item, where it is booked with a reason."""

    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "sku", "warehouse", "way", "how_far", "note", "units", "recovered_units", "recovered_value",
        "opened_at", "opened_by", "changed_by",
    )  # fmt: skip
    list_filter = ("state", "way", WarehouseFilter)
    list_select_related = ("item__product", "item__warehouse")
    search_fields = ("item__product__sku", "item__product__name", "note")
    product_path = "item__product"
    nothing_here = _(
        "What is to be done with dead stock is remembered here. Choose items in the report of dead stock."
    )
    ordering = ("-opened_at", "-id")
    actions: ClassVar[Sequence[str]] = ("plan", "finish", "open_again")
    fields = ("sku", "warehouse", "way", "state", "note", "units", "unit_cost", "recovered_units",
              "recovered_value", "opened_at", "opened_by", "changed_at", "changed_by", "book")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(sold=sold_since())

    @admin.display(description=_("SKU"), ordering="item__product__sku")
    def sku(self, row: Clearance) -> str:
        return row.item.product.sku

    @admin.display(description=_("warehouse"), ordering="item__warehouse__code")
    def warehouse(self, row: Clearance) -> str:
        return row.item.warehouse.code

    @display(description=_("state"), label=LABELS, ordering="state")  # type: ignore[untyped-decorator]
    def how_far(self, row: Clearance) -> Label:
        return Label(row.state, STATES[row.state])

    @admin.display(description=_("sold since"), ordering="sold")
    def recovered_units(self, row: Any) -> int:
        return int(row.sold)

    @admin.display(description=_("recovered, at cost"))
    def recovered_value(self, row: Any) -> str:
        return "-" if row.unit_cost is None else f"{row.sold * row.unit_cost:,.2f}"

    @admin.display(description=_("where it is booked"))
    def book(self, row: Clearance) -> str:
        """A write-off where stock is written off; anything else at the product."""
        item = row.item
        links = handling_of(sku=item.product.sku, warehouse=item.warehouse.code)
        wanted = "stock:write_off" if row.way == ClearanceWay.WRITE_OFF else ""
        found = [(href, words) for name, href, words in links if name == wanted]
        href, words = found[0] if found else (product_page(sku=item.product.sku), str(item))
        return format_html('<a class="underline" href="{}">{}</a>', href, words)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_decide_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is to be done with the items that the report of dead stock hands over (`item_id`)."""
        who = staff(request.user)
        items = self._items(request)
        if not who.is_manager or not items:
            words = _("Choose items in the report.") if who.is_manager else _("Ask your manager.")
            messages.error(request, str(words))
            return HttpResponseRedirect(reverse("report", args=["dead-stock"]))
        form = QueueForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            ids = [one.pk for one in items]
            try:
                count = in_unit_of_work(
                    lambda: clearing.queue(
                        items=ids,
                        way=ClearanceWay(form.cleaned_data["way"]),
                        note=form.cleaned_data["note"],
                        actor=who.actor,
                        within=who.within,
                    )
                )
            except DomainError as error:
                form.add_error(None, error.detail)
            else:
                messages.success(request, gettext("%(count)s queued.") % {"count": count})
                return HttpResponseRedirect(reverse("admin:warehouse_clearance_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("What is to be done with it"),
            "items": items,
            "form": form,
            "back": reverse("report", args=["dead-stock"]),
        }
        return TemplateResponse(request, "admin/queue_dead_stock.html", context)

    def _items(self, request: HttpRequest) -> list[InventoryItem]:
        """Those named, of the person's own warehouses."""
        given = (request.POST if request.method == "POST" else request.GET).getlist("item_id")
        ids = [int(x) for x in given[:MOST_CHOSEN] if x.isascii() and x.isdigit() and len(x) < 19]
        found = InventoryItem.objects.filter(pk__in=ids).select_related("product", "warehouse")
        own = own_warehouses(found, request, "warehouse__code")
        return list(own.order_by("product__sku", "warehouse__code"))

    @admin.action(description=_("Planned"), permissions=["decide"])
    def plan(self, request: HttpRequest, queryset: QuerySet[Clearance]) -> None:
        _change(request, queryset, ClearanceState.PLANNED)

    @admin.action(description=_("Done"), permissions=["decide"])
    def finish(self, request: HttpRequest, queryset: QuerySet[Clearance]) -> None:
        _change(request, queryset, ClearanceState.DONE)

    @admin.action(description=_("Open again: not planned"), permissions=["decide"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Clearance]) -> None:
        _change(request, queryset, ClearanceState.OPEN)


DONE = {
    ClearanceState.PLANNED: _("%(count)s planned."),
    ClearanceState.DONE: _("%(count)s done."),
    ClearanceState.OPEN: _("%(count)s open."),
}


def _change(request: HttpRequest, queryset: QuerySet[Clearance], state: ClearanceState) -> None:
    """All of them or none; a refusal is shown in its own words."""
    who = staff(request.user)
    ids = list(queryset.values_list("pk", flat=True))
    try:
        who.check_role(MANAGER)
        count = in_unit_of_work(
            lambda: clearing.change(clearances=ids, state=state, actor=who.actor, within=who.within)
        )
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, DONE[state] % {"count": count})
