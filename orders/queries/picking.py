"""Pick lists as pages and the API show them: what is to do, one list, and the picker's present task."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from inventory_site.core.sql import rows

TO_DO = ("open", "claimed", "picked")
COMING = 3

LISTS = """
    SELECT t.id, t.reference, w.code, t.kind, t.status, t.label, t.claimed_by_id,
           coalesce(u.username, ''), t.claimed_at, t.created_at, t.finished_at,
           o.orders, o.packed, o.priority, o.ship_by, x.lines, x.done, x.units, x.picked, x.short, x.shipped
      FROM orders_picklist t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      LEFT JOIN {users} u ON u.id = t.claimed_by_id
     CROSS JOIN LATERAL (
           SELECT count(*)::int AS orders, count(s.packed_at)::int AS packed,
                  min(so.priority) AS priority, min(so.ship_by) AS ship_by
             FROM orders_picklistorder s JOIN orders_salesorder so ON so.id = s.order_id
            WHERE s.pick_list_id = t.id) o
     CROSS JOIN LATERAL (
           SELECT count(*)::int AS lines,
                  count(*) FILTER (WHERE quantity = picked + short)::int AS done,
                  coalesce(sum(quantity), 0)::int AS units,
                  coalesce(sum(picked), 0)::int AS picked,
                  coalesce(sum(short), 0)::int AS short,
                  coalesce(sum(shipped), 0)::int AS shipped
             FROM orders_pickline WHERE pick_list_id = t.id) x
"""

# What somebody has begun, and what is to be packed, is not lost behind the many that wait.
LISTS_TO_DO = (
    LISTS
    + """WHERE t.status = ANY(%s) AND t.status NOT IN ('done', 'cancelled') AND w.code = ANY(%s)
         ORDER BY (t.status <> 'open' AND t.claimed_by_id = %s::bigint) IS TRUE DESC,
                  (t.status = 'picked' AND %s::bigint IS NOT NULL) DESC,
                  o.priority, o.ship_by NULLS LAST, t.id LIMIT %s"""
)

ONE_LIST = LISTS + "WHERE t.reference = %s"

LINES = """
    SELECT x.id, b.code, p.sku, p.name, so.reference, so.status, s.tote, x.quantity, x.picked,
           x.short, x.shipped, x.problem, x.sequence
      FROM orders_pickline x
      JOIN orders_orderline y ON y.id = x.order_line_id
      JOIN orders_salesorder so ON so.id = y.order_id
      JOIN orders_picklistorder s ON s.pick_list_id = x.pick_list_id AND s.order_id = so.id
      JOIN warehouse_product p ON p.id = y.product_id
      JOIN warehouse_bin b ON b.id = x.bin_id
"""

ALL_LINES = LINES + "WHERE x.pick_list_id = %s ORDER BY x.sequence, x.id"

NEXT_LINES = (
    LINES
    + """WHERE x.pick_list_id = %s AND x.quantity > x.picked + x.short
         ORDER BY x.sequence, x.id LIMIT %s"""
)

TOTES = """
    SELECT s.tote, so.reference, so.status, so.ship_to_name, so.carrier, so.ship_by, s.packed_at,
           coalesce(x.units, 0), coalesce(x.picked, 0), coalesce(x.short, 0), coalesce(x.shipped, 0),
           coalesce(x.taken, false)
      FROM orders_picklistorder s
      JOIN orders_salesorder so ON so.id = s.order_id
      LEFT JOIN (SELECT y.order_id, sum(x.quantity)::int AS units, sum(x.picked)::int AS picked,
                        sum(x.short)::int AS short, sum(x.shipped)::int AS shipped,
                        bool_or(x.problem = 'cancelled') AS taken
                   FROM orders_pickline x JOIN orders_orderline y ON y.id = x.order_line_id
                  WHERE x.pick_list_id = %(list)s GROUP BY y.order_id) x ON x.order_id = so.id
     WHERE s.pick_list_id = %(list)s
     ORDER BY s.tote
