"""Goods go from their bin into a tote: scan by scan, or whole lists at once.

Stock first, then papers: the engine moves the goods to the warehouse's packing bin, then the line is
changed, guarded by who has the list and by what the line still needs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import BinHoldsLess, ListClaimed, OrderCancelled
from orders.locks import lock_orders, lock_pick_lists
from orders.services import scanning
from orders.services.claiming import (
    ListState,
    check_mine,
    claim,
    finish,
    hand_back,
    list_state,
    list_states,
    lock_mine,
    reassign,
)
from orders.services.dissolving import cancel_list
from orders.services.putting_back import put_back, undo
from orders.services.scanning import Task
from orders.services.short_picks import short
from orders.states import WrongState, in_words
from warehouse.errors import InvalidLines, NotEnoughInBin, WarehouseNotAllowed
from warehouse.lines import TransferLine
from warehouse.services.places import PACKING_BIN
from warehouse.services.transfers import transfer

__all__ = [
    "Picked",
    "cancel_list",
    "claim",
    "hand_back",
    "pick",
    "pick_whole_lists",
    "put_back",
    "reassign",
    "short",
    "undo",
]

PICK = """
    WITH line AS (
        UPDATE orders_pickline
           SET picked = picked + %(quantity)s,
               picked_at = coalesce(%(now)s::timestamptz, statement_timestamp())
         WHERE id = %(line)s AND bin_id = %(bin)s AND quantity - picked - short >= %(quantity)s
        RETURNING id, quantity - picked - short AS units),
    scan AS (
        INSERT INTO orders_pickscan (pick_line_id, quantity, user_id, picked_at)
        SELECT id, %(quantity)s, %(user)s, coalesce(%(now)s::timestamptz, statement_timestamp())
          FROM line)
    SELECT units FROM line
"""

OPEN_LINES = """
    SELECT t.reference, w.code, x.id, p.sku, b.code, x.quantity - x.picked - x.short, b.id
      FROM orders_pickline x
      JOIN orders_picklist t ON t.id = x.pick_list_id
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      JOIN warehouse_inventoryitem i ON i.id = x.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_bin b ON b.id = x.bin_id
     WHERE x.pick_list_id = ANY(%s::bigint[]) AND x.quantity > x.picked + x.short
     ORDER BY x.pick_list_id, x.sequence, x.id
"""

PICK_WHOLE = """
    UPDATE orders_pickline x
       SET picked = x.picked + t.units,
           picked_at = coalesce(%s::timestamptz, statement_timestamp())
      FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS t(id, units, bin_id)
     WHERE x.id = t.id AND x.bin_id = t.bin_id AND x.quantity - x.picked - x.short = t.units
    RETURNING x.id
"""


@dataclass(frozen=True, slots=True)
class Picked:
    """What a scan did. `left` of the line; `list_over` when nothing is left to pick on the list."""

    line_id: int
    order: str
    tote: int
    sku: str
    name: str
    bin: str
    quantity: int
    left: int
    list_over: bool


def pick(
    *,
    pick_list: str,
    line_id: int,
    bin: str,
    code: str,
    quantity: int = 1,
    user_id: int,
    actor: Actor,
    now: datetime | None = None,
) -> Picked:
    """Units of a line go into its tote: `bin` and `code` (SKU or barcode) are what was scanned.

    Raises PickListNotFound, PickLineNotFound, ListNotYours, ListClaimed, WrongState, OrderCancelled,
    WrongBin, WrongItem, UnknownCode, OtherWarehouse, MoreThanNeeded, BinHoldsLess, InvalidLines.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list)
    check_mine(state=state, user_id=user_id)
    task = scanning.task(pick_list=state.reference, line_id=line_id)
    scanning.check_order(task)
    scanning.check_bin(task=task, code=bin)
    scanning.check_item(task=task, code=code)
    _check_quantity(task, quantity)
    _into_tote(task, quantity, state.reference, actor, now)
    _look_again(task, state, user_id)
    given = {
        "line": line_id, "bin": task.bin_id, "quantity": quantity, "user": user_id, "now": now,
    }  # fmt: skip
    written = rows(PICK, given)
    if not written:
        after = scanning.task(pick_list=state.reference, line_id=line_id)
        if after.bin_id != task.bin_id:  # somebody found the bin short, and the line moved on
            raise Raced(
                _("%(sku)s is picked from bin %(bin)s now; look again.")
                % {"sku": task.sku, "bin": after.bin}
            )
        raise scanning.too_many(task=after, quantity=quantity)
    left = written[0][0]
    over = not left and finish(states=[state], actor=actor, now=now) == [state.id]
    return Picked(
        line_id, task.order, task.tote, task.sku, task.name, task.bin, quantity, left, over
    )


def _check_quantity(task: Task, quantity: int) -> None:
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
        raise InvalidLines(_("A quantity is a whole number of at least 1."))
    if quantity > task.left:
        raise scanning.too_many(task=task, quantity=quantity)
    if quantity > task.in_bin:
        raise _too_little(task, quantity)


