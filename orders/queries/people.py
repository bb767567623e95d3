"""Who may walk with a list."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Q

from inventory_site.core.roles import MANAGER, PICKER


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str


def pickers(*, warehouses: Collection[str] | None = None) -> list[Person]:
    """Those who pick in one of these warehouses (None: in any) and whose account is open, by name."""
    everywhere = Q(is_superuser=True)
    found = get_user_model().objects.filter(
        everywhere | Q(groups__name__in=(PICKER, MANAGER)), is_active=True
    )
    if warehouses is not None:
        unlimited = Q(access__isnull=True) | Q(access__warehouses=[])
        here = Q(access__warehouses__overlap=sorted(warehouses))
        found = found.filter(everywhere | unlimited | here)
    named = found.order_by("username").values_list("id", "username").distinct()
    return [Person(*row) for row in named]
