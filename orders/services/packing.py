"""What was picked is packed and leaves. Until then it lies, tote by tote, in the bin PACKING."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NothingToShip, NotOnList, NotPicked, PickListNotFound
from orders.locks import lock_orders, lock_pick_lists
from orders.queries.promised import promised
from orders.queries.sales import OrderView, order_view
from orders.queries.shipments import ShipmentView
from orders.services.parcels import Part, check_label, send
from orders.services.progress import refresh
from orders.states import OVER, WrongState
from warehouse.checks import check_within

TOTES = """
    SELECT t.id, w.code, o.id, o.reference, o.status, s.tote,
           coalesce(x.unpicked, 0)::int, coalesce(x.in_tote, 0)::int
      FROM orders_picklist t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      LEFT JOIN orders_picklistorder s ON s.pick_list_id = t.id
      LEFT JOIN orders_salesorder o ON o.id = s.order_id
      LEFT JOIN (SELECT y.order_id, sum(x.quantity - x.picked - x.short) AS unpicked,
                        sum(x.picked - x.shipped) AS in_tote
                   FROM orders_pickline x
                   JOIN orders_orderline y ON y.id = x.order_line_id
                  WHERE x.pick_list_id = (SELECT id FROM orders_picklist
                                           WHERE reference = %(list)s::text)
                  GROUP BY y.order_id) x ON x.order_id = o.id
     WHERE t.reference = %(list)s::text
     ORDER BY s.tote
"""

PACKED = """
    UPDATE orders_picklistorder
       SET packed_at = coalesce(packed_at, %s::timestamptz, statement_timestamp())
     WHERE pick_list_id = %s AND order_id = %s
"""


@dataclass(frozen=True, slots=True)
class Tote:
    """One order's place on a list: what is still to be picked for it, and what lies in its tote."""

    list_id: int
    warehouse: str
    order_id: int
    order: str
    status: str
    tote: int
    unpicked: int
    in_tote: int


def pack(
    *,
    pick_list: str,
    order: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> OrderView:
    """Everything this list has for the order is picked, checked and in its parcel.

    Packing it twice is harmless. Raises PickListNotFound, NotOnList, NotPicked, NothingToShip (the tote
    is empty), WrongState (the order is over), WarehouseNotAllowed.
    """
    require_unit_of_work()
    tote = _tote(pick_list, order, within)
    lock_orders(ids=[tote.order_id])
    lock_pick_lists(ids=[tote.list_id])
    tote = _tote(pick_list, order, within)
    if tote.status in OVER:
        raise WrongState(f"{order} is {tote.status}; put what is in tote {tote.tote} back.")
    if tote.unpicked:
        raise NotPicked(f"{pick_list} has {tote.unpicked} units more to pick for {order}.")
    if not tote.in_tote:
        raise NothingToShip(f"Tote {tote.tote} of {pick_list} is empty.")
    rows(PACKED, [now, tote.list_id, tote.order_id])
    event = Event(
        "order.packed", order, actor.name, [], {"pick_list": pick_list, "tote": tote.tote}
    )
    outbox.record(events=[event], now=now)
    refresh(order_ids=[tote.order_id], actor=actor, now=now)
    return order_view(reference=order)


def ship_packed(
    *,
    pick_list: str,
    orders: Sequence[str] | None = None,
    carrier: str = "",
    tracking_number: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[ShipmentView]:
    """Ship what lies in the totes of these orders on this list (of all, where none is named).

    All orders leave in one call of the engine; what is not picked yet stays on the list. Raises
    PickListNotFound, NotOnList, NothingToShip (naming the orders), WarehouseNotAllowed, InvalidOrder,
    NotEnoughInBin (PACKING was counted and held less), Raced.
    """
    require_unit_of_work()
    check_label(carrier=carrier, tracking_number=tracking_number)
    totes = _totes(pick_list, within)
    chosen = list(totes.values()) if orders is None else [_of(totes, pick_list, x) for x in orders]
    order_ids = list(dict.fromkeys(tote.order_id for tote in chosen))
    list_id = chosen[0].list_id if chosen else None
    parts = [
        Part(row, quantity, quantity)
        for row in promised(order_ids=order_ids, pick_list_id=list_id)
        if (quantity := min(row.open, row.in_tote))
    ]
    empty = {tote.order for tote in chosen} - {part.promised.order for part in parts}
    if not parts or (orders is not None and empty):
        raise NothingToShip(
            f"Nothing to ship of {', '.join(sorted(empty)) or pick_list} on {pick_list}.",
            items=[{"order": reference} for reference in sorted(empty)],
        )
    return send(
        parts=parts,
        pick_list_id=list_id,
        carrier=carrier,
        tracking_number=tracking_number,
        actor=actor,
        now=now,
    )


def _totes(pick_list: str, within: Collection[str] | None) -> dict[str, Tote]:
    """The totes of a list by order. Raises PickListNotFound, WarehouseNotAllowed."""
    found = rows(TOTES, {"list": pick_list})
    if not found:
        raise PickListNotFound(f"There is no pick list {pick_list}.")
    check_within(warehouses=[found[0][1]], within=within)
    return {row[3]: Tote(*row) for row in found if row[2] is not None}


def _tote(pick_list: str, order: str, within: Collection[str] | None) -> Tote:
    return _of(_totes(pick_list, within), pick_list, order)


def _of(totes: dict[str, Tote], pick_list: str, order: str) -> Tote:
    if order not in totes:
        raise NotOnList(f"{pick_list} has no tote for {order}.", items=[{"order": order}])
    return totes[order]
