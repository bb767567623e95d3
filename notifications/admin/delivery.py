"""How delivery goes: what waits, since when, and what does not get out."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

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
    list_before_template = "admin/backlog.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {**(extra_context or {}), "title": "Delivery", "cards": cards(found=backlog())}
        answer: HttpResponse = super().changelist_view(request, more)
        return answer


@admin.register(SetAside)
class SetAsideAdmin(Everywhere):
    """Events that a part of this house stumbled over."""

    list_display = ("event", "reader", "error", "happened_at", "retried_at")
    list_filter = (("retried_at", admin.EmptyFieldListFilter),)
    list_select_related = ("event",)
    actions = ("again",)

    @admin.action(description="Deal with it again", permissions=["view"])
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
                messages.success(request, f"Event set aside no. {aside} was dealt with.")
            except Exception as error:
                messages.error(
                    request, f"No. {aside} failed again: {type(error).__name__}: {error}"
                )


def cards(*, found: Backlog) -> list[Card]:
    """What the page shows first: how much waits, since when, and what fails."""
    return [
        Card(
            "Events to read", f"{found.events:,}", _since(found.oldest_event), _old(found.oldest_event),
            _list("feedreader"),
        ),
        Card(
            "Events set aside", f"{found.set_aside:,}", "could not be dealt with", found.set_aside > 0,
            _list("setaside"),
        ),
        Card(
            "Webhooks to deliver", f"{found.deliveries:,}", _since(found.oldest_delivery),
            _old(found.oldest_delivery), _list("delivery", "status__exact=pending"),
        ),
        Card(
            "Deliveries failed", f"{found.failed_deliveries:,}", "in the last seven days",
            found.failed_deliveries > 0, _list("delivery", "status__exact=failed"),
        ),
        Card(
            "Webhooks in trouble", f"{found.failing_endpoints + found.disabled_endpoints:,}",
            f"{found.disabled_endpoints} of them disabled",
            found.failing_endpoints + found.disabled_endpoints > 0, _list("endpoint"),
        ),
        Card(
            "Alerts to send", f"{found.alerts:,}", _since(found.oldest_alert), _old(found.oldest_alert),
            _list("ring"),
        ),
        Card(
            "Channels in trouble", f"{found.failing_channels:,}", "do not take messages",
            found.failing_channels > 0, _list("channel"),
        ),
    ]  # fmt: skip


def _list(model: str, ask: str = "") -> str:
    return reverse(f"admin:notifications_{model}_changelist") + (f"?{ask}" if ask else "")


def _since(oldest: datetime | None) -> str:
    return "nothing waits" if oldest is None else f"the oldest for {timesince(oldest)}"


def _old(oldest: datetime | None) -> bool:
    """More than a minute is more than a dispatcher that runs ever needs."""
    return oldest is not None and (timezone.now() - oldest).total_seconds() > 60
