"""Moving goods from bin to bin: scan the bin, the goods, the other bin."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import path
from django.utils.translation import gettext as _

from inventory_site.core.roles import PICKER, RECEIVER
from orders.errors import OtherWarehouse, UnknownCode, WrongBin
from orders.pages.arriving import Visit
from orders.pages.base import FloorPage, Said, whole_number
from orders.queries.shelves import spoken_for
from orders.services.moving import move_units
from warehouse.lookup import Known, known_codes
from warehouse.whereabouts import bin_view

CARRIED = "floor_move"  # in the session: from which bin, what, how many


class Move(FloorPage):
    """What is in one's hand is kept in the session; it is booked once the other bin is scanned."""

    roles = (PICKER, RECEIVER)
    template = "floor/moving.html"
    camera = True

    def show(self, visit: Visit, **names: Any) -> Mapping[str, Any]:
        carried = visit.request.session.get(CARRIED) or {}
        if carried.get("warehouse") != visit.warehouse.code:
            carried = {}
        found = None
        if carried and not carried.get("sku"):
            found = bin_view(warehouse=visit.warehouse.code, code=carried["bin"])
        return {"carried": carried, "bin": found}

    def do_scan(self, visit: Visit, sent: QueryDict) -> Said:
        """Step by step: a bin, then goods (again for one more), then the other bin."""
        carried = self.show(visit)["carried"]
        code = sent.get("code", "")
        if not carried:
            return self._from(visit, _bin(visit, code))
        known = known_codes(code=code, within=[visit.warehouse.code])
        goods = next((one for one in known if one.kind == "product"), None)
        if goods:
            return self._take(visit, carried, goods)
        if not carried.get("sku"):
            place = _bin(visit, code)
            if place.code == carried["bin"]:
                raise WrongBin(
                    _("This is %(code)s again. Scan the goods that you take.")
                    % {"code": place.code}
                )
            return self._from(visit, place)
        place = _bin(visit, code)
        return _warned(visit, carried, place) or self._put(visit, carried, place.code)

    def do_choose(self, visit: Visit, sent: QueryDict) -> Said:
        """Goods without a code are chosen from what is in the bin."""
        carried = self.show(visit)["carried"]
        if not carried:
            return Said(_("Scan the bin first."), "refused")
        known = known_codes(code=sent.get("sku", ""))
        if not known:
            raise UnknownCode(_("Nobody knows this product any more; open the page again."))
        return self._take(visit, carried, known[0])

    def do_quantity(self, visit: Visit, sent: QueryDict) -> Said:
        carried = self.show(visit)["carried"]
        if not carried.get("sku"):
            return Said(_("Scan the goods first."), "refused")
        quantity = whole_number(sent, "quantity")
        visit.request.session[CARRIED] = carried | {"quantity": quantity, "to": ""}
        return Said(
            _("%(quantity)s of %(sku)s. Scan the bin they go to.")
            % {"quantity": quantity, "sku": carried["sku"]}
        )

    def do_anyway(self, visit: Visit, sent: QueryDict) -> Said:
        """Warned that pickers are sent to what is moved, and moved all the same."""
        carried = self.show(visit)["carried"]
        if not carried.get("to"):
            return Said(_("Scan the bin they go to."), "refused")
        return self._put(visit, carried, carried["to"])

    def do_forget(self, visit: Visit, sent: QueryDict) -> Said:
        visit.request.session.pop(CARRIED, None)
        return Said(_("Nothing was moved."), "note")

    def _from(self, visit: Visit, place: Known) -> Said:
        visit.request.session[CARRIED] = {"warehouse": visit.warehouse.code, "bin": place.code}
        return Said(_("From %(code)s. Scan the goods.") % {"code": place.code})

    def _take(self, visit: Visit, carried: dict[str, Any], goods: Known) -> Said:
        quantity = carried["quantity"] + 1 if carried.get("sku") == goods.code else 1
        taken = {"sku": goods.code, "name": goods.name, "quantity": quantity, "to": ""}
        visit.request.session[CARRIED] = carried | taken
        return Said(
            _("%(quantity)s of %(code)s. Scan more, or the bin they go to.")
            % {"quantity": quantity, "code": goods.code}
        )

    def _put(self, visit: Visit, carried: dict[str, Any], to: str) -> Said:
        move_units(
            warehouse=visit.warehouse.code,
            sku=carried["sku"],
            quantity=carried["quantity"],
            from_bin=carried["bin"],
            to_bin=to,
            actor=visit.staff.actor,
            within=visit.staff.within,
        )
        visit.request.session.pop(CARRIED, None)
        return Said(
            _("%(quantity)s of %(sku)s from %(bin)s to %(to)s.")
            % {
                "quantity": carried["quantity"],
                "sku": carried["sku"],
                "bin": carried["bin"],
                "to": to,
            }
        )


def _warned(visit: Visit, carried: dict[str, Any], place: Known) -> Said | None:
    """A warning where pickers are sent to some of what is moved; more than there is, is refused later."""
    there, spoken, lists = spoken_for(
        warehouse=visit.warehouse.code, bin=carried["bin"], sku=carried["sku"]
    )
    taken = carried["quantity"] - max(0, there - spoken)
    if taken <= 0 or carried["quantity"] > there:
        return None
    visit.request.session[CARRIED] = carried | {"to": place.code}
    named = ", ".join(lists[:3]) + (" …" if len(lists) > 3 else "")
    return Said(
        _(
            "Pickers are sent to %(bin)s for %(taken)s of these (%(named)s). Move all "
            "%(quantity)s to %(code)s anyway, or set a smaller number."
        )
        % {
            "bin": carried["bin"],
            "taken": min(taken, spoken),
            "named": named,
            "quantity": carried["quantity"],
            "code": place.code,
        },
        "note",
    )


def _bin(visit: Visit, code: str) -> Known:
    """The bin of this warehouse that was scanned. Raises UnknownCode, WrongBin, OtherWarehouse."""
    known = known_codes(code=code)
    bins = [one for one in known if one.kind == "bin"]
    if here := next((one for one in bins if one.warehouse == visit.warehouse.code), None):
        return here
    if bins:
        raise OtherWarehouse(
            _("%(code)s is a bin of another warehouse; you are in %(name)s.")
            % {"code": bins[0].code, "name": visit.warehouse.name}
        )
    if known:
        raise WrongBin(
            _("This is %(code)s %(name)s. Scan the label of a bin.")
            % {"code": known[0].code, "name": known[0].name}
        )
    raise UnknownCode(
        _("Nobody knows the code %(code)s. Scan the label of a bin.") % {"code": code.strip()[:40]}
    )


ADDRESSES = [path("move/", Move.as_view(), name="move")]
