"""A bin became suspect: whoever else was to pick the product there is sent to another bin at once.

In the transaction of the short pick, by set, whatever number of lists walk there. A line moves as a whole
where it can, so that its list adds up as before; where no other bin has the goods free, the units are short
on that list and are planned again like any others that are promised and on no list.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.queries import shelves as read
from orders.queries.shelves import OpenLine, Wanted
from orders.services.scanning import Task
from orders.services.walking import Stop, walks

PROBLEM = "suspect_bin"

MOVE = """
    WITH line AS (
        UPDATE orders_pickline x
           SET bin_id = t.bin_id, sequence = t.sequence, quantity = t.quantity,
               short = x.short + t.short,
               problem = CASE WHEN t.short > 0 AND x.problem <> 'cancelled' THEN %(problem)s
                              ELSE x.problem END
          FROM unnest(%(lines)s::bigint[], %(units)s::int[], %(bins)s::bigint[],
                      %(sequences)s::int[], %(quantities)s::int[], %(shorts)s::int[])
               AS t(id, units, bin_id, sequence, quantity, short)
         WHERE x.id = t.id AND x.bin_id = %(from)s AND x.quantity - x.picked - x.short = t.units
        RETURNING x.id),
    more AS (
        INSERT INTO orders_pickline
               (pick_list_id, order_line_id, item_id, bin_id, sequence, quantity)
        SELECT * FROM unnest(%(new_lists)s::bigint[], %(new_order_lines)s::bigint[],
                             %(new_items)s::bigint[], %(new_bins)s::bigint[],
                             %(new_sequences)s::int[], %(new_quantities)s::int[]))
    SELECT id FROM line
"""


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a line that come from another bin instead, at this place in its walk."""

    bin_id: int
    sequence: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A line as it will stand: where, how much of it; `short` of it nobody has; `parts` are new lines."""

    line: OpenLine
    bin_id: int
    sequence: int
    quantity: int
    short: int
    parts: Sequence[Part]


def move_on(*, task: Task, lines: Sequence[OpenLine], actor: Actor, now: datetime | None) -> None:
    """Plan these lines, which are to be picked from the task's bin, again from bins that are not suspect.

    Their orders and lists are locked by the caller. Raises Raced where a line changed since it was read.
    """
    if not lines:
        return
    shelves = [
        shelf
        for shelf in read.shelves(item_ids=[task.item_id])
        if not shelf.suspect and shelf.bin_id != task.bin_id
    ]
    wanted = [Wanted(x.order_id, x.order_line_id, task.item_id, x.left) for x in lines]
    found = walks(batches=[[x] for x in wanted], shelves=shelves, start=task.sequence)
    moved = decide(lines=lines, stops=[walk.stops for walk in found], bin_id=task.bin_id)
    if len(rows(MOVE, _written(moved, task))) != len(moved):
        raise Raced(
            _("A list with bin %(bin)s was changed at the same moment; look again.")
            % {"bin": task.bin}
        )
    outbox.record(events=_events(moved, task, actor), now=now)


def decide(
    *, lines: Sequence[OpenLine], stops: Sequence[Sequence[Stop]], bin_id: int
) -> list[Moved]:
    """What becomes of each line, given the stops that were found for it. Pure.

    A bin that a picker has passed is fetched at the end of the walk.
    """
    result = []
    for line, found in zip(lines, stops, strict=True):
        parts = deque(
            Part(
                stop.bin_id,
                stop.sequence if stop.sequence >= line.walk_at else line.walk_end + 1,
                stop.quantity,
            )
            for stop in found
        )
        replanned = sum(part.quantity for part in parts)
        stays = line.quantity - replanned
        if stays:
            at = Part(bin_id, line.sequence, stays)
        else:
            at = parts.popleft()
        short = line.left - replanned
        result.append(Moved(line, at.bin_id, at.sequence, at.quantity, short, tuple(parts)))
    return result


def _written(moved: Sequence[Moved], task: Task) -> dict[str, object]:
    new = [(x.line, part) for x in moved for part in x.parts]
    return {
        "problem": PROBLEM,
        "from": task.bin_id,
        "lines": [x.line.id for x in moved],
        "units": [x.line.left for x in moved],
        "bins": [x.bin_id for x in moved],
        "sequences": [x.sequence for x in moved],
        "quantities": [x.quantity for x in moved],
        "shorts": [x.short for x in moved],
        "new_lists": [line.list_id for line, _ in new],
        "new_order_lines": [line.order_line_id for line, _ in new],
        "new_items": [task.item_id for _ in new],
        "new_bins": [part.bin_id for _, part in new],
        "new_sequences": [part.sequence for _, part in new],
        "new_quantities": [part.quantity for _, part in new],
    }


def _events(moved: Sequence[Moved], task: Task, actor: Actor) -> list[Event]:
    """One for each list."""
    lists: dict[str, list[Moved]] = {}
    for one in moved:
        lists.setdefault(one.line.pick_list, []).append(one)
    return [
        Event(
            type="picking.replanned",
            reference=reference,
            actor=actor.name,
            levels=[],
            details={
                "warehouse": task.warehouse,
                "bin": task.bin,
                "sku": task.sku,
                "replanned": sum(x.line.left - x.short for x in mine),
                "short": sum(x.short for x in mine),
            },
        )
        for reference, mine in lists.items()
    ]
