"""What an order's status is follows from the facts; here it is brought up to them.

Called at the end of every service that changes an order, and by the stock engine (as a follower) when a
promise of ours was re-sourced, backordered or filled.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from inventory_site.core.actors import SYSTEM, Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.locks import lock_orders, lock_pick_lists
from orders.queries.facts import facts_of, ids_by_reservation
from orders.states import check_step, status_of

OWNER = "orders"
_in_hand: ContextVar[frozenset[str]] = ContextVar("orders_in_hand", default=frozenset())

# What is on a list but no longer promised there will not be picked: the newest lists give way.
WITHDRAW = """
    WITH open AS (
        SELECT x.id, x.quantity - x.picked - x.short AS units,
               sum(x.quantity - x.picked - x.short)
                   OVER (PARTITION BY x.order_line_id, x.item_id ORDER BY x.id) AS run,
               greatest(0, coalesce(h.units, 0) - t.in_tote) AS promised
          FROM orders_orderline y
          JOIN orders_salesorder o ON o.id = y.order_id
          JOIN orders_pickline x ON x.order_line_id = y.id AND x.quantity > x.picked + x.short
         CROSS JOIN LATERAL (
               SELECT sum(z.picked - z.shipped) AS in_tote FROM orders_pickline z
                WHERE z.order_line_id = x.order_line_id AND z.item_id = x.item_id) t
          LEFT JOIN LATERAL (
               SELECT sum(r.quantity - r.shipped - r.released - r.backordered) AS units
                 FROM warehouse_reservationline r
                WHERE r.reservation_id = o.reservation_id AND r.item_id = x.item_id) h ON true
         WHERE y.order_id = ANY(%s::bigint[])
    )
    UPDATE orders_pickline x
       SET short = x.short + least(open.units, open.run - open.promised),
           problem = CASE x.problem WHEN 'cancelled' THEN x.problem ELSE 'withdrawn' END
      FROM open
     WHERE x.id = open.id AND open.run > open.promised
    RETURNING x.pick_list_id
"""

# A list on which nothing is left to pick; done when its totes are empty, too.
LISTS_OVER = """
    UPDATE orders_picklist t
       SET status = CASE WHEN EXISTS (SELECT FROM orders_pickline x
                                       WHERE x.pick_list_id = t.id AND x.picked > x.shipped)
                         THEN 'picked' ELSE 'done' END,
           finished_at = coalesce(t.finished_at, %s::timestamptz, statement_timestamp())
     WHERE t.id = ANY(%s::bigint[]) AND t.status IN ('open', 'claimed', 'picked')
       AND NOT EXISTS (SELECT FROM orders_pickline x
                        WHERE x.pick_list_id = t.id AND x.quantity > x.picked + x.short)
    RETURNING t.id
"""

STATUS = """
    UPDATE orders_salesorder o
       SET status = s.status, updated_at = coalesce(%s::timestamptz, statement_timestamp())
      FROM unnest(%s::bigint[], %s::text[]) AS s(id, status)
     WHERE o.id = s.id
"""


def refresh(
    *, order_ids: Collection[int], actor: Actor = SYSTEM, now: datetime | None = None
) -> dict[int, str]:
    """Bring the status of these orders up to the facts; the status of each, by id.

    An order whose status changes leaves an event `order.status_changed`. Locks the orders, so stock that
    belongs to the same unit of work is changed before. Raises WrongState for a step that no order takes:
    then the facts are wrong, and nothing is kept of what made them so.
    """
    require_unit_of_work()
    if not order_ids:
        return {}
    lock_orders(ids=order_ids)
    found = facts_of(order_ids=order_ids)
    statuses = {order.id: status_of(order.facts) for order in found}
    changed = [order for order in found if statuses[order.id] != order.facts.status]
    for order in changed:
        check_step(reference=order.reference, now=order.facts.status, then=statuses[order.id])
    if changed:
        rows(STATUS, [now, [x.id for x in changed], [statuses[x.id] for x in changed]])
        outbox.record(
            events=[
                Event(
                    type="order.status_changed",
                    reference=order.reference,
                    actor=actor.name,
                    levels=[],
                    details={"from": order.facts.status, "to": statuses[order.id]},
                )
                for order in changed
            ],
            now=now,
        )
    return statuses


@contextmanager
def in_hand(*, references: Collection[str]) -> Iterator[None]:
    """While a service of ours ships or releases these reservations, it is not told of its own doing.

    Its pick lines and order lines follow in the next statements; read in between they would look as if
    more had been picked than was ever promised.
    """
    token = _in_hand.set(_in_hand.get() | frozenset(references))
    try:
        yield
    finally:
        _in_hand.reset(token)


def follow_stock(*, references: Collection[str], now: datetime | None) -> None:
    """The engine changed promises of ours: pick lines follow, and so does the status of the orders."""
    others = set(references) - _in_hand.get()
    order_ids = ids_by_reservation(references=others) if others else []
    if order_ids:
        lock_orders(ids=order_ids)
        withdraw_unpromised(order_ids=order_ids, now=now)
        refresh(order_ids=order_ids, now=now)


def withdraw_unpromised(*, order_ids: Collection[int], now: datetime | None = None) -> list[int]:
    """Take what is no longer promised off the pick lists; ids of the lists concerned.

    Units that are in a tote already stay there until somebody puts them back.
    """
    lists = sorted({list_id for (list_id,) in rows(WITHDRAW, [list(order_ids)])})
    finish_lists(list_ids=lists, now=now)
    return lists


def finish_lists(*, list_ids: Collection[int], now: datetime | None = None) -> list[int]:
    """Lists with nothing left to pick are picked; with nothing left in their totes, they are done. Their ids.

    Locks the lists, so that of two orders of one list that leave at the same moment the second one sees
    that the first has left.
    """
    if not list_ids:
        return []
    lock_pick_lists(ids=list_ids)
    return [list_id for (list_id,) in rows(LISTS_OVER, [now, list(list_ids)])]
