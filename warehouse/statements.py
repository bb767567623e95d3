"""Every write of the stock engine: one statement per unit of work, one part per table, by set.

Each part is a common table expression over `unnest` arrays; a statement is made of the parts that have
something to write, so the number of round trips does not depend on the number of lines. Counters move by
addition, never by a value computed elsewhere. All rows concerned are locked before (locks.py).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from warehouse.changes import Change, Posting

MOMENT = "coalesce(%(now)s::timestamptz, statement_timestamp())"


def int_array(values: Iterable[int | None]) -> str:
    """A PostgreSQL array literal: one text parameter, whatever the size of the integers in it."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


# --- Reserving -------------------------------------------------------------------------------------
# A reference that another transaction has just taken writes nothing at all: every other part joins the
# headers that were really inserted.

RESERVE = f"""
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(orders)s::jsonb)
           AS o(place int, reference text, fingerprint text, actor text, owner text, pinned bool,
                expires_in int)
), header AS (
    INSERT INTO warehouse_reservation
           (reference, status, fingerprint, actor, owner, pinned, expires_at, created_at, updated_at)
    SELECT o.reference, 'active', o.fingerprint, o.actor, o.owner, o.pinned,
           {MOMENT} + o.expires_in * interval '1 second', {MOMENT}, {MOMENT}
      FROM wanted o
        ON CONFLICT (reference) DO NOTHING
    RETURNING id, reference, expires_at
), line AS (
    INSERT INTO warehouse_reservationline
           (reservation_id, item_id, quantity, shipped, released, backordered)
    SELECT h.id, l.item_id, l.quantity, 0, 0, l.backordered
      FROM unnest(%(line_orders)s::int[], %(line_items)s::bigint[], %(line_quantities)s::int[],
                  %(line_backordered)s::int[]) AS l(place, item_id, quantity, backordered)
      JOIN wanted o USING (place)
      JOIN header h USING (reference)
    RETURNING item_id, quantity - backordered AS quantity
), item AS (
    UPDATE warehouse_inventoryitem i
       SET reserved = i.reserved + d.quantity, version = i.version + 1, updated_at = {MOMENT}
      FROM (SELECT item_id, sum(quantity)::int AS quantity FROM line GROUP BY item_id) d
     WHERE i.id = d.item_id
), event AS ({outbox.INSERT}
      JOIN header USING (reference)
)
SELECT reference, expires_at FROM header
"""


@dataclass(frozen=True, slots=True)
class NewReservation:
    reference: str
    fingerprint: str
    actor: str
    pinned: bool
    expires_in: int | None
    owner: str
    grants: Sequence[tuple[int, int, int]]  # item id, quantity, of which backordered


def write_reservations(
    *, orders: Sequence[NewReservation], events: Sequence[Event], now: Any
) -> dict[str, Any]:
    """Insert reservations with their lines, raise `reserved`, record the events.

    Returns the expiry by reference of those written; a reference missing there was taken meanwhile.
    """
    grants = [(place, *grant) for place, order in enumerate(orders) for grant in order.grants]
    told = [
        {
            "place": place,
            "reference": order.reference,
            "fingerprint": order.fingerprint,
            "actor": order.actor,
            "owner": order.owner,
            "pinned": order.pinned,
            "expires_in": order.expires_in,
        }
        for place, order in enumerate(orders)
    ]
    written = rows(
        RESERVE,
        {
            "orders": json.dumps(told, separators=(",", ":")),
            "line_orders": int_array(grant[0] for grant in grants),
            "line_items": int_array(grant[1] for grant in grants),
            "line_quantities": int_array(grant[2] for grant in grants),
            "line_backordered": int_array(grant[3] for grant in grants),
            "now": now,
            **outbox.parameters(events=events),
        },
    )
    return dict(written)


