"""Filters of webhooks, and of the log of what was sent to them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from inventory_site.core.roles import staff
from notifications.models import Delivery, Endpoint
from notifications.services import delivery_log

# Events by what they are about, which is how their types begin.
TOPICS = {
    "stock": _("Stock"),
    "reservation": _("Reservations"),
    "order": _("Orders"),
    "picking": _("Picking"),
    "purchase": _("Purchase orders"),
    "inbound": _("On the way"),
    "transfer": _("Transfers"),
    "return": _("Returns"),
    "count": _("Counts"),
    "item": _("Reorder settings"),
}


class HowItIs(admin.SimpleListFilter):
    """Whether it takes messages."""

    title = _("status")
    parameter_name = "how"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("healthy", _("Healthy")),
            ("trouble", _("Failing or resting")),
            ("disabled", _("Disabled by its failures")),
            ("off", _("Switched off")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
        wanted: dict[str, QuerySet[Endpoint]] = {
            "healthy": queryset.filter(enabled=True, failed_at=None),
            "trouble": queryset.filter(enabled=True).exclude(failed_at=None),
            "disabled": queryset.filter(enabled=False).exclude(collects_to=None),
            "off": queryset.filter(enabled=False, collects_to=None),
        }
        return wanted.get(self.value() or "", queryset)


class OwnEndpoint(admin.SimpleListFilter):
    """The webhooks that whoever looks may see."""

    title = _("webhook")
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = delivery_log.webhooks(within=staff(request.user).within).order_by("name")
        return [(str(number), name) for number, name in own.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        chosen = self.value() or ""
        return queryset.filter(endpoint=int(chosen)) if chosen.isdecimal() else queryset


class ByTopic(admin.SimpleListFilter):
    """By what the event is about."""

    title = _("event")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*TOPICS.items(), ("test", _("Test messages"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.value() == "test":
            return queryset.filter(event=None)
        if self.value() in TOPICS:
            return queryset.filter(event__type__startswith=f"{self.value()}.")
        return queryset
