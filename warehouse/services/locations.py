"""Warehouses and their bins: opened once, then only used."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inventory_site.core.db import require_unit_of_work
from warehouse.checks import normal_bin
from warehouse.errors import InvalidLocation, LocationTaken, UnknownWarehouse
from warehouse.models import Bin, BinKind, Warehouse
from warehouse.services.places import (
    MISSING_BIN,
    PACKING_BIN,
    QUARANTINE_BIN,
    RECEIVING,
    RETURNS,
)

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")
AISLE_RACK_SHELF = re.compile(r"([A-Z]{1,2})-(\d{1,2})-(\d{1,2})")
LAST_IN_WALK = 1_000_000_000

STAGING = {
    RECEIVING: BinKind.RECEIVING,
    RETURNS: BinKind.RETURNS,
    QUARANTINE_BIN: BinKind.QUARANTINE,
    PACKING_BIN: BinKind.PACKING,
    MISSING_BIN: BinKind.QUARANTINE,
}


@dataclass(frozen=True, slots=True)
class NewBin:
    code: str
    kind: str = "pick"


def open_warehouse(
    *, code: str, name: str, priority: int = 100, time_zone: str = "UTC", address: str = ""
) -> Warehouse:
    """Open a warehouse with its staging bins (`STAGING`).

    Raises InvalidLocation (the code), LocationTaken.
    """
    require_unit_of_work()
    code = check_code(code)
    if Warehouse.objects.filter(code=code).exists():
        raise LocationTaken(_("There is a warehouse %(code)s already.") % {"code": code})
    warehouse = Warehouse.objects.create(
        code=code, name=name, priority=priority, time_zone=time_zone, address=address
    )
    Bin.objects.bulk_create(
        Bin(warehouse=warehouse, code=bin_code, kind=kind) for bin_code, kind in STAGING.items()
    )
    return warehouse


def add_bins(*, warehouse: str, bins: Sequence[NewBin]) -> int:
    """Add the bins that are not there yet, numbered along the walk; returns how many were new.

    Raises UnknownWarehouse, InvalidLocation.
    """
    require_unit_of_work()
    place = Warehouse.objects.filter(code=warehouse).first()
    if place is None:
        raise UnknownWarehouse(_("There is no warehouse %(warehouse)s.") % {"warehouse": warehouse})
    wanted = {check_code(new.code): new for new in bins}
    known = set(place.bins.filter(code__in=wanted).values_list("code", flat=True))
    fresh = [
        Bin(warehouse=place, code=code, kind=new.kind, pick_sequence=walk_sequence(code))
        for code, new in wanted.items()
        if code not in known
    ]
    Bin.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def check_code(code: str) -> str:
    """The code trimmed and in upper case. Raises InvalidLocation."""
    normal = normal_bin(code)
    if not CODE.fullmatch(normal):
        raise InvalidLocation(
            _(
                "%(code)s cannot be a code: 1 to 20 letters, digits, '-' or '_', a letter or "
                "digit first."
            )
            % {"code": repr(code)}
        )
    return normal


def walk_sequence(code: str) -> int:
    """The bin's place in a serpentine walk: up one aisle, down the next. Others come last.

    Aisle, rack and shelf are read from `A-03-12`.
    """
    found = AISLE_RACK_SHELF.fullmatch(code)
    if not found:
        return LAST_IN_WALK
    aisle = 0
    for letter in found[1]:
        aisle = aisle * 26 + ord(letter) - ord("A") + 1
    rack, shelf = int(found[2]), int(found[3])
    along = rack if aisle % 2 else 99 - rack
    return aisle * 10_000 + along * 100 + shelf
