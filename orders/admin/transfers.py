"""Transfer orders: shown, dispatched and cancelled; received on the floor, where the goods are."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inventory_site.core.office import ShownLines, carry_out
from inventory_site.core.roles import Staff
from orders.admin.filters import Destination, Journey, Source
from orders.admin.forms import TransferForm
from orders.admin.making import Maker
from orders.admin.purchasing import references
from orders.admin.searching import ForgivingSearch
from orders.models import TransferLine, TransferOrder
from orders.services.transferring import WantedLine, cancel_transfer, dispatch
from orders.services.transferring import request as ask_for


class Lines(ShownLines):
    model = TransferLine
    fields = ("product", "quantity", "dispatched", "received", "damaged", "lost")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")


@admin.register(TransferOrder)
class TransferOrderAdmin(ForgivingSearch, Maker):
    form_made = TransferForm
    warehouse_paths = ("source__code", "destination__code")
    made_title = _("New transfer")
    made_words = _("Asks for goods of another warehouse; nothing moves until it is dispatched.")
    list_display = (
        "reference", "source", "destination", "status", "created_at", "dispatched_at", "expected_at",
        "closed_at",
    )  # fmt: skip
    list_filter = (Journey, "status", Source, Destination)
    nothing_here = _(
        "Goods that one of your warehouses sends to another stand here until they have arrived. Ask for some "
        "with a new transfer; they leave when it is dispatched."
    )
    list_select_related = ("source", "destination")
    search_fields = ("reference", "lines__product__sku")
    product_path = "lines__product"
    fields = (
        "reference", "source", "destination", "status", "notes", "actor", "created_at",
        "dispatched_at", "expected_at", "closed_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines,)
    actions = ("dispatch_transfers", "cancel_transfers")

    def make(self, given: dict[str, Any], who: Staff) -> str:
        lines = [WantedLine(sku, quantity) for sku, quantity in given.pop("lines")]
        return ask_for(lines=lines, actor=who.actor, within=who.within, **given).reference

    @admin.action(
        description=_("Dispatch (the lorry leaves with all of it)"), permissions=["decide"]
    )
    def dispatch_transfers(self, request: HttpRequest, queryset: QuerySet[TransferOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return dispatch(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s dispatched.", "%(n)s dispatched.", "n"),
            work,
        )

    @admin.action(description=_("Cancel (it has not left)"), permissions=["decide"])
    def cancel_transfers(self, request: HttpRequest, queryset: QuerySet[TransferOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return cancel_transfer(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s cancelled.", "%(n)s cancelled.", "n"),
            work,
        )
