"""What was picked is packed and leaves. Until then it lies, tote by tote, in the bin PACKING."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
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
from orders.services.shipping import ShipLine, parts_of
from orders.states import OVER, WrongState, in_words
from warehouse.checks import check_within

TOTES = """
    SELECT t.id, w.code, o.id, o.reference, o.status, s.tote,
           coalesce(x.unpicked, 0)::int, coalesce(x.in_tote, 0)::int,
           s.packed_at IS NOT NULL, coalesce(x.taken, false)
      FROM orders_picklist t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      LEFT JOIN orders_picklistorder s ON s.pick_list_id = t.id
      LEFT JOIN orders_salesorder o ON o.id = s.order_id
      LEFT JOIN (SELECT y.order_id, sum(x.quantity - x.picked - x.short) AS unpicked,
                        sum(x.picked - x.shipped) AS in_tote,
                        bool_or(x.problem = 'cancelled') AS taken
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
     WHERE pick_list_id = %s AND order_id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Tote:
    """One order's place on a list: what is still to be picked for it, and what lies in its tote.

    `taken`: something that lay in it was cancelled, and has to be taken out.
    """

    list_id: int
    warehouse: str
    order_id: int
    order: str
    status: str
    tote: int
    unpicked: int
    in_tote: int
    packed: bool
    taken: bool


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
        raise WrongState(
            _("%(order)s is %(status)s; put what is in tote %(tote)s back.")
            % {"order": order, "status": in_words(tote.status), "tote": tote.tote}
        )
    if tote.unpicked:
        raise NotPicked(
            _("%(pick_list)s has %(unpicked)s units more to pick for %(order)s.")
            % {"pick_list": pick_list, "unpicked": tote.unpicked, "order": order}
        )
    if not tote.in_tote:
        raise NothingToShip(
            _("Tote %(tote)s of %(pick_list)s is empty.")
            % {"tote": tote.tote, "pick_list": pick_list}
        )
    _pack([tote], pick_list, actor, now)
    return order_view(reference=order)


def pack_all(
    *,
    pick_list: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[str]:
    """Every tote of this list that is picked and not packed yet is in its parcel; the orders.

    A tote from which something was cancelled is left for somebody to look at. Raises PickListNotFound,
    NothingToShip (there is no such tote), WarehouseNotAllowed.
    """
    require_unit_of_work()
    found = _totes(pick_list, within)
    lock_orders(ids=[tote.order_id for tote in found.values()])
    lock_pick_lists(ids=[tote.list_id for tote in found.values()][:1])
    ready = [tote for tote in _totes(pick_list, within).values() if packable(tote)]
    if not ready:
        raise NothingToShip(
            _("No tote of %(pick_list)s can be packed without a look into it.")
            % {"pick_list": pick_list}
        )
    _pack(ready, pick_list, actor, now)
    return [tote.order for tote in ready]


def packable(tote: Tote) -> bool:
    """May it be packed together with others, without a look at it? Pure."""
    settled = tote.packed or tote.taken or tote.status in OVER
    return bool(tote.in_tote) and not tote.unpicked and not settled


def _pack(totes: Sequence[Tote], pick_list: str, actor: Actor, now: datetime | None) -> None:
    """These totes, locked before, are packed."""
    order_ids = [tote.order_id for tote in totes]
    rows(PACKED, [now, totes[0].list_id, order_ids])
    outbox.record(
        events=[
            Event(
                "order.packed",
                tote.order,
                actor.name,
                [],
                {"pick_list": pick_list, "tote": tote.tote},
            )
            for tote in totes
        ],
        now=now,
    )
    refresh(order_ids=order_ids, actor=actor, now=now)


def ship_packed(
    *,
    pick_list: str,
    orders: Sequence[str] | None = None,
    if_packed: bool = False,
    carrier: str = "",
    tracking_number: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[ShipmentView]:
    """Ship what lies in the totes of these orders on this list (of all, where none is named).

    All orders leave in one call of the engine; what is not picked yet stays on the list. With `if_packed`,
    only if all of these totes are packed. Raises PickListNotFound, NotOnList, NothingToShip (naming the
    orders), WarehouseNotAllowed, InvalidOrder, NotEnoughInBin (PACKING was counted and held less), Raced
    (also where a tote is not packed any more).
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
            _("Nothing to ship of %(empty)s on %(pick_list)s.")
            % {"empty": ", ".join(sorted(empty)) or pick_list, "pick_list": pick_list},
            items=[{"order": reference} for reference in sorted(empty)],
        )
    sent = send(
        parts=parts,
        pick_list_id=list_id,
        carrier=carrier,
        tracking_number=tracking_number,
        actor=actor,
        now=now,
    )
    if if_packed:
        _check_still_packed(pick_list, [tote.order for tote in chosen], within)
    return sent


def ship_part(
    *,
    pick_list: str,
    order: str,
    lines: Sequence[ShipLine],
    if_packed: bool = False,
    carrier: str = "",
    tracking_number: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> ShipmentView:
    """Ship some of what lies in an order's tote on this list, as one parcel; the rest stays there.

    With `if_packed`, only if the tote is packed. Raises PickListNotFound, NotOnList, NotOnOrder (a SKU that
    is not in the tote), NotReserved (more than lies there and is promised), InvalidLines,
    WarehouseNotAllowed, InvalidOrder, NotEnoughInBin, Raced (also where it is not packed any more).
    """
    require_unit_of_work()
    check_label(carrier=carrier, tracking_number=tracking_number)
    tote = _tote(pick_list, order, within)
    there = [
        replace(row, open=min(row.open, row.in_tote))
        for row in promised(order_ids=[tote.order_id], pick_list_id=tote.list_id)
    ]
    parts = parts_of(reference=order, lines=lines, here=there, skus={row.sku for row in there})
    (shipment,) = send(
        parts=parts,
        pick_list_id=tote.list_id,
        carrier=carrier,
        tracking_number=tracking_number,
        actor=actor,
        now=now,
    )
    if if_packed:
        _check_still_packed(pick_list, [order], within)
    return shipment


def _check_still_packed(
    pick_list: str, orders: Sequence[str], within: Collection[str] | None
) -> None:
    """Under the lock of the orders: a problem at the bench may have unpacked a tote since it was read."""
    totes = _totes(pick_list, within)
    if not all(totes[order].packed for order in orders):
        raise Raced(_("A tote was changed while it was to be shipped; look again."))


def _totes(pick_list: str, within: Collection[str] | None) -> dict[str, Tote]:
    """The totes of a list by order. Raises PickListNotFound, WarehouseNotAllowed."""
    found = rows(TOTES, {"list": pick_list})
    if not found:
        raise PickListNotFound(_("There is no pick list %(pick_list)s.") % {"pick_list": pick_list})
    check_within(warehouses=[found[0][1]], within=within)
    return {row[3]: Tote(*row) for row in found if row[2] is not None}


def _tote(pick_list: str, order: str, within: Collection[str] | None) -> Tote:
    return _of(_totes(pick_list, within), pick_list, order)


def _of(totes: dict[str, Tote], pick_list: str, order: str) -> Tote:
    if order not in totes:
        raise NotOnList(
            _("%(pick_list)s has no tote for %(order)s.")
            % {"pick_list": pick_list, "order": order},
            items=[{"order": order}],
        )
    return totes[order]
