"""The history of settings: who changed what, when, from what to what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.models import ACTIONS, SettingChange
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import ROLE_NAMES, staff
from inventory_site.core.subjects import field_of, label_of

TOPICS = {
    "warehouse.product": _("product"),
    "warehouse.supplier": _("supplier"),
    "warehouse.warehouse": _("warehouse"),
    "warehouse.bin": _("bin"),
    "warehouse.inventoryitem": _("reorder settings"),
    "auth.user": _("person"),
    "core.apikey": _("API key"),
    "notifications.channel": _("channel"),
    "notifications.endpoint": _("webhook"),
    "core.reportschedule": _("report by mail"),
}
STOCK = "warehouse."
MOST_ACTORS = 100

Named = dict[tuple[type[Model], int], str]


def object_history(request: HttpRequest, topic: str, object_id: str) -> HttpResponseRedirect:
    """The button History of an object leads to its changes, in the list of all."""
    asked = urlencode({"topic": topic.replace("/", "."), "subject_id": object_id})
    return HttpResponseRedirect(f"{reverse('admin:core_settingchange_changelist')}?{asked}")


class OfKind(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = TOPICS.items()
        return [
            (t, str(capfirst(words))) for t, words in seen if t.startswith(STOCK) or _all(request)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(topic=self.value()) if self.value() else queryset


class ByAction(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(capfirst(words))) for name, words in ACTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ByWhom(admin.SimpleListFilter):
    """Those of whom whoever looks sees a change."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = model_admin.get_queryset(request).order_by("actor").values_list("actor", flat=True)
        return [(name, name) for name in seen.distinct()[:MOST_ACTORS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(actor=self.value()) if self.value() else queryset


class NamedList(ChangeList):
    """What rows point to is called by its name; read once for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        named = names_of(self.result_list)
        for change in self.result_list:
            change.named = named


class Where(WarehouseFilter):
    paths = ("warehouse",)


@admin.register(SettingChange)
class SettingChangeAdmin(ShownOnly):
    """Changes of people, keys and channels are shown to managers of all warehouses; others see the
    catalogue's, and those of their own warehouses."""

    list_display = ("moment", "actor", "kind", "subject", "warehouse", "done", "what")
    list_filter = (OfKind, ByAction, ByWhom, Where, ("at", admin.DateFieldListFilter))
    nothing_here = _(
        "No setting was changed yet. Who changed what, when, from what to what, is kept here for good,"
        " whoever does it and by whatever way."
    )
    search_fields = ("actor", "subject")
    search_help_text = _("Who, or of what.")
    date_hierarchy = "at"
    fields = ("moment", "actor", "kind", "subject", "warehouse", "done", "what")
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return NamedList

    def made_ready(self, rows: Sequence[Any]) -> None:
        named = names_of(rows)
        for change in rows:
            change.named = named

    def get_queryset(self, request: HttpRequest) -> QuerySet[SettingChange]:
        found: QuerySet[SettingChange] = super().get_queryset(request)
        if _all(request):
            return found
        found = found.filter(topic__startswith=STOCK)
        within = staff(request.user).within
        if within is None:
            return found
        return found.filter(Q(warehouse="") | Q(warehouse__in=within))

    @admin.display(description=_("when"), ordering="id")
    def moment(self, change: SettingChange) -> str:
        return f"{timezone.localtime(change.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("kind"), ordering="topic")
    def kind(self, change: SettingChange) -> str:
        return str(TOPICS.get(change.topic, change.topic))

    @admin.display(description=_("what"), ordering="action")
    def done(self, change: SettingChange) -> str:
        return str(ACTIONS.get(change.action, change.action))

    @admin.display(description=_("old → new"))
    def what(self, change: SettingChange) -> SafeString:
        named: Named = getattr(change, "named", None) or names_of([change])
        told = [
            (label_of(change.topic, name), _words(change.topic, name, pair, named))
            for name, pair in sorted(change.changes.items())
        ]
        lines = format_html_join("", "<div><b>{}</b>: {}</div>", told)
        return format_html('<div class="kept-changes">{}</div>', lines)


def names_of(changes: Iterable[SettingChange]) -> Named:
    """What the numbers in these changes are called that point to other rows; one statement per model."""
    asked: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        for name, pair in change.changes.items():
            model = _points_to(change.topic, name)
            if model:
                asked[model] |= {value for value in pair if isinstance(value, int)}
    return {
        (model, row.pk): str(row)
        for model, keys in asked.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _all(request: HttpRequest) -> bool:
    who = staff(request.user)
    return who.is_manager and who.within is None


def _points_to(topic: str, column: str) -> type[Model] | None:
    field = field_of(topic, column)
    if not isinstance(field, ForeignKey) or not column.endswith("_id"):
        return None
    return field.related_model


def _words(topic: str, column: str, pair: list[Any], named: Named) -> SafeString:
    if "hidden" in pair:
        words = gettext("set, not shown") if pair[0] is None else gettext("changed, not shown")
        return format_html("{}", words)
    if column == "role":
        pair = [ROLE_NAMES.get(role, role) for role in pair]
    model = _points_to(topic, column)
    old, new = (
        named.get((model, value), gettext("no. %(number)s") % {"number": value})
        if model and value is not None
        else _plain(value)
        for value in pair
    )
    return format_html("{} → {}", old, new)


def _plain(value: Any) -> str:
    if value is None or value in ("", []):
        return gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
