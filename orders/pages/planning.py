"""Pick lists made of what waits: in one tap from the start, or chosen by cut-off, carrier and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import QueryDict
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from orders.pages.arriving import NoSuchAction, Visit
from orders.pages.base import FloorPage, Said
from orders.queries.shelves import waiting_carriers, zones
from orders.services import planning
from orders.services.planning import Kind

KINDS: Mapping[Kind, str] = {
    "single": "A list for each order, up to 20",
    "batch": "One walk for up to 20 orders, a tote for each",
    "wave": "All that have something in common, in as many walks as it takes",
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
            f"to leave by {cut_off:%d %b %H:%M}" if cut_off else "",
            f"for {self.carrier}" if self.carrier else "",
            f"in zone {self.zone}" if self.zone else "",
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
        return Said(f"No order {wish.words} waits to be picked here.".replace("  ", " "), "note")
    named = made[0] if len(made) == 1 else f"{made[0]} to {made[-1]}"
    return Said(f"{len(made)} pick list{'s' if len(made) > 1 else ''} made: {named}.")


def wish_of(sent: QueryDict) -> Wish:
    """What was chosen. Raises NoSuchAction."""
    kind = sent.get("kind", "wave")
    if kind not in KINDS:
        raise NoSuchAction("A pick list is single, batch or wave.")
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
        raise NoSuchAction(f"{told[:40]} is not a day with a time.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


ADDRESSES = [path("plan/", Plan.as_view(), name="plan")]
