"""Filters that a manager thinks in."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from warehouse.models import InventoryItem

UNCOUNTED_DAYS = (30, 90, 180)

Items = QuerySet[InventoryItem]
STATES: dict[str, tuple[str, Callable[[Any], Items]]] = {
    "low": ("At or under the reorder point", lambda items: items.low()),
    "out": ("Out of stock", lambda items: items.out_of_stock()),
    "promised": ("Promised to orders", lambda items: items.filter(reserved__gt=0)),
    "quarantine": ("Some in quarantine", lambda items: items.filter(unsellable__gt=0)),
    "coming": ("On the way", lambda items: items.filter(inbound__gt=0)),
    "unwatched": ("Without a reorder point", lambda items: items.not_watched()),
}


class StockState(admin.SimpleListFilter):
    """How it stands with the stock."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, words) for key, (words, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Items) -> Items:
        chosen = STATES.get(self.value() or "")
        return chosen[1](queryset) if chosen else queryset


class NotCounted(admin.SimpleListFilter):
    """On hand, and nobody has counted it for long."""

    title = "not counted for"
    parameter_name = "uncounted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(days), f"{days} days") for days in UNCOUNTED_DAYS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Items:
        asked = self.value() or ""
        if asked in {str(days) for days in UNCOUNTED_DAYS}:
            queryset = queryset.not_counted_since(days=int(asked), now=timezone.now())
        found: Items = queryset
        return found
