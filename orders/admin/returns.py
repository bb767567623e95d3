"""Returns: shown, received and cancelled; graded on the floor, where the goods are."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import FoundByItsStart, ShownLines, carry_out
from inventory_site.core.roles import RECEIVER, Staff, staff
from orders.admin.filters import Bench
from orders.admin.forms import ReturnForm
from orders.admin.making import Maker
from orders.admin.purchasing import references
from orders.admin.searching import ForgivingSearch
from orders.models import ReturnLine, ReturnOrder
from orders.services.returning import (
    ReturnedLine,
    cancel_return,
    expect_return,
    receive_return,
)


class Lines(ShownLines):
    model = ReturnLine
    fields = ("product", "expected", "received", "restocked", "quarantined", "scrapped")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")


@admin.register(ReturnOrder)
class ReturnOrderAdmin(ForgivingSearch, FoundByItsStart, Maker):
    form_made = ReturnForm
    warehouse_paths = ("warehouse__code",)
    made_title = _("New return")
    made_words = _("Announce what comes back. Stock changes when it is graded on the floor.")
    list_display = (
        "reference", "order", "warehouse", "status", "reason", "created_at", "received_at", "graded_at",
    )  # fmt: skip
    list_filter = (Bench, "status", WarehouseFilter)
    nothing_here = _(
        "What customers send back stands here from its announcement until it is graded. Announce one here or "
        "over the API; what comes unannounced is taken in on the floor."
    )
    list_select_related = ("order", "warehouse")
    search_fields = ("reference", "order__reference", "lines__product__sku")
    product_path = "lines__product"
    fields = (
        "reference", "order", "warehouse", "status", "reason", "actor", "created_at", "received_at",
        "graded_at",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines,)
    actions = ("receive_returns", "cancel_returns")

    def may_make(self, who: Staff) -> bool:
        """Receivers and managers take returns in."""
        return who.is_manager or RECEIVER in who.roles

    def make(self, given: dict[str, Any], who: Staff) -> str:
        lines = [ReturnedLine(sku, quantity) for sku, quantity in given.pop("lines")]
        given["order"] = given["order"] or None
        return expect_return(lines=lines, actor=who.actor, within=who.within, **given).reference

    def has_take_permission(self, request: HttpRequest) -> bool:
        """As for making one."""
        return self.may_make(staff(request.user))

    @admin.action(description=_("All came: start the clock"), permissions=["take"])
    def receive_returns(self, request: HttpRequest, queryset: QuerySet[ReturnOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return receive_return(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s received.", "%(n)s received.", "n"),
            work,
        )

    @admin.action(description=_("Cancel (it will not come)"), permissions=["take"])
    def cancel_returns(self, request: HttpRequest, queryset: QuerySet[ReturnOrder]) -> None:
        def work(reference: str, who: Staff) -> object:
            return cancel_return(reference=reference, actor=who.actor, within=who.within)

        carry_out(
            request,
            references(queryset),
            ngettext_lazy("%(n)s cancelled.", "%(n)s cancelled.", "n"),
            work,
        )
