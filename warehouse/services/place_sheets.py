"""Reorder settings and bins from sheets, by set; nothing is written over what nobody has seen."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import plan_for_each, rows
from warehouse.checks import MAX_LINES, check_within
from warehouse.errors import RowsChanged, UnknownWarehouse
from warehouse.locks import lock_imports, lock_items_of_skus
from warehouse.models import Warehouse
from warehouse.services.locations import walk_sequence
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.unchanged import check_unchanged
from warehouse.sheet_records import bins_now, settings_now
from warehouse.sheets.place_rows import BinNow, SettingNow
from warehouse.sheets.records import Planned
from warehouse.statements import int_array

# A bin that was made, or moved in the walk, since the rows were checked is not written over.
WRITE_BINS = """
    WITH asked AS (
        SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[])
               AS n(warehouse_id, code, kind, old, pick_sequence)
    ), made AS (
        INSERT INTO warehouse_bin (warehouse_id, code, kind, pick_sequence)
        SELECT warehouse_id, code, kind, pick_sequence FROM asked WHERE old IS NULL
            ON CONFLICT (warehouse_id, code) DO NOTHING
        RETURNING id
    ), moved AS (
        UPDATE warehouse_bin b SET pick_sequence = a.pick_sequence FROM asked a
         WHERE b.warehouse_id = a.warehouse_id AND b.code = a.code AND b.pick_sequence = a.old
        RETURNING b.id
    )
    SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM moved)
"""


def write_settings(
    *, planned: Sequence[Planned[SettingNow]], actor: Actor, within: Collection[str] | None
) -> dict[str, int]:
    """Set what is planned of items; how many were set, and how many stay as they are.

    Raises RowsChanged, WarehouseNotAllowed, and what `set_reorder_batch` raises.
    """
    require_unit_of_work()
    check_within(warehouses={one.after.warehouse for one in planned}, within=within)
    plan_for_each()
    lock_imports()
    todo = [one for one in planned if one.word != "unchanged"]
    skus = {one.after.sku for one in todo}
    lock_items_of_skus(skus=skus)  # all of them at once, in the order of the house
    check_unchanged(planned=todo, now=settings_now(skus=skus))
    settings = [
        ReorderSetting(
            sku=one.after.sku,
            warehouse=one.after.warehouse,
            reorder_point=one.after.reorder_point,
            reorder_quantity=one.after.reorder_quantity,
            safety_stock=one.after.safety_stock,
        )
        for one in todo
    ]
    for first in range(0, len(settings), MAX_LINES):
        part = settings[first : first + MAX_LINES]
        set_reorder_batch(settings=part, actor=actor, within=within)
    return {"changed": len(todo), "unchanged": len(planned) - len(todo)}


def write_bins(
    *, planned: Sequence[Planned[BinNow]], within: Collection[str] | None
) -> dict[str, int]:
    """Add bins and set their place in the walk; how many of each.

    Raises RowsChanged, UnknownWarehouse, WarehouseNotAllowed.
    """
    require_unit_of_work()
    codes = {one.after.warehouse for one in planned}
    check_within(warehouses=codes, within=within)
    lock_imports()
    ids = dict(Warehouse.objects.filter(code__in=codes).values_list("code", "pk"))
    if lost := sorted(codes - ids.keys()):
        raise UnknownWarehouse(_("There is no warehouse %(lost)s.") % {"lost": ", ".join(lost)})
    todo = [one for one in planned if one.word != "unchanged"]
    check_unchanged(planned=todo, now=bins_now(warehouses=codes))
    ((made, moved),) = rows(
        WRITE_BINS,
        [
            int_array(ids[one.after.warehouse] for one in todo),
            [one.after.bin for one in todo],
            [one.after.kind for one in todo],
            int_array(one.before.pick_sequence if one.before else None for one in todo),
            int_array(_sequence(one.after) for one in todo),
        ],
    )
    if made + moved != len(todo):
        raise RowsChanged(
            _("Bins were changed by somebody else in the meantime. Nothing was imported.")
        )
    return {"created": made, "changed": moved, "unchanged": len(planned) - len(todo)}


def _sequence(bin: BinNow) -> int:
    return walk_sequence(bin.bin) if bin.pick_sequence is None else bin.pick_sequence
