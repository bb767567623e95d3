"""Orders that end before they have left: cancelled, whole or in part, or closed with what has left."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NotOnOrder
from orders.locks import lock_orders
from orders.queries.promised import Promised, promised
from orders.queries.sales import OrderView, order_view
from orders.services.ordering import NewLine
from orders.services.progress import (
    OWNER,
    finish_lists,
    in_hand,
    refresh,
    withdraw_unpromised,
)
from orders.states import CANCELLED, CLOSED, DRAFT, PARTLY_SHIPPED, SHIPPED, WrongState, in_words
from warehouse.checks import check_quantities, check_some, normal_sku
from warehouse.errors import NotReserved, ReservationClosed
from warehouse.lines import ReservedLine
from warehouse.services.releasing import release

CANCEL_LINES = """
    UPDATE orders_orderline y SET cancelled = y.cancelled + d.quantity
      FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS d(sku, quantity)
      JOIN warehouse_product p ON p.sku = d.sku
     WHERE y.order_id = %(order)s AND y.product_id = p.id
       AND y.quantity - y.cancelled - y.shipped >= d.quantity
    RETURNING y.id
"""

# Units in a tote that the order no longer wants: the line gives them up, and they lie in the packing
# bin, free to be sold or put back. What still waits for stock may be what the tote holds.
SURPLUS = """
    WITH tote AS (
        SELECT x.id, x.picked - x.shipped AS units, coalesce(h.units, 0) AS wanted,
               sum(x.picked - x.shipped)
                   OVER (PARTITION BY x.order_line_id, x.item_id ORDER BY x.id) AS run
          FROM orders_orderline y
          JOIN orders_salesorder o ON o.id = y.order_id
          JOIN orders_pickline x ON x.order_line_id = y.id AND x.picked > x.shipped
          LEFT JOIN LATERAL (
               SELECT sum(r.quantity - r.shipped - r.released) AS units
                 FROM warehouse_reservationline r
                WHERE r.reservation_id = o.reservation_id AND r.item_id = x.item_id) h ON true
         WHERE y.order_id = %s
    )
    UPDATE orders_pickline x
       SET picked = x.picked - extra.units, short = x.short + extra.units, problem = 'cancelled'
      FROM (SELECT id, least(units, run - wanted)::int AS units FROM tote WHERE run > wanted) extra
     WHERE x.id = extra.id
    RETURNING x.pick_list_id
"""

CLOSE = """
    UPDATE orders_salesorder
       SET status = 'closed', updated_at = coalesce(%s::timestamptz, statement_timestamp())
     WHERE id = %s AND status IN ('shipped', 'partly_shipped')
    RETURNING id
