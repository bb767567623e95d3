"""From the dock to a bin: goods, the suggested bin, the bin's label."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path

from inventory_site.core.roles import PICKER, RECEIVER
from orders.errors import NotOnDocument
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.pages.in_hand import in_hand, put_down, take
from orders.queries.put_away import lying
from orders.services.putting_away import goods_of, put_away
from warehouse.lines import MAX_QUANTITY


class PutAway(FloorPage):
    """What lies in RECEIVING, in RETURNS, or in PACKING without an order."""

    roles = (RECEIVER, PICKER)  # a picker puts back what was cancelled in a tote
    template = "floor/putting_away.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        waiting = lying(warehouse=visit.warehouse.code)
        held = in_hand(visit)
        mine = [x for x in waiting if held and (x.sku, x.bin) == (held["sku"], held["bin"])]
        if not mine:
            return {"waiting": waiting}
        one = mine[0]
        keep = [("sku", one.sku), ("from", one.bin)]
        return {"one": one, "keep": keep, "waiting": [x for x in waiting if x is not one]}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """Goods; or, with goods in hand, the bin that they were put into."""
        if sent.get("sku"):
            return self._put(visit, sent)
        goods = goods_of(code=sent.get("code", ""), warehouse=visit.warehouse.code)
        found = lying(warehouse=visit.warehouse.code, sku=goods.code)
        if not found:
            raise NotOnDocument(
                f"No {goods.code} {goods.name} waits to be put away. Has it been received?"
            )
        one = found[0]
        take(visit, sku=one.sku, bin=one.bin)
        where = f"Carry it to {one.to}" if one.to else "Carry it to an empty bin"
        return Said(f"{one.units} of {one.sku} from {one.bin}. {where} and scan its label.")

    def do_choose(self, visit: Visit, sent: QueryDict) -> Said:
        """A line of the list, tapped."""
        take(visit, sku=sent.get("sku", ""), bin=sent.get("from", ""))
        return Said("Scan the label of the bin.")

    def do_drop(self, visit: Visit, sent: QueryDict) -> Said:
        put_down(visit)
        return Said("Scan the next goods.", "note")

    def _put(self, visit: Visit, sent: QueryDict) -> Said:
        sku, from_bin, code = (sent.get(name, "").strip() for name in ("sku", "from", "code"))
        quantity = whole_number(sent, "quantity", most=MAX_QUANTITY)
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
        return Said(f"{quantity} of {sku} put into {code.upper()}.")


ADDRESSES = [path("put-away/", PutAway.as_view(), name="put-away")]
