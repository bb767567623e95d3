"""What customers send back: whose it is, what and how it is; then it is sellable, put aside or scrapped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.roles import RECEIVER
from orders.errors import NotOnDocument, OtherWarehouse, UnknownCode, UnlikelyQuantity
from orders.pages.arriving import NoSuchAction, Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.pages.in_hand import claim_step, held_still, in_hand, put_down, take
from orders.queries.put_away import suggested_bins
from orders.queries.returns import (
    Returnable,
    ReturnView,
    order_to_return,
    return_views,
    returnable,
    waiting,
)
from orders.services.doubting import check_likely
from orders.services.putting_away import goods_of, shelf_of
from orders.services.returning import GradedLine, receive_return, return_at_once
from orders.services.scanning import scanned
from warehouse.lines import MAX_QUANTITY, Disposition
from warehouse.services.places import RETURNS

ASIDE = {
    Disposition.QUARANTINE: _("Put it into QUARANTINE."),
    Disposition.SCRAP: _("Throw it away."),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may come back; `left` None: nobody says how many."""

    sku: str
    name: str
    left: int | None
    note: str


def find_return(visit: Visit, reference: str) -> ReturnView | None:
    """The return of that reference, where it is one to this warehouse. Raises OtherWarehouse."""
    found = return_views(references=[reference])
    if not found or found[0].warehouse == visit.warehouse.code:
        return found[0] if found else None
    if found[0].warehouse not in {place.code for place in visit.choices}:
        return None
    raise OtherWarehouse(
        gettext("%(reference)s goes to %(warehouse)s, and you are in %(code)s.")
        % {"reference": reference, "warehouse": found[0].warehouse, "code": visit.warehouse.code}
    )


def return_here(visit: Visit, reference: str) -> ReturnView:
    """The return of that reference, which goods may be taken in on. Raises UnknownCode, OtherWarehouse."""
    found = find_return(visit, reference)
    if found is None or found.status == "cancelled":
        raise UnknownCode(
            gettext("There is no return %(reference)s.") % {"reference": reference[:40]}
        )
    return found


class ReturnsList(FloorPage):
    """The clock: what waits to be graded, the longest waiting first."""

    roles = (RECEIVER,)
    template = "floor/returning_list.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        found = waiting(warehouses=[visit.warehouse.code], statuses=("received", "expected"))
        return {
            "bench": [one for one in found if one.status == "received"],
            "expected": [one for one in found if one.status == "expected"],
        }

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """The number of a return or an order, or goods of which nobody knows where they come from."""
        code = sent.get("code", "").strip()
        paper = find_return(visit, code)
        if paper:
            return Said(
                gettext("Return %(reference)s.") % {"reference": paper.reference},
                next=_to("return", paper.reference),
            )
        if order_to_return(reference=code, within=visit.staff.within) is not None:
            return Said(
                gettext("Order %(code)s.") % {"code": code}, next=_to("return-of-order", code)
            )
        known = scanned(code=code, warehouse=visit.warehouse.code)
        if known and known[0].kind == "product":
            return Said(
                gettext("%(code)s of unknown origin. Scan it again there.")
                % {"code": known[0].code},
                next=reverse("floor:return-unknown"),
            )
        told = code[:40]
        raise UnknownCode(
            gettext("No return, order or product is called %(told)s. Scan the goods instead.")
            % {"told": told}
        )


