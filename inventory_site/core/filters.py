"""Filters of lists in the back office that more than one app offers."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inventory_site.core.labels import Words
from inventory_site.core.office import concerning
from inventory_site.core.roles import Staff, staff

Choices = Sequence[tuple[str, Words]]


def own_places(who: Staff) -> Choices:
    """Code and name of the person's own warehouses."""
    places = apps.get_model("warehouse", "Warehouse")._default_manager.order_by("code")
    if who.within is not None:
        places = places.filter(code__in=who.within)
    found = places.values_list("code", "name")
    return [(code, f"{code} · {name}" if name != code else code) for code, name in found]


class WarehouseFilter(admin.SimpleListFilter):
    """Rows that concern one warehouse, of those that the person works in; by the paths of the list
    (`warehouse_paths`), unless it has others. They end at a warehouse's code."""

    title = _("warehouse")
    parameter_name = "warehouse"
    paths: ClassVar[Collection[str]] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        self.asked_of = self.paths or getattr(model_admin, "warehouse_paths", ())
        return own_places(staff(request.user))

    def has_output(self) -> bool:
        """Where there is one warehouse, there is nothing to choose; to ask for another finds nothing."""
        known = dict(self.lookup_choices)
        return len(known) > 1 or (self.value() or "") not in {"", *known}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        code = self.value()
        if code is None:
            return queryset
        if code not in dict(self.lookup_choices):
            return queryset.none()
        return self.there(queryset, code)

    def there(self, rows: Any, code: str) -> Any:
        """Of these rows, those that concern the warehouse."""
        return concerning(rows, {code}, self.asked_of)
