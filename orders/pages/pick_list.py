"""A pick list as a whole: who has it, its totes and its walk; claimed, handed back, given away, cancelled."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _

from inventory_site.core.roles import PICKER
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.pages.base import found as known
from orders.pages.picking import address, check_here
from orders.queries.people import Person, pickers
from orders.queries.picking import PickListView, pick_list_view
from orders.services import picking


class PickListPage(FloorPage):
    """Every line in walk order, the totes, and who has the list."""

    roles = (PICKER,)
    template = "floor/picking_list.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        found = check_here(visit, pick_list_view(reference=names["reference"]))
        mine = found.claimed_by == visit.staff.user_id
        gives = visit.staff.is_manager and found.status in ("open", "claimed")
        return {
            "list": found,
            "mine": mine and found.status == "claimed",
            "people": _others(visit, found) if gives else [],
            "cancels": visit.staff.is_manager and found.status == "open",
            "puts_back": _puts_back(visit, found) and any(x.in_tote for x in found.totes),
            "progress": (found.lines_done, found.line_count),
        }

    def do_claim(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        within = [visit.warehouse.code]
        person = visit.staff
        picking.claim(
            pick_list=reference, staff_id=person.user_id, actor=person.actor, within=within
        )
        return Said(
            _("%(reference)s is yours.") % {"reference": reference},
            next=address("pick-task", reference),
        )

    def do_hand_back(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        check_here(visit, pick_list_view(reference=reference))
        person = visit.staff
        picking.hand_back(pick_list=reference, user_id=person.user_id, actor=person.actor)
        return Said(
            _("%(reference)s is handed back.") % {"reference": reference},
            "note",
            reverse("floor:home"),
        )

    def do_take_over(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """For managers: the list changes hands, and is refused to the one before."""
        visit.staff.check_role()
        picking.reassign(
            pick_list=reference,
            to_user_id=visit.staff.user_id,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(
            _("%(reference)s is yours now.") % {"reference": reference},
            next=address("pick-task", reference),
        )

    def do_give(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """For managers: to somebody else, whoever has it or nobody."""
        visit.staff.check_role()
        name = picking.reassign(
            pick_list=reference,
            to_user_id=whole_number(sent, "to"),
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(
            _("%(reference)s is %(name)s's list now.") % {"reference": reference, "name": name}
        )

    def do_put_back(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """A tote of a list that is not picked to its end is emptied."""
        found = check_here(visit, pick_list_view(reference=reference))
        if not _puts_back(visit, found):
            visit.staff.check_role()
        number = whole_number(sent, "tote")
        tote = known(next((x for x in found.totes if x.tote == number), None))
        units = picking.put_back(
            pick_list=reference,
            order=tote.order,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(
            _("%(units)s units of %(order)s are back in their bins by the books; put them there.")
            % {"units": units, "order": tote.order},
            "note",
        )

    def do_cancel(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """For managers: it was planned wrongly, and its orders wait to be planned anew."""
        visit.staff.check_role()
        picking.cancel_list(
            pick_list=reference, actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        return Said(
            _("%(reference)s is cancelled; its orders can be planned anew.")
            % {"reference": reference},
            "note",
            reverse("floor:home"),
        )


def _puts_back(visit: Visit, found: PickListView) -> bool:
    """Whoever walks with it, and a manager where nobody does."""
    if found.status == "claimed":
        return found.claimed_by == visit.staff.user_id
    return found.status == "open" and visit.staff.is_manager


def _others(visit: Visit, found: PickListView) -> list[Person]:
    """To whom a list may be given: not to who has it, and the manager has a button of their own."""
    people = pickers(warehouses=[visit.warehouse.code])
    return [one for one in people if one.id not in (found.claimed_by, visit.staff.user_id)]


ADDRESSES = [path("pick/<str:reference>/", PickListPage.as_view(), name="pick-list")]