class Grading(FloorPage):
    """Goods, how many and how they are; good ones go to a bin."""

    roles = (RECEIVER,)
    template = "floor/returning_grade.html"
    camera = True

    def paper(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        """`title`, `candidates`, and for the service `order` and `reference`. Raises UnknownCode."""
        return {
            "title": gettext("Unknown origin"),
            "candidates": None,
            "order": None,
            "reference": None,
        }

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        told = self.paper(visit, **names)
        held = in_hand(visit)
        told = {"seen": told["candidates"], **told}
        if not held:
            return told
        bins = suggested_bins(warehouse=visit.warehouse.code, skus=[held["sku"]])
        keep = [(name, held.get(name, "")) for name in ("sku", "quantity", "step")]
        return {**told, "held": held, "to": bins.get(held["sku"]), "keep": keep}

    def do_scan(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        """Goods; or, with good ones in hand, the bin that they were put into."""
        if sent.get("sku"):
            code = shelf_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
            return self.book(visit, sent, Disposition.RESTOCK, code, **names)
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        candidates: Sequence[Candidate] | None = self.paper(visit, **names)["candidates"]
        mine = [x for x in candidates or () if x.sku == goods.code]
        if candidates is not None and not mine:
            raise NotOnDocument(
                gettext(
                    "%(code)s %(name)s was not shipped with this order. Go back and take it in as "
                    "of unknown origin."
                )
                % {"code": goods.code, "name": goods.name}
            )
        left = mine[0].left if mine else None
        if left is not None and left < 1:
            raise NotOnDocument(
                gettext("All %(code)s of this order came back already.") % {"code": goods.code}
            )
        take(visit, sku=goods.code, name=goods.name, left=left)
        return Said(
            gettext("%(code)s %(name)s. How many, and how are they?")
            % {"code": goods.code, "name": goods.name}
        )

    def do_grade(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        """Good ones wait for their bin; the others are booked at once. A number that no order foretells and
        that is hardly meant is asked about once."""
        quantity = whole_number(sent, "quantity", most=MAX_QUANTITY)
        condition = sent.get("condition", "")
        if condition not in set(Disposition):
            raise NoSuchAction(gettext("Goods are good, to be looked at, or scrap."))
        told = self.paper(visit, **names)  # a page that is refused takes nothing in hand
        held = held_still(visit, sent)
        if told["candidates"] is None and sent.get("over") != str(quantity):
            try:
                check_likely(sku=held["sku"], quantity=quantity)
            except UnlikelyQuantity as doubt:
                take(visit, **{**held, "number": quantity, "asked": doubt.detail})
                return Said(doubt.detail, "note")
        if condition != Disposition.RESTOCK:
            return self.book(visit, sent, Disposition(condition), None, **names)
        take(visit, **{**held, "quantity": quantity})
        return Said(
            gettext("%(quantity)s good. Put them into a bin and scan its label.")
            % {"quantity": quantity}
        )

    def do_leave(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        """Good ones, to be put away by somebody else; they can be sold already."""
        return self.book(visit, sent, Disposition.RESTOCK, RETURNS, **names)

    def do_drop(self, visit: Visit, sent: QueryDict, **names: Any) -> Said:
        put_down(visit)
        return Said(gettext("Scan the next goods."), "note")

    def book(
        self, visit: Visit, sent: QueryDict, what: Disposition, bin: str | None, **names: Any
    ) -> Said:
        sku = sent.get("sku", "")
        quantity = whole_number(sent, "quantity", most=MAX_QUANTITY)
        told = self.paper(visit, **names)
        claim_step(visit, sent)
        done = return_at_once(
            warehouse=visit.warehouse.code,
            order=told["order"],
            reference=told["reference"],
            lines=[GradedLine(sku, quantity, what, bin)],
            actor=visit.staff.actor,
            within=visit.staff.within,
        )
        put_down(visit)
        words = ASIDE.get(what) or gettext("Sellable now, in %(bin)s.") % {"bin": bin}
        there = _to("return", done.reference) if told["order"] else ""
        return Said(
            gettext("%(quantity)s of %(sku)s back (%(reference)s). %(words)s")
            % {"quantity": quantity, "sku": sku, "reference": done.reference, "words": words},
            next=there,
        )


class ReturnOfOrder(Grading):
    """A parcel with the order's number on it, that nobody announced."""

    def paper(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        reference = names["reference"]
        within = visit.staff.within
        id_ = order_to_return(reference=reference, within=within)
        if id_ is None:
            raise UnknownCode(
                gettext("There is no order %(reference)s.") % {"reference": reference[:40]}
            )
        found = returnable(order_id=id_, within=within)
        candidates = [Candidate(x.sku, x.name, x.left, _back(x)) for x in found]
        told = {
            "title": gettext("Order %(reference)s") % {"reference": reference},
            "order": reference,
            "reference": None,
        }
        return {**told, "candidates": candidates, "seen": _seen(candidates, found)}


class ReturnOne(Grading):
    """A return that has a number: announced, on the bench, or begun a minute ago."""

    def paper(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        found = return_here(visit, names["reference"])
        lines = {line.sku: line for line in found.lines}
        told = {
            "title": found.reference,
            "subtitle": gettext("Order %(order)s") % {"order": found.order}
            if found.order
            else gettext("Unknown origin"),
            "order": found.order,
            "reference": found.reference,
            "announced": found.status == "expected",
        }
        if found.order_id is None:
            candidates = [
                Candidate(x.sku, x.name, x.ungraded or x.left, _of(x)) for x in found.lines
            ]
            return {**told, "seen": candidates, "candidates": None}
        candidates = []
        may = returnable(order_id=found.order_id, beside=found.id, within=visit.staff.within)
        for one in may:
            line = lines.get(one.sku)
            done = line.received - line.ungraded if line else 0
            candidates.append(Candidate(one.sku, one.name, one.left - done, _of(line)))
        seen = _seen(candidates, may, named=lines)
        return {**told, "candidates": candidates, "seen": seen}

    def do_bench(self, visit: Visit, sent: QueryDict, reference: str) -> Said:
        """All that was announced is there; it will be graded later."""
        paper = return_here(visit, reference)
        receive_return(
            reference=paper.reference, actor=visit.staff.actor, within=[visit.warehouse.code]
        )
        return Said(
            gettext("%(reference)s lies on the bench. The clock runs.") % {"reference": reference},
            "note",
        )


def _seen(
    candidates: Sequence[Candidate], may: Sequence[Returnable], named: Collection[str] = ()
) -> list[Candidate]:
    """Those to show: of goods that left from a warehouse that is not one's own nothing is told."""
    return [
        replace(one, left=min(one.left or 0, x.from_here)) if one.sku not in named else one
        for one, x in zip(candidates, may, strict=True)
        if x.from_here or one.sku in named
    ]


def _back(one: Returnable) -> str:
    if one.from_here < one.shipped:
        return gettext("%(left)s left here") % {"left": one.from_here}
    return gettext("%(returned)s of %(shipped)s back") % {
        "returned": one.returned,
        "shipped": one.shipped,
    }


def _of(line: Any) -> str:
    """What is known of a line of a return."""
    if line is None:
        return ""
    if line.ungraded:
        return gettext("%(ungraded)s on the bench") % {"ungraded": line.ungraded}
    if line.received:
        return f"✓ {line.received}"
    return gettext("%(expected)s announced") % {"expected": line.expected}


def _to(page: str, reference: str) -> str:
    return reverse(f"floor:{page}", kwargs={"reference": reference})


ADDRESSES = [
    path("returns/", ReturnsList.as_view(), name="returns"),
    path("returns/unknown/", Grading.as_view(), name="return-unknown"),
    path("returns/order/<path:reference>/", ReturnOfOrder.as_view(), name="return-of-order"),
    path("returns/<path:reference>/", ReturnOne.as_view(), name="return"),
]
