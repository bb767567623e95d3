"""Goods leave: the engine ships them, then the papers follow. By set, for any number of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import InvalidOrder
from orders.locks import lock_orders
from orders.queries.promised import Promised
from orders.queries.shipments import ShipmentView, shipment_views
from orders.services.bench_problems import to_report
from orders.services.numbering import SHIPMENT, next_numbers
from orders.services.progress import (
    OWNER,
    finish_lists,
    in_hand,
    refresh,
    withdraw_unpromised,
)
from warehouse.errors import NotEnoughInBin, NotReserved, ReservationClosed
from warehouse.lines import ReservedLine
from warehouse.services.places import PACKING_BIN
from warehouse.services.shipping import ship_lines_batch

MOST_CARRIER, MOST_TRACKING = 40, 80

SENT = """
WITH parcel AS (
    INSERT INTO orders_shipment
           (reference, order_id, warehouse_id, pick_list_id, carrier, tracking_number, actor, shipped_at)
    SELECT d.reference, d.order_id, d.warehouse_id, %(list)s::bigint,
           coalesce(nullif(%(carrier)s, ''), o.carrier), %(tracking_number)s, %(actor)s,
           coalesce(%(now)s::timestamptz, statement_timestamp())
      FROM unnest(%(parcels)s::text[], %(orders)s::bigint[], %(warehouses)s::bigint[])
           WITH ORDINALITY AS d(reference, order_id, warehouse_id, n)
      JOIN orders_salesorder o ON o.id = d.order_id
     ORDER BY d.n
    RETURNING id, reference
), part AS (
    INSERT INTO orders_shipmentline (shipment_id, order_line_id, quantity)
    SELECT p.id, d.line_id, d.quantity
      FROM unnest(%(line_parcels)s::text[], %(lines)s::bigint[], %(quantities)s::int[])
           WITH ORDINALITY AS d(reference, line_id, quantity, n)
      JOIN parcel p USING (reference)
     ORDER BY d.n
), line AS (
    UPDATE orders_orderline y SET shipped = y.shipped + d.quantity
      FROM (SELECT line_id, sum(quantity)::int AS quantity
              FROM unnest(%(lines)s::bigint[], %(quantities)s::int[]) AS x(line_id, quantity)
             GROUP BY line_id) d
     WHERE y.id = d.line_id AND y.quantity - y.cancelled - y.shipped >= d.quantity
    RETURNING y.id
)
SELECT count(*) FROM line
"""

# What was picked first leaves first.
OUT_OF_TOTES = """
    WITH wanted AS (
        SELECT * FROM unnest(%(lines)s::bigint[], %(items)s::bigint[], %(quantities)s::int[])
               AS d(line_id, item_id, quantity)
    ), tote AS (
        SELECT x.id, x.picked - x.shipped AS units, d.quantity,
               sum(x.picked - x.shipped)
                   OVER (PARTITION BY x.order_line_id, x.item_id ORDER BY x.id) AS run
          FROM wanted d
          JOIN orders_pickline x ON x.order_line_id = d.line_id AND x.item_id = d.item_id
         WHERE x.picked > x.shipped
           AND (%(list)s::bigint IS NULL OR x.pick_list_id = %(list)s::bigint)
    )
    UPDATE orders_pickline x SET shipped = x.shipped + part.units
      FROM (SELECT id, least(units, quantity - (run - units))::int AS units
              FROM tote WHERE run - units < quantity) part
     WHERE x.id = part.id
    RETURNING x.pick_list_id, part.units
"""


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of one order line from one warehouse, of which `from_totes` were picked before."""

    promised: Promised
    quantity: int
    from_totes: int

    @property
    def parcel(self) -> tuple[int, int]:
        """One parcel for each order and warehouse."""
        return self.promised.order_id, self.promised.warehouse_id


def check_label(*, carrier: str, tracking_number: str) -> None:
    """Raise InvalidOrder where the words on a parcel are too long to be kept."""
    for name, text, most in (
        ("carrier", carrier, MOST_CARRIER),
        ("tracking_number", tracking_number, MOST_TRACKING),
    ):
        if len(text) > most or "\x00" in text:
            raise InvalidOrder(
                _("%(name)s has at most %(most)s printable characters.")
                % {"name": name, "most": most},
                items=[{"pointer": f"/{name}"}],
            )


