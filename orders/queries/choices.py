"""What a form offers to choose from: code and name."""

from collections.abc import Collection

from inventory_site.core.sql import rows

MOST = 2000


def warehouses(*, within: Collection[str] | None) -> list[tuple[str, str]]:
    """The warehouses that a person works in."""
    found = rows(
        "SELECT code, name FROM warehouse_warehouse"
        " WHERE %s::text[] IS NULL OR code = ANY(%s::text[]) ORDER BY priority, code",
        [_array(within), _array(within)],
    )
    return [(code, f"{code} · {name}" if name and name != code else code) for code, name in found]


def suppliers() -> list[tuple[str, str]]:
    """All suppliers, by code."""
    found = rows("SELECT code, name FROM warehouse_supplier ORDER BY code LIMIT %s", [MOST])
    return [(code, f"{code} · {name}" if name and name != code else code) for code, name in found]


def _array(values: Collection[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
