"""Rows of a sheet are written only over what they were checked against."""

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.errors import RowsChanged
from warehouse.sheets.records import Planned

NAMED = 10  # rows that a message names


def check_unchanged(
    *, planned: Sequence[Planned[Any]], now: Mapping[tuple[str, ...], object]
) -> None:
    """Raise RowsChanged naming each row of which what is stored is not what it was planned from."""
    moved = [one for one in planned if now.get(one.after.key) != one.before]
    if not moved:
        return
    told = ", ".join(f"row {one.row}: {' in '.join(one.after.key)}" for one in moved[:NAMED])
    raise RowsChanged(
        f"{len(moved)} of the rows were changed by somebody else in the meantime ({told}). "
        "Nothing was imported; check the sheet again.",
        items=[{"row": one.row, "key": list(one.after.key)} for one in moved],
    )