def _too_little(task: Task, quantity: int) -> BinHoldsLess:
    return BinHoldsLess(
        _(
            "By the books bin %(bin)s holds %(in_bin)s of %(sku)s, not %(quantity)s. Take "
            "what the books know of and report a problem, so that the bin is counted."
        )
        % {"bin": task.bin, "in_bin": task.in_bin, "sku": task.sku, "quantity": quantity},
        items=[{"sku": task.sku, "bin": task.bin, "asked": quantity, "there": task.in_bin}],
    )


def _into_tote(
    task: Task, quantity: int, reference: str, actor: Actor, now: datetime | None
) -> None:
    try:
        transfer(
            reference=reference,
            from_warehouse=task.warehouse,
            to_warehouse=task.warehouse,
            lines=[TransferLine(task.sku, quantity, task.bin, PACKING_BIN)],
            actor=actor,
            now=now,
        )
    except NotEnoughInBin as error:
        raise _too_little(task, quantity) from error


def _look_again(task: Task, state: ListState, user_id: int) -> None:
    """Lock the papers, and refuse where they changed since they were read."""
    statuses = lock_mine(state=state, user_id=user_id)
    if statuses[task.order_id] == "cancelled":
        raise OrderCancelled(
            _(
                "Order %(order)s was cancelled just now. Put this back, and what is in tote "
                "%(tote)s."
            )
            % {"order": task.order, "tote": task.tote},
            items=[{"order": task.order, "tote": task.tote}],
        )


def pick_whole_lists(
    *,
    pick_lists: Sequence[str],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> dict[str, int]:
    """Everything left on these lists goes into its totes at once; units by list. By set: for a desk
    where a paper list comes back, and for the replay. Lists that nobody claimed may be picked as well.

    Raises PickListNotFound, ListClaimed (by somebody else), WrongState, BinHoldsLess,
    WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    states = list_states(references=list(dict.fromkeys(pick_lists)))
    for state in states:
        _check_free(state, actor, within)
    lines = rows(OPEN_LINES, [[state.id for state in states]])
    _all_into_totes(lines, actor, now)
    lock_orders(ids=sorted({order for state in states for order in state.order_ids}))
    for list_id, reference, status, claimed_by in lock_pick_lists(ids=[x.id for x in states]):
        known = next(state for state in states if state.id == list_id)
        if (status, claimed_by) != (known.status, known.claimed_by):
            raise Raced(
                _("%(reference)s was changed at the same moment; try again.")
                % {"reference": reference}
            )
    columns = [[line[n] for line in lines] for n in (2, 5, 6)]
    written = rows(PICK_WHOLE, [now, *columns])
    if len(written) != len(lines):
        raise Raced(_("A list was changed at the same moment; try again."))
    finish(states=states, actor=actor, now=now)
    units = {state.reference: 0 for state in states}
    for line in lines:
        units[line[0]] += line[5]
    return units


def _check_free(state: ListState, actor: Actor, within: Collection[str] | None) -> None:
    if within is not None and state.warehouse not in within:
        raise WarehouseNotAllowed(
            _("Not allowed in warehouse %(warehouse)s.") % {"warehouse": state.warehouse},
            items=[{"warehouse": state.warehouse}],
        )
    if state.status not in ("open", "claimed"):
        raise WrongState(
            _("%(reference)s is %(status)s; there is nothing left to pick.")
            % {"reference": state.reference, "status": in_words(state.status)}
        )
    if state.claimed_by is not None and state.claimed_by != actor.user_id:
        raise ListClaimed(
            _("%(reference)s is picked by %(claimed_name)s; they report what they picked.")
            % {"reference": state.reference, "claimed_name": state.claimed_name},
            items=[{"pick_list": state.reference, "claimed_by": state.claimed_name}],
        )


def _all_into_totes(
    lines: Sequence[tuple[Any, ...]],
    actor: Actor,
    now: datetime | None,
) -> None:
    """One call of the engine for each warehouse; the ledger names each line's own list."""
    moves: dict[str, dict[tuple[str, str, str], int]] = {}
    for reference, warehouse, _order, sku, bin_, units, _line in lines:
        mine = moves.setdefault(warehouse, {})
        mine[reference, sku, bin_] = mine.get((reference, sku, bin_), 0) + units
    for warehouse, wanted in sorted(moves.items()):
        try:
            transfer(
                reference=next(iter(wanted))[0],
                from_warehouse=warehouse,
                to_warehouse=warehouse,
                lines=[
                    TransferLine(sku, units, bin_, PACKING_BIN, reference)
                    for (reference, sku, bin_), units in wanted.items()
                ],
                actor=actor,
                now=now,
            )
        except NotEnoughInBin as error:
            raise BinHoldsLess(
                _("%(detail)s Pick that list on the floor, where a problem can be reported.")
                % {"detail": error.detail},
                items=error.items,
            ) from error
