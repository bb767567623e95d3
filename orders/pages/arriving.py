"""Who stands before a floor page, and in which warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.roles import Staff, staff
from orders.queries.floor import Workplace, workplaces

CHOSEN = "floor_warehouse"  # in the session: the warehouse's code


class NoSuchAction(DomainError):
    """A floor page was sent something that it does not know, or without the number that a scan carries."""

    code = "no_such_action"
    title = gettext_noop("The page does not know this")


class NoWorkplace(DomainError):
    """There is no warehouse (yet) in which this person may work."""

    code = "no_workplace"
    title = gettext_noop("No warehouse to work in")
    kind = Kind.FORBIDDEN


class NothingHere(DomainError):
    """The address leads to nothing that this person may see."""

    code = "nothing_here"
    title = gettext_noop("Nothing here")
    kind = Kind.NOT_FOUND


class NotChosen(Exception):
    """The person works in several warehouses and has not said in which one they are."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person in one warehouse, and what the device says of itself."""

    request: HttpRequest
    staff: Staff
    warehouse: Workplace
    choices: Sequence[Workplace]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.warehouse.time_zone)


def arrive(request: HttpRequest) -> Visit:
    """The visit of a signed-in user. Raises NotChosen, NoWorkplace.

    A scan that was kept on the device says in which warehouse it was made (`Floor-Warehouse`); otherwise it
    is the one chosen in this session.
    """
    person = staff(request.user)
    choices = workplaces(within=person.within)
    if not choices:
        raise NoWorkplace(gettext("There is no warehouse that you may work in; ask your manager."))
    by_code = {place.code: place for place in choices}
    told = request.headers.get("Floor-Warehouse") if request.method == "POST" else None
    if told and told not in by_code:
        raise NoWorkplace(
            gettext("This was scanned in %(told)s, where you do not work any more.")
            % {"told": told}
        )
    chosen = by_code.get(told or "") or by_code.get(request.session.get(CHOSEN, ""))
    if chosen is None:
        if len(choices) > 1:
            raise NotChosen
        chosen = choices[0]
    return Visit(request=request, staff=person, warehouse=chosen, choices=choices)