"""


def cancel(
    *,
    reference: str,
    lines: Sequence[NewLine] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> OrderView:
    """Cancel what has not left of an order, or the `lines` given; its stock is free at once.

    What waits for stock goes first, then what is still on the shelf, and last what is in a tote: that is
    taken off its pick line and stays in PACKING until it is put back. An order that is cancelled already
    is returned as it is. Raises OrderNotFound, WrongState (nothing of it is left), NotOnOrder (more than
    is left), WarehouseNotAllowed, InvalidLines, Raced.
    """
    require_unit_of_work()
    order = order_view(reference=reference)
    order.check_allowed(within)
    if order.status == CANCELLED and lines is None:
        return order
    if order.status in (CANCELLED, SHIPPED, CLOSED):
        raise WrongState(
            _("%(reference)s is %(status)s; nothing of it can be cancelled.")
            % {"reference": reference, "status": in_words(order.status)}
        )
    wanted = _left(order) if lines is None else _wanted(order, lines)
    _give_up(order, wanted, actor, now)
    told = [{"sku": sku, "quantity": quantity} for sku, quantity in wanted.items()]
    event = Event("order.cancelled", reference, actor.name, [], {"lines": told})
    outbox.record(events=[event], now=now)
    refresh(order_ids=[order.id], actor=actor, now=now)
    return order_view(reference=reference)


def close(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> OrderView:
    """Nothing more will leave: an order that was shipped is closed, and the rest of it cancelled.

    A closed order is returned as it is. Raises OrderNotFound, WrongState (nothing has left yet),
    WarehouseNotAllowed, Raced.
    """
    require_unit_of_work()
    order = order_view(reference=reference)
    order.check_allowed(within)
    if order.status == CLOSED:
        return order
    if order.status not in (SHIPPED, PARTLY_SHIPPED):
        raise WrongState(
            _("%(reference)s is %(status)s; what has not been shipped is cancelled.")
            % {"reference": reference, "status": in_words(order.status)}
        )
    rest = _left(order)
    if rest:
        _give_up(order, rest, actor, now)
    if not rows(CLOSE, [now, order.id]):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": reference}
        )
    told = [{"sku": sku, "quantity": quantity} for sku, quantity in rest.items()]
    details = {"from": order.status, "cancelled": told}
    outbox.record(events=[Event("order.closed", reference, actor.name, [], details)], now=now)
    return order_view(reference=reference)


def _left(order: OrderView) -> dict[str, int]:
    return {line.sku: line.open for line in order.lines if line.open}


def _wanted(order: OrderView, lines: Sequence[NewLine]) -> dict[str, int]:
    """The lines by SKU. Raises NotOnOrder naming each that asks for more than is left."""
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    left = _left(order)
    wanted: dict[str, int] = {}
    wrong = []
    for place, line in enumerate(lines):
        sku = normal_sku(line.sku)
        wanted[sku] = wanted.get(sku, 0) + line.quantity
        if wanted[sku] > left.get(sku, 0):
            there = {"requested": wanted[sku], "left": left.get(sku, 0)}
            wrong.append({"line": place, "sku": sku, **there})
    if wrong:
        told = ", ".join(
            _("%(left)s of %(sku)s, not %(requested)s")
            % {"left": x["left"], "sku": x["sku"], "requested": x["requested"]}
            for x in wrong[:5]
        )
        raise NotOnOrder(
            _("Left of %(reference)s: %(told)s.") % {"reference": order.reference, "told": told},
            items=wrong,
        )
    return wanted


def _give_up(
    order: OrderView, wanted: Mapping[str, int], actor: Actor, now: datetime | None
) -> None:
    """Release in the engine, then order lines and pick lists. Raises Raced where the order changed."""
    if order.status != DRAFT:
        _release(order, wanted, actor, now)
    *_ids, status = lock_orders(ids=[order.id])[0]
    skus = {"order": order.id, "skus": list(wanted), "quantities": list(wanted.values())}
    changed = rows(CANCEL_LINES, skus)
    if len(changed) < len(wanted) or (status == DRAFT) != (order.status == DRAFT):
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": order.reference}
        )
    lists = sorted({list_id for (list_id,) in rows(SURPLUS, [order.id])})
    withdraw_unpromised(order_ids=[order.id], now=now)
    finish_lists(list_ids=lists, now=now)


def _release(
    order: OrderView, wanted: Mapping[str, int], actor: Actor, now: datetime | None
) -> None:
    by_sku: dict[str, list[Promised]] = {}
    for row in promised(order_ids=[order.id]):
        by_sku.setdefault(row.sku, []).append(row)
    lines = [
        ReservedLine(sku, part, warehouse)
        for sku, quantity in wanted.items()
        for warehouse, part in divide(held=by_sku.get(sku, []), quantity=quantity).items()
    ]
    assert order.reservation is not None
    try:
        with in_hand(references=[order.reservation]):
            release(reference=order.reservation, lines=lines, owner=OWNER, actor=actor, now=now)
    except (NotReserved, ReservationClosed) as error:
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": order.reference}
        ) from error


def divide(*, held: Sequence[Promised], quantity: int) -> dict[str, int]:
    """From which warehouses a quantity is given back: what is easiest to give up first. Pure.

    Raises Raced where less is promised than was there when the order was read.
    """
    steps = (
        [(row.warehouse, row.waiting) for row in held],
        [(row.warehouse, max(0, row.open - row.in_tote)) for row in held],
        [(row.warehouse, min(row.open, row.in_tote)) for row in held],
    )
    parts: dict[str, int] = {}
    for warehouse, there in (step for kind in steps for step in kind):
        part = min(quantity, there)
        if part:
            parts[warehouse] = parts.get(warehouse, 0) + part
            quantity -= part
    if quantity:
        raise Raced(_("The order was changed at the same moment; look again."))
    return parts
