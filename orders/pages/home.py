"""Where everybody starts: what I claimed, what is next, where to go."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.roles import PICKER, RECEIVER
from orders.errors import UnknownCode
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said
from orders.pages.leading import lead, named
from orders.pages.picking import address, check_here
from orders.pages.planning import plan_lists
from orders.pages.tiles import tiles_for
from orders.queries.begun import counts_begun
from orders.queries.codes import resolve_code
from orders.queries.picking import PickListView, lists_to_do, pick_task

NEXT = 5  # open lists that are shown
KINDS = {"single": _("one order each"), "batch": _("one walk")}


class Home(FloorPage):
    template = "floor/home.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        person, here = visit.staff, visit.warehouse
        picks = person.is_manager or PICKER in person.roles
        counts = person.is_manager or bool(person.roles & {PICKER, RECEIVER})
        begun = counts_begun(warehouse_id=here.id, user_id=person.user_id) if counts else []
        lists = (
            lists_to_do(warehouses=[here.code], user_id=person.user_id, limit=500) if picks else []
        )
        waiting = [x for x in lists if x.status == "open"]
        return {
            "picks": picks,
            "mine": [x for x in lists if _is_mine(x, visit)],
            "counts": begun,
            "next": waiting[:NEXT],
            "rest": len(waiting) - NEXT,
            "to_pack": [x for x in lists if x.status == "picked" and not _is_mine(x, visit)],
            "kinds": KINDS if person.is_manager else {},
            "tiles": list(tiles_for(person)),
        }

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """Any known code leads to its page."""
        code = sent.get("code", "").strip()
        task = pick_task(reference=code)
        if task:
            found = check_here(visit, task.pick_list)
            return Said(
                gettext("List %(reference)s.") % {"reference": found.reference},
                next=page_of(found, visit),
            )
        known = resolve_code(code=code, warehouse=visit.warehouse.code, within=visit.staff.within)
        if not known:
            raise UnknownCode(
                gettext("Nobody knows the code %(code)s. Scan a list, a bin or a product.")
                % {"code": code[:40]}
            )
        what = known[0]
        if what.warehouse not in (None, visit.warehouse.code):
            return Said(
                gettext("%(named)s It belongs to warehouse %(warehouse)s.")
                % {"named": named(what), "warehouse": what.warehouse},
                "refused",
            )
        return lead(visit, what)

    def do_plan(self, visit: Visit, sent: QueryDict) -> Said:
        """For managers: what waits, in one tap."""
        return plan_lists(visit, sent)


class AllLists(FloorPage):
    """Every list that nobody has yet."""

    roles = (PICKER,)
    template = "floor/home_lists.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        return {
            "lists": lists_to_do(warehouses=[visit.warehouse.code], statuses=["open"], limit=200)
        }


def page_of(found: PickListView, visit: Visit) -> str:
    """Where to go on with a list: the task for who walks with it, the totes when it is picked."""
    if found.status == "claimed" and found.claimed_by == visit.staff.user_id:
        return address("pick-task", found.reference)
    page = "pick-list" if found.status in ("open", "claimed") else "pick-finish"
    return address(page, found.reference)


def _is_mine(found: PickListView, visit: Visit) -> bool:
    return found.status in ("claimed", "picked") and found.claimed_by == visit.staff.user_id


ADDRESSES = [
    path("", Home.as_view(), name="home"),
    path("pick/", AllLists.as_view(), name="pick-lists"),
]
