"""Look-up: from a fragment to the bin in one step; the page of a product, of a bin; their labels."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext

from inventory_site.core.roles import PICKER, RECEIVER
from orders.errors import UnknownCode
from orders.pages.arriving import Visit
from orders.pages.base import Elsewhere, FloorPage, Said, found, whole_number
from orders.pages.leading import lead, named
from orders.queries.codes import Resolved, resolve_code
from orders.services import labels
from warehouse.lookup import look_up
from warehouse.whereabouts import bin_view, product_view

MOST_TYPED = 80


class Hits(FloorPage):
    """What is like the fragment that somebody types."""

    template = "floor/looking_hits.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        typed = visit.request.GET.get("q", "")[:MOST_TYPED]
        return {"typed": typed, "hits": look_up(typed=typed, warehouse_ids=[visit.warehouse.id])}


class LookUp(Hits):
    """One field: a scanner ends with Enter and leads to the page, a person sees hits while typing."""

    template = "floor/looking.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        here = _here(visit, _known(visit, visit.request.GET.get("q", "")[:MOST_TYPED]))
        told = lead(visit, here[0]) if here else None
        if told and told.next:
            raise Elsewhere(told.next)
        return {**super().show(visit), "told": told}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """To the page of a code; for a part of one, or of a name, to what is like it."""
        typed = sent.get("q", "").strip()[:MOST_TYPED]
        known = _known(visit, typed)
        here = _here(visit, known)
        if here:
            return lead(visit, here[0])
        if known:
            told = gettext("%(named)s It belongs to warehouse %(warehouse)s.")
            place = {"named": named(known[0]), "warehouse": known[0].warehouse}
            return Said(told % place, "refused")
        hits = look_up(typed=typed, warehouse_ids=[visit.warehouse.id])
        if not hits.bins and not hits.products:
            raise UnknownCode(
                gettext("Nobody knows %(code)s, nor anything like it. Try a part of its name.")
                % {"code": typed[:40]}
            )
        more = f"{reverse('floor:look-up')}?{urlencode({'q': typed})}"
        return Said(gettext("This is like %(typed)s.") % {"typed": typed}, "note", more)


def _known(visit: Visit, code: str) -> Sequence[Resolved]:
    return resolve_code(code=code, warehouse=visit.warehouse.code, within=visit.staff.within)


def _here(visit: Visit, known: Sequence[Resolved]) -> list[Resolved]:
    return [one for one in known if one.warehouse in (None, visit.warehouse.code)]


def _may_count(visit: Visit) -> bool:
    return visit.staff.is_manager or bool(visit.staff.roles & {PICKER, RECEIVER})


class ProductPage(FloorPage):
    """Where it is, how many there are, what moved last."""

    template = "floor/looking_product.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        product = found(product_view(sku=names["sku"], within=visit.staff.within))
        at_home = next((x for x in product.items if x.warehouse == visit.warehouse.code), None)
        return {
            "product": product,
            "may_count": _may_count(visit),
            "item": at_home,
            "bins": [x for x in product.bins if x.warehouse == visit.warehouse.code],
            "elsewhere": [
                x for x in product.items if x.warehouse != visit.warehouse.code and x.on_hand
            ],
        }


class BinPage(FloorPage):
    """What is in it, what moved last."""

    template = "floor/looking_bin.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        warehouse, code = names["warehouse"], names["code"]
        allowed = warehouse in {place.code for place in visit.choices}
        within = visit.staff.within
        view = found(bin_view(warehouse=warehouse, code=code, within=within) if allowed else None)
        here = view.warehouse == visit.warehouse.code
        return {"bin": view, "here": here, "may_count": _may_count(visit)}


class LabelsPage(FloorPage):
    """On which paper, from which place on, how many of each."""

    template = "floor/looking_labels.html"

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        asked = visit.request.GET
        copies = whole_number(asked, "copies") if "copies" in asked else 1
        return {
            "sku": asked.get("sku", ""),
            "bin": asked.get("bin", ""),
            "copies": min(copies, labels.MOST_COPIES),
        }


class LabelsPdf(FloorPage):
    """The labels themselves. A read: nothing changes by it."""

    def _page(self, visit: Visit, names: dict[str, Any], said: Said | None = None) -> HttpResponse:
        response = HttpResponse(_labels(visit, visit.request.GET), content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return response


def _labels(visit: Visit, asked: QueryDict) -> bytes:
    paper = asked.get("paper", "sheet")
    copies = whole_number(asked, "copies", most=labels.MOST_COPIES)
    start = whole_number(asked, "start", most=24) if paper == "sheet" else 1
    bins, skus = asked.getlist("bin"), asked.getlist("sku")
    if any(bins):
        return labels.bin_labels(
            warehouse=visit.warehouse.code, bins=bins, paper=paper, copies=copies, start=start
        )
    return labels.product_labels(
        skus=skus, paper=paper, copies=copies, start=start, qr="qr" in asked
    )


ADDRESSES = [
    path("look-up/", LookUp.as_view(), name="look-up"),
    path("look-up/hits/", Hits.as_view(), name="look-up-hits"),
    path("product/<path:sku>/", ProductPage.as_view(), name="product"),
    path("bin/<str:warehouse>/<str:code>/", BinPage.as_view(), name="bin"),
    path("labels/", LabelsPage.as_view(), name="labels"),
    path("labels/pdf/", LabelsPdf.as_view(), name="labels-pdf"),
]
