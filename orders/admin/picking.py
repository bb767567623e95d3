"""Pick lists: shown, handed back for others, and given to somebody."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminSelectWidget

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import FoundByItsStart, ShownLines, ShownOnly, carry_out
from inventory_site.core.roles import MANAGER, Staff, staff
from orders.admin.filters import CutOff, Picker
from orders.admin.searching import ForgivingSearch
from orders.models import PickLine, PickList, PickListOrder, PickScan
from orders.queries.people import Person, pickers
from orders.services import picking


class ToteInline(ShownLines):
    model = PickListOrder
    fields = ("tote", "order", "packed_at")
    readonly_fields = fields
    verbose_name_plural = _("totes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PickListOrder]:
        return PickListOrder.objects.select_related("order").order_by("tote")


class LineInline(ShownLines):
    model = PickLine
    fields = ("bin", "sku", "order", "quantity", "picked", "short", "shipped", "problem")
    readonly_fields = fields
    verbose_name_plural = _("lines in walk order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PickLine]:
        found = PickLine.objects.select_related("bin", "item__product", "order_line__order")
        return found.order_by("sequence", "id")

    @admin.display(description=_("SKU"))
    def sku(self, obj: PickLine) -> str:
        return obj.item.product.sku

    @admin.display(description=_("order"))
    def order(self, obj: PickLine) -> str:
        return obj.order_line.order.reference


class GivingForm(ActionForm):  # type: ignore[misc]
    """An action, and for one of them the person whom lists are given to."""

    to = forms.CharField(
        label="",
        required=False,
        widget=UnfoldAdminSelectWidget(
            {
                "class": ActionForm.base_fields["action"].widget.attrs["class"],
                "aria-label": _("Give to"),
                "x-show": "action == 'give'",
            }
        ),
    )

    def offer(self, people: Collection[Person]) -> None:
        """Whom lists can be given to. `PickListAdmin` looks whether it is one of them."""
        self.fields["to"].widget.choices = [
            ("", gettext("Give to…")),
            *((one.id, one.name) for one in people),
        ]


def _of_lines(what: Sum) -> Subquery:
    """A sum over the lines of a list; read for the lists that are shown, and for no others."""
    lines = PickLine.objects.filter(pick_list=OuterRef("pk")).order_by()
    return Subquery(lines.values("pick_list").annotate(sum=what).values("sum"))


@admin.register(PickList)
class PickListAdmin(ShownOnly):
    """A list is claimed and picked on the floor; here it is looked at, given back, or given to somebody."""

    list_display = (
        "reference", "warehouse", "kind", "label", "status", "claimed_by", "progress", "created_at",
    )  # fmt: skip
    warehouse_paths = ("warehouse__code",)
    list_filter = (CutOff, "status", WarehouseFilter, "kind")
    nothing_here = _(
        "Walks through a warehouse stand here, with who has them and how far they are. They are made on "
        "the floor, of orders that wait to be picked: “Make pick lists of what waits”."
    )
    list_select_related = ("warehouse", "claimed_by")
    search_fields = ("reference", "label", "orders__order__reference")
    inlines = (ToteInline, LineInline)
    actions = ("hand_back", "give", "cancel_lists")
    action_form = GivingForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[PickList]:
        found: QuerySet[PickList] = super().get_queryset(request)
        return found.annotate(
            units=_of_lines(Sum("quantity")), done=_of_lines(Sum(F("picked") + F("short")))
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        answer = super().changelist_view(request, extra_context)
        shown = (getattr(answer, "context_data", None) or {}).get("action_form")
        if shown is not None:
            shown.offer(_takers(request))
        return answer

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever is asked about giving lists away is told to whom."""
        found: dict[str, Any] = super().get_actions(request)
        name = _given_to(request)
        if name and "give" in found:
            work, key, _words = found["give"]
            told = gettext("Give to %(name)s") % {"name": name.replace("%", "%%")}
            found["give"] = (work, key, told)
        return found

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        giving = request.POST.get("action") == "give" and staff(request.user).is_manager
        if giving and not _given_to(request):
            messages.error(
                request, gettext("Choose beside the action to whom the lists are given.")
            )
            return None
        return super().response_action(request, queryset)

    @admin.display(description=_("done"))
    def progress(self, obj: Any) -> str:
        return gettext("%(done)s of %(units)s") % {"done": obj.done or 0, "units": obj.units or 0}

    @admin.action(description=_("Hand back to everybody"), permissions=["decide"])
    def hand_back(self, request: HttpRequest, queryset: QuerySet[PickList]) -> None:
        """Open claimed lists for others; what is picked stays in its totes."""
        chosen = queryset.select_related(None).order_by("id")
        holders = dict(chosen.values_list("reference", "claimed_by_id"))

        def work(reference: str, who: Staff) -> None:
            who.check_role(MANAGER)
            picking.hand_back(
                pick_list=reference,
                user_id=holders[reference] or 0,
                actor=who.actor,
                within=who.within,
            )

        carry_out(
            request,
            list(holders),
            ngettext_lazy("%(n)s open for others.", "%(n)s open for others.", "n"),
            work,
        )

    @admin.action(description=_("Give to (choose who)"), permissions=["decide"])
    def give(self, request: HttpRequest, queryset: QuerySet[PickList]) -> None:
        """Lists change hands, or get their first ones; refused to whoever had them at the next scan."""

        def work(reference: str, who: Staff) -> object:
            who.check_role(MANAGER)
            return picking.reassign(
                pick_list=reference,
                to_user_id=int(request.POST["to"]),
                actor=who.actor,
                within=who.within,
            )

        chosen = queryset.select_related(None).order_by("id").values_list("reference", flat=True)
        carry_out(
            request,
            list(chosen),
            ngettext_lazy("%(n)s given away.", "%(n)s given away.", "n"),
            work,
        )

    @admin.action(description=_("Cancel (nothing of it is picked)"), permissions=["decide"])
    def cancel_lists(self, request: HttpRequest, queryset: QuerySet[PickList]) -> None:
        """Lists that were planned wrongly; their orders can be planned anew."""

        def work(reference: str, who: Staff) -> None:
            who.check_role(MANAGER)
            picking.cancel_list(pick_list=reference, actor=who.actor, within=who.within)

        chosen = queryset.select_related(None).order_by("id").values_list("reference", flat=True)
        carry_out(
            request,
            list(chosen),
            ngettext_lazy(
                "%(n)s cancelled; its orders can be planned anew.",
                "%(n)s cancelled; their orders can be planned anew.",
                "n",
            ),
            work,
        )


