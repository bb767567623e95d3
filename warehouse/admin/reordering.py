"""What is to be ordered, and what settings are advised: shown to all, decided by managers."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import MANAGER, RECEIVER, staff
from warehouse.admin.filters import OneOf, OneUnlessAsked, classes
from warehouse.admin.searching import ForgivingSearch
from warehouse.models import Decision, ReorderAdvice, ReorderSuggestion
from warehouse.services.deciding import accept, decline


class OpenOrClosed(OneUnlessAsked):
    """What is to be ordered now, unless asked for otherwise."""

    title = _("state")
    parameter_name = "state"
    usual = (_("Open"), lambda suggestions: suggestions.filter(closed_at__isnull=True))
    ways = {
        "closed": (_("Closed"), lambda suggestions: suggestions.filter(closed_at__isnull=False)),
        "all": (_("All"), lambda suggestions: suggestions),
    }


@admin.register(ReorderSuggestion)
class ReorderSuggestionAdmin(ForgivingSearch, ShownOnly):
    """What is open comes first. The orders that can be made of it come from `orders`."""

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
        OpenOrClosed,
        WarehouseFilter,
        classes(of="ABC", path="item__item_class__abc", title=_("class by value")),
        "item__product__supplier",
    )
    list_select_related = ("item__product__supplier", "item__warehouse")
    search_fields = ("item__product__sku", "item__product__name", "item__product__supplier__code")
    product_path = "item__product"
    nothing_here = _(
        "Nothing is at or under its reorder point. An item is watched once its reorder point is set, in "
        "the list of stock levels."
    )

    def has_buy_permission(self, request: HttpRequest) -> bool:
        """Receivers and managers buy."""
        if not request.user.is_authenticated:
            return False
        who = staff(request.user)
        return who.is_manager or RECEIVER in who.roles

    @admin.display(description=_("supplier"), ordering="item__product__supplier__code")
    def supplier(self, row: ReorderSuggestion) -> str:
        return str(row.item.product.supplier or "-")

    @admin.display(description=_("pack"))
    def pack(self, row: ReorderSuggestion) -> int:
        return row.item.product.pack_size

    @admin.display(description=_("to order"))
    def to_order(self, row: ReorderSuggestion) -> int:
        """While it is open, as much as it takes by now."""
        return row.quantity if row.closed_at else row.item.to_order


def _decided(decision: Decision) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    return lambda advice: advice.filter(decision=decision)


class Standing(OneUnlessAsked):
    """What waits for a decision, unless asked for otherwise."""

    title = _("decision")
    parameter_name = "state"
    usual = (_("Waiting"), lambda advice: advice.filter(decided_at__isnull=True))
    ways = {
        **{one.value: (one.label, _decided(one)) for one in Decision},
        "all": (_("All"), lambda advice: advice),
    }


def _where(condition: Q) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    return lambda advice: advice.filter(condition)


class ChangeOfPoint(OneOf):
    title = _("change of the point")
    parameter_name = "change"
    ways = {
        "doubled": (
            _("Doubled or more"),
            _where(Q(point__gt=F("old_point"), point__gte=2 * F("old_point"))),
        ),
        "raised": (_("Raised"), _where(Q(point__gt=F("old_point")))),
        "lowered": (_("Lowered"), _where(Q(point__lt=F("old_point")))),
        "halved": (
            _("Halved or less"),
            _where(Q(point__lt=F("old_point"), old_point__gte=2 * F("point"))),
        ),
    }


@admin.register(ReorderAdvice)
class ReorderAdviceAdmin(ForgivingSearch, ShownOnly):
    """What waits for a decision comes first; a manager accepts or declines one or many."""

    warehouse_paths = ("item__warehouse__code",)
    list_display = (
        "sku", "name", "warehouse", "new_point", "new_quantity", "abc", "reasons", "made", "decision",
    )  # fmt: skip
    list_filter = (Standing, WarehouseFilter, "abc", "pattern", ChangeOfPoint)
    list_select_related = ("item__product", "item__warehouse")
    search_fields = ("item__product__sku", "item__product__name")
    product_path = "item__product"
    nothing_here = _(
        "Every night, what an item's own history calls for is compared with how it is set. Nothing is "
        "advised now: all items are set as they should be, or are too new to tell."
    )
    ordering = ("abc", "item__product__sku", "item__warehouse__code", "-id")
    actions = ("accept_chosen", "decline_chosen")

    @admin.display(description=_("SKU"), ordering="item__product__sku")
    def sku(self, row: ReorderAdvice) -> str:
        return row.item.product.sku

    @admin.display(description=_("name"), ordering="item__product__name")
    def name(self, row: ReorderAdvice) -> str:
        return row.item.product.name

    @admin.display(description=_("warehouse"), ordering="item__warehouse__code")
    def warehouse(self, row: ReorderAdvice) -> str:
        return row.item.warehouse.code

    @admin.display(description=_("point"), ordering="point")
    def new_point(self, row: ReorderAdvice) -> str:
        told = _change(row.old_point, row.point)
        return told if row.point else gettext("%(change)s (not watched)") % {"change": told}

    @admin.display(description=_("quantity"), ordering="quantity")
    def new_quantity(self, row: ReorderAdvice) -> str:
        return _change(row.old_quantity, row.quantity)

    @admin.display(description=_("made"), ordering="made_at")
    def made(self, row: ReorderAdvice) -> str:
        return f"{timezone.localtime(row.made_at):%Y-%m-%d}"

    @admin.display(description=_("why"))
    def reasons(self, row: ReorderAdvice) -> str:
        return row.why

    @admin.action(description=_("Accept chosen"), permissions=["decide"])
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> None:
        """All of them, or none and why."""
        _decide(request, queryset, accept, _accepted)

    @admin.action(description=_("Decline"), permissions=["decide"])
    def decline_chosen(self, request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> None:
        """All of them, or none and why."""
        _decide(request, queryset, decline, _declined)


def _change(old: int, new: int) -> str:
    """On one line, however narrow the column."""
    return f"{old}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{new}"


def _decide(
    request: HttpRequest,
    queryset: QuerySet[ReorderAdvice],
    service: Callable[..., object],
    done: Callable[[int], str],
) -> None:
    who = staff(request.user)
    ids = _chosen(request, queryset)
    try:
        who.check_role(MANAGER)
        in_unit_of_work(lambda: service(advice=ids, actor=who.actor, within=who.within))
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, done(len(ids)) % {"count": len(ids)})


def _accepted(count: int) -> str:
    return ngettext("%(count)s item set as advised.", "%(count)s items set as advised.", count)


def _declined(count: int) -> str:
    return ngettext("%(count)s item declined.", "%(count)s items declined.", count)


def _chosen(request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> list[int]:
    """What was ticked, also where it has left the list since: that is told, not passed over."""
    if request.POST.get("select_across") == "1":
        return list(queryset.order_by("id").values_list("id", flat=True))
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 19]
