"""Count tasks as services, pages and the API read them. Whoever counts is never told the books."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from inventory_site.core.sql import rows
from warehouse.turnover import CLASSES

LIVE = "('open', 'recount', 'approval')"

TASK = """
    SELECT t.id, t.reference, w.code, t.warehouse_id, b.code, t.bin_id, p.sku, p.name, t.reason,
           t.status, t.missing, t.claimed_by_id, u.username, t.ledger_mark, t.due_at,
           coalesce(r.round, 0), coalesce(r.disputed, '[]'::jsonb), coalesce(y.tally, '[]'::jsonb),
           coalesce(r.counters, ARRAY[]::text[])
      FROM orders_counttask t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      JOIN warehouse_bin b ON b.id = t.bin_id
      LEFT JOIN warehouse_product p ON p.id = t.product_id
      LEFT JOIN auth_user u ON u.id = t.claimed_by_id
     CROSS JOIN LATERAL (
           SELECT max(e.round) AS round, array_agg(DISTINCT e.actor) AS counters,
                  jsonb_agg(jsonb_build_array(e.product_id, q.sku, q.name, e.counted, e.expected,
                                              e.ledger_mark, q.unit_cost::text) ORDER BY q.sku)
                  FILTER (WHERE NOT e.booked) AS disputed
             FROM (SELECT e.*, max(e.round) OVER () AS last FROM orders_countentry e
                    WHERE e.task_id = t.id) e
             JOIN warehouse_product q ON q.id = e.product_id
            WHERE e.round = e.last) r
     CROSS JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_array(q.sku, q.name, y.counted) ORDER BY y.id DESC) AS tally
             FROM orders_counttally y JOIN warehouse_product q ON q.id = y.product_id
            WHERE y.task_id = t.id) y
     WHERE t.reference = %s
"""


@dataclass(frozen=True, slots=True)
class Disputed:
    """A product whose last count differed by more than the tolerance."""

    product_id: int
    sku: str
    name: str
    counted: int
    expected: int
    ledger_mark: int
    unit_cost: Decimal | None

    @property
    def difference(self) -> int:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Counted:
    """What has been counted of a product so far."""

    sku: str
    name: str
    counted: int


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task with everything that a service decides by. Not for the eyes of whoever counts."""

    id: int
    reference: str
    warehouse: str
    warehouse_id: int
    bin: str
    bin_id: int
    sku: str | None
    name: str | None
    reason: str
    status: str
    missing: int
    claimed_by_id: int | None
    claimed_by: str | None
    ledger_mark: int
    due_at: datetime
    round: int  # of the last count handed in
    disputed: Sequence[Disputed]
    tally: Sequence[Counted]
    counters: Sequence[str]  # of the last round


def task_facts(*, reference: str) -> TaskFacts | None:
    """A task by its number."""
    found = rows(TASK, [reference])
    if not found:
        return None
    *plain, disputed, tally, counters = found[0]
    in_dispute = [
        Disputed(*[*x[:6], None if x[6] is None else Decimal(x[6])]) for x in json.loads(disputed)
    ]
    return TaskFacts(*[*plain, in_dispute, [Counted(*x) for x in json.loads(tally)], counters])


@dataclass(frozen=True, slots=True)
class CountTaskView:
    """A task as whoever counts sees it: where, what, how far; never how many there should be.

    `again`: the products to be counted once more, where only those are.
    """

    reference: str
    warehouse: str
    bin: str
    sku: str | None
    name: str | None
    reason: str
    status: str
    claimed_by_id: int | None
    claimed_by: str | None
    due_at: datetime
    round: int  # the one to be counted now
    again: Sequence[tuple[str, str]]
    tally: Sequence[Counted]
    counters: Sequence[str]

    @property
    def counted(self) -> int:
        """Units so far."""
        return sum(line.counted for line in self.tally)

    @property
    def waiting(self) -> Sequence[tuple[str, str]]:
        """Products to be counted again that have no count yet."""
        done = {line.sku for line in self.tally}
        return [product for product in self.again if product[0] not in done]


def task_view(*, reference: str) -> CountTaskView | None:
    """A task for whoever counts it, blind. One statement."""
    facts = task_facts(reference=reference)
    if facts is None:
        return None
    return CountTaskView(
        reference=facts.reference,
        warehouse=facts.warehouse,
        bin=facts.bin,
        sku=facts.sku,
        name=facts.name,
        reason=facts.reason,
        status=facts.status,
        claimed_by_id=facts.claimed_by_id,
        claimed_by=facts.claimed_by,
        due_at=facts.due_at,
        round=facts.round + 1,
        again=[(x.sku, x.name) for x in facts.disputed],
        tally=facts.tally,
        counters=facts.counters,
    )


