"""A tote lacks something, or something in it is broken: said at the bench, in one transaction.

Like a problem at the shelf (short_picks): missing units are moved to MISSING and counted for, broken ones
to QUARANTINE, and the order's line is open again, to be planned from a shelf. PACKING may hold less than its
totes by the books, since a count found that before: then nothing is left to move, and only papers follow.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from orders.errors import NotInTote, UnknownProblem
from orders.locks import lock_planning
from orders.queries import shelves
from orders.queries.promised import waiting_and_elsewhere
from orders.queries.put_away import in_packing
from orders.services import counting
from orders.services.claiming import ListState, check_not_others, list_state, lock_as_read
from orders.services.progress import finish_lists, refresh
from orders.services.short_picks import tell_short
from warehouse.checks import normal_sku
from warehouse.errors import InvalidLines, NotEnoughInBin
from warehouse.lines import TransferLine
from warehouse.services.places import MISSING_BIN, PACKING_BIN, QUARANTINE_BIN
from warehouse.services.transfers import transfer

PROBLEMS = {
    "missing": MISSING_BIN,
    "damaged": QUARANTINE_BIN,
}  # and where such units are from now on

CONTENT = """
    SELECT o.id, t.warehouse_id, x.item_id, p.sku, s.tote, sum(x.picked - x.shipped)::int,
           (SELECT sum(z.picked - z.shipped)::int FROM orders_pickline z
              JOIN orders_orderline l ON l.id = z.order_line_id
             WHERE z.pick_list_id = t.id AND l.order_id = o.id)
      FROM orders_picklist t
      JOIN orders_picklistorder s ON s.pick_list_id = t.id
      JOIN orders_salesorder o ON o.id = s.order_id
      JOIN orders_orderline y ON y.order_id = o.id
      JOIN orders_pickline x ON x.pick_list_id = t.id AND x.order_line_id = y.id
      JOIN warehouse_product p ON p.id = y.product_id
     WHERE t.id = %s AND o.reference = %s AND p.sku = %s
     GROUP BY o.id, t.id, x.item_id, p.sku, s.tote
"""

# Whoever packed the tote has to look into it again. What was cancelled still lies in it, whatever is missing.
TAKE_OUT = """
    WITH tote AS (
        SELECT x.id, x.picked - x.shipped AS units,
               sum(x.picked - x.shipped) OVER (ORDER BY x.id DESC) AS run
          FROM orders_pickline x
          JOIN orders_orderline y ON y.id = x.order_line_id
         WHERE x.pick_list_id = %(list)s AND y.order_id = %(order)s AND x.item_id = %(item)s
           AND x.picked > x.shipped),
    line AS (
        UPDATE orders_pickline x
           SET picked = x.picked - part.units, short = x.short + part.units,
               problem = CASE x.problem WHEN 'cancelled' THEN x.problem ELSE %(problem)s END
          FROM (SELECT id, least(units, %(units)s - (run - units))::int AS units
                  FROM tote WHERE run - units < %(units)s) part
         WHERE x.id = part.id
        RETURNING part.units),
    unpacked AS (
        UPDATE orders_picklistorder SET packed_at = NULL
         WHERE pick_list_id = %(list)s AND order_id = %(order)s)
    SELECT coalesce(sum(units), 0)::int FROM line
"""


@dataclass(frozen=True, slots=True)
class Content:
    """So many units of a product that an order's tote holds by the books; `all` of any product."""

    order_id: int
    warehouse_id: int
    item_id: int
    sku: str
    tote: int
    units: int
    all: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """What came of a problem in a tote, in units.

    `gone` were moved out of PACKING by the books, which may hold less than the tote did. `left`, of any
    product, are still in the tote. Of the others: `later` are promised here and can be
    planned, `waits` wait for stock, `elsewhere` was promised from another warehouse instead. `count_task`
    counts PACKING, if at all.
    """

    order: str
    tote: int
    sku: str
    units: int
    gone: int
    left: int
    later: int
    waits: int
    elsewhere: int
    count_task: str