LOST_DEMAND = f"""
    INSERT INTO warehouse_lostdemand
           (reference, product_id, warehouse_id, requested, available, actor, occurred_at)
    SELECT l.reference, p.id, w.id, l.requested, l.available, l.actor, {MOMENT}
      FROM unnest(%(references)s::text[], %(skus)s::text[], %(warehouses)s::text[],
                  %(requested)s::int[], %(available)s::int[], %(actors)s::text[])
           AS l(reference, sku, warehouse, requested, available, actor)
      JOIN warehouse_product p ON p.sku = l.sku
      LEFT JOIN warehouse_warehouse w ON w.code = l.warehouse
     ORDER BY l.reference, p.id
        ON CONFLICT (reference, product_id)
        DO UPDATE SET requested = excluded.requested, available = excluded.available
"""


@dataclass(frozen=True, slots=True)
class Lost:
    reference: str
    sku: str
    warehouse: str | None
    requested: int
    available: int
    actor: str


def write_lost_demand(*, lost: Sequence[Lost], now: Any) -> None:
    """Record what was refused; the same reference and product counts once, with its last figures."""
    rows(
        LOST_DEMAND,
        {
            "references": [row.reference for row in lost],
            "skus": [row.sku for row in lost],
            "warehouses": [row.warehouse for row in lost],
            "requested": int_array(row.requested for row in lost),
            "available": int_array(row.available for row in lost),
            "actors": [row.actor for row in lost],
            "now": now,
        },
    )


# --- Everything else -------------------------------------------------------------------------------

# The column of the primary bin is named only where an item gets its first one: a statement that names it is
# told apart as one that changes a setting.
FIRST_BIN = "\n           primary_bin_id = coalesce(i.primary_bin_id, d.primary_bin_id),"
ITEMS = f"""item AS (
    UPDATE warehouse_inventoryitem i
       SET on_hand = i.on_hand + d.on_hand, reserved = i.reserved + d.reserved,
           unsellable = i.unsellable + d.unsellable, inbound = i.inbound + d.inbound,{{first_bin}}
           last_counted_at = CASE WHEN d.counted THEN {MOMENT} ELSE i.last_counted_at END,
           version = i.version + 1, updated_at = {MOMENT}
      FROM unnest(%(items)s::bigint[], %(items_on_hand)s::int[], %(items_reserved)s::int[],
                  %(items_unsellable)s::int[], %(items_inbound)s::int[],
                  %(items_primary_bin)s::bigint[], %(items_counted)s::bool[])
           AS d(id, on_hand, reserved, unsellable, inbound, primary_bin_id, counted)
     WHERE i.id = d.id)"""

# A check constraint is tried on the row proposed before a conflict is seen, so what leaves a bin
# cannot go through the same upsert as what comes in.
BINS_OUT = """bin_out AS (
    UPDATE warehouse_binstock b SET quantity = b.quantity + d.quantity
      FROM unnest(%(out_items)s::bigint[], %(out_bins)s::bigint[], %(out_quantities)s::int[])
           AS d(item_id, bin_id, quantity)
     WHERE b.item_id = d.item_id AND b.bin_id = d.bin_id)"""

BINS_IN = """bin_in AS (
    INSERT INTO warehouse_binstock AS b (item_id, bin_id, quantity)
    SELECT * FROM unnest(%(in_items)s::bigint[], %(in_bins)s::bigint[], %(in_quantities)s::int[])
        ON CONFLICT (item_id, bin_id) DO UPDATE SET quantity = b.quantity + excluded.quantity)"""

MOVEMENTS = f"""movement AS (
    INSERT INTO warehouse_stockmovement
           (item_id, type, quantity, bin_from_id, bin_to_id, on_hand_after, reference, reason,
            notes, actor, user_id, occurred_at)
    SELECT m.item_id, m.type, m.quantity, m.bin_from, m.bin_to, m.on_hand_after, m.reference,
           m.reason, %(notes)s, %(actor)s, %(user_id)s::int, {MOMENT}
      FROM unnest(%(m_items)s::bigint[], %(m_types)s::text[], %(m_quantities)s::int[],
                  %(m_from)s::bigint[], %(m_to)s::bigint[], %(m_after)s::int[],
                  %(m_references)s::text[], %(m_reasons)s::text[])
           WITH ORDINALITY AS m(item_id, type, quantity, bin_from, bin_to, on_hand_after,
                                reference, reason, place)
     ORDER BY m.place)"""