@dataclass(frozen=True, slots=True)
class TaskToDo:
    """A task in a list."""

    reference: str
    bin: str
    sku: str | None
    name: str | None
    reason: str
    status: str
    mine: bool
    counted_by_me: bool  # before: somebody else should count it again
    due_at: datetime


def tasks_to_do(
    *, warehouse_id: int, user_id: int, actor: str, now: datetime | None = None, limit: int = 50
) -> list[TaskToDo]:
    """What this person can count now: their own tasks, then what is due and free, in walk order.

    A recount of what they counted themselves comes last.
    """
    found = rows(
        """SELECT t.reference, b.code, p.sku, p.name, t.reason, t.status,
                  t.claimed_by_id IS NOT NULL, me.counted, t.due_at
             FROM orders_counttask t
             JOIN warehouse_bin b ON b.id = t.bin_id
             LEFT JOIN warehouse_product p ON p.id = t.product_id
            CROSS JOIN LATERAL (
                  SELECT EXISTS (SELECT FROM orders_countentry e
                                  WHERE e.task_id = t.id AND e.actor = %s) AS counted) me
            WHERE t.warehouse_id = %s AND t.status IN ('open', 'recount')
              AND (t.claimed_by_id = %s OR t.claimed_by_id IS NULL)
              AND t.due_at <= coalesce(%s::timestamptz, statement_timestamp())
            ORDER BY t.claimed_by_id IS NULL, me.counted, t.reason <> 'short_pick',
                     t.due_at::date, b.pick_sequence, b.code, t.id
            LIMIT %s""",
        [actor, warehouse_id, user_id, now, limit],
    )
    return [TaskToDo(*row) for row in found]


def task_for_bin(*, warehouse_id: int, bin: str, user_id: int) -> str | None:
    """The task that this person may count in a bin: their own, else one that is free, the oldest."""
    found = rows(
        """SELECT t.reference
             FROM orders_counttask t JOIN warehouse_bin b ON b.id = t.bin_id
            WHERE t.warehouse_id = %s AND b.code = %s AND t.status IN ('open', 'recount')
              AND (t.claimed_by_id = %s OR t.claimed_by_id IS NULL)
            ORDER BY t.claimed_by_id IS NULL, t.due_at, t.id LIMIT 1""",
        [warehouse_id, bin, user_id],
    )
    return found[0][0] if found else None


def suspect_bins(*, warehouse_id: int) -> set[int]:
    """Bins in which a picker found less than the books say, and nobody has counted since."""
    found = rows(
        f"""SELECT DISTINCT bin_id FROM orders_counttask
             WHERE warehouse_id = %s AND reason = 'short_pick' AND status IN {LIVE}""",
        [warehouse_id],
    )
    return {bin_id for (bin_id,) in found}


# --- For managers -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """What a count found of a product, with what the rounds said before."""

    sku: str
    name: str
    expected: int
    counted: int
    unit_cost: Decimal | None
    rounds: Sequence[tuple[int, int, int, str]]  # round, counted, expected, by whom

    @property
    def difference(self) -> int:
        return self.counted - self.expected

    @property
    def value(self) -> Decimal | None:
        """Of the difference; None where the product has no cost."""
        return None if self.unit_cost is None else self.difference * self.unit_cost


@dataclass(frozen=True, slots=True)
class Approval:
    """A task that waits for a manager."""

    reference: str
    warehouse: str
    bin: str
    reason: str
    missing: int
    lines: Sequence[ApprovalLine]

    @property
    def value(self) -> Decimal:
        """What is gained or lost, as far as costs are known."""
        return sum((line.value or Decimal(0) for line in self.lines), Decimal(0))


APPROVALS = """
    SELECT t.reference, w.code, b.code, t.reason, t.missing,
           p.sku, p.name, e.expected, e.counted, p.unit_cost,
           (SELECT jsonb_agg(jsonb_build_array(x.round, x.counted, x.expected, x.actor)
                             ORDER BY x.round)
              FROM orders_countentry x WHERE x.task_id = t.id AND x.product_id = e.product_id)
      FROM (SELECT t.*, (SELECT max(round) FROM orders_countentry WHERE task_id = t.id) AS round
              FROM orders_counttask t
             WHERE t.status = 'approval'
               AND (%(within)s::text[] IS NULL OR t.warehouse_id IN
                    (SELECT id FROM warehouse_warehouse WHERE code = ANY(%(within)s::text[])))
               AND (%(reference)s::text IS NULL OR t.reference = %(reference)s::text)
             ORDER BY t.id LIMIT %(limit)s) t
      JOIN orders_countentry e ON e.task_id = t.id AND e.round = t.round AND NOT e.booked
      JOIN warehouse_product p ON p.id = e.product_id
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      JOIN warehouse_bin b ON b.id = t.bin_id
     ORDER BY t.id, p.sku
"""


def approvals(
    *, within: Collection[str] | None, reference: str | None = None, limit: int = 50
) -> list[Approval]:
    """Counts that wait for a manager, the oldest first, with differences and their value."""
    given = {
        "within": None if within is None else sorted(within),
        "reference": reference,
        "limit": limit,
    }
    heads: dict[str, tuple[Any, ...]] = {}
    lines: dict[str, list[ApprovalLine]] = {}
    for row in rows(APPROVALS, given):
        heads[row[0]] = row[:5]
        lines.setdefault(row[0], []).append(
            ApprovalLine(*[*row[5:10], [tuple(x) for x in json.loads(row[10])]])
        )
    return [Approval(*[*head, lines[reference]]) for reference, head in heads.items()]


# --- For the API --------------------------------------------------------------------------------------


def tasks_page(
    *,
    warehouse: str | None,
    status: str | None,
    after: int,
    limit: int,
    within: Collection[str] | None,
) -> list[tuple[Any, ...]]:
    """Id, reference, warehouse, bin, SKU, reason, status, claimed by, due, created, closed; by id."""
    allowed = None if within is None else sorted(within)
    return rows(
        """SELECT t.id, t.reference, w.code, b.code, p.sku, t.reason, t.status, u.username, t.due_at,
                  t.created_at, t.closed_at
             FROM orders_counttask t
             JOIN warehouse_warehouse w ON w.id = t.warehouse_id
             JOIN warehouse_bin b ON b.id = t.bin_id
             LEFT JOIN warehouse_product p ON p.id = t.product_id
             LEFT JOIN auth_user u ON u.id = t.claimed_by_id
            WHERE t.id > %s AND (%s::text IS NULL OR w.code = %s::text)
              AND (%s::text IS NULL OR t.status = %s::text)
              AND (%s::text[] IS NULL OR w.code = ANY(%s::text[]))
            ORDER BY t.id LIMIT %s""",
        [after, warehouse, warehouse, status, status, allowed, allowed, limit],
    )


# --- For the schedule ---------------------------------------------------------------------------------

# What is due, by how many of its intervals it is overdue; what was never counted counts as ten. A place
# that is being counted already is left out, and a warehouse is given no more than its day's work.
DUE = f"""
    WITH classes AS ({CLASSES}),
    today AS (
        SELECT warehouse_id, count(*) AS opened FROM orders_counttask
         WHERE reason = 'schedule' AND created_at > %(now)s::timestamptz - interval '20 hours'
         GROUP BY warehouse_id
    ),
    due AS (
        SELECT b.warehouse_id, b.id AS bin_id, i.product_id, c.class, b.pick_sequence,
               coalesce(extract(epoch FROM %(now)s::timestamptz - n.last) / 86400 / d.days, 10)
                   AS overdue
          FROM warehouse_binstock s
          JOIN warehouse_bin b ON b.id = s.bin_id AND b.kind IN ('pick', 'bulk')
          JOIN warehouse_inventoryitem i ON i.id = s.item_id
          JOIN classes c ON c.item_id = i.id
          JOIN (VALUES ('A', %(a)s::int), ('B', %(b)s::int), ('C', %(c)s::int)) AS d(class, days)
               ON d.class = c.class
         CROSS JOIN LATERAL (
               SELECT max(x.counted_at) AS last FROM warehouse_cyclecount x
                WHERE x.item_id = s.item_id AND x.bin_id = s.bin_id) n
         WHERE s.quantity > 0
           AND (n.last IS NULL OR n.last < %(now)s::timestamptz - d.days * interval '1 day')
           AND NOT EXISTS (SELECT FROM orders_counttask t
                            WHERE t.bin_id = b.id AND t.status IN {LIVE}
                              AND (t.product_id = i.product_id OR t.product_id IS NULL))
    )
    SELECT warehouse_id, bin_id, product_id
      FROM (SELECT due.*, row_number() OVER (PARTITION BY warehouse_id
                              ORDER BY overdue DESC, class, pick_sequence, bin_id, product_id) AS place
              FROM due) ranked
     WHERE place <= %(most)s - coalesce((SELECT opened FROM today
                                          WHERE today.warehouse_id = ranked.warehouse_id), 0)
     ORDER BY warehouse_id, place
"""


def due_places(*, now: datetime) -> list[tuple[int, int, int]]:
    """Warehouse, bin and product of what the schedule wants counted today, the longest overdue first."""
    given = {
        "now": now,
        "since": now - timedelta(days=90),
        "until": now,
        "a": settings.COUNT_DAYS_A,
        "b": settings.COUNT_DAYS_B,
        "c": settings.COUNT_DAYS_C,
        "most": settings.COUNT_TASKS_A_DAY,
    }
    return [(row[0], row[1], row[2]) for row in rows(DUE, given)]
