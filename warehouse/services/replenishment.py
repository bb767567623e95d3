"""When to order again: reorder settings, and the suggestions that follow from them.

Every change of stock opens or closes suggestions at the moment an item crosses its reorder point
(statements.py); setting the point does so here, and a sweep repeats it for all items.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows, rows_planned
from warehouse.changes import Change
from warehouse.checks import check_quantities, check_some
from warehouse.errors import InvalidLines, SettingsChanged
from warehouse.lines import Level
from warehouse.reordering import LOW, TO_ORDER
from warehouse.services.places import Place, Places, complete, open_places
from warehouse.statements import MOMENT, int_array

# The version rises with the counters, in the statement that follows.
SET = """
    UPDATE warehouse_inventoryitem i
       SET reorder_point = s.point, reorder_quantity = s.quantity, safety_stock = s.safety
      FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[]) AS s(id, point, quantity, safety)
     WHERE i.id = s.id
"""

# Of all items, or of some: a condition that fits both would read all of them for a few.
ALL = "true"
SOME = "i.id = ANY(%(items)s::bigint[])"
OF_PRODUCTS = "p.sku = ANY(%(skus)s::text[])"


def _open(which: str) -> str:
    return f"""
    INSERT INTO warehouse_reordersuggestion (item_id, available, inbound, quantity, opened_at)
    SELECT i.id, i.on_hand - i.unsellable - i.reserved, i.inbound, {TO_ORDER}, {MOMENT}
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
     WHERE {which} AND {LOW}
        ON CONFLICT (item_id) WHERE closed_at IS NULL DO NOTHING
    RETURNING id
"""


def _close(which: str) -> str:
    return f"""
    UPDATE warehouse_reordersuggestion s SET closed_at = {MOMENT}
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
     WHERE s.closed_at IS NULL AND i.id = s.item_id AND {which} AND NOT ({LOW})
    RETURNING s.id
"""


OPEN_ALL, CLOSE_ALL = _open(ALL), _close(ALL)
OPEN_SOME, CLOSE_SOME = _open(SOME), _close(SOME)
OPEN_OF, CLOSE_OF = _open(OF_PRODUCTS), _close(OF_PRODUCTS)


@dataclass(frozen=True, slots=True)
class ReorderSetting:
    """Units. A reorder point of 0: not watched. `safety_stock` None: left as it is. `instead_of`: the point,
    quantity and safety stock that this replaces; with others there by then, nothing is set."""

    sku: str
    warehouse: str
    reorder_point: int
    reorder_quantity: int
    safety_stock: int | None = None
    instead_of: tuple[int, int, int] | None = None


def set_reorder(
    *,
    sku: str,
    warehouse: str,
    reorder_point: int,
    reorder_quantity: int,
    safety_stock: int | None = None,
    actor: Actor,
    within: Collection[str] | None = None,
) -> Level:
    """Set when and how much of an item to order. At or under the point, a suggestion opens at once.

    What a lower safety stock frees goes to the orders that wait, the oldest first.

    Raises UnknownSku, UnknownWarehouse, WarehouseNotAllowed, InvalidLines.
    """
    setting = ReorderSetting(sku, warehouse, reorder_point, reorder_quantity, safety_stock)
    return set_reorder_batch(settings=[setting], actor=actor, within=within)[0]


def set_reorder_batch(
    *,
    settings: Sequence[ReorderSetting],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[Level]:
    """`set_reorder` for many items in one transaction, with one event. All or none. Raises also
    SettingsChanged."""
    require_unit_of_work()
    check_some(settings)
    check_quantities((s.reorder_point for s in settings), least=0)
    check_quantities((s.reorder_quantity for s in settings), least=0)
    check_quantities((s.safety_stock or 0 for s in settings), least=0)
    asked = [Place(n, setting.sku, setting.warehouse) for n, setting in enumerate(settings)]
    places = open_places(places=asked, create=True, within=within)
    _check_unchanged(settings, places)
    change = Change()
    for line, setting in enumerate(settings):
        item = places.item(setting.sku, setting.warehouse)
        if item.id in change.touched:
            raise InvalidLines(
                _("%(sku)s in %(warehouse)s is set twice.")
                % {"sku": item.sku, "warehouse": item.warehouse},
                items=[{"line": line, "sku": item.sku, "warehouse": item.warehouse}],
            )
        item.reorder_point = setting.reorder_point
        item.reorder_quantity = setting.reorder_quantity
        if setting.safety_stock is not None:
            item.safety_stock = setting.safety_stock
        change.touch(item)
    _write(change)
    moved = complete(
        change=change,
        places=places,
        type="item.reorder_set",
        reference=settings[0].sku if len(settings) == 1 else f"{len(settings)} items",
        actor=actor,
        now=now,
    )
    check_items(ids=change.touched, now=now)
    return list(moved.levels)


def _check_unchanged(settings: Sequence[ReorderSetting], places: Places) -> None:
    """Raise SettingsChanged naming each item that is not set as its setting expects."""
    changed = []
    for setting in settings:
        item = places.item(setting.sku, setting.warehouse)
        now = (item.reorder_point, item.reorder_quantity, item.safety_stock)
        if setting.instead_of is not None and setting.instead_of != now:
            changed.append({"sku": item.sku, "warehouse": item.warehouse, "now": list(now)})
    if changed:
        told = "; ".join(
            _("%(sku)s in %(warehouse)s is set to %(values)s now")
            % {
                "sku": x["sku"],
                "warehouse": x["warehouse"],
                "values": " / ".join(map(str, x["now"])),
            }
            for x in changed[:5]
        )
        raise SettingsChanged(_("Nothing was set: %(told)s.") % {"told": told}, items=changed)


def check_items(*, ids: Collection[int], now: datetime | None = None) -> tuple[int, int]:
    """Open and close suggestions for these items, by id; returns how many of each. Two statements."""
    require_unit_of_work()
    given = {"items": int_array(ids), "now": now}
    return len(rows(OPEN_SOME, given)), len(rows(CLOSE_SOME, given))


def check_products(*, skus: Collection[str], now: datetime | None = None) -> tuple[int, int]:
    """The same for all items of these products, after one is no longer sold, or sold again."""
    require_unit_of_work()
    given = {"skus": list(skus), "now": now}
    return len(rows(OPEN_OF, given)), len(rows(CLOSE_OF, given))


def check_all(*, now: datetime | None = None) -> tuple[int, int]:
    """Open and close suggestions for all items; returns how many of each. Repeating it is harmless."""
    require_unit_of_work()
    given = {"now": now}
    return len(rows_planned(OPEN_ALL, given)), len(rows_planned(CLOSE_ALL, given))


def _write(change: Change) -> None:
    items = change.touched.values()
    rows(
        SET,
        [
            int_array(item.id for item in items),
            int_array(item.reorder_point for item in items),
            int_array(item.reorder_quantity for item in items),
            int_array(item.safety_stock for item in items),
        ],
    )