def report(
    *,
    pick_list: str,
    order: str,
    sku: str,
    units: int,
    problem: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Lacking:
    """So many units of a product are `missing` in an order's tote, or lie there `damaged`.

    The tote has to be packed again. Raises PickListNotFound, ListClaimed (by somebody else), UnknownProblem,
    NotInTote (more than the tote holds by the books), InvalidLines, WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list, within=within)
    check_not_others(state=state, actor=actor)
    content = _content(state, order, sku)
    _check(content, units, problem)
    lock_planning(warehouse_id=content.warehouse_id)
    waited, held = waiting_and_elsewhere(item_id=content.item_id, order_id=content.order_id)
    gone = _take_away(content, units, problem, state, actor, now)
    lock_as_read(state)
    _take_out(content, units, problem, state)
    counted = ""
    if gone and problem == "missing":
        counted = counting.open_for_short_pick(
            warehouse=state.warehouse, bin=PACKING_BIN, sku=content.sku, missing=gone, actor=actor,
            now=now,
        )  # fmt: skip
    finish_lists(list_ids=[state.id], now=now)
    refresh(order_ids=state.order_ids, actor=actor, now=now)
    waits, elsewhere = waiting_and_elsewhere(item_id=content.item_id, order_id=content.order_id)
    result = Lacking(
        order=order,
        tote=content.tote,
        sku=content.sku,
        units=units,
        gone=gone,
        left=content.all - units,
        later=min(units, _to_plan(content)),
        waits=max(0, waits - waited),
        elsewhere=max(0, elsewhere - held),
        count_task=counted,
    )
    damaged = problem == "damaged"
    tell_short(
        state=state, order=result.order, sku=result.sku, bin=PACKING_BIN, problem=problem,
        missing=0 if damaged else gone, damaged=gone if damaged else 0, short=result.units, replanned=0,
        waits=result.waits, elsewhere=result.elsewhere, count_task=result.count_task, actor=actor, now=now,
    )  # fmt: skip
    return result


def to_report(error: NotEnoughInBin) -> NotEnoughInBin:
    """The engine's refusal to take from PACKING what is not there, with where that is said."""
    if not any(item.get("bin") == PACKING_BIN for item in error.items):
        return error
    return NotEnoughInBin(
        _("%(detail)s Say what is missing at its tote (Problem); then the rest can go.")
        % {"detail": error.detail},
        items=error.items,
    )


def _content(state: ListState, order: str, sku: str) -> Content:
    found = rows(CONTENT, [state.id, order.strip(), normal_sku(sku)])
    if not found:
        raise NotInTote(
            _("%(sku)s is in no tote of order %(order)s on %(reference)s.")
            % {"sku": sku, "order": order, "reference": state.reference}
        )
    return Content(*found[0])


def _check(content: Content, units: int, problem: str) -> None:
    if problem not in PROBLEMS:
        raise UnknownProblem(
            _("A problem is one of %(problems)s.") % {"problems": ", ".join(PROBLEMS)}
        )
    if isinstance(units, bool) or not isinstance(units, int) or units < 1:
        raise InvalidLines(_("A quantity is a whole number of at least 1."))
    if units > content.units:
        raise NotInTote(
            _("Tote %(tote)s holds %(there)s of %(sku)s by the books, not %(units)s.")
            % {
                "tote": content.tote,
                "there": content.units,
                "sku": content.sku,
                "units": units,
            },
            items=[{"sku": content.sku, "there": content.units, "told": units}],
        )


def _take_away(
    content: Content, units: int, problem: str, state: ListState, actor: Actor, now: datetime | None
) -> int:
    """Out of PACKING, as far as it holds them; how many. What totes lack already, a count took away."""
    there, in_totes = in_packing(warehouse=state.warehouse, sku=content.sku)
    known = max(0, in_totes - there)
    gone = min(units, there) if problem == "damaged" else max(0, units - known)
    if gone:
        try:
            transfer(
                reference=state.reference,
                from_warehouse=state.warehouse,
                to_warehouse=state.warehouse,
                lines=[TransferLine(content.sku, gone, PACKING_BIN, PROBLEMS[problem])],
                actor=actor,
                now=now,
            )
        except NotEnoughInBin as error:
            raise _changed(state) from error
    after, in_totes_after = in_packing(warehouse=state.warehouse, sku=content.sku)
    if after - in_totes_after != there - in_totes - gone:
        raise _changed(state)
    return gone


def _take_out(content: Content, units: int, problem: str, state: ListState) -> None:
    given = {
        "list": state.id,
        "order": content.order_id,
        "item": content.item_id,
        "units": units,
        "problem": problem,
    }
    if rows(TAKE_OUT, given) != [(units,)]:
        raise _changed(state)


def _changed(state: ListState) -> Raced:
    return Raced(
        _("%(reference)s was changed at the same moment; look again.")
        % {"reference": state.reference}
    )


def _to_plan(content: Content) -> int:
    """Units that the order is promised here and that no list covers."""
    found = shelves.demand(order_ids=[content.order_id], warehouses=[content.warehouse_id])
    mine = found.get(content.warehouse_id, [])
    return sum(one.quantity for one in mine if one.item_id == content.item_id)