LINES = """line AS (
    UPDATE warehouse_reservationline l
       SET quantity = l.quantity + d.quantity, shipped = l.shipped + d.shipped,
           released = l.released + d.released, backordered = l.backordered + d.backordered
      FROM unnest(%(lines)s::bigint[], %(lines_quantity)s::int[], %(lines_shipped)s::int[],
                  %(lines_released)s::int[], %(lines_backordered)s::int[])
           AS d(id, quantity, shipped, released, backordered)
     WHERE l.id = d.id)"""

MOVED_LINES = """moved_line AS (
    INSERT INTO warehouse_reservationline AS l
           (reservation_id, item_id, quantity, shipped, released, backordered)
    SELECT d.reservation_id, d.item_id, d.quantity, 0, 0, 0
      FROM unnest(%(moved_reservations)s::bigint[], %(moved_items)s::bigint[],
                  %(moved_quantities)s::int[]) AS d(reservation_id, item_id, quantity)
        ON CONFLICT (reservation_id, item_id)
        DO UPDATE SET quantity = l.quantity + excluded.quantity)"""

STATUSES = f"""status AS (
    UPDATE warehouse_reservation r SET status = d.status, updated_at = {MOMENT}
      FROM unnest(%(status_ids)s::bigint[], %(statuses)s::text[]) AS d(id, status)
     WHERE r.id = d.id)"""

INBOUND = """inbound AS (
    UPDATE warehouse_inboundline n
       SET quantity = n.quantity + d.quantity, received = n.received + d.received,
           cancelled = n.cancelled + d.cancelled
      FROM unnest(%(inbound)s::bigint[], %(inbound_quantity)s::int[], %(inbound_received)s::int[],
                  %(inbound_cancelled)s::int[]) AS d(id, quantity, received, cancelled)
     WHERE n.id = d.id)"""

SUGGESTIONS_OPENED = f"""opened AS (
    INSERT INTO warehouse_reordersuggestion (item_id, available, inbound, quantity, opened_at)
    SELECT o.item_id, o.available, o.inbound, o.quantity, {MOMENT}
      FROM unnest(%(opened_items)s::bigint[], %(opened_available)s::int[],
                  %(opened_inbound)s::int[], %(opened_quantities)s::int[])
           AS o(item_id, available, inbound, quantity)
        ON CONFLICT (item_id) WHERE closed_at IS NULL DO NOTHING)"""

SUGGESTIONS_CLOSED = f"""closed AS (
    UPDATE warehouse_reordersuggestion SET closed_at = {MOMENT}
     WHERE closed_at IS NULL AND item_id = ANY(%(closed_items)s::bigint[]))"""

EVENTS = f"event AS ({outbox.INSERT})"


def write(*, change: Change, posting: Posting, events: Sequence[Event]) -> None:
    """Write a whole change in one statement."""
    params: dict[str, Any] = {"now": posting.now, **outbox.parameters(events=events)}
    parts = [
        *_stock_parts(change, posting, params),
        *_promise_parts(change, params),
        *_reorder_parts(change, params),
        EVENTS,
    ]
    rows("WITH " + ",\n".join(parts) + "\nSELECT 1", params)


def write_suggestions(*, change: Change, now: Any) -> None:
    """Open and close reorder suggestions alone, where the rest was written by another statement."""
    params: dict[str, Any] = {"now": now}
    parts = _reorder_parts(change, params)
    if parts:
        rows("WITH " + ",\n".join(parts) + "\nSELECT 1", params)