def _takers(request: HttpRequest) -> list[Person]:
    """Whom this person can give lists to: a manager, to who picks in a warehouse of their own."""
    who = staff(request.user)
    return pickers(warehouses=who.within) if who.is_manager else []


def _given_to(request: HttpRequest) -> str:
    """The name of whom lists are to be given to; empty where nobody is chosen."""
    to = request.POST.get("to", "")
    if request.POST.get("action") != "give" or not to.isdecimal():
        return ""
    return next((one.name for one in _takers(request) if one.id == int(to)), "")


@admin.register(PickScan)
class PickScanAdmin(ForgivingSearch, FoundByItsStart, ShownOnly):
    """Who put what into which tote, and what was taken back."""

    list_display = ("picked_at", "user", "quantity", "sku", "pick_list", "undone_at")
    warehouse_paths = ("pick_line__pick_list__warehouse__code",)
    list_filter = ("picked_at", WarehouseFilter, Picker)
    nothing_here = _(
        "Every scan that put goods into a tote stands here, with who made it. The first comes with the first "
        "list that is picked on the floor."
    )
    list_select_related = ("user", "pick_line__item__product", "pick_line__pick_list")
    search_fields = ("pick_line__pick_list__reference", "pick_line__item__product__sku")
    search_help_text = _("A pick list, a product or a bin.")
    by_parts = False  # too many rows to look for a word in the middle of each
    product_path = "pick_line__item__product"
    bin_path = "pick_line__bin"

    @admin.display(description=_("SKU"))
    def sku(self, obj: PickScan) -> str:
        return obj.pick_line.item.product.sku

    @admin.display(description=_("pick list"))
    def pick_list(self, obj: PickScan) -> str:
        return obj.pick_line.pick_list.reference
