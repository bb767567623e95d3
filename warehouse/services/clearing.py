"""The queue of dead stock: what is to be done with it, whether that is planned or done, and who said so.

Nothing here changes stock. A write-off is booked as every other is, and the queue only remembers it.
"""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from warehouse.checks import check_some, check_theirs
from warehouse.errors import AlreadyQueued, ClearanceNotFound, ItemNotFound
from warehouse.models import ClearanceState, ClearanceWay
from warehouse.statements import MOMENT, int_array

MAX_NOTE = 200

ITEMS = """
    SELECT i.id, p.sku, w.code, i.on_hand,
           (SELECT c.way FROM warehouse_clearance c WHERE c.item_id = i.id AND c.state <> 'done')
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE i.id = ANY(%s::bigint[])
     ORDER BY p.sku, w.code
"""

# Of two that queue the same item, the second writes nothing, and is told.
QUEUE = f"""
    INSERT INTO warehouse_clearance
           (item_id, way, note, units, unit_cost, opened_at, opened_by, changed_at, changed_by)
    SELECT i.id, %(way)s, %(note)s, i.on_hand, p.unit_cost, {MOMENT}, %(actor)s, {MOMENT}, %(actor)s
      FROM warehouse_inventoryitem i JOIN warehouse_product p ON p.id = i.product_id
     WHERE i.id = ANY(%(items)s::bigint[]) AND i.on_hand > 0
     ORDER BY i.id
        ON CONFLICT (item_id) WHERE state <> 'done' DO NOTHING
    RETURNING item_id
"""

KNOWN = """
    SELECT c.id, w.code, c.state
      FROM warehouse_clearance c
      JOIN warehouse_inventoryitem i ON i.id = c.item_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE c.id = ANY(%s::bigint[])
"""

CHANGE = f"""
    UPDATE warehouse_clearance SET state = %(state)s, changed_at = {MOMENT}, changed_by = %(actor)s
     WHERE id = ANY(%(ids)s::bigint[]) AND state <> 'done' AND state <> %(state)s
    RETURNING id
"""


def queue(
    *,
    items: Collection[int],
    way: ClearanceWay,
    note: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> int:
    """Put items (their ids) into the queue, with their units and cost as they are now; how many. All or none.

    Raises ItemNotFound (there is none of that id, or nothing of it is left), AlreadyQueued,
    WarehouseNotAllowed, InvalidLines (none, or too many).
    """
    require_unit_of_work()
    wanted = sorted(set(items))
    check_some(wanted)
    found = rows(ITEMS, [int_array(wanted)])
    for _id, sku, code, *_more in found:
        check_theirs(what=sku, warehouses=[code], within=within)
    gone = set(wanted) - {id_ for id_, _, _, on_hand, _ in found if on_hand > 0}
    if gone:
        raise ItemNotFound(
            _("Some of these items are not in stock any more."),
            items=[{"item": x} for x in sorted(gone)],
        )
    _refuse_queued([(sku, code) for _, sku, code, _, way_now in found if way_now])
    given = {
        "items": int_array(wanted),
        "way": ClearanceWay(way).value,
        "note": note.strip()[:MAX_NOTE],
        "actor": actor.name,
        "now": now,
    }
    written = {id_ for (id_,) in rows(QUEUE, given)}
    _refuse_queued([(sku, code) for id_, sku, code, *_ in found if id_ not in written])
    return len(written)


def change(
    *,
    clearances: Collection[int],
    state: ClearanceState,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> int:
    """Say of what is in the queue (ids) that it is open, planned or done; how many have changed by it.

    What is done stays done. Raises ClearanceNotFound, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    wanted = sorted(set(clearances))
    check_some(wanted)
    found = rows(KNOWN, [int_array(wanted)])
    lost = set(wanted) - {id_ for id_, _, _ in found}
    if lost:
        raise ClearanceNotFound(
            _("That is not in the queue."), items=[{"clearance": id_} for id_ in sorted(lost)]
        )
    for id_, code, _state in found:
        check_theirs(
            what=_("Number %(id)s of the queue") % {"id": id_}, warehouses=[code], within=within
        )
    given = {
        "ids": int_array(wanted),
        "state": ClearanceState(state).value,
        "actor": actor.name,
        "now": now,
    }
    return len(rows(CHANGE, given))


def _refuse_queued(queued: list[tuple[str, str]]) -> None:
    if queued:
        told = ", ".join(
            _("%(sku)s in %(code)s") % {"sku": sku, "code": code} for sku, code in queued[:5]
        )
        raise AlreadyQueued(
            _("In the queue already: %(told)s. Nothing was changed.") % {"told": told},
            items=[{"sku": sku, "warehouse": code} for sku, code in queued],
        )
