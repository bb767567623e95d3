"""Alerts: what is wrong now, the worst first; somebody is at it, or it is put off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from unfold.decorators import display

from inventory_site.core.confirming import at_once
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import MANAGER, Staff, staff
from notifications.alerting import rules
from notifications.models import Alert
from notifications.services import alerts

WORST_FIRST = Case(
    When(severity="urgent", then=Value(0)),
    When(severity="warning", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
LABELS = {"urgent": "danger", "warning": "warning", "info": "info"}


class Standing(admin.SimpleListFilter):
    """What stands, unless something else is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("open", "Open: nobody is at it"),
            ("acknowledged", "Acknowledged"),
            ("snoozed", "Put off"),
            ("resolved", "Resolved"),
            ("all", "All"),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "Standing"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() is None:
            return queryset.filter(resolved_at=None)
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class ByRule(admin.SimpleListFilter):
    """Rules by their names."""

    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(rules().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return queryset if self.value() is None else queryset.filter(rule=self.value())


@admin.register(Alert)
class AlertAdmin(ShownOnly):
    """Nobody closes an alert by hand: it is resolved when its cause is gone."""

    warehouse_paths = ("warehouse",)
    list_display = ("how_bad", "title", "warehouse", "state", "opened_at", "told_at")
    list_display_links = ("title",)
    list_filter = (Standing, "severity", ByRule, "warehouse")
    search_fields = ("title", "subject")
    fields = (
        "title", "how_bad", "state", "warehouse", "facts", "opened_at", "told_at", "decided_by",
        "decided_at", "resolved_at",
    )  # fmt: skip
    readonly_fields = fields
    ordering = (WORST_FIRST, "-opened_at", "-id")
    actions = ("acknowledge", "snooze_a_day", "snooze_a_week", "reopen")

    @display(description="severity", label=LABELS)  # type: ignore[untyped-decorator]
    def how_bad(self, alert: Alert) -> str:
        return alert.severity

    @admin.display(description="state")
    def state(self, alert: Alert) -> str:
        if alert.snoozed_until:
            return f"put off until {timezone.localtime(alert.snoozed_until):%-d %B, %H:%M}"
        return f"{alert.status} by {alert.decided_by}" if alert.decided_by else alert.status

    @admin.display(description="last told", ordering="rung_at")
    def told_at(self, alert: Alert) -> Any:
        return alert.rung_at

    @admin.display(description="facts")
    def facts(self, alert: Alert) -> str:
        return format_html_join(
            "", "<div>{}: {}</div>", ((_words(key), _shown(x)) for key, x in alert.details.items())
        )

    @at_once
    @admin.action(description="I am at it: tell of it no more", permissions=["view"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _decide(request, queryset, "acknowledged", alerts.acknowledge)

    @at_once
    @admin.action(description="Put off until tomorrow", permissions=["view"])
    def snooze_a_day(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _decide(request, queryset, "put off", alerts.snooze, until=_in(days=1))

    @at_once
    @admin.action(description="Put off for a week", permissions=["view"])
    def snooze_a_week(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _decide(request, queryset, "put off", alerts.snooze, until=_in(days=7))

    @at_once
    @admin.action(description="Open it again", permissions=["view"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _decide(request, queryset, "open again", alerts.reopen)


def _decide(
    request: HttpRequest,
    queryset: QuerySet[Alert],
    done: str,
    service: Callable[..., int],
    **more: Any,
) -> None:
    """All of them or none; a refusal is shown in its own words."""
    who: Staff = staff(request.user)
    ids = list(queryset.values_list("pk", flat=True))
    try:
        who.check_role(MANAGER)
        count = in_unit_of_work(
            lambda: service(ids=ids, actor=who.actor, within=who.within, **more)
        )
        messages.success(request, f"{count} {done}.")
    except DomainError as error:
        messages.error(request, error.detail)


def _in(*, days: int) -> Any:
    return timezone.now() + timedelta(days=days)


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _shown(value: Any) -> str:
    return ", ".join(str(x) for x in value) if isinstance(value, list) else str(value)