"""


@dataclass(frozen=True, slots=True)
class PickLineView:
    """A line as the picker sees it."""

    id: int
    bin: str
    sku: str
    name: str
    order: str
    order_status: str
    tote: int
    quantity: int
    picked: int
    short: int
    shipped: int
    problem: str
    sequence: int

    @property
    def in_tote(self) -> int:
        return self.picked - self.shipped

    @property
    def needed(self) -> int:
        """What of it is to be in the tote in the end."""
        return self.quantity - self.short

    @property
    def left(self) -> int:
        return self.quantity - self.picked - self.short


@dataclass(frozen=True, slots=True)
class ToteView:
    """An order's tote on a list, in units. `taken`: something that lay in it was cancelled."""

    tote: int
    order: str
    order_status: str
    ship_to_name: str
    carrier: str
    ship_by: datetime | None
    packed_at: datetime | None
    quantity: int
    picked: int
    short: int
    shipped: int
    taken: bool

    @property
    def in_tote(self) -> int:
        return self.picked - self.shipped

    @property
    def cancelled(self) -> bool:
        return self.order_status == "cancelled"

    @property
    def ready(self) -> bool:
        """Packed, and has not left."""
        return bool(self.packed_at and self.in_tote and not self.cancelled)


@dataclass(frozen=True, slots=True)
class PickListView:
    """A list with its progress; `lines` and `totes` only where one list was asked for."""

    id: int
    reference: str
    warehouse: str
    kind: str
    status: str
    label: str
    claimed_by: int | None
    claimed_name: str
    claimed_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    orders: int
    packed: int
    priority: int
    ship_by: datetime | None
    line_count: int
    lines_done: int
    units: int
    picked: int
    short: int
    shipped: int
    lines: Sequence[PickLineView] = field(default=())
    totes: Sequence[ToteView] = field(default=())

    @property
    def left(self) -> int:
        """Units that are still to be picked."""
        return self.units - self.picked - self.short

    @property
    def percent(self) -> int:
        """How much of the walk is behind, in whole percent of the units."""
        return 100 * (self.units - self.left) // self.units if self.units else 100


@dataclass(frozen=True, slots=True)
class PickTaskView:
    """The line to pick now, and what comes after it; no line when the walk is over."""

    pick_list: PickListView
    line: PickLineView | None
    coming: Sequence[PickLineView]


def lists_to_do(
    *,
    warehouses: Collection[str],
    statuses: Collection[str] = TO_DO,
    user_id: int | None = None,
    limit: int = 100,
) -> list[PickListView]:
    """Lists of these warehouses that are open, claimed or to be packed, the most urgent first.

    Seen by a user: what they have begun comes before all others, then what is to be packed.
    """
    asked = [list(statuses), list(warehouses), user_id, user_id, limit]
    return _lists(LISTS_TO_DO, asked)


def pick_list_view(*, reference: str) -> PickListView | None:
    """One list with its lines in walk order and its totes: three statements."""
    found = _lists(ONE_LIST, [reference.strip().upper()])
    if not found:
        return None
    one = found[0]
    lines = [PickLineView(*row) for row in rows(ALL_LINES, [one.id])]
    totes = [ToteView(*row) for row in rows(TOTES, {"list": one.id})]
    return replace(one, lines=lines, totes=totes)


def pick_task(*, reference: str) -> PickTaskView | None:
    """What to pick now and the next three lines: two statements, however long the list."""
    found = _lists(ONE_LIST, [reference.strip().upper()])
    if not found:
        return None
    lines = [PickLineView(*row) for row in rows(NEXT_LINES, [found[0].id, 1 + COMING])]
    return PickTaskView(found[0], lines[0] if lines else None, lines[1:])


def _lists(sql: str, params: list[Any]) -> list[PickListView]:
    users = get_user_model()._meta.db_table
    return [PickListView(*row) for row in rows(sql.format(users=users), params)]
