"""How delivery goes: what waits, since when, and what does not get out."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import MANAGER, staff
from notifications.models import FeedReader, SetAside
from notifications.services.backlog import Backlog, backlog
from notifications.services.readers import try_again


class Card(NamedTuple):
    """One figure, what it says, and the list behind it. `bad`: somebody should look at it."""

    title: str
    figure: str
    words: str
    bad: bool
    link: str


class Everywhere(ShownOnly):
    """What belongs to no warehouse: nobody who is limited to some sees it."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_view_permission(request, obj)
        return allowed and staff(request.user).within is None


@admin.register(FeedReader)
class FeedReaderAdmin(Everywhere):
    """The page of delivery: cards above, the readers of the feed below."""

    list_display = ("name", "moved_at", "event")
    list_display_links = None
    nothing_here = _("Nobody reads the events yet. The worker begins with the first of them.")
    list_before_template = "admin/backlog.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {
            **(extra_context or {}),
            "title": gettext("Backlog"),
            "cards": cards(found=backlog()),
        }
        answer: HttpResponse = super().changelist_view(request, more)
        return answer


class DealtWith(admin.SimpleListFilter):
    """Whether somebody has had it dealt with again."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waits", _("Waiting")), ("done", _("Dealt with"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> QuerySet[SetAside]:
        if self.value() in ("waits", "done"):
            return queryset.filter(retried_at__isnull=self.value() == "waits")
        return queryset


class ByReader(admin.SimpleListFilter):
    """Which part of this house stumbled."""

    title = _("reader")
    parameter_name = "reader"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("alerts", _("Alerts")), ("webhooks", _("Webhooks"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> QuerySet[SetAside]:
        return queryset.filter(reader=self.value()) if self.value() else queryset


@admin.register(SetAside)
class SetAsideAdmin(Everywhere):
    """Events that a part of this house stumbled over."""

    list_display = ("event", "reader", "error", "happened_at", "retried_at")
    list_filter = (DealtWith, ByReader)
    nothing_here = _(
        "No event was set aside: everything that happened reached alerts and webhooks. What cannot be dealt"
        " with is kept here, and dealt with again by an action."
    )
    list_select_related = ("event",)
    actions = ("again",)

    @admin.action(description=_("Deal with it again"), permissions=["view"])
    def again(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> None:
        """Each by itself: what fails again stays aside, and says why."""
        try:
            staff(request.user).check_role(MANAGER)
        except DomainError as error:
            messages.error(request, error.detail)
            return
        for aside in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                in_unit_of_work(lambda pk=aside: try_again(set_aside=pk))  # type: ignore[misc]
                words = gettext("Event set aside no. %(number)s was dealt with.")
                messages.success(request, words % {"number": aside})
            except Exception as error:
                words = gettext("No. %(number)s failed again: %(error)s")
                told = {"number": aside, "error": f"{type(error).__name__}: {error}"}
                messages.error(request, words % told)


def cards(*, found: Backlog) -> list[Card]:
    """What the page shows first: how much waits, since when, and what fails."""
    in_trouble = found.failing_endpoints + found.disabled_endpoints
    return [
        _waiting(gettext("Events to read"), found.events, found.oldest_event, _list("feedreader")),
        Card(
            gettext("Events set aside"), f"{found.set_aside:,}", gettext("could not be dealt with"),
            found.set_aside > 0, _list("setaside"),
        ),
        _waiting(
            gettext("Webhooks to deliver"), found.deliveries, found.oldest_delivery,
            _list("delivery", "status__exact=pending"),
        ),
        Card(
            gettext("Deliveries failed"), f"{found.failed_deliveries:,}", gettext("in the last seven days"),
            found.failed_deliveries > 0, _list("delivery", "status__exact=failed"),
        ),
        Card(
            gettext("Webhooks in trouble"), f"{in_trouble:,}",
            gettext("%(n)s of them disabled") % {"n": found.disabled_endpoints},
            in_trouble > 0, _list("endpoint"),
        ),
        _waiting(gettext("Alerts to send"), found.alerts, found.oldest_alert, _list("ring")),
        Card(
            gettext("Channels in trouble"), f"{found.failing_channels:,}", gettext("do not take messages"),
            found.failing_channels > 0, _list("channel"),
        ),
    ]  # fmt: skip


def _waiting(title: str, many: int, oldest: datetime | None, link: str) -> Card:
    return Card(title, f"{many:,}", _since(oldest), _old(oldest), link)


def _list(model: str, ask: str = "") -> str:
    return reverse(f"admin:notifications_{model}_changelist") + (f"?{ask}" if ask else "")


def _since(oldest: datetime | None) -> str:
    if oldest is None:
        return gettext("nothing waits")
    return gettext("the oldest for %(time)s") % {"time": timesince(oldest)}


def _old(oldest: datetime | None) -> bool:
    """More than a minute is more than a dispatcher that runs ever needs."""
    return oldest is not None and (timezone.now() - oldest).total_seconds() > 60
