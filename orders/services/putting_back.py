"""Out of the tote again: the last scan undone, or a tote emptied. A correcting row, never an erased one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NothingToUndo, OrderNotFound
from orders.services.bench_problems import to_report
from orders.services.claiming import (
    ListState,
    check_mine,
    check_not_others,
    list_state,
    lock_as_read,
    lock_mine,
)
from orders.services.progress import finish_lists, refresh, withdraw_unpromised
from orders.states import WrongState
from warehouse.errors import NotEnoughInBin
from warehouse.lines import TransferLine
from warehouse.services.places import PACKING_BIN
from warehouse.services.transfers import transfer

# Of a scan, what is still in the tote: some may have been cancelled or shipped since.
LAST_SCAN = """
    SELECT k.id, x.id, least(k.quantity, x.picked - x.shipped), p.sku, p.name, b.code,
           o.id, o.reference, s.tote, s.packed_at IS NOT NULL
      FROM orders_pickline x
      JOIN orders_pickscan k ON k.pick_line_id = x.id AND k.undone_at IS NULL
      JOIN orders_orderline y ON y.id = x.order_line_id
      JOIN orders_salesorder o ON o.id = y.order_id
      JOIN orders_picklistorder s ON s.pick_list_id = x.pick_list_id AND s.order_id = o.id
      JOIN warehouse_product p ON p.id = y.product_id
      JOIN warehouse_bin b ON b.id = x.bin_id
     WHERE x.pick_list_id = %s AND k.user_id = %s AND x.picked > x.shipped
     ORDER BY k.id DESC LIMIT 1
"""

UNDO = """
    WITH scan AS (
        UPDATE orders_pickscan
           SET undone_at = coalesce(%(now)s::timestamptz, statement_timestamp())
         WHERE id = %(scan)s AND undone_at IS NULL
        RETURNING pick_line_id)
    UPDATE orders_pickline x SET picked = x.picked - %(units)s
      FROM scan WHERE x.id = scan.pick_line_id AND x.picked - x.shipped >= %(units)s
    RETURNING x.id
"""

# A walk that had ended goes on, with the person who walked it.
GO_ON = """
    UPDATE orders_picklist SET status = 'claimed', finished_at = NULL
     WHERE id = %s AND status = 'picked'
"""

IN_TOTE = """
    SELECT x.id, p.sku, b.code, x.picked - x.shipped
      FROM orders_pickline x
      JOIN orders_orderline y ON y.id = x.order_line_id
      JOIN warehouse_product p ON p.id = y.product_id
      JOIN warehouse_bin b ON b.id = x.bin_id
     WHERE x.pick_list_id = %s AND y.order_id = %s AND x.picked > x.shipped
     ORDER BY x.sequence, x.id
"""

# What was cancelled is not among these units: it is loose in the tote, and still has to be taken out.
EMPTY_TOTE = """
    WITH line AS (
        UPDATE orders_pickline x
           SET picked = x.shipped, short = x.short + t.units,
               problem = CASE x.problem WHEN 'cancelled' THEN x.problem ELSE 'put_back' END
          FROM unnest(%(lines)s::bigint[], %(units)s::int[]) AS t(id, units)
         WHERE x.id = t.id AND x.picked - x.shipped = t.units
        RETURNING x.id),
    scan AS (
        UPDATE orders_pickscan k
           SET undone_at = coalesce(%(now)s::timestamptz, statement_timestamp())
          FROM line WHERE k.pick_line_id = line.id AND k.undone_at IS NULL),
    tote AS (
        UPDATE orders_picklistorder SET packed_at = NULL
         WHERE pick_list_id = %(list)s AND order_id = %(order)s)
    SELECT id FROM line
