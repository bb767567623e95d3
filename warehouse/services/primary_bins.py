"""The primary bin of an item: where goods go that name no bin, and where they are picked first.

The first pick bin that an item is put into becomes its primary bin; a manager may name another.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from warehouse.changes import BinRef, Change, Posting
from warehouse.checks import check_some
from warehouse.errors import InvalidLines, SettingsChanged, WrongBinKind
from warehouse.events import of_change, refresh_cache_on_commit
from warehouse.lines import Level
from warehouse.services.places import Place, Places, open_places
from warehouse.statements import int_array

KINDS = ("pick", "bulk")

SET = """
    UPDATE warehouse_inventoryitem i
       SET primary_bin_id = s.bin, version = i.version + 1, updated_at = statement_timestamp()
      FROM unnest(%s::bigint[], %s::bigint[]) AS s(id, bin)
     WHERE i.id = s.id
"""


@dataclass(frozen=True, slots=True)
class PrimaryBin:
    """A bin of that warehouse, by its code. `instead_of`: the one that this replaces, "" where there was
    none; with another there by then, nothing is set."""

    sku: str
    warehouse: str
    bin: str
    instead_of: str | None = None


def set_primary_bins(
    *,
    settings: Sequence[PrimaryBin],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[Level]:
    """Set the primary bins of items, with one event. All or none.

    Raises UnknownSku, UnknownWarehouse, UnknownBin, WrongBinKind (neither pick nor bulk),
    WarehouseNotAllowed, InvalidLines, SettingsChanged.
    """
    require_unit_of_work()
    check_some(settings)
    if not all(setting.bin.strip() for setting in settings):
        raise InvalidLines(_("A primary bin is named by its code."))
    asked = [Place(n, one.sku, one.warehouse, one.bin) for n, one in enumerate(settings)]
    places = open_places(places=asked, create=True, within=within)
    _check_unchanged(settings, places)
    change = Change()
    homes: list[int] = []
    for line, setting in enumerate(settings):
        item = places.item(setting.sku, setting.warehouse)
        if item.id in change.touched:
            raise InvalidLines(
                _("%(sku)s in %(warehouse)s is set twice.")
                % {"sku": item.sku, "warehouse": item.warehouse},
                items=[{"line": line, "sku": item.sku, "warehouse": item.warehouse}],
            )
        home = places.bin(setting.warehouse, setting.bin)
        _check_kind(home, line)
        item.primary_bin_id, item.primary_bin = home.id, home.code
        homes.append(home.id)
        change.touch(item)
    rows(SET, [int_array(change.touched), int_array(homes)])
    reference = settings[0].sku if len(settings) == 1 else f"{len(settings)} items"
    posting = Posting(type="item.primary_bin_set", reference=reference, actor=actor.name, now=now)
    levels, events = of_change(change=change, posting=posting)
    outbox.record(events=events, now=now)
    refresh_cache_on_commit(levels=levels)
    return levels


def _check_unchanged(settings: Sequence[PrimaryBin], places: Places) -> None:
    """Raise SettingsChanged naming each item whose primary bin is not the one that its setting replaces."""
    changed = []
    for setting in settings:
        item = places.item(setting.sku, setting.warehouse)
        now = item.primary_bin or ""
        if setting.instead_of is not None and setting.instead_of != now:
            changed.append({"sku": item.sku, "warehouse": item.warehouse, "now": now})
    if changed:
        told = "; ".join(
            _("%(sku)s in %(warehouse)s is set to %(values)s now")
            % {"sku": x["sku"], "warehouse": x["warehouse"], "values": x["now"]}
            for x in changed[:5]
        )
        raise SettingsChanged(_("Nothing was set: %(told)s.") % {"told": told}, items=changed)


def _check_kind(home: BinRef, line: int) -> None:
    if home.kind not in KINDS:
        raise WrongBinKind(
            _("Bin %(code)s in %(warehouse)s is of kind %(kind)s; this needs %(wanted)s.")
            % {
                "code": home.code,
                "warehouse": home.warehouse,
                "kind": home.kind,
                "wanted": "a pick or bulk bin",
            },
            items=[{"line": line, "warehouse": home.warehouse, "bin": home.code}],
        )
