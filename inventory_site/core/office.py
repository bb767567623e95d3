"""The back office: rows that are shown and not edited; what is done to them is done by services."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import smart_split
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from inventory_site.core.confirming import Confirmed
from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.list_files import TakenAlong
from inventory_site.core.roles import Staff, staff

MOST_COUNTED = 5_000
MOST_BY_KEY = 20_000  # rows that are looked for first


class FirstPages(Paginator):  # type: ignore[type-arg]
    """Pages of the first 5,000 rows: to count the millions of the ledger costs more than to show a page.
    Where there are no more, their keys are known with their number, and a page is taken of those."""

    template_name = "admin/first_pages.html"

    @cached_property
    def count(self) -> int:
        return min(len(self.keys), MOST_COUNTED)

    @property
    def there_are_more(self) -> bool:
        """Rows that no page shows."""
        return len(self.keys) > MOST_COUNTED

    def page(self, number: int | str) -> Any:
        if not self.there_are_more:
            self.object_list: Any = self.object_list.filter(with_keys(self.keys))
        return super().page(number)

    @cached_property
    def keys(self) -> list[int]:
        return first_keys(self.object_list, MOST_COUNTED)


class FirstPagesList(ChangeList):  # type: ignore[misc]
    """A list of which the only page is taken by its keys as well: to find the last of a few rows by the order
    of the list, all would be read."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.multi_page or self.paginator.there_are_more):
            self.result_list = self.queryset.filter(with_keys(self.paginator.keys))


def first_keys(rows: Any, most: int) -> list[int]:
    """Keys of these rows, in no order: of so many, and of one more where there are more."""
    return list(rows.order_by().values_list("pk", flat=True)[: most + 1])


def with_keys(keys: Sequence[int]) -> Q:
    """Rows of these keys, sent as one array: thousands of parameters cost more than the rows."""
    return Q(pk__any_of=keys) if keys else Q(pk__in=[])


def latest(rows: Any, many: int) -> Any:
    """Those of these rows that are among the so many newest of their table."""
    newest = rows.model._default_manager.order_by("-pk").values("pk")[:many]
    return rows.order_by().filter(pk__in=newest)


def meeting(rows: Any, conditions: Mapping[str, Q]) -> Q:
    """What is true of the rows that meet one of the conditions, given by the path that each asks about.

    Each is asked by itself: any of several, in several tables, is no question for an index. What meets one is
    taken by key. Only where more than 20,000 rows do, each row is asked for it in the order of the list:
    enough for a page are met soon.
    """
    met = Q(pk__in=[])
    for path, condition in conditions.items():
        keys = first_keys(rows.filter(condition), MOST_BY_KEY)
        few = len(keys) <= MOST_BY_KEY
        met |= with_keys(keys) if few else _asked_of_each(rows.model, path, condition)
    return met


def _asked_of_each(model: Any, path: str, condition: Q) -> Q:
    """A subquery with LIMIT 1 keeps the planner to it: of EXISTS it would make a list of all that meet the
    condition first, of which a page needs fifty."""
    if not lookup_spawns_duplicates(model._meta, path):
        return condition
    met = model._default_manager.filter(condition, pk=OuterRef("pk")).order_by()
    return Q(pk=Subquery(met.values("pk")[:1]))


class FoundByItsStart:
    """For lists of documents. What is typed is looked for where a field begins, which an index knows;
    anywhere in it only where nothing begins so, and never in a list that is too long for that."""

    by_parts: ClassVar[bool] = True

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        fields = self.get_search_fields(request)  # type: ignore[attr-defined]
        words = [word.strip("\"'") for word in smart_split(search_term)]
        found = _with_all(queryset, words, fields, _beginning)
        if self.by_parts and words and not found.exists():
            # Not in lines: to look for a part of a word in all of them may take longer than anybody waits.
            own = [x for x in fields if not lookup_spawns_duplicates(queryset.model._meta, x)]
            found = _with_all(queryset, words, own, _anywhere)
        return found, False


def _with_all(
    rows: Any, words: Iterable[str], fields: Iterable[str], asked: Callable[[str, str], Q]
) -> Any:
    """The rows of which each word is in one of the fields."""
    for word in words:
        rows = rows.filter(meeting(rows, {field: asked(field, word) for field in fields}))
    return rows


def _beginning(field: str, word: str) -> Q:
    cases = {word, word.upper(), word.capitalize()}
    return reduce(or_, (Q(**{f"{field}__startswith": case}) for case in cases))


def _anywhere(field: str, word: str) -> Q:
    return Q(**{f"{field}__icontains": word})


class ShownOnly(TakenAlong, Confirmed, ModelAdmin):  # type: ignore[misc]
    """Everybody with the right to look may look, at what is in their own warehouses; nobody edits by hand."""

    list_per_page = 50
    show_full_result_count = False
    paginator = FirstPages
    # Where a row says in which warehouse it is; none: it is in no certain one.
    warehouse_paths: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return own_warehouses(super().get_queryset(request), request, *self.warehouse_paths)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FirstPagesList

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
    if within is None:
        return found
    # A list and each of its filters begin with them.
    known: dict[Any, Q] = request.__dict__.setdefault("own_rows", {})
    if (found.model, paths) not in known:
        known[found.model, paths] = _concerned(found, within, paths)
    return found.filter(known[found.model, paths])


def concerning(found: Any, codes: Collection[str], paths: Collection[str]) -> Any:
    """Of these rows, those that one of the paths leads from to one of these warehouses."""
    return found.filter(_concerned(found, codes, paths))


def _concerned(found: Any, codes: Collection[str], paths: Collection[str]) -> Q:
    """Asked by the keys of the warehouses: how many rows have which key is in the planner's statistics."""
    places = apps.get_model("warehouse", "Warehouse")._default_manager.filter(code__in=codes)
    keys = list(places.values_list("pk", flat=True))
    conditions = {
        path: Q(**{f"{way}__in": keys}) if code == "code" and way else Q(**{f"{path}__in": codes})
        for path in paths
        for way, _, code in [path.rpartition("__")]
    }
    if any(lookup_spawns_duplicates(found.model._meta, path) for path in paths):
        return meeting(found, conditions)
    return reduce(or_, conditions.values())


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
