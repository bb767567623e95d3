"""What several lists are filtered by: one of some sets, when it happened, who did it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory_site.core.office import latest

Rows = QuerySet[Any]
# What a choice is called, and what it leaves of the rows.
Ways = Mapping[str, tuple[Any, Callable[[Any], Any]]]
LATEST = 2_000  # movements that are looked through for names


class OneOf(admin.SimpleListFilter):
    """One of some sets of rows, each with its words; what is none of them filters nothing."""

    ways: ClassVar[Ways]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, words) for key, (words, _narrow) in self.ways.items()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        way = self.ways.get(self.value() or "")
        return way[1](queryset) if way else queryset


class OneUnlessAsked(OneOf):
    """The same, where nothing asked for is a set of its own: what waits for somebody."""

    usual: ClassVar[tuple[Any, Callable[[Any], Any]]]

    def choices(self, changelist: Any) -> Iterator[Any]:
        every, *others = super().choices(changelist)
        yield {**every, "display": self.usual[0]}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() is None:
            narrowed: Rows = self.usual[1](queryset)
            return narrowed
        return super().queryset(request, queryset)


def _last(days: int) -> Callable[[Rows], Rows]:
    """So many days up to today, whole days of the zone in which the page is shown."""

    def narrow(rows: Rows) -> Rows:
        return rows.filter(occurred_at__gte=_midnight() - timedelta(days=days - 1))

    return narrow


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _yesterday(rows: Rows) -> Rows:
    today = _midnight()
    return rows.filter(occurred_at__gte=today - timedelta(days=1), occurred_at__lt=today)


class Occurred(OneOf):
    """When it happened."""

    title = _("when")
    parameter_name = "when"
    ways = {
        "today": (_("Today"), _last(1)),
        "yesterday": (_("Yesterday"), _yesterday),
        "7": (_("Last 7 days"), _last(7)),
        "30": (_("Last 30 days"), _last(30)),
        "90": (_("Last 90 days"), _last(90)),
    }


class DoneBy(admin.SimpleListFilter):
    """Who did it. Offers those who did one of the latest movements of all: for a warehouse without any, all
    would be looked through otherwise. Anybody else can be asked for in the address."""

    title = _("by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = latest(model_admin.get_queryset(request), LATEST)
        return [(name, name) for name in sorted(set(own.values_list("actor", flat=True)))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(actor=self.value()) if self.value() else queryset


def classes(*, of: str, path: str, title: Any) -> type[OneOf]:
    """A filter by a class of the items, such as A, B or C."""

    def only(letter: str) -> Callable[[Rows], Rows]:
        return lambda rows: rows.filter(**{path: letter})

    told: dict[str, Any] = {
        "title": title,
        "parameter_name": path.rpartition("__")[2],
        "ways": {letter: (letter, only(letter)) for letter in of},
    }
    return type("ByClass", (OneOf,), told)
