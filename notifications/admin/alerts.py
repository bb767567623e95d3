"""Alerts: what is wrong now, the worst first; somebody is at it, or it is put off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from inventory_site.core.confirming import at_once
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.labels import Label
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import MANAGER, Staff, staff
from notifications.alerting import rules
from notifications.models import Alert, AlertStatus, Ring
from notifications.services import alerts

WORST_FIRST = Case(
    When(severity="urgent", then=Value(0)),
    When(severity="warning", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
LABELS = {"urgent": "danger", "warning": "warning", "info": "info"}
SEVERITIES = {"urgent": _("urgent"), "warning": _("warning"), "info": _("info")}
STATES = {
    AlertStatus.OPEN: (_("open"), _("open by %(name)s")),
    AlertStatus.ACKNOWLEDGED: (_("acknowledged"), _("acknowledged by %(name)s")),
    AlertStatus.SNOOZED: (_("snoozed"), _("snoozed by %(name)s")),
    AlertStatus.RESOLVED: (_("resolved"), _("resolved by %(name)s")),
}
# What an alert may know of its subject, by the names in `details`.
FACTS = {
    "available": _("Available"),
    "class": _("Class"),
    "error": _("Error"),
    "expected": _("Expected"),
    "failing_since": _("Failing since"),
    "failures": _("Failures"),
    "first": _("First"),
    "inbound": _("Inbound"),
    "last_error": _("Last error"),
    "lines": _("Lines"),
    "minutes": _("Minutes"),
    "name": _("Name"),
    "order": _("Order"),
    "orders": _("Orders"),
    "products": _("Products"),
    "products_longer": _("Of them for 180 days"),
    "purchase": _("Purchase"),
    "reorder_point": _("Reorder point"),
    "return": _("Return"),
    "rows": _("Rows"),
    "safety_stock": _("Safety stock"),
    "since": _("Since"),
    "sku": _("Sku"),
    "supplier": _("Supplier"),
    "units": _("Units"),
    "unvalued": _("Without a cost"),
    "value": _("Value"),
    "value_longer": _("Value of these"),
    "waiting": _("Waiting"),
}


class Standing(admin.SimpleListFilter):
    """What stands, unless something else is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Open: nobody is at it")),
            ("acknowledged", _("Acknowledged")),
            ("snoozed", _("Put off")),
            ("resolved", _("Resolved")),
            ("all", _("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": _("Standing")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() is None:
            return queryset.filter(resolved_at=None)
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class ByRule(admin.SimpleListFilter):
    """Rules by their names."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(rules().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return queryset if self.value() is None else queryset.filter(rule=self.value())


@admin.register(Alert)
class AlertAdmin(ShownOnly):
    """Nobody closes an alert by hand: it is resolved when its cause is gone."""

    warehouse_paths = ("warehouse",)
    nothing_here = _(
        "Nothing is wrong that somebody should know. Alerts open and close by themselves; where they are told"
        " is set up under Channels."
    )
    list_display = ("how_bad", "title", "warehouse", "state", "opened_at", "told_at")
    list_display_links = ("title",)
    list_filter = (Standing, "severity", ByRule, WarehouseFilter)
    search_fields = ("title", "subject")
    fields = (
        "title", "how_bad", "state", "warehouse", "facts", "opened_at", "told_at", "decided_by",
        "decided_at", "resolved_at",
    )  # fmt: skip
    readonly_fields = fields
    ordering = (WORST_FIRST, "-opened_at", "-id")
    actions = ("acknowledge", "snooze_a_day", "snooze_a_week", "reopen")

    @display(description=_("severity"), label=LABELS)  # type: ignore[untyped-decorator]
    def how_bad(self, alert: Alert) -> Label:
        return Label(alert.severity, SEVERITIES.get(alert.severity, alert.severity))

    @admin.display(description=_("state"))
    def state(self, alert: Alert) -> str:
        if alert.snoozed_until:
            at = dated(timezone.localtime(alert.snoozed_until), "j F, H:i")
            return gettext("put off until %(at)s") % {"at": at}
        alone, by_somebody = STATES[AlertStatus(alert.status)]
        return str(by_somebody) % {"name": alert.decided_by} if alert.decided_by else str(alone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        found: QuerySet[Alert] = super().get_queryset(request)
        sent = Ring.objects.filter(alert=OuterRef("pk"), sent_at__isnull=False)
        return found.annotate(last_told=Subquery(sent.order_by("-sent_at").values("sent_at")[:1]))

    @admin.display(description=_("last told"), ordering="last_told")
    def told_at(self, alert: Any) -> Any:
        return alert.last_told

    @admin.display(description=_("facts"))
    def facts(self, alert: Alert) -> str:
        known = ((key, x) for key, x in alert.details.items() if x is not None)
        return format_html_join(
            "", "<div>{}: {}</div>", ((_words(key), _shown(x)) for key, x in known)
        )

    @at_once
    @admin.action(description=_("I am at it: tell of it no more"), permissions=["view"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        count = _decide(request, queryset, alerts.acknowledge)
        _say(request, ngettext("%(n)s acknowledged.", "%(n)s acknowledged.", count or 0), count)

    @at_once
    @admin.action(description=_("Put off until tomorrow"), permissions=["view"])
    def snooze_a_day(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _put_off(request, queryset, days=1)

    @at_once
    @admin.action(description=_("Put off for a week"), permissions=["view"])
    def snooze_a_week(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _put_off(request, queryset, days=7)

    @at_once
    @admin.action(description=_("Open it again"), permissions=["view"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        count = _decide(request, queryset, alerts.reopen)
        _say(request, ngettext("%(n)s open again.", "%(n)s open again.", count or 0), count)


def _put_off(request: HttpRequest, queryset: QuerySet[Alert], *, days: int) -> None:
    until = timezone.now() + timedelta(days=days)
    count = _decide(request, queryset, alerts.snooze, until=until)
    _say(request, ngettext("%(n)s put off.", "%(n)s put off.", count or 0), count)


def _say(request: HttpRequest, words: str, count: int | None) -> None:
    if count is not None:
        messages.success(request, words % {"n": count})


def _decide(
    request: HttpRequest,
    queryset: QuerySet[Alert],
    service: Callable[..., int],
    **more: Any,
) -> int | None:
    """All of them or none, and how many; a refusal is shown in its own words, and is None."""
    who: Staff = staff(request.user)
    ids = list(queryset.values_list("pk", flat=True))
    try:
        who.check_role(MANAGER)
        return in_unit_of_work(lambda: service(ids=ids, actor=who.actor, within=who.within, **more))
    except DomainError as error:
        messages.error(request, error.detail)
        return None


def _words(key: str) -> str:
    return str(FACTS.get(key) or key.replace("_", " ").capitalize())


def _shown(value: Any) -> str:
    return ", ".join(str(x) for x in value) if isinstance(value, list) else str(value)
