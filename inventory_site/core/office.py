"""The back office: rows that are shown and not edited; what is done to them is done by services."""

from collections.abc import Callable, Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import smart_split
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from inventory_site.core.confirming import Confirmed
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.roles import Staff, staff

MOST_COUNTED = 5_000


class FirstPages(Paginator):  # type: ignore[type-arg]
    """Pages of the first 5,000 rows: to count the millions of the ledger costs more than to show a page."""

    template_name = "admin/first_pages.html"

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def there_are_more(self) -> bool:
        """Rows that no page shows."""
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())


class FoundByItsStart:
    """For lists of documents. What is typed is looked for where a field begins, which an index knows;
    anywhere in it only where nothing begins so."""

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        fields = self.get_search_fields(request)  # type: ignore[attr-defined]
        found = queryset
        for word in smart_split(search_term):
            found = found.filter(pk__in=_beginning_with(queryset.model, fields, word.strip("\"'")))
        if search_term.strip() and found.exists():
            return found, False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[misc,no-any-return]


def _beginning_with(model: Any, fields: Iterable[str], word: str) -> Any:
    """The rows of which one of the fields begins so. Each field is looked for by itself: any of several, in
    several tables, is no question for an index."""
    cases = {word, word.upper(), word.capitalize()}
    asked = [
        model._default_manager.filter(
            reduce(or_, (Q(**{f"{field}__startswith": case}) for case in cases))
        )
        .order_by()
        .values("pk")
        for field in fields
    ]
    return asked[0].union(*asked[1:]) if asked[1:] else asked[0]


class ShownOnly(TakenAlong, Confirmed, ModelAdmin):  # type: ignore[misc]
    """Everybody with the right to look may look, at what is in their own warehouses; nobody edits by hand."""

    list_per_page = 50
    show_full_result_count = False
    paginator = FirstPages
    # Where a row says in which warehouse it is; none: it is in no certain one.
    warehouse_paths: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, *self.warehouse_paths)

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        """What is done to all rows is done to no more of them than the list has counted."""
        pages = self.get_paginator(request, queryset, self.list_per_page)
        if request.POST.get("select_across") == "1" and pages.there_are_more:
            words = _("These are more than %(most)s rows: filter them first.")
            messages.error(request, words % {"most": f"{MOST_COUNTED:,}"})
            return None
        return super().response_action(request, queryset)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """For actions: a manager decides."""
        return bool(request.user.is_authenticated) and staff(request.user).is_manager

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
    return found if within is None else concerning(found, within, paths)


def concerning(found: Any, codes: Collection[str], paths: Collection[str]) -> Any:
    """Of these rows, those that one of the paths leads from to one of these warehouses."""
    concerned = Q()
    for path in paths:
        concerned |= Q(**{f"{path}__in": codes})
    if not any(lookup_spawns_duplicates(found.model._meta, path) for path in paths):
        return found.filter(concerned)
    # Asked of each row that is shown, which LIMIT 1 keeps the planner to: it would make a list of all own
    # rows first, of which a page needs fifty.
    rows = found.model._default_manager.filter(concerned, pk=OuterRef("pk")).order_by()
    return found.filter(pk=Subquery(rows.values("pk")[:1]))


def carry_out(
    request: HttpRequest,
    references: list[str],
    done: Any,
    work: Callable[[str, Staff], object],
) -> None:
    """Do it to each document in a transaction of its own; a refusal is shown in its own words. `done`: a
    lazy plural of `n`, of what is said of those to which it was done."""
    who = staff(request.user)
    changed = 0
    for reference in references:
        try:
            in_unit_of_work(lambda name=reference: work(name, who))  # type: ignore[misc]
            changed += 1
        except DomainError as error:
            messages.error(request, f"{reference}: {error.detail}")
    if changed:
        messages.success(request, done % {"n": changed})
