"""Transfer orders: shown, dispatched and cancelled; received on the floor, where the goods are."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inventory_site.core.roles import Staff, staff
from orders.admin.purchasing import references
from orders.admin.reading import Document, DocumentLines, carry_out
from orders.models import TransferLine, TransferOrder
from orders.services.transferring import cancel_transfer, dispatch


class Lines(DocumentLines):
    model = TransferLine
    fields = ("product", "quantity", "dispatched", "received", "damaged", "lost")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")


@admin.register(TransferOrder)
class TransferOrderAdmin(Document):
    list_display = (
        "reference", "source", "destination", "status", "created_at", "dispatched_at", "expected_at",
        "closed_at",
    )  # fmt: skip
    list_filter = ("status", "source", "destination")
    list_select_related = ("source", "destination")
    search_fields = ("reference", "lines__product__sku")
    fields = (
        "reference", "source", "destination", "status", "notes", "actor", "created_at",
        "dispatched_at", "expected_at", "closed_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines,)
    actions = ("dispatch_transfers", "cancel_transfers")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        within = staff(request.user).within
        if within is None:
            return found
        return found.filter(Q(source__code__in=within) | Q(destination__code__in=within))

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """A manager sends stock from one warehouse to another."""
        return staff(request.user).is_manager

    @admin.action(description="Dispatch (the lorry leaves with all of it)", permissions=["decide"])
    def dispatch_transfers(self, request: HttpRequest, queryset: QuerySet[TransferOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return dispatch(reference=reference, actor=who.actor, within=who.within)

        carry_out(request, references(queryset), "dispatched", work)

    @admin.action(description="Cancel (it has not left)", permissions=["decide"])
    def cancel_transfers(self, request: HttpRequest, queryset: QuerySet[TransferOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return cancel_transfer(reference=reference, actor=who.actor, within=who.within)

        carry_out(request, references(queryset), "cancelled", work)