def send(
    *,
    parts: Sequence[Part],
    pick_list_id: int | None,
    carrier: str,
    tracking_number: str,
    actor: Actor,
    now: datetime | None,
) -> list[ShipmentView]:
    """Ship these parts; a parcel for each order and warehouse. With a pick list, out of its totes alone.

    Raises Raced where an order, its promise or its totes changed since they were read; nothing is kept.
    """
    _ship(parts, actor, now)
    order_ids = list(dict.fromkeys(part.promised.order_id for part in parts))
    lock_orders(ids=order_ids)
    parcels = _write(parts, pick_list_id, carrier, tracking_number, actor, now)
    lists = _out_of_totes(parts, pick_list_id)
    if any(part.quantity > part.from_totes for part in parts):
        withdraw_unpromised(order_ids=order_ids, now=now)
    finish_lists(list_ids=lists, now=now)
    shipped = shipment_views(references=list(parcels.values()))
    outbox.record(events=[_event(shipment, actor) for shipment in shipped], now=now)
    refresh(order_ids=order_ids, actor=actor, now=now)
    return shipped


def _ship(parts: Sequence[Part], actor: Actor, now: datetime | None) -> None:
    """The engine's part: one call for all orders."""
    lines: dict[str, list[ReservedLine]] = {}
    for part in parts:
        promised = part.promised
        mine = lines.setdefault(promised.reservation, [])
        for quantity, bin_code in (
            (part.from_totes, PACKING_BIN),
            (part.quantity - part.from_totes, None),
        ):
            if quantity:
                mine.append(ReservedLine(promised.sku, quantity, promised.warehouse, bin_code))
    try:
        with in_hand(references=lines):
            ship_lines_batch(lines=lines, owner=OWNER, actor=actor, now=now)
    except (NotReserved, ReservationClosed) as error:
        raise Raced(_("An order was changed while it was to be shipped; look again.")) from error
    except NotEnoughInBin as error:
        raise to_report(error) from error


def _write(
    parts: Sequence[Part],
    pick_list_id: int | None,
    carrier: str,
    tracking_number: str,
    actor: Actor,
    now: datetime | None,
) -> dict[tuple[int, int], str]:
    """Shipments with their lines, and what the order lines have shipped; the parcels' numbers."""
    keys = list(dict.fromkeys(part.parcel for part in parts))
    numbers = next_numbers(prefix=SHIPMENT, count=len(keys))
    parcels = dict(zip(keys, numbers, strict=True))
    ((count,),) = rows(
        SENT,
        {
            "list": pick_list_id,
            "carrier": carrier,
            "tracking_number": tracking_number,
            "actor": actor.name,
            "now": now,
            "parcels": numbers,
            "orders": [order_id for order_id, _ in keys],
            "warehouses": [warehouse_id for _, warehouse_id in keys],
            "line_parcels": [parcels[part.parcel] for part in parts],
            "lines": [part.promised.line_id for part in parts],
            "quantities": [part.quantity for part in parts],
        },
    )
    if count < len({part.promised.line_id for part in parts}):
        raise Raced(_("An order line was cancelled or shipped meanwhile; look again."))
    return parcels


def _out_of_totes(parts: Sequence[Part], pick_list_id: int | None) -> list[int]:
    """The pick lines follow; ids of the lists concerned. Raises Raced where a scan was taken back."""
    picked = [part for part in parts if part.from_totes]
    if not picked:
        return []
    taken = rows(
        OUT_OF_TOTES,
        {
            "list": pick_list_id,
            "lines": [part.promised.line_id for part in picked],
            "items": [part.promised.item_id for part in picked],
            "quantities": [part.from_totes for part in picked],
        },
    )
    if sum(units for _, units in taken) < sum(part.from_totes for part in picked):
        raise Raced(_("A tote was changed while it was to be shipped; look again."))
    return sorted({list_id for list_id, _ in taken})


def _event(shipment: ShipmentView, actor: Actor) -> Event:
    return Event(
        type="order.shipped",
        reference=shipment.order,
        actor=actor.name,
        levels=[],
        details={
            "shipment": shipment.reference,
            "warehouse": shipment.warehouse,
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "lines": [{"sku": line.sku, "quantity": line.quantity} for line in shipment.lines],
        },
    )
