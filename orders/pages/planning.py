"""Pick lists made of what waits: in one tap from the start, or chosen by cut-off, carrier and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import QueryDict
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders.pages.arriving import NoSuchAction, Visit
from orders.pages.base import FloorPage, Said
from orders.queries.shelves import waiting_carriers, zones
from orders.services import planning
from orders.services.planning import Kind

KINDS: Mapping[Kind, Any] = {
    "single": _("A list for each order, up to 20"),
    "batch": _("One walk for up to 20 orders, a tote for each"),
    "wave": _("All that have something in common, in as many walks as it takes"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says. A wave alone is narrowed down."""

    kind: Kind
    ship_before: datetime | None = None
    carrier: str = ""
    zone: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """As the services take it."""
        return {
            "kind": self.kind,
            "ship_before": self.ship_before,
            "carrier": self.carrier or None,
            "zone": self.zone or None,
        }

    @property
    def words(self) -> str:
        """What the orders have in common; empty where anything will do."""
        cut_off = timezone.localtime(self.ship_before) if self.ship_before else None
        parts = [
            gettext("to leave by %(cut_off)s") % {"cut_off": date_format(cut_off, "d M H:i")}
            if cut_off
            else "",
            gettext("for %(carrier)s") % {"carrier": self.carrier} if self.carrier else "",
            gettext("in zone %(zone)s") % {"zone": self.zone} if self.zone else "",
        ]
        return " ".join(part for part in parts if part)


class Plan(FloorPage):
    """For managers: choose what walks together, see how much that is, make the lists."""

    template = "floor/planning.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        visit.staff.check_role()
        request = visit.request
        wish = wish_of(request.POST if request.method == "POST" else request.GET)
        here = [visit.warehouse.id]
        code = visit.warehouse.code
        return {
            "kinds": KINDS,
            "wish": wish,
            "carriers": waiting_carriers(warehouses=here),
            "zones": zones(warehouses=here),
            "foreseen": planning.foresee(warehouse=code, within=[code], **wish.told),
        }

    def do_plan(self, visit: Visit, sent: QueryDict) -> Said:
        return plan_lists(visit, sent)


def plan_lists(visit: Visit, sent: QueryDict) -> Said:
    """Put what waits, as far as it is wished for, on pick lists."""
    visit.staff.check_role()
    wish = wish_of(sent)
    made = planning.plan(
        warehouse=visit.warehouse.code,
        actor=visit.staff.actor,
        within=[visit.warehouse.code],
        **wish.told,
    )
    if not made:
        words = gettext("No order %(words)s waits to be picked here.") % {"words": wish.words}
        return Said(words.replace("  ", " "), "note")
    named = (
        made[0]
        if len(made) == 1
        else gettext("%(first)s to %(last)s") % {"first": made[0], "last": made[-1]}
    )
    words = ngettext(
        "%(n)s pick list made: %(named)s.", "%(n)s pick lists made: %(named)s.", len(made)
    )
    return Said(words % {"n": len(made), "named": named})


def wish_of(sent: QueryDict) -> Wish:
    """What was chosen. Raises NoSuchAction."""
    kind = sent.get("kind", "wave")
    if kind not in KINDS:
        raise NoSuchAction(gettext("A pick list is single, batch or wave."))
    if kind != "wave":
        return Wish(cast(Kind, kind))
    return Wish(
        "wave",
        _moment(sent.get("ship_before", "").strip()),
        sent.get("carrier", "").strip(),
        sent.get("zone", "").strip().upper(),
    )


def _moment(told: str) -> datetime | None:
    """A day and a time in the warehouse's zone."""
    if not told:
        return None
    try:
        moment = parse_datetime(told)
    except ValueError:
        moment = None
    if moment is None:
        raise NoSuchAction(gettext("%(told)s is not a day with a time.") % {"told": told[:40]})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


ADDRESSES = [path("plan/", Plan.as_view(), name="plan")]