"""


@dataclass(frozen=True, slots=True)
class Undone:
    """What went back: so many of a product out of this tote into that bin."""

    line_id: int
    order: str
    tote: int
    sku: str
    name: str
    bin: str
    quantity: int


def undo(*, pick_list: str, user_id: int, actor: Actor, now: datetime | None = None) -> Undone:
    """Take this person's last scan on the list back: the goods are in their bin again.

    Raises PickListNotFound, ListNotYours, ListClaimed, NothingToUndo, WrongState (the tote is packed),
    Raced.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list)
    check_mine(state=state, user_id=user_id, over_too=True)
    found = rows(LAST_SCAN, [state.id, user_id])
    if not found:
        raise NothingToUndo(
            _("There is no scan of yours on %(reference)s to take back.")
            % {"reference": state.reference}
        )
    scan, line, quantity, sku, name, bin_, order_id, order, tote, packed = found[0]
    if packed:
        raise WrongState(
            _("Tote %(tote)s is packed already; unpack order %(order)s first.")
            % {"tote": tote, "order": order}
        )
    _out_of_totes(state, [(line, sku, bin_, quantity)], actor, now)
    lock_mine(state=state, user_id=user_id, over_too=True)
    if not rows(UNDO, {"scan": scan, "units": quantity, "now": now}):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": state.reference}
        )
    rows(GO_ON, [state.id])
    withdraw_unpromised(order_ids=[order_id], now=now)  # it may have been cancelled meanwhile
    refresh(order_ids=state.order_ids, actor=actor, now=now)
    return Undone(line, order, tote, sku, name, bin_, quantity)


def put_back(
    *,
    pick_list: str,
    order: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> int:
    """Empty an order's tote into the bins its goods came from: the order was cancelled, or waits. Units.

    What the order is still promised waits to be planned again. Raises PickListNotFound, ListClaimed (by
    somebody else), OrderNotFound (on this list), WrongState (the tote is empty), WarehouseNotAllowed,
    Raced.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list, within=within)
    check_not_others(state=state, actor=actor)
    order_id = _on_list(state, order)
    lines = rows(IN_TOTE, [state.id, order_id])
    if not lines:
        raise WrongState(
            _("Nothing of order %(order)s is in a tote of %(reference)s.")
            % {"order": order, "reference": state.reference}
        )
    _out_of_totes(state, lines, actor, now)
    lock_as_read(state)
    given = {
        "lines": [line[0] for line in lines],
        "units": [line[3] for line in lines],
        "list": state.id,
        "order": order_id,
        "now": now,
    }
    if len(rows(EMPTY_TOTE, given)) != len(lines):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": state.reference}
        )
    finish_lists(list_ids=[state.id], now=now)
    refresh(order_ids=state.order_ids, actor=actor, now=now)
    units = sum(int(line[3]) for line in lines)
    _tell(state, order, units, actor, now)
    return units


def _on_list(state: ListState, order: str) -> int:
    found = rows(
        "SELECT id FROM orders_salesorder WHERE reference = %s AND id = ANY(%s::bigint[])",
        [order.strip(), state.order_ids],
    )
    if not found:
        raise OrderNotFound(
            _("Order %(order)s is not on %(reference)s.")
            % {"order": order, "reference": state.reference}
        )
    return int(found[0][0])


def _out_of_totes(
    state: ListState, lines: Sequence[tuple[Any, ...]], actor: Actor, now: datetime | None
) -> None:
    """Lines of (id, SKU, bin, units) back into their bins; the ledger gets correcting rows."""
    try:
        transfer(
            reference=state.reference,
            from_warehouse=state.warehouse,
            to_warehouse=state.warehouse,
            lines=[TransferLine(sku, units, PACKING_BIN, bin_) for _, sku, bin_, units in lines],
            actor=actor,
            now=now,
        )
    except NotEnoughInBin as error:
        raise to_report(error) from error


def _tell(state: ListState, order: str, units: int, actor: Actor, now: datetime | None) -> None:
    event = Event(
        type="picking.put_back",
        reference=state.reference,
        actor=actor.name,
        levels=[],
        details={"warehouse": state.warehouse, "order": order, "units": units},
    )
    outbox.record(events=[event], now=now)
