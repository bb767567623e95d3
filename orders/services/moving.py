"""Goods that somebody carries from one bin to another of the same warehouse."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from orders.errors import NotToMove
from orders.services.numbering import next_number
from warehouse.checks import normal_bin
from warehouse.lines import Moved, TransferLine
from warehouse.services.places import MISSING_BIN, PACKING_BIN
from warehouse.services.transfers import transfer

MOVE = "MOVE"


def move_units(
    *,
    warehouse: str,
    sku: str,
    quantity: int,
    from_bin: str,
    to_bin: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """Book units from bin to bin, under a number of its own. On hand stays.

    Raises NotToMove (to or from PACKING: what lies there belongs to an order), NotEnoughInBin,
    UnknownSku, UnknownBin, InvalidLines, WarehouseNotAllowed.
    """
    require_unit_of_work()
    ends = {normal_bin(from_bin), normal_bin(to_bin)}
    if PACKING_BIN in ends:
        raise NotToMove(_("What lies in PACKING belongs to orders; pick it, or put it away."))
    if MISSING_BIN in ends:
        raise NotToMove(
            _("What is in MISSING is decided by a count; count the bin it was missed in.")
        )
    return transfer(
        reference=next_number(prefix=MOVE),
        from_warehouse=warehouse,
        to_warehouse=warehouse,
        lines=[TransferLine(sku, quantity, from_bin, to_bin)],
        actor=actor,
        now=now,
        within=within,
    )
