"""Search that forgives typos: what is written wrong is found by what it looks like."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inventory_site.core.office import meeting

MOST_ALIKE = 100


class FoundAlike:
    """For lists about products and bins. Where the words as they were typed find nothing, the lookup of the
    floor is asked, which knows fragments and misspellings, and that A0312 is A-03-12."""

    # `warehouse.lookup.look_up`: what looks most like what was typed. Each app that has such lists gives it.
    look_up: ClassVar[Callable[..., Any]]
    # Where a row says which product it is about, and which bin; None: about none.
    product_path: ClassVar[str | None] = "product"
    bin_path: ClassVar[str | None] = None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, twice = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        if not search_term.strip() or found.exists():
            return found, twice
        return self.found_alike(queryset, search_term), False

    def found_alike(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        """The rows of the products, and of the bins, that look most like what was typed."""
        found = type(self).look_up(typed=search_term, limit=MOST_ALIKE)
        alike: dict[str, Q] = {}
        if self.product_path is not None:
            path = _at(self.product_path, "sku")
            alike[path] = Q(**{f"{path}__in": [one.sku for one in found.products]})
        if self.bin_path is not None:
            path = _at(self.bin_path, "code")
            alike[path] = Q(pk__in=[])
            for one in found.bins:
                place = {path: one.code, _at(self.bin_path, "warehouse__code"): one.warehouse}
                alike[path] |= Q(**place)
        return queryset.filter(meeting(queryset, alike))


def _at(path: str, field: str) -> str:
    """A field of what the path leads to; an empty path leads to the row itself."""
    return f"{path}__{field}" if path else field
