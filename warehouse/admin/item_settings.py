"""Reorder settings edited in the list of items: many rows, one service call, and nobody's work undone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import staff
from warehouse.lines import MAX_QUANTITY
from warehouse.models import InventoryItem
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

FIELDS = ("reorder_point", "reorder_quantity", "safety_stock")


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


class ItemSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    reorder_point = _units(_("Reorder point"))
    reorder_quantity = _units(_("Reorder quantity"))
    safety_stock = _units(_("Safety stock"))

    class Meta:
        model = InventoryItem
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        """Refuse what was shown as something else than it is by now."""
        given = super().clean() or {}
        if not self.instance.pk:  # no row of this person's list; the formset says so
            return given
        stale = [
            name
            for name in self.changed_data
            if name in FIELDS and self[name].field.to_python(self.shown(name)) != self.initial[name]
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

    list_editable = FIELDS

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
        request.wanted_settings = wanted  # type: ignore[attr-defined]
        answer: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        if wanted:
            _set(request, wanted)
        return answer

    def save_model(self, request: HttpRequest, obj: InventoryItem, form: Any, change: bool) -> None:
        before = tuple(form.initial[name] for name in FIELDS)
        request.wanted_settings.append(  # type: ignore[attr-defined]
            ReorderSetting(
                obj.product.sku,
                obj.warehouse.code,
                obj.reorder_point,
                obj.reorder_quantity,
                obj.safety_stock,
                instead_of=before,
            )
        )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service tells what was set."""

    def message_user(self, request: HttpRequest, *words: Any, **more: Any) -> None:
        """Nothing is said to be changed before it is."""
        if not getattr(request, "wanted_settings", None):
            super().message_user(request, *words, **more)  # type: ignore[misc]


def _set(request: HttpRequest, wanted: list[ReorderSetting]) -> None:
    who = staff(request.user)
    try:
        in_unit_of_work(
            lambda: set_reorder_batch(settings=wanted, actor=who.actor, within=who.within)
        )
        words = ngettext("%(count)s item set.", "%(count)s items set.", len(wanted))
        messages.success(request, words % {"count": len(wanted)})
    except DomainError as error:
        messages.error(request, error.detail)
