"""From the dock, the bench or an emptied tote into a bin; and what was scanned on the way there."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from orders.errors import BinHoldsLess, OtherWarehouse, UnknownCode, WrongBin, WrongItem
from orders.queries.put_away import unowned_in_packing
from orders.services.numbering import PUT_AWAY, next_number
from orders.services.scanning import Scanned, scanned
from warehouse import queries
from warehouse.checks import normal_bin, normal_sku
from warehouse.lines import Moved, TransferLine
from warehouse.services.places import PACKING_BIN
from warehouse.services.transfers import transfer

SHELVES = frozenset({"pick", "bulk"})
WAITING = frozenset({"receiving", "returns", "packing"})


def put_away(
    *,
    warehouse: str,
    sku: str,
    from_bin: str,
    to_bin: str,
    quantity: int,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Carry units of a product from a staging bin to a shelf; `to_bin` as it was scanned.

    What lies in PACKING for an order stays there. Raises UnknownCode, WrongBin (not a shelf),
    OtherWarehouse, NotEnoughInBin, BinHoldsLess, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    shelf = shelf_of(code=to_bin, warehouse=warehouse)
    _check_waits(from_bin, warehouse)
    moved = transfer(
        reference=next_number(prefix=PUT_AWAY),
        from_warehouse=warehouse,
        to_warehouse=warehouse,
        lines=[TransferLine(sku, quantity, from_bin, shelf)],
        actor=actor,
        now=now,
        within=within,
    )
    if normal_bin(from_bin) == PACKING_BIN:
        left = unowned_in_packing(warehouse=warehouse, sku=normal_sku(sku))
        if left < 0:
            raise BinHoldsLess(
                _("%(quantity)s of %(sku)s in %(bin)s belong to no order; the rest waits in totes.")
                % {"quantity": quantity + left, "sku": normal_sku(sku), "bin": PACKING_BIN}
            )
    return moved


def shelf_of(*, code: str, warehouse: str) -> str:
    """The bin of that label, where goods may stay. Raises UnknownCode, WrongBin, OtherWarehouse."""
    found = scanned(code=code, warehouse=warehouse)
    bins = [what for what in found if what.kind == "bin"]
    if bins:
        bin_ = queries.bins_by_code(places=[(warehouse, bins[0].code)])[warehouse, bins[0].code]
        if bin_.kind not in SHELVES:
            raise WrongBin(
                _("%(code)s is not a shelf. Scan the label of the bin on the shelf.")
                % {"code": bin_.code}
            )
        return bin_.code
    what = _known(found, code, _("Scan the label of a bin."))
    if what.kind == "product":
        raise WrongBin(
            _("This is a product, %(code)s %(name)s. Scan the label of the bin that it goes to.")
            % {"code": what.code, "name": what.name}
        )
    raise OtherWarehouse(
        _("%(code)s is a bin of warehouse %(name)s, and you are in %(warehouse)s.")
        % {"code": what.code, "name": what.name, "warehouse": warehouse}
    )


def _check_waits(code: str, warehouse: str) -> None:
    """Raise WrongBin unless goods wait there to be put away: nothing leaves quarantine this way."""
    place = (warehouse, normal_bin(code))
    found = queries.bins_by_code(places=[place])
    if place not in found or found[place].kind not in WAITING:
        raise WrongBin(
            _("Nothing waits in %(code)s to be put away; move it from bin to bin instead.")
            % {"code": code}
        )


def goods_of(*, code: str, warehouse: str) -> Scanned:
    """The product of that code. Raises UnknownCode, WrongItem."""
    what = _known(scanned(code=code, warehouse=warehouse), code, _("Scan the goods."))
    if what.kind != "product":
        raise WrongItem(
            _("%(code)s is a bin. Scan the barcode of the goods, or type the SKU.")
            % {"code": what.code}
        )
    return what


def _known(found: list[Scanned], code: str, instead: str) -> Scanned:
    if not found:
        told = code.strip()[:40] or _("(nothing)")
        raise UnknownCode(
            _("Nobody knows the code %(told)s. %(instead)s") % {"told": told, "instead": instead}
        )
    return found[0]
