"""Filters that a manager thinks in: what is late, what lies, what waits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory_site.core.filters import WarehouseFilter
from inventory_site.core.office import latest
from orders.models import CountStatus
from orders.queries.due import due
from orders.queries.standing import (
    expected,
    on_the_bench,
    to_count,
    waiting_for_stock,
    walks_due,
)
from orders.states import P_COMING, T_COMING

CARRIERS_OF = 1000
SCANS_OF = 5000

Condition = Callable[[datetime], Q]


class Standing(admin.SimpleListFilter):
    """How it stands with a document at this moment: words and condition of each choice, by its name."""

    standings: ClassVar[Mapping[str, tuple[Any, Condition]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _condition) in self.standings.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.standings.get(self.value() or "")
        return queryset.filter(chosen[1](timezone.now())) if chosen else queryset


class Due(Standing):
    """What has to leave, of the orders with work left; days are those of the current time zone."""

    title = _("due")
    parameter_name = "due"
    standings = {
        "overdue": (_("Overdue"), lambda now: due(when="overdue", now=now)),
        "today": (_("Today, or overdue"), lambda now: due(when="today", now=now)),
        "week": (_("This week, or overdue"), lambda now: due(when="week", now=now)),
    }


class CutOff(Standing):
    """Walks by when the first of their orders has to leave."""

    title = _("cut-off")
    parameter_name = "cut_off"
    standings = {
        "overdue": (_("Overdue"), lambda now: walks_due(when="overdue", now=now)),
        "today": (_("Today, or overdue"), lambda now: walks_due(when="today", now=now)),
        "week": (_("This week, or overdue"), lambda now: walks_due(when="week", now=now)),
    }


class Promise(Standing):
    """Whether all that an order is promised is there."""

    title = _("promise")
    parameter_name = "promise"
    standings = {"waits": (_("Some of it waits for stock"), lambda now: waiting_for_stock())}


class Delivery(Standing):
    """What comes from a supplier, by when it was expected."""

    title = _("delivery")
    parameter_name = "delivery"
    standings = {
        "coming": (_("On the way"), lambda now: Q(status__in=P_COMING)),
        "late": (_("Late"), lambda now: expected(coming=P_COMING, now=now)),
        "week": (
            _("Within a week, or late"),
            lambda now: expected(coming=P_COMING, now=now, days=7),
        ),
    }


class Journey(Standing):
    """What comes from another warehouse of ours, by when it was expected."""

    title = _("journey")
    parameter_name = "journey"
    standings = {
        "coming": (_("On the way"), lambda now: Q(status__in=T_COMING)),
        "late": (_("Late"), lambda now: expected(coming=T_COMING, now=now)),
    }


class Bench(Standing):
    """Returns that came, and that nobody has decided about."""

    title = _("time on the bench")
    parameter_name = "bench"
    standings = {
        "2": (_("More than 2 days"), lambda now: on_the_bench(days=2, now=now)),
        "7": (_("More than 7 days"), lambda now: on_the_bench(days=7, now=now)),
    }


class ToDo(Standing):
    """Counts by what is to be done next."""

    title = _("work left")
    parameter_name = "to_do"
    standings = {
        "approve": (_("Waiting for approval"), lambda now: Q(status=CountStatus.APPROVAL)),
        "count": (_("To be counted"), lambda now: to_count(now=now)),
        "late": (_("To be counted for over a day"), lambda now: to_count(now=now, days=1)),
    }


class Source(WarehouseFilter):
    """Where goods are carried from."""

    title = _("warehouse it comes from")
    parameter_name = "source"
    paths = ("source__code",)


class Destination(WarehouseFilter):
    """Where goods are carried to."""

    title = _("warehouse it goes to")
    parameter_name = "destination"
    paths = ("destination__code",)


class RecentCarrier(admin.SimpleListFilter):
    """Carriers of those of the newest rows that one sees: those of all would be looked for in all of them."""

    title = _("carrier")
    parameter_name = "carrier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = latest(model_admin.get_queryset(request), CARRIERS_OF)
        seen = set(own.values_list("carrier", flat=True))
        return [(carrier, carrier or "-") for carrier in sorted(seen)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(carrier=self.value())


class Picker(admin.SimpleListFilter):
    """Who scanned. Offers those of the newest scans, as far as whoever looks sees them; anybody else's can be
    asked for in the address."""

    title = _("by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = model_admin.model._default_manager.order_by("-pk").values("pk")[:1]
        seen = model_admin.get_queryset(request).filter(pk__gt=Subquery(newest) - SCANS_OF)
        names = seen.order_by("user__username").values_list("user__username", flat=True)
        return [(name, name) for name in names.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(user__username=self.value()) if self.value() else queryset
