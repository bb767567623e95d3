"""The shelf holds less than the list says: one transaction, and the picker walks on.

What the books say beyond what was found is moved to the bin MISSING, where it is not sellable; promises
that no longer fit give way by themselves. The rest of the line is planned again from another bin that is
not suspect, further in the walk. A count task is opened: until it is over, this bin is suspect, and other
lines that were to be picked from it are planned again, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NotShort, UnknownProblem
from orders.locks import lock_planning
from orders.queries import shelves as read
from orders.queries.promised import waiting_and_elsewhere
from orders.queries.shelves import OpenLine, Wanted
from orders.services import counting, scanning
from orders.services.claiming import (
    ListState,
    check_mine,
    finish,
    list_state,
    list_states,
    lock_mine,
)
from orders.services.progress import refresh
from orders.services.scanning import Task
from orders.services.suspect_bins import move_on
from orders.services.walking import Stop, walks
from warehouse.errors import InvalidLines, NotEnoughInBin
from warehouse.lines import PlacedLine, TransferLine
from warehouse.services.movements import damage
from warehouse.services.places import MISSING_BIN
from warehouse.services.transfers import transfer

PROBLEMS = {
    "short": "less there than the books say",
    "damaged": "damaged goods in the bin",
    "wrong_item": "something else in the bin",
    "bin_empty": "the bin is empty",
    "unreadable": "the code cannot be read",
}

MARK = """
    UPDATE orders_pickline
       SET short = short + %s,
           problem = CASE problem WHEN 'cancelled' THEN problem ELSE %s END
     WHERE id = %s AND quantity - picked - short >= %s
    RETURNING id
"""

# Ahead in the walk where the bin comes later anyway; what lies behind is fetched at the end.
PLAN_AGAIN = """
    INSERT INTO orders_pickline (pick_list_id, order_line_id, item_id, bin_id, sequence, quantity)
    SELECT %(list)s, t.order_line_id, t.item_id, t.bin_id,
           CASE WHEN t.sequence > %(here)s THEN t.sequence
                ELSE (SELECT max(sequence) + 1 FROM orders_pickline WHERE pick_list_id = %(list)s)
            END,
           t.quantity
      FROM unnest(%(order_lines)s::bigint[], %(items)s::bigint[], %(bins)s::bigint[],
                  %(sequences)s::int[], %(quantities)s::int[])
           AS t(order_line_id, item_id, bin_id, sequence, quantity)
