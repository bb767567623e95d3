"""The back office: rows that are shown and not edited; what is done to them is done by services."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.roles import Staff, staff


class ShownOnly(ModelAdmin):  # type: ignore[misc]
    """Everybody with the right to look may look, at what is in their own warehouses; nobody edits by hand."""

    list_per_page = 50
    show_full_result_count = False
    # Where a row says in which warehouse it is; none: it is in no certain one.
    warehouse_paths: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, *self.warehouse_paths)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShownLines(TabularInline):  # type: ignore[misc]
    """The lines of a row, on its page: those of the person's own warehouses."""

    warehouse_paths: ClassVar[tuple[str, ...]] = ()

    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, *self.warehouse_paths)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def own_warehouses(found: Any, request: HttpRequest, *paths: str) -> Any:
    """Of these rows, those that concern a warehouse of the person's own, by any of the paths to its code."""
    within = staff(request.user).within if paths else None
    if within is None:
        return found
    concerned = Q()
    for path in paths:
        concerned |= Q(**{f"{path}__in": within})
    return found.filter(pk__in=found.model._default_manager.filter(concerned).values("pk"))


def carry_out(
    request: HttpRequest, references: list[str], done: str, work: Callable[[str, Staff], object]
) -> None:
    """Do it to each document in a transaction of its own; a refusal is shown in its own words."""
    who = staff(request.user)
    changed = 0
    for reference in references:
        try:
            in_unit_of_work(lambda name=reference: work(name, who))  # type: ignore[misc]
            changed += 1
        except DomainError as error:
            messages.error(request, f"{reference}: {error.detail}")
    if changed:
        messages.success(request, f"{changed} {done}.")
