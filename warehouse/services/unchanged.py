"""Rows of a sheet are written only over what they were checked against."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

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
    told = ", ".join(
        _("row %(row)s: %(what)s") % {"row": one.row, "what": in_words(one.after.key)}
        for one in moved[:NAMED]
    )
    raise RowsChanged(
        _(
            "%(count)s of the rows were changed by somebody else in the meantime "
            "(%(told)s). Nothing was imported; check the sheet again."
        )
        % {"count": len(moved), "told": told},
        items=[{"row": one.row, "key": list(one.after.key)} for one in moved],
    )


def in_words(key: Sequence[str]) -> str:
    """What a row is about: a product, or a product or a bin in a warehouse."""
    what, *places = key
    return _("%(what)s in %(place)s") % {"what": what, "place": places[0]} if places else what
