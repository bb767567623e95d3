"""Filters of lists in the back office that more than one app offers."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inventory_site.core.labels import Words
from inventory_site.core.roles import Staff, staff

Choices = Sequence[tuple[str, Words]]


def own_places(who: Staff) -> Choices:
    """Code and name of the person's own warehouses."""
    places = apps.get_model("warehouse", "Warehouse")._default_manager.order_by("code")
    if who.within is not None:
        places = places.filter(code__in=who.within)
    found = places.values_list("code", "name")
    return [(code, f"{code} · {name}" if name != code else code) for code, name in found]


class OwnWarehouse(admin.SimpleListFilter):
    """The warehouses that whoever looks may see, by their codes. `path`: where a row has the code."""

    title = _("warehouse")
    parameter_name = "warehouse"
    path = "warehouse"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return own_places(staff(request.user))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset
