"""Proving the books: every invariant of the stock model, row by row, in one snapshot.

One statement, so that changes made meanwhile are seen whole or not at all. Nothing is healed here: a
repair is a movement with a reason and a user.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from inventory_site.core.sql import rows
from warehouse.models.ledger import digest_of
from warehouse.services.further_checks import further_checks

# Each part: subject, what should be, what is; the name of the part is the invariant.
CHECKS = {
    "on hand is the sum of movements": """
        SELECT item_id, NULL::bigint, moved, on_hand FROM item WHERE on_hand <> moved""",
    "on hand is the sum of bins": """
        SELECT item_id, NULL::bigint, held, on_hand FROM item WHERE on_hand <> held""",
    "the last movement resulted in on hand": """
        SELECT i.item_id, NULL::bigint, i.on_hand, m.on_hand_after
          FROM item i JOIN running m ON m.item_id = i.item_id AND m.last
         WHERE m.on_hand_after <> i.on_hand""",
    "each movement continues the one before": """
        SELECT item_id, id, expected, on_hand_after FROM running WHERE on_hand_after <> expected""",
    # Of rows from before there were digests none has one; all of them are older than any that has.
    "a movement is as it was written, and so is the one before": f"""
        SELECT m.item_id, m.id, 1, 0
          FROM warehouse_stockmovement m JOIN running r USING (id)
         WHERE m.digest IS DISTINCT FROM {digest_of("m", before="digest_before")}
           AND (m.digest IS NOT NULL
                OR m.id > (SELECT min(id) FROM warehouse_stockmovement WHERE digest IS NOT NULL))""",
    "what an event told stands in the ledger": """
        SELECT c.item_id, NULL::bigint, c.on_hand - c.before, 0
          FROM (SELECT item_id, version, max(on_hand) AS on_hand,
                       lag(max(on_hand), 1, 0) OVER (PARTITION BY item_id ORDER BY version) AS before
                  FROM told GROUP BY item_id, version) c
         WHERE c.on_hand <> c.before
           AND NOT EXISTS (
               SELECT FROM told e
                 JOIN warehouse_stockmovement m
                   ON m.item_id = e.item_id AND m.reference = e.reference
                  AND m.on_hand_after = e.on_hand
                WHERE e.item_id = c.item_id AND e.version = c.version)""",
    # What was picked on one walk is moved at once, and each movement names the order that it is for.
    "a movement was told by an event of its kind": """
        SELECT m.item_id, m.id, m.quantity, 0
          FROM warehouse_stockmovement m
         WHERE NOT EXISTS (
               SELECT FROM told e JOIN tells k ON k.event = e.type
                WHERE e.item_id = m.item_id AND k.movement = m.type
                  AND CASE e.type WHEN 'stock.moved' THEN '' ELSE e.reference END
                      = CASE m.type WHEN 'move' THEN '' ELSE m.reference END)""",
    "a bin holds the sum of its movements": """
        SELECT item_id, bin_id, coalesce(m.quantity, 0), coalesce(s.quantity, 0)
          FROM (SELECT item_id, bin_id, sum(quantity) AS quantity
                  FROM (SELECT item_id, quantity,
                               CASE WHEN quantity < 0 THEN bin_from_id ELSE bin_to_id END AS bin_id
                          FROM warehouse_stockmovement) x
                 GROUP BY item_id, bin_id) m
          FULL JOIN warehouse_binstock s USING (item_id, bin_id)
         WHERE coalesce(m.quantity, 0) <> coalesce(s.quantity, 0)""",
    "unsellable is what quarantine bins hold": """
        SELECT item_id, NULL::bigint, quarantined, unsellable FROM item WHERE unsellable <> quarantined""",
    "reserved is the open part of active reservations": """
        SELECT item_id, NULL::bigint, promised, reserved FROM item WHERE reserved <> promised""",
    "a closed reservation holds nothing": """
        SELECT l.item_id, l.reservation_id, 0, l.quantity - l.shipped - l.released
          FROM warehouse_reservationline l JOIN warehouse_reservation r ON r.id = l.reservation_id
         WHERE r.status <> 'active' AND l.quantity > l.shipped + l.released""",
    "what a reservation shipped left the shelf": """
        SELECT l.item_id, r.id, l.shipped, coalesce(m.quantity, 0)
          FROM (SELECT reservation_id, item_id, sum(shipped) AS shipped
                  FROM warehouse_reservationline GROUP BY 1, 2) l
          JOIN warehouse_reservation r ON r.id = l.reservation_id
          LEFT JOIN (SELECT reference, item_id, -sum(quantity) AS quantity
                       FROM warehouse_stockmovement WHERE type = 'ship' GROUP BY 1, 2) m
            ON m.reference = r.reference AND m.item_id = l.item_id
         WHERE l.shipped <> coalesce(m.quantity, 0)""",
    "inbound is what is still expected": """
        SELECT item_id, NULL::bigint, expected, inbound FROM item WHERE inbound <> expected""",
    "nothing is promised twice or below zero": """
        SELECT item_id, NULL::bigint, on_hand - unsellable, reserved FROM item
         WHERE reserved < 0 OR unsellable < 0 OR inbound < 0 OR reserved + unsellable > on_hand""",
    "each change left its event": """
        SELECT i.item_id, NULL::bigint, i.version - 1, count(DISTINCT e.version)
          FROM item i LEFT JOIN told e USING (item_id)
         GROUP BY i.item_id, i.version
        HAVING i.version - 1 <> count(DISTINCT e.version)""",
    # Reservations that were shipped or expired at once each tell of an item that they share.
    "an event tells of a change once": """
        SELECT item_id, NULL::bigint, 1, count(*)
          FROM told GROUP BY item_id, version, reference HAVING count(*) > 1""",
    "each reservation was told of once": """
        SELECT l.item_id, r.id, 1, coalesce(e.times, 0)
          FROM warehouse_reservation r
          JOIN (SELECT reservation_id, min(item_id) AS item_id
                  FROM warehouse_reservationline GROUP BY 1) l ON l.reservation_id = r.id
          LEFT JOIN (SELECT reference, count(*) AS times FROM notifications_outboxevent
                      WHERE type = 'reservation.created' GROUP BY 1) e USING (reference)
         WHERE coalesce(e.times, 0) <> 1""",
    "the last event told the present level": """
        SELECT i.item_id, NULL::bigint, i.on_hand - i.unsellable - i.reserved, e.available
          FROM item i JOIN told e ON e.item_id = i.item_id AND e.version = i.version
         WHERE (e.on_hand, e.reserved, e.inbound) <> (i.on_hand, i.reserved, i.inbound)""",
}

BOOKS = """
WITH running AS (
    SELECT id, item_id, on_hand_after,
           sum(quantity) OVER (PARTITION BY item_id ORDER BY id) AS expected,
           lag(digest) OVER (PARTITION BY item_id ORDER BY id) AS digest_before,
           lead(id) OVER (PARTITION BY item_id ORDER BY id) IS NULL AS last
      FROM warehouse_stockmovement
), item AS (
    SELECT i.id AS item_id, i.on_hand, i.reserved, i.unsellable, i.inbound, i.version,
           coalesce(m.quantity, 0) AS moved, coalesce(b.quantity, 0) AS held,
           coalesce(b.quarantined, 0) AS quarantined, coalesce(r.open, 0) AS promised,
           coalesce(n.open, 0) AS expected
      FROM warehouse_inventoryitem i
      LEFT JOIN (SELECT item_id, sum(quantity) AS quantity
                   FROM warehouse_stockmovement GROUP BY 1) m ON m.item_id = i.id
      LEFT JOIN (SELECT s.item_id, sum(s.quantity) AS quantity,
                        sum(s.quantity) FILTER (WHERE p.kind = 'quarantine') AS quarantined
                   FROM warehouse_binstock s JOIN warehouse_bin p ON p.id = s.bin_id
                  GROUP BY 1) b ON b.item_id = i.id
      LEFT JOIN (SELECT l.item_id,
                        sum(l.quantity - l.shipped - l.released - l.backordered) AS open
                   FROM warehouse_reservationline l
                   JOIN warehouse_reservation h ON h.id = l.reservation_id AND h.status = 'active'
                  GROUP BY 1) r ON r.item_id = i.id
      LEFT JOIN (SELECT item_id, sum(quantity - received - cancelled) AS open
                   FROM warehouse_inboundline GROUP BY 1) n ON n.item_id = i.id
), tells (event, movement) AS (
    VALUES ('stock.received', 'receive'), ('stock.received', 'transfer'), ('stock.opened', 'receive'),
           ('stock.returned', 'return'), ('stock.returned', 'damage'), ('stock.damaged', 'damage'),
           ('stock.adjusted', 'adjust'), ('stock.counted', 'cycle_count'), ('stock.moved', 'move'),
           ('stock.transferred', 'transfer'), ('transfer.dispatched', 'transfer'),
           ('inbound.cancelled', 'transfer'), ('inbound.cancelled', 'damage'),
           ('reservation.shipped', 'ship')
), told AS (
    SELECT i.id AS item_id, e.type, e.reference, x.version, x.on_hand, x.reserved, x.inbound, x.available
      FROM notifications_outboxevent e
     CROSS JOIN LATERAL jsonb_to_recordset(e.levels)
           AS x(sku text, warehouse text, on_hand int, reserved int, inbound int,
                available int, version bigint)
      JOIN warehouse_product p ON p.sku = x.sku
      JOIN warehouse_warehouse w ON w.code = x.warehouse
      JOIN warehouse_inventoryitem i ON i.product_id = p.id AND i.warehouse_id = w.id
)"""


@dataclass(frozen=True, slots=True)
class Drift:
    """One row that does not agree with the rest of the books."""

    invariant: str
    subject: str
    expected: int
    found: int

    @property
    def message(self) -> str:
        return f"{self.subject}: {self.invariant}; expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was looked at."""

    items: int
    movements: int
    reservations: int
    events: int


def every_check() -> dict[str, str]:
    """All that is proved, by the name of the invariant."""
    return CHECKS | further_checks()


def verify_ledger() -> list[Drift]:
    """Every row that breaks an invariant of the stock model; empty when the books are right."""
    checks = every_check()
    parts = "\nUNION ALL\n".join(
        f"SELECT {place}, c.* FROM ({check}) AS c(item_id, detail, expected, found)"
        for place, check in enumerate(checks.values())
    )
    names = list(checks)
    found = _without_timeout(
        BOOKS
        + f"""
        SELECT d.place, coalesce(p.sku || ' in ' || w.code, 'item ' || d.item_id || ', which is gone',
                                 'no item'), d.detail, d.expected, d.found
          FROM ({parts}) AS d(place, item_id, detail, expected, found)
          LEFT JOIN warehouse_inventoryitem i ON i.id = d.item_id
          LEFT JOIN warehouse_product p ON p.id = i.product_id
          LEFT JOIN warehouse_warehouse w ON w.id = i.warehouse_id
         ORDER BY p.sku, w.code, d.place, d.detail"""
    )
    return [
        Drift(
            invariant=names[place],
            subject=subject + (f" (row {detail})" if detail else ""),
            expected=int(expected),
            found=int(is_),
        )
        for place, subject, detail, expected, is_ in found
    ]


def timed_proof() -> tuple[list[Drift], int]:
    """`verify_ledger`, and how many milliseconds it took."""
    began = time.monotonic()
    drifts = verify_ledger()
    return drifts, round((time.monotonic() - began) * 1000)


def extent() -> Extent:
    """How many rows a proof covers."""
    tables = ("inventoryitem", "stockmovement", "reservation")
    counts = ", ".join(f"(SELECT count(*) FROM warehouse_{table})" for table in tables)
    ((items, movements, reservations, events),) = _without_timeout(
        f"SELECT {counts}, (SELECT count(*) FROM notifications_outboxevent)"
    )
    return Extent(items, movements, reservations, events)


def _without_timeout(sql: str) -> list[tuple[Any, ...]]:
    """A proof reads everything there is, which may take longer than a request ever should.

    It joins whole tables, so nested loops can only be the wrong guess of a planner without statistics
    (a restored or just filled database); seen to take minutes instead of milliseconds.
    """
    with transaction.atomic():
        rows(
            "SELECT set_config('statement_timeout', '0', true),"
            " set_config('enable_nestloop', 'off', true)",
            [],
        )
        return rows(sql, [])