def _stock_parts(change: Change, posting: Posting, params: dict[str, Any]) -> list[str]:
    parts = []
    if change.touched:
        states = list(change.touched.values())
        moved = [
            tuple(now - then for now, then in zip(_counters(state), state.locked, strict=True))
            for state in states
        ]
        params["items"] = int_array(change.touched)
        for place, name in enumerate(("on_hand", "reserved", "unsellable", "inbound")):
            params[f"items_{name}"] = int_array(delta[place] for delta in moved)
        primary = change.new_primary_bins
        params["items_primary_bin"] = int_array(
            primary[state.id].id if state.id in primary else None for state in states
        )
        params["items_counted"] = [state.id in change.counted for state in states]
        parts.append(ITEMS.format(first_bin=FIRST_BIN if primary else ""))
    for name, sign, text in (("out", -1, BINS_OUT), ("in", 1, BINS_IN)):
        chosen = [(key, delta) for key, delta in change.bins.items() if delta * sign > 0]
        if chosen:
            params[f"{name}_items"] = int_array(item for (item, _), _ in chosen)
            params[f"{name}_bins"] = int_array(bin_ for (_, bin_), _ in chosen)
            params[f"{name}_quantities"] = int_array(delta for _, delta in chosen)
            parts.append(text)
    if change.movements:
        params |= _movements(change, posting)
        parts.append(MOVEMENTS)
    return parts


def _counters(state: Any) -> tuple[int, int, int, int]:
    return state.on_hand, state.reserved, state.unsellable, state.inbound


def _movements(change: Change, posting: Posting) -> dict[str, Any]:
    made = change.movements
    return {
        "notes": posting.notes,
        "actor": posting.actor,
        "user_id": posting.user_id,
        "m_items": int_array(m.item_id for m in made),
        "m_types": [m.type for m in made],
        "m_quantities": int_array(m.quantity for m in made),
        "m_from": int_array(m.bin_from for m in made),
        "m_to": int_array(m.bin_to for m in made),
        "m_after": int_array(m.on_hand_after for m in made),
        "m_references": [m.reference for m in made],
        "m_reasons": [m.reason for m in made],
    }


def _promise_parts(change: Change, params: dict[str, Any]) -> list[str]:
    parts = []
    if change.line_deltas:
        deltas = change.line_deltas.values()
        params["lines"] = int_array(change.line_deltas)
        for name in ("quantity", "shipped", "released", "backordered"):
            params[f"lines_{name}"] = int_array(getattr(delta, name) for delta in deltas)
        parts.append(LINES)
    if change.moved_lines:
        params["moved_reservations"] = int_array(key[0] for key in change.moved_lines)
        params["moved_items"] = int_array(key[1] for key in change.moved_lines)
        params["moved_quantities"] = int_array(change.moved_lines.values())
        parts.append(MOVED_LINES)
    if change.statuses:
        params["status_ids"] = int_array(change.statuses)
        params["statuses"] = list(change.statuses.values())
        parts.append(STATUSES)
    inbound = change.inbound_expected | change.inbound_received | change.inbound_cancelled
    if inbound:
        params["inbound"] = int_array(inbound)
        for name in ("expected", "received", "cancelled"):
            amounts = getattr(change, f"inbound_{name}")
            key = "quantity" if name == "expected" else name
            params[f"inbound_{key}"] = int_array(amounts.get(line, 0) for line in inbound)
        parts.append(INBOUND)
    return parts


def _reorder_parts(change: Change, params: dict[str, Any]) -> list[str]:
    """Only items that crossed their reorder point, up or down, have something to write."""
    crossed = [s for s in change.touched.values() if s.reorder_point and s.is_low != s.was_low]
    opened = [state for state in crossed if state.is_low]
    closed = [state.id for state in crossed if not state.is_low]
    parts = []
    if opened:
        params["opened_items"] = int_array(state.id for state in opened)
        params["opened_available"] = int_array(state.available for state in opened)
        params["opened_inbound"] = int_array(state.inbound for state in opened)
        params["opened_quantities"] = int_array(state.to_order for state in opened)
        parts.append(SUGGESTIONS_OPENED)
    if closed:
        params["closed_items"] = int_array(closed)
        parts.append(SUGGESTIONS_CLOSED)
    return parts
