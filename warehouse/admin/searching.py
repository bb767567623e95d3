"""Search that forgives typos: what is written wrong is found by what it looks like."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

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
        alike = look_up(typed=search_term, limit=MOST_ALIKE).products
        path = f"{self.product_path}__sku" if self.product_path else "sku"
        return queryset.filter(**{f"{path}__in": [one.sku for one in alike]}), False
