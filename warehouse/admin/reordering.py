"""What is to be ordered, and what settings are advised: shown to all, decided by managers."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import MANAGER, staff
from warehouse.models import Decision, ReorderAdvice, ReorderSuggestion
from warehouse.policy import to_order
from warehouse.services.deciding import accept, decline


@admin.register(ReorderSuggestion)
class ReorderSuggestionAdmin(ShownOnly):
    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "item",
        "supplier",
        "pack",
        "available",
        "inbound",
        "to_order",
        "opened_at",
        "closed_at",
    )
    list_filter = (
        ("closed_at", admin.EmptyFieldListFilter),
        "item__warehouse",
        "item__product__supplier",
    )
    list_select_related = ("item__product__supplier", "item__warehouse")
    search_fields = ("item__product__sku", "item__product__supplier__code")

    @admin.display(description="supplier", ordering="item__product__supplier__code")
    def supplier(self, row: ReorderSuggestion) -> str:
        return str(row.item.product.supplier or "-")

    @admin.display(description="pack")
    def pack(self, row: ReorderSuggestion) -> int:
        return row.item.product.pack_size

    @admin.display(description="to order")
    def to_order(self, row: ReorderSuggestion) -> int:
        """While it is open, as much as it takes by now."""
        if row.closed_at:
            return row.quantity
        item = row.item
        return to_order(
            point=item.reorder_point,
            quantity=item.reorder_quantity,
            coming=item.on_hand - item.unsellable - item.reserved + item.inbound,
            pack=item.product.pack_size,
        )


class Standing(admin.SimpleListFilter):
    """What waits for a decision, unless asked for otherwise."""

    title = "decision"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((x.value, str(x.label)) for x in Decision), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        every, *others = super().choices(changelist)
        yield {**every, "display": "Waiting"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset.filter(decided_at__isnull=True)
        return queryset if self.value() == "all" else queryset.filter(decision=self.value())


class ChangeOfPoint(admin.SimpleListFilter):
    title = "change of the point"
    parameter_name = "change"
    ways = {
        "doubled": ("Doubled or more", Q(point__gt=F("old_point"), point__gte=2 * F("old_point"))),
        "raised": ("Raised", Q(point__gt=F("old_point"))),
        "lowered": ("Lowered", Q(point__lt=F("old_point"))),
        "halved": ("Halved or less", Q(point__lt=F("old_point"), old_point__gte=2 * F("point"))),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _) in self.ways.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        way = self.ways.get(self.value() or "")
        return queryset.filter(way[1]) if way else queryset


@admin.register(ReorderAdvice)
class ReorderAdviceAdmin(ShownOnly):
    """What waits for a decision comes first; a manager accepts or declines one or many."""

    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "sku", "name", "warehouse", "new_point", "new_quantity", "abc", "reasons", "made", "decision",
    )  # fmt: skip
    list_filter = (Standing, "item__warehouse", "abc", "pattern", ChangeOfPoint)
    list_select_related = ("item__product", "item__warehouse")
    search_fields = ("item__product__sku", "item__product__name")
    ordering = ("abc", "item__product__sku", "item__warehouse__code", "-id")
    actions = ("accept_chosen", "decline_chosen")

    @admin.display(description="SKU", ordering="item__product__sku")
    def sku(self, row: ReorderAdvice) -> str:
        return row.item.product.sku

    @admin.display(description="name", ordering="item__product__name")
    def name(self, row: ReorderAdvice) -> str:
        return row.item.product.name

    @admin.display(description="warehouse", ordering="item__warehouse__code")
    def warehouse(self, row: ReorderAdvice) -> str:
        return row.item.warehouse.code

    @admin.display(description="point", ordering="point")
    def new_point(self, row: ReorderAdvice) -> str:
        told = _change(row.old_point, row.point)
        return told if row.point else f"{told} (not watched)"

    @admin.display(description="quantity", ordering="quantity")
    def new_quantity(self, row: ReorderAdvice) -> str:
        return _change(row.old_quantity, row.quantity)

    @admin.display(description="made", ordering="made_at")
    def made(self, row: ReorderAdvice) -> str:
        return f"{timezone.localtime(row.made_at):%Y-%m-%d}"

    @admin.display(description="why")
    def reasons(self, row: ReorderAdvice) -> str:
        return row.why

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """A manager decides."""
        return bool(request.user.is_authenticated) and staff(request.user).is_manager

    @admin.action(description="Accept chosen", permissions=["decide"])
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> None:
        """All of them, or none and why."""
        _decide(request, queryset, accept, "set as advised")

    @admin.action(description="Decline", permissions=["decide"])
    def decline_chosen(self, request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> None:
        """All of them, or none and why."""
        _decide(request, queryset, decline, "declined")


def _change(old: int, new: int) -> str:
    """On one line, however narrow the column."""
    return f"{old}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{new}"


def _decide(
    request: HttpRequest,
    queryset: QuerySet[ReorderAdvice],
    service: Callable[..., object],
    done: str,
) -> None:
    who = staff(request.user)
    ids = _chosen(request, queryset)
    try:
        who.check_role(MANAGER)
        in_unit_of_work(lambda: service(advice=ids, actor=who.actor, within=who.within))
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        count = "1 item" if len(ids) == 1 else f"{len(ids)} items"
        messages.success(request, f"{count} {done}.")


def _chosen(request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> list[int]:
    """What was ticked, also where it has left the list since: that is told, not passed over."""
    if request.POST.get("select_across") == "1":
        return list(queryset.order_by("id").values_list("id", flat=True))
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 19]
