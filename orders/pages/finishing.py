"""The end of a walk: what came together, what is short; pack, ship, put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _

from inventory_site.core.roles import PICKER
from orders.pages.arriving import NoSuchAction, Visit
from orders.pages.base import Elsewhere, FloorPage, Said, found, whole_number
from orders.pages.leading import KINDS
from orders.pages.picking import address, check_here
from orders.queries.codes import resolve_code
from orders.queries.floor import parcels
from orders.queries.picking import PickLineView, PickListView, ToteView, pick_list_view
from orders.queries.put_away import loose_in_packing
from orders.queries.shipments import shipment_view
from orders.services import bench_problems, packing, picking
from orders.services.bench_problems import Lacking
from orders.services.packing_slips import packing_slip, tote_slips
from orders.services.shipping import ShipLine
from orders.states import WrongState

WALKING = ("open", "claimed")
UNITS = "units:"  # and a SKU: a field that says how many of it leave


@dataclass(frozen=True, slots=True)
class Content:
    """So many units of a product in (or out of) a tote."""

    sku: str
    name: str
    units: int


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
        if walked.status in WALKING:
            raise Elsewhere(address("pick-list", walked.reference))
        loose = _loose(visit, walked.lines)
        cancelled = [tote for tote in walked.totes if tote.cancelled and tote.in_tote]
        return {
            "list": walked,
            "loose": loose,
            "back": bool(loose or cancelled),
            "to_pack": [tote for tote in walked.totes if _packable(tote)],
            "packed": [tote for tote in walked.totes if tote.ready],
            "open": [tote for tote in walked.totes if tote.in_tote],
            "shorts": [x for x in walked.lines if x.short and walked.status != "cancelled"],
            "progress": (walked.orders - sum(1 for x in walked.totes if x.in_tote), walked.orders),
        }

    def do_pack_all(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """Every tote that needs no look is packed, in one tap."""
        walked = _walked(visit, reference)
        done = packing.pack_all(
            pick_list=walked.reference, actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        return Said(
            _("%(n)s packed. Open a tote to scan its tracking label, or ship all.")
            % {"n": len(done)}
        )

    def do_ship(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """Every packed tote leaves, each as a parcel of its own."""
        walked = _walked(visit, reference)
        sent_off = packing.ship_packed(
            pick_list=walked.reference,
            orders=[tote.order for tote in walked.totes if tote.ready],
            if_packed=True,
            carrier=sent.get("carrier", "").strip(),
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(_("%(n)s shipped.") % {"n": len(sent_off)})


class TotePage(FloorPage):
    """One order's tote: check what is in it, pack it, send it off; or empty it."""

    roles = (PICKER,)
    template = "floor/finishing_tote.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        walked, tote = _tote(visit, names["reference"], names["tote"])
        if walked.status in WALKING:
            raise Elsewhere(address("pick-list", walked.reference))
        lines = [line for line in walked.lines if line.tote == tote.tote]
        return {
            "list": walked,
            "tote": tote,
            "lines": lines,
            "in_tote": _contents(lines),
            "loose": _loose(visit, lines),
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
        return Said(
            _("%(order)s is packed. Scan the tracking label, or ship without a number.")
            % {"order": mine.order}
        )

    def do_ship(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        """The scan is the carrier's label: its number goes with the parcel."""
        walked, mine = _tote(visit, reference, tote)
        _check_packed(mine)
        number = _tracking(visit, sent.get("code", ""))
        shipped = packing.ship_packed(
            pick_list=walked.reference,
            orders=[mine.order],
            if_packed=True,
            carrier=sent.get("carrier", "").strip() or mine.carrier,
            tracking_number=number,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        words = (
            _("%(order)s shipped with %(number)s: %(reference)s.")
            if number
            else _("%(order)s shipped: %(reference)s.")
        )
        return Said(
            words % {"order": mine.order, "number": number, "reference": shipped[0].reference},
            next=address("pick-finish", walked.reference),
        )

    def do_ship_part(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        """Some of it leaves, the rest stays in the tote. Each product with its number."""
        walked, mine = _tote(visit, reference, tote)
        _check_packed(mine)
        number = _tracking(visit, sent.get("tracking", ""))
        shipment = packing.ship_part(
            pick_list=walked.reference,
            order=mine.order,
            lines=_chosen(sent),
            if_packed=True,
            carrier=sent.get("carrier", "").strip() or mine.carrier,
            tracking_number=number,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        units = sum(line.quantity for line in shipment.lines)
        left = mine.in_tote - units
        if not left:
            words = _("%(order)s shipped: %(reference)s.") % {
                "order": mine.order,
                "reference": shipment.reference,
            }
            return Said(words, next=address("pick-finish", walked.reference))
        return Said(
            _("%(units)s shipped: %(reference)s. %(left)s stay in tote %(tote)s.")
            % {"units": units, "reference": shipment.reference, "left": left, "tote": tote}
        )

    def do_put_back(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        walked, mine = _tote(visit, reference, tote)
        units = picking.put_back(
            pick_list=walked.reference,
            order=mine.order,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        return Said(
            _("%(units)s units of %(order)s are back in their bins by the books; put them there.")
            % {"units": units, "order": mine.order},
            "note",
            address("pick-finish", walked.reference),
        )


class ToteProblemPage(FloorPage):
    """Something of a tote is missing, or broken: say how many of what, and the rest can go.

    Also while its list is walked: nothing of a tote is put back that the books no longer have in PACKING.
    """

    roles = (PICKER,)
    template = "floor/finishing_problem.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        walked, tote = _tote(visit, names["reference"], names["tote"])
        content = _contents([line for line in walked.lines if line.tote == tote.tote])
        others = walked.status == "claimed" and walked.claimed_by != visit.staff.user_id
        back = _of_tote(walked, tote.tote)
        if others or not content:
            raise Elsewhere(back)
        most = max(one.units for one in content)
        return {"list": walked, "tote": tote, "in_tote": content, "most": most, "back": back}

    def do_report(self, visit: Visit, sent: QueryDict, reference: str, tote: int) -> Said:
        walked, mine = _tote(visit, reference, tote)
        problem = sent.get("problem", "")
        if not sent.get("sku"):
            raise NoSuchAction(_("Say first which of the goods it is."))
        result = bench_problems.report(
            pick_list=walked.reference,
            order=mine.order,
            sku=sent.get("sku", ""),
            units=whole_number(sent, "units"),
            problem=problem,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        words = _lacking(result, problem, walking=walked.status in WALKING)
        return Said(words, "note", _of_tote(walked, tote))


class SlipPage(FloorPage):
    """The packing slip of a parcel that left from here, as PDF."""

    roles = (PICKER,)

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        shipment = shipment_view(reference=names["reference"], within=[visit.warehouse.code])
        return _pdf(packing_slip(shipment=shipment), shipment.reference)


class ToteSlipsPage(FloorPage):
    """The packing slips of a list's packed totes, or of one of them, to go into the box: PDF."""

    roles = (PICKER,)

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        walked = _walked(visit, names["reference"])
        slips = tote_slips(
            pick_list=walked.reference,
            totes=[names["tote"]] if "tote" in names else None,
            within=[visit.warehouse.code],
        )
        return _pdf(slips, f"{walked.reference}-slips")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _of_tote(walked: PickListView, tote: int) -> str:
    """The page on which a tote stands: that of its list, until the walk is over."""
    if walked.status in WALKING:
        return address("pick-list", walked.reference)
    return address("pick-tote", walked.reference, tote=tote)


def _lacking(result: Lacking, problem: str, *, walking: bool) -> str:
    """What becomes of the units that are not in the tote, and what to do with the rest."""
    told = {"units": result.units, "sku": result.sku, "tote": result.tote, "order": result.order}
    told |= {"gone": result.gone, "rest": result.units - result.gone}
    damaged = problem == "damaged"
    n = {"later": result.later, "waits": result.waits, "elsewhere": result.elsewhere} | told
    parts = (
        (not damaged, _("%(units)s of %(sku)s are missing in tote %(tote)s.") % told),
        (
            damaged and result.gone,
            _("%(gone)s of %(sku)s from tote %(tote)s are in quarantine: lay them there.") % told,
        ),
        (
            damaged and told["rest"],
            _(
                "The books no longer have %(rest)s of %(sku)s in PACKING: lay what is broken aside and tell "
                "your manager."
            )
            % told,
        ),
        (result.later, _("%(later)s of %(sku)s can be picked again for %(order)s.") % n),
        (result.elsewhere, _("%(elsewhere)s of %(sku)s come from another warehouse.") % n),
        (result.waits, _("%(waits)s of %(sku)s wait for stock.") % n),
        (result.count_task, _("What lies at the bench will be counted.")),
        (result.left and not walking, _("Check the tote and pack it again.")),
        (not result.left, _("The tote is empty now.")),
    )
    return " ".join(words for there, words in parts if there)


def _contents(lines: Sequence[PickLineView]) -> list[Content]:
    """What lies in a tote, product by product."""
    units: dict[tuple[str, str], int] = {}
    for line in lines:
        key = line.sku, line.name
        units[key] = units.get(key, 0) + line.picked - line.shipped
    return [Content(sku, name, n) for (sku, name), n in units.items() if n]


def _loose(visit: Visit, lines: Sequence[PickLineView]) -> list[Content]:
    """What was cancelled while it lay in the tote, and lies in PACKING by the books."""
    names = {line.sku: line.name for line in lines if line.problem == "cancelled"}
    found = loose_in_packing(warehouse=visit.warehouse.code, skus=names)
    return [Content(sku, names[sku], n) for sku, n in found.items()]


def _chosen(sent: QueryDict) -> list[ShipLine]:
    """Products and how many of each leave. Raises NoSuchAction."""
    told = {
        name[len(UNITS) :]: whole_number(sent, name, least=0)
        for name in sent
        if name.startswith(UNITS)
    }
    lines = [ShipLine(sku, quantity) for sku, quantity in told.items() if quantity]
    if not lines:
        raise NoSuchAction(_("Say how many of what leave."))
    return lines


def _check_packed(mine: ToteView) -> None:
    """Raise WrongState where nobody has checked what is in the tote."""
    if not mine.packed_at:
        raise WrongState(
            _("Tote %(tote)s is not packed yet; check what is in it and pack it first.")
            % {"tote": mine.tote}
        )


def _packable(tote: ToteView) -> bool:
    """May be packed with others, without a look at it."""
    settled = tote.packed_at or tote.taken or tote.cancelled
    return bool(tote.in_tote and not settled)


def _tracking(visit: Visit, told: str) -> str:
    """The number of a carrier's label. Raises NoSuchAction for a code of ours: the wrong label."""
    number = told.strip()
    known = resolve_code(code=number, warehouse=visit.warehouse.code, within=None) if number else []
    if known:
        kind = str(KINDS[known[0].kind]).lower()
        raise NoSuchAction(
            _("This is the code of %(kind)s %(code)s. Scan the carrier's label on the parcel.")
            % {"kind": kind, "code": known[0].code}
        )
    return number


ADDRESSES = [
    path("pick/<str:reference>/finish/", FinishPage.as_view(), name="pick-finish"),
    path("pick/<str:reference>/tote/<int:tote>/", TotePage.as_view(), name="pick-tote"),
    path(
        "pick/<str:reference>/tote/<int:tote>/problem/",
        ToteProblemPage.as_view(),
        name="tote-problem",
    ),
    path("pick/<str:reference>/slips/", ToteSlipsPage.as_view(), name="list-slips"),
    path("pick/<str:reference>/tote/<int:tote>/slip/", ToteSlipsPage.as_view(), name="tote-slip"),
    path("slip/<str:reference>/", SlipPage.as_view(), name="packing-slip"),
]
