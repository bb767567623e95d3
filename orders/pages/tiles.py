"""What the home page leads to. A tile shows once its address exists and the person has the role for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from inventory_site.core.roles import PICKER, RECEIVER, Staff


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    title: Any  # lazily translated
    hint: Any
    icon: str  # templates/floor/icons/<icon>.svg
    roles: tuple[str, ...] = ()


TILES = (
    Tile("floor:receive", _("Receive"), _("Goods from a supplier"), "receive", (RECEIVER,)),
    Tile(
        "floor:put-away", _("Put away"), _("From the dock to a bin"), "put-away", (RECEIVER, PICKER)
    ),
    Tile("floor:returns", _("Returns"), _("What customers send back"), "returns", (RECEIVER,)),
    Tile("floor:count", _("Count"), _("Bins that wait for a count"), "count", (PICKER, RECEIVER)),
    Tile("floor:move", _("Move"), _("From bin to bin"), "move", (PICKER, RECEIVER)),
    Tile("floor:look-up", _("Look up"), _("Where is it? What is here?"), "look-up"),
)


def tiles_for(staff: Staff) -> Iterator[tuple[Tile, str]]:
    """Tiles with their addresses, in the order in which they are shown."""
    for tile in TILES:
        if tile.roles and not staff.is_manager and not staff.roles & set(tile.roles):
            continue
        try:
            yield tile, reverse(tile.name)
        except NoReverseMatch:
            continue


def address_of(name: str, **names: object) -> str:
    """The address, empty where there is none of that name."""
    try:
        return reverse(name, kwargs=names)
    except NoReverseMatch:
        return ""
