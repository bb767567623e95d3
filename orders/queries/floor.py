"""What every floor page needs to know first: where a person may work."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory_site.core.sql import rows


@dataclass(frozen=True, slots=True)
class Workplace:
    """A warehouse in which somebody works."""

    id: int
    code: str
    name: str
    time_zone: str


def workplaces(*, within: Collection[str] | None) -> list[Workplace]:
    """The warehouses, or those of `within`, in the order in which they are used."""
    found = rows(
        """SELECT id, code, name, time_zone FROM warehouse_warehouse
            WHERE %s::text[] IS NULL OR code = ANY(%s::text[])
            ORDER BY priority, code""",
        [None if within is None else list(within)] * 2,
    )
    return [Workplace(*row) for row in found]