"""


@dataclass(frozen=True, slots=True)
class Shorted:
    """What came of a problem, in units.

    `left` is still to be picked from this bin. Of what is not: `replanned` comes from other `bins`, `later`
    is promised here and planned once a bin is free, `waits` waits for stock, `elsewhere` was promised from
    another warehouse instead.
    """

    line_id: int
    order: str
    sku: str
    bin: str
    missing: int
    damaged: int
    left: int
    short: int
    replanned: int
    waits: int
    elsewhere: int
    bins: tuple[str, ...]
    count_task: str
    list_over: bool

    @property
    def later(self) -> int:
        return self.short - self.replanned


def short(
    *,
    pick_list: str,
    line_id: int,
    found: int,
    problem: str,
    user_id: int,
    actor: Actor,
    now: datetime | None = None,
) -> Shorted:
    """Report a problem at a line's bin; `found` is what of the product is good and there, now.

    For `damaged`, what the line still needs beyond `found` is written off; for the others, all that the
    books say beyond it is missing. What was found can still be picked. Raises PickListNotFound,
    PickLineNotFound, ListNotYours, ListClaimed, WrongState, UnknownProblem, OrderCancelled, MoreThanNeeded
    (nothing of it is), NotShort, InvalidLines, Raced.
    """
    require_unit_of_work()
    state = list_state(reference=pick_list)
    check_mine(state=state, user_id=user_id)
    task = scanning.task(pick_list=state.reference, line_id=line_id)
    _check(task, found, problem)
    lock_planning(warehouse_id=task.warehouse_id)
    damaged = problem == "damaged"
    gone = _gone(task, found, damaged)
    waited, held = waiting_and_elsewhere(item_id=task.item_id, order_id=task.order_id)
    if gone:
        _take_away(task, gone, damaged, state.reference, actor, now)
    others = (
        [] if damaged else read.open_lines_at(item_id=task.item_id, bin_id=task.bin_id, but=line_id)
    )
    beside = _lists_of(others, state)
    lock_mine(state=state, user_id=user_id, done_too=True, beside=beside)
    left, rest = _mark(task, gone, problem, state)
    stops = _plan_again(task, rest, state)
    move_on(task=task, lines=others, actor=actor, now=now)
    counted = "" if damaged else _count(task, gone, actor, now)
    finish(states=[state, *beside], actor=actor, now=now)
    refresh(order_ids={task.order_id, *(x.order_id for x in others)}, actor=actor, now=now)
    waits, elsewhere = waiting_and_elsewhere(item_id=task.item_id, order_id=task.order_id)
    result = Shorted(
        line_id=line_id,
        order=task.order,
        sku=task.sku,
        bin=task.bin,
        missing=0 if damaged else gone,
        damaged=gone if damaged else 0,
        left=left,
        short=rest,
        replanned=sum(stop.quantity for stop in stops),
        waits=waits - waited,
        elsewhere=elsewhere - held,
        bins=tuple(dict.fromkeys(stop.bin for stop in stops)),
        count_task=counted,
        list_over=list_state(reference=state.reference).status != "claimed",
    )
    tell_short(
        state=state, order=result.order, sku=result.sku, bin=result.bin, problem=problem,
        missing=result.missing, damaged=result.damaged, short=result.short, replanned=result.replanned,
        waits=result.waits, elsewhere=result.elsewhere, count_task=result.count_task, actor=actor, now=now,
    )  # fmt: skip
    return result


def _check(task: Task, found: int, problem: str) -> None:
    if problem not in PROBLEMS:
        raise UnknownProblem(
            _("A problem is one of %(problems)s.") % {"problems": ", ".join(PROBLEMS)}
        )
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise InvalidLines(_("What was found is a whole number, 0 or more."))
    if problem == "bin_empty" and found:
        raise UnknownProblem(
            _("An empty bin holds nothing, but %(found)s were found; say that it is short instead.")
            % {"found": found}
        )
    scanning.check_order(task)
    if not task.left:
        raise scanning.too_many(task=task, quantity=found)
    if found >= task.left:
        raise NotShort(
            _(
                "%(found)s of %(sku)s are enough: tote %(tote)s needs %(left)s more from bin "
                "%(bin)s. Pick them."
            )
            % {
                "found": found,
                "sku": task.sku,
                "tote": task.tote,
                "left": task.left,
                "bin": task.bin,
            },
            items=[{"sku": task.sku, "found": found, "needed": task.left}],
        )


def _gone(task: Task, found: int, damaged: bool) -> int:
    """Units that the books say are in the bin, and that are not there or not good."""
    told = min(task.left, task.in_bin) if damaged else task.in_bin
    return told - found if told > found else 0


def _take_away(
    task: Task, gone: int, damaged: bool, reference: str, actor: Actor, now: datetime | None
) -> None:
    """Out of the bin, on condition that it still held what was read."""
    try:
        if damaged:
            damage(
                reference=reference,
                reason="found damaged while picking",
                lines=[PlacedLine(task.sku, task.warehouse, gone, task.bin)],
                actor=actor,
                now=now,
            )
        else:
            transfer(
                reference=reference,
                from_warehouse=task.warehouse,
                to_warehouse=task.warehouse,
                lines=[TransferLine(task.sku, gone, task.bin, MISSING_BIN)],
                actor=actor,
                now=now,
            )
    except NotEnoughInBin as error:
        raise Raced(
            _("Bin %(bin)s was changed at the same moment; look again.") % {"bin": task.bin}
        ) from error
    after = scanning.task(pick_list=reference, line_id=task.line_id)
    if after.in_bin + gone != task.in_bin:
        raise Raced(
            _("Bin %(bin)s was changed at the same moment; look again.") % {"bin": task.bin}
        )


def _lists_of(lines: Sequence[OpenLine], state: ListState) -> list[ListState]:
    """The other lists that these lines are on."""
    references = {line.pick_list for line in lines} - {state.reference}
    return list_states(references=references) if references else []


def _mark(task: Task, gone: int, problem: str, state: ListState) -> tuple[int, int]:
    """What of the line is left for this bin, and what it cannot give, which is short now.

    The engine may have taken some off before.
    """
    after = scanning.task(pick_list=state.reference, line_id=task.line_id)
    there = task.in_bin - gone
    rest = after.left - there if after.left > there else 0
    if not rows(MARK, [rest, problem, task.line_id, rest]):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": state.reference}
        )
    return after.left - rest, rest


def _plan_again(task: Task, rest: int, state: ListState) -> Sequence[Stop]:
    """Lines for what is still promised here, from bins that are not suspect."""
    promised = read.demand(order_ids=[task.order_id], warehouses=[task.warehouse_id])
    mine = [
        Wanted(x.order_id, x.order_line_id, x.item_id, min(x.quantity, rest))
        for x in promised.get(task.warehouse_id, ())
        if x.item_id == task.item_id
    ]
    if not rest or not mine:
        return []
    shelves = [
        shelf
        for shelf in read.shelves(item_ids=[task.item_id])
        if not shelf.suspect and shelf.bin_id != task.bin_id
    ]
    (walk,) = walks(batches=[mine], shelves=shelves, start=task.sequence)
    if walk.stops:
        given = {
            "list": state.id,
            "here": task.sequence,
            "order_lines": [stop.order_line_id for stop in walk.stops],
            "items": [stop.item_id for stop in walk.stops],
            "bins": [stop.bin_id for stop in walk.stops],
            "sequences": [stop.sequence for stop in walk.stops],
            "quantities": [stop.quantity for stop in walk.stops],
        }
        rows(PLAN_AGAIN, given)
    return walk.stops


def _count(task: Task, gone: int, actor: Actor, now: datetime | None) -> str:
    return counting.open_for_short_pick(
        warehouse=task.warehouse,
        bin=task.bin,
        sku=task.sku,
        missing=gone,
        actor=actor,
        now=now,
    )


def tell_short(
    *,
    state: ListState,
    order: str,
    sku: str,
    bin: str,
    problem: str,
    missing: int,
    damaged: int,
    short: int,
    replanned: int,
    waits: int,
    elsewhere: int,
    count_task: str,
    actor: Actor,
    now: datetime | None,
) -> None:
    """Record that a list lacks so many units of an order, at a shelf or at the bench: one event for both."""
    details = {
        "warehouse": state.warehouse,
        "order": order,
        "sku": sku,
        "bin": bin,
        "problem": problem,
        "missing": missing,
        "damaged": damaged,
        "short": short,
        "replanned": replanned,
        "waits": waits,
        "elsewhere": elsewhere,
        "count": count_task,
    }
    event = Event("picking.short", state.reference, actor.name, levels=[], details=details)
    outbox.record(events=[event], now=now)
