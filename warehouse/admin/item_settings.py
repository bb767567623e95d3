"""Reorder settings and primary bins edited in the list of items: many rows, one unit of work, and nobody's
work undone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import staff
from warehouse.checks import normal_bin
from warehouse.lines import MAX_QUANTITY
from warehouse.models import InventoryItem
from warehouse.services.primary_bins import PrimaryBin, set_primary_bins
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

FIELDS = ("reorder_point", "reorder_quantity", "safety_stock")
HOME = "primary_bin"


def _units(label: Any) -> forms.IntegerField:
    """Carries what was shown beside what is wanted, so that a field which nobody touched changes nothing."""
    widget = UnfoldAdminIntegerFieldWidget(attrs={"aria-label": label, "style": "width: 6rem"})
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MAX_QUANTITY,
        show_hidden_initial=True,
        widget=widget,
    )


class BinCode(forms.CharField):
    """A bin by its code, which is read with the item: a choice would read all bins for each row."""

    def __init__(self) -> None:
        label = _("Primary bin")
        style = {"aria-label": label, "style": "width: 7rem"}
        widget = UnfoldAdminTextInputWidget(attrs=style)
        super().__init__(
            label=label, required=False, max_length=20, show_hidden_initial=True, widget=widget
        )

    def to_python(self, value: Any) -> str:
        """Codes are compared as bins have them."""
        return normal_bin(super().to_python(value) or "")


class ItemSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    reorder_point = _units(_("Reorder point"))
    reorder_quantity = _units(_("Reorder quantity"))
    safety_stock = _units(_("Safety stock"))
    primary_bin = BinCode()

    class Meta:
        model = InventoryItem
        fields = FIELDS

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        home = self.instance.primary_bin
        self.initial[HOME] = home.code if home else ""

    def clean_primary_bin(self) -> str:
        """Another bin may be named, but none no more."""
        code: str = self.cleaned_data[HOME]
        if self.initial[HOME] and not code:
            raise forms.ValidationError(self.fields[HOME].error_messages["required"], "required")
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse what was shown as something else than it is by now."""
        given = super().clean() or {}
        self.home = given.pop(HOME, "")  # a code, which the service looks up
        if not self.instance.pk:  # no row of this person's list; the formset says so
            return given
        stale = [
            name
            for name in self.changed_data
            if name in (*FIELDS, HOME)
            and self[name].field.to_python(self.shown(name)) != self.initial[name]
        ]
        for name in stale:
            now = self.initial[name]
            words = gettext("Set to %(now)s by somebody else meanwhile; set it again if need be.")
            self.add_error(name, words % {"now": now})
        return given

    def shown(self, name: str) -> Any:
        """What the page showed of a field when it was opened."""
        return self.data.get(self.add_initial_prefix(name), "")


class EditedInTheList:
    """Collects what the list's form would save, and sets it by one call."""

    list_editable = (*FIELDS, HOME)

    def get_changelist_form(self, request: HttpRequest, **more: Any) -> type[ItemSettingsForm]:
        return ItemSettingsForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """In the list, by a manager; an item's own page shows it."""
        return (
            obj is None and bool(request.user.is_authenticated) and staff(request.user).is_manager
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        wanted: list[ReorderSetting] = []
        homes: list[PrimaryBin] = []
        request.wanted_settings, request.wanted_bins = wanted, homes  # type: ignore[attr-defined]
        answer: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        if wanted or homes:
            _set(request, wanted, homes)
        return answer

    def save_model(self, request: HttpRequest, obj: InventoryItem, form: Any, change: bool) -> None:
        place = obj.product.sku, obj.warehouse.code
        before = tuple(form.initial[name] for name in FIELDS)
        now = obj.reorder_point, obj.reorder_quantity, obj.safety_stock
        if now != before:
            request.wanted_settings.append(  # type: ignore[attr-defined]
                ReorderSetting(*place, *now, instead_of=before)
            )
        if form.home != form.initial[HOME]:
            request.wanted_bins.append(  # type: ignore[attr-defined]
                PrimaryBin(*place, form.home, instead_of=form.initial[HOME])
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service tells what was set."""

    def message_user(self, request: HttpRequest, *words: Any, **more: Any) -> None:
        """Nothing is said to be changed before it is."""
        asked = getattr(request, "wanted_settings", None) or getattr(request, "wanted_bins", None)
        if not asked:
            super().message_user(request, *words, **more)  # type: ignore[misc]


def _set(request: HttpRequest, wanted: list[ReorderSetting], homes: list[PrimaryBin]) -> None:
    who = staff(request.user)

    def work() -> None:
        if wanted:
            set_reorder_batch(settings=wanted, actor=who.actor, within=who.within)
        if homes:
            set_primary_bins(settings=homes, actor=who.actor, within=who.within)

    try:
        in_unit_of_work(work)
        told = {(one.sku, one.warehouse) for one in wanted}
        count = len(told | {(one.sku, one.warehouse) for one in homes})
        words = ngettext("%(count)s item set.", "%(count)s items set.", count)
        messages.success(request, words % {"count": count})
    except DomainError as error:
        messages.error(request, error.detail)
