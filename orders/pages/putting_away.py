"""From the dock to a bin: goods, the suggested bin, the bin's label."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path
from django.utils.translation import gettext as _

from inventory_site.core.roles import PICKER, RECEIVER
from orders.errors import NotOnDocument
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.pages.in_hand import claim_step, in_hand, put_down, take
from orders.queries.put_away import lying, lying_page
from orders.services.putting_away import goods_of, put_away
from warehouse.lines import MAX_QUANTITY

MOST_PAGES = 10_000


class PutAway(FloorPage):
    """What lies in RECEIVING, in RETURNS, or in PACKING without an order, by pages; or what is in hand."""

    roles = (RECEIVER, PICKER)  # a picker puts back what was cancelled in a tote
    template = "floor/putting_away.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        held = in_hand(visit)
        found = lying(warehouse=visit.warehouse.code, sku=held["sku"]) if held else []
        one = next((x for x in found if held and x.bin == held["bin"]), None)
        if held and one:
            keep = [("sku", one.sku), ("from", one.bin), ("step", held.get("step", ""))]
            return {"one": one, "keep": keep}
        asked = visit.request.GET
        page = whole_number(asked, "page", most=MOST_PAGES) if "page" in asked else 1
        return {"waiting": lying_page(warehouse=visit.warehouse.code, page=page)}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """Goods; or, with goods in hand, the bin that they were put into."""
        if sent.get("sku"):
            return self._put(visit, sent)
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        found = lying(warehouse=visit.warehouse.code, sku=goods.code)
        if not found:
            raise NotOnDocument(
                _("No %(code)s %(name)s waits to be put away. Has it been received?")
                % {"code": goods.code, "name": goods.name}
            )
        one = found[0]
        take(visit, sku=one.sku, bin=one.bin)
        where = (
            _("Carry it to %(to)s") % {"to": one.to} if one.to else _("Carry it to an empty bin")
        )
        return Said(
            _("%(units)s of %(sku)s from %(bin)s. %(where)s and scan its label.")
            % {"units": one.units, "sku": one.sku, "bin": one.bin, "where": where}
        )

    def do_choose(self, visit: Visit, sent: QueryDict) -> Said:
        """A line of the list, tapped."""
        take(visit, sku=sent.get("sku", ""), bin=sent.get("from", ""))
        return Said(_("Scan the label of the bin."))

    def do_drop(self, visit: Visit, sent: QueryDict) -> Said:
        put_down(visit)
        return Said(_("Scan the next goods."), "note")

    def _put(self, visit: Visit, sent: QueryDict) -> Said:
        sku, from_bin, code = (sent.get(name, "").strip() for name in ("sku", "from", "code"))
        quantity = whole_number(sent, "quantity", most=MAX_QUANTITY)
        claim_step(visit, sent)
        put_away(
            warehouse=visit.warehouse.code,
            sku=sku,
            from_bin=from_bin,
            to_bin=code,
            quantity=quantity,
            actor=visit.staff.actor,
            within=[visit.warehouse.code],
        )
        put_down(visit)
        return Said(
            _("%(quantity)s of %(sku)s put into %(code)s.")
            % {"quantity": quantity, "sku": sku, "code": code.upper()}
        )


ADDRESSES = [path("put-away/", PutAway.as_view(), name="put-away")]
