"""The end of a walk: what came together, what is short; pack, ship, put back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path

from inventory_site.core.roles import PICKER
from orders.pages.arriving import NoSuchAction, Visit
from orders.pages.base import Elsewhere, FloorPage, Said, found
from orders.pages.picking import address, check_here
from orders.queries.codes import resolve_code
from orders.queries.floor import parcels
from orders.queries.picking import PickListView, ToteView, pick_list_view
from orders.queries.shipments import shipment_view
from orders.services import packing, picking
from orders.services.packing_slips import packing_slip
from orders.states import WrongState


def _walked(visit: Visit, reference: str) -> PickListView:
    return check_here(visit, pick_list_view(reference=reference))


def _tote(visit: Visit, reference: str, tote: int) -> tuple[PickListView, ToteView]:
    walked = _walked(visit, reference)
    return walked, found(next((x for x in walked.totes if x.tote == tote), None))


class FinishPage(FloorPage):
    """All totes of a list with what is still to be done for each."""

    roles = (PICKER,)
    template = "floor/finishing_list.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        walked = _walked(visit, names["reference"])
        if walked.status in ("open", "claimed"):
            raise Elsewhere(address("pick-list", walked.reference))
        return {
            "list": walked,
            "packed": [tote for tote in walked.totes if _ready(tote)],
            "open": [tote for tote in walked.totes if tote.in_tote],
            "shorts": [line for line in walked.lines if line.short],
            "progress": (walked.orders - sum(1 for x in walked.totes if x.in_tote), walked.orders),
        }

    def do_ship(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """Every packed tote leaves, each as a parcel of its own."""
        walked = _walked(visit, reference)
        sent_off = packing.ship_packed(
            pick_list=walked.reference,
            orders=[tote.order for tote in walked.totes if _ready(tote)],
            carrier=sent.get("carrier", "").strip(),
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(f"{len(sent_off)} shipped.")


class TotePage(FloorPage):
    """One order's tote: check what is in it, pack it, send it off; or empty it."""

    roles = (PICKER,)
    template = "floor/finishing_tote.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        walked, tote = _tote(visit, names["reference"], names["tote"])
        if walked.status in ("open", "claimed"):
            raise Elsewhere(address("pick-list", walked.reference))
        lines = [line for line in walked.lines if line.tote == tote.tote]
        return {
            "list": walked,
            "tote": tote,
            "lines": lines,
            "taken": any(line.problem == "cancelled" for line in lines),
            "parcels": parcels(pick_list_id=walked.id, order=tote.order),
        }

    def do_pack(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        walked, mine = _tote(visit, reference, tote)
        packing.pack(
            pick_list=walked.reference,
            order=mine.order,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(f"{mine.order} is packed. Scan the tracking label, or ship without a number.")

    def do_ship(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        """The scan is the carrier's label: its number goes with the parcel."""
        walked, mine = _tote(visit, reference, tote)
        if not mine.packed_at:
            raise WrongState(
                f"Tote {tote} is not packed yet; check what is in it and pack it first."
            )
        number = _tracking(visit, sent.get("code", ""))
        shipped = packing.ship_packed(
            pick_list=walked.reference,
            orders=[mine.order],
            carrier=sent.get("carrier", "").strip() or mine.carrier,
            tracking_number=number,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        told = f" with {number}" if number else ""
        return Said(
            f"{mine.order} shipped{told}: {shipped[0].reference}.",
            next=address("pick-finish", walked.reference),
        )

    def do_put_back(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        walked, mine = _tote(visit, reference, tote)
        units = picking.put_back(
            pick_list=walked.reference, order=mine.order, actor=visit.staff.actor
        )
        return Said(
            f"{units} units of {mine.order} are back in their bins by the books; put them there.",
            "note",
            address("pick-finish", walked.reference),
        )


class SlipPage(FloorPage):
    """The packing slip of a parcel that left from here, as PDF."""

    roles = (PICKER,)

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        shipment = shipment_view(reference=names["reference"], within=[visit.warehouse.code])
        return HttpResponse(
            packing_slip(shipment=shipment),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{shipment.reference}.pdf"'},
        )


def _tracking(visit: Visit, told: str) -> str:
    """The number of a carrier's label. Raises NoSuchAction for a code of ours: the wrong label."""
    number = told.strip()
    known = resolve_code(code=number, warehouse=visit.warehouse.code, within=None) if number else []
    if known:
        what = f"{known[0].kind.replace('_', ' ')} {known[0].code}"
        raise NoSuchAction(f"This is the code of {what}. Scan the carrier's label on the parcel.")
    return number


def _ready(tote: ToteView) -> bool:
    return bool(tote.packed_at and tote.in_tote and not tote.cancelled)


ADDRESSES = [
    path("pick/<str:reference>/finish/", FinishPage.as_view(), name="pick-finish"),
    path("pick/<str:reference>/tote/<int:tote>/", TotePage.as_view(), name="pick-tote"),
    path("slip/<str:reference>/", SlipPage.as_view(), name="packing-slip"),
]
