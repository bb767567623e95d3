"""Search that forgives typos: what is written wrong is found by what it looks like."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inventory_site.core.office import meeting
from warehouse.lookup import look_up

MOST_ALIKE = 100


class ForgivingSearch:
    """For lists about products. Where the words as they were typed find nothing, the lookup of the floor
    is asked, which knows fragments and misspellings."""

    product_path: ClassVar[str] = "product"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, twice = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        if not search_term.strip() or found.exists():
            return found, twice
        return self.found_alike(queryset, search_term), False

    def found_alike(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        """The rows of the products that look most like what was typed."""
        alike = look_up(typed=search_term, limit=MOST_ALIKE).products
        path = f"{self.product_path}__sku" if self.product_path else "sku"
        asked = Q(**{f"{path}__in": [one.sku for one in alike]})
        return queryset.filter(meeting(queryset, {path: asked}))


class ForgivingBinSearch(ForgivingSearch):
    """The same for a list of bins: A0312 is A-03-12."""

    def found_alike(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        """The bins of which the code looks most like what was typed."""
        alike = Q(pk__in=[])
        for one in look_up(typed=search_term, limit=MOST_ALIKE).bins:
            alike |= Q(code=one.code, warehouse__code=one.warehouse)
        return queryset.filter(alike)
