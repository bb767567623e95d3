"""Count tasks: what was found, round by round; a manager approves it or has it counted again."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import ShownLines, ShownOnly, carry_out
from inventory_site.core.roles import MANAGER, Staff
from orders.admin.filters import ToDo
from orders.admin.searching import ForgivingSearch
from orders.models import CountEntry, CountTask
from orders.services import count_results, count_work, counting


class Entries(ShownLines):
    model = CountEntry
    fields = (
        "round",
        "product",
        "counted",
        "expected",
        "difference",
        "booked",
        "actor",
        "counted_at",
    )
    readonly_fields = fields
    verbose_name_plural = _("what was found")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountEntry]:
        return CountEntry.objects.select_related("product").order_by("-round", "product__sku")

    @admin.display(description=_("difference"))
    def difference(self, obj: CountEntry) -> str:
        return f"{obj.counted - obj.expected:+d}"


@admin.register(CountTask)
class CountTaskAdmin(ForgivingSearch, ShownOnly):
    """Counts that wait for approval come first; the filter `status` leads to them."""

    warehouse_paths = ("warehouse__code",)
    list_display = (
        "reference", "status", "warehouse", "bin", "product", "reason", "missing", "claimed_by", "due_at",
        "closed_at",
    )  # fmt: skip
    list_filter = (ToDo, "status", "reason", WarehouseFilter)
    nothing_here = _(
        "Bins that are to be counted stand here, with what was found. Tasks open by schedule, when a picker "
        "finds too little, or by “Have it counted” on a product's or a bin's page."
    )
    list_select_related = ("warehouse", "bin", "product", "claimed_by")
    search_fields = ("reference", "bin__code", "product__sku")
    search_help_text = _("A count, a bin or a product.")
    bin_path = "bin"
    inlines = (Entries,)
    actions = ("approve", "count_again", "hand_back", "cancel")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountTask]:
        found: QuerySet[CountTask] = super().get_queryset(request)
        return found.order_by(F("closed_at").desc(nulls_first=True), "due_at", "id")

    @admin.action(description=_("Approve: book the differences"), permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[CountTask]) -> None:
        carry_out(
            request,
            _named(queryset),
            ngettext_lazy("%(n)s booked.", "%(n)s booked.", "n"),
            _approve,
        )

    @admin.action(description=_("Have it counted again"), permissions=["decide"])
    def count_again(self, request: HttpRequest, queryset: QuerySet[CountTask]) -> None:
        carry_out(
            request,
            _named(queryset),
            ngettext_lazy("%(n)s to be counted again.", "%(n)s to be counted again.", "n"),
            _reject,
        )

    @admin.action(description=_("Take it from whoever claimed it"), permissions=["decide"])
    def hand_back(self, request: HttpRequest, queryset: QuerySet[CountTask]) -> None:
        carry_out(
            request,
            _named(queryset),
            ngettext_lazy("%(n)s open for others.", "%(n)s open for others.", "n"),
            _hand_back,
        )

    @admin.action(description=_("Cancel (nothing is booked)"), permissions=["decide"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[CountTask]) -> None:
        carry_out(
            request,
            _named(queryset),
            ngettext_lazy("%(n)s cancelled.", "%(n)s cancelled.", "n"),
            _cancel,
        )


def _named(queryset: QuerySet[CountTask]) -> list[str]:
    return list(queryset.order_by("id").values_list("reference", flat=True))


def _manager(who: Staff) -> dict[str, Any]:
    """What a manager's call carries. Raises NotYourRole."""
    who.check_role(MANAGER)
    return {"actor": who.actor, "within": who.within}


def _approve(reference: str, who: Staff) -> object:
    return count_results.approve(task=reference, **_manager(who))


def _reject(reference: str, who: Staff) -> object:
    return count_results.reject(task=reference, **_manager(who))


def _hand_back(reference: str, who: Staff) -> None:
    count_work.hand_back(task=reference, **_manager(who))


def _cancel(reference: str, who: Staff) -> None:
    counting.cancel_task(task=reference, **_manager(who))
