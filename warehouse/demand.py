"""What was asked for, item by item and week by week: shipped, or refused for want of stock.

Weeks are whole, begin on Monday 00:00 UTC, and are over: nothing of the running week is looked at. A
week counts from the one in which an item first moved or was first asked for.

Refused is what was not there (requested - available): whoever was offered less, and took it, is not
counted twice. What the same reference was promised later is not lost. A refusal that named a warehouse
is that item's; one that named none is shared out among the product's items as they shipped in that time,
evenly where none did.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inventory_site.core.sql import rows_planned

WEEKS = 52  # looked back on, at most

# Item, week (0: the first one looked at), units, and of these how many were refused. Parameters: `since`
# and `until`, both the begin of a week.
WEEKLY = """
    shipped AS MATERIALIZED (
        SELECT m.item_id, -sum(m.quantity) AS units,
               floor(extract(epoch FROM m.occurred_at - %(since)s::timestamptz) / 604800)::int AS week
          FROM warehouse_stockmovement m
         WHERE m.type = 'ship'
           AND m.occurred_at >= %(since)s::timestamptz AND m.occurred_at < %(until)s::timestamptz
         GROUP BY m.item_id, week
    ), refused AS (
        SELECT l.product_id, l.warehouse_id,
               floor(extract(epoch FROM l.occurred_at - %(since)s::timestamptz) / 604800)::int AS week,
               sum(least(l.requested - l.available, l.requested - r.promised)) AS units
          FROM warehouse_lostdemand l
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(n.quantity), 0) AS promised
                 FROM warehouse_reservation v
                 JOIN warehouse_reservationline n ON n.reservation_id = v.id
                 JOIN warehouse_inventoryitem x ON x.id = n.item_id
                WHERE v.reference = l.reference AND x.product_id = l.product_id) r
         WHERE l.occurred_at >= %(since)s::timestamptz AND l.occurred_at < %(until)s::timestamptz
           AND l.requested > r.promised
         GROUP BY l.product_id, l.warehouse_id, week
    ), own AS (
        SELECT i.id AS item_id, i.product_id, coalesce(s.units, 0)
               + (sum(coalesce(s.units, 0)) OVER (PARTITION BY i.product_id) = 0)::int AS part
          FROM warehouse_inventoryitem i
          LEFT JOIN (SELECT item_id, sum(units) AS units FROM shipped GROUP BY item_id) s
                 ON s.item_id = i.id
         WHERE i.product_id IN (SELECT product_id FROM refused WHERE warehouse_id IS NULL)
    ), share AS (
        SELECT item_id, product_id, part,
               sum(part) OVER (PARTITION BY product_id ORDER BY item_id) AS upto,
               sum(part) OVER (PARTITION BY product_id) AS whole
          FROM own
    ), lost AS (
        SELECT i.id AS item_id, r.week, r.units
          FROM refused r
          JOIN warehouse_inventoryitem i
               ON i.product_id = r.product_id AND i.warehouse_id = r.warehouse_id
         UNION ALL
        SELECT s.item_id, r.week,
               round(r.units * s.upto / s.whole) - round(r.units * (s.upto - s.part) / s.whole)
          FROM refused r
          JOIN share s ON s.product_id = r.product_id
         WHERE r.warehouse_id IS NULL
    ), weekly AS (
        SELECT item_id, week, sum(units)::int AS units, sum(lost)::int AS lost
          FROM (SELECT item_id, week, units, 0 AS lost FROM shipped
                 UNION ALL
                SELECT item_id, week, units, units FROM lost) d
         WHERE units > 0
         GROUP BY item_id, week
    ), began AS (
        SELECT i.id AS item_id,
               least(w.week, CASE WHEN m.occurred_at < %(since)s::timestamptz THEN 0
                                  ELSE floor(extract(epoch FROM m.occurred_at - %(since)s::timestamptz)
                                             / 604800)::int END) AS week
          FROM warehouse_inventoryitem i
          LEFT JOIN LATERAL (
               SELECT occurred_at FROM warehouse_stockmovement
                WHERE item_id = i.id ORDER BY id LIMIT 1) m
                 ON m.occurred_at < %(until)s::timestamptz
          LEFT JOIN (SELECT item_id, min(week) AS week FROM weekly GROUP BY item_id) w
                 ON w.item_id = i.id
    )"""

DEMAND = f"""
    WITH {WEEKLY}
    SELECT b.item_id, b.week, coalesce(d.weeks, '{{}}'), coalesce(d.units, '{{}}'),
           coalesce(d.lost, 0)
      FROM began b
      LEFT JOIN (SELECT item_id, array_agg(week) AS weeks, array_agg(units) AS units,
                        sum(lost) AS lost
                   FROM weekly GROUP BY item_id) d USING (item_id)
     WHERE b.week IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class History:
    """Units asked for in each week of an item, the oldest first, and how many of all were refused."""

    weeks: list[int]
    lost: int


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks that are looked at: from `since` up to `until`, which has not begun."""

    since: datetime
    until: datetime

    @property
    def weeks(self) -> int:
        return (self.until - self.since) // timedelta(weeks=1)


def span(*, now: datetime, weeks: int = WEEKS) -> Span:
    """The last whole weeks before `now`."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = day - timedelta(days=day.weekday())
    return Span(until - timedelta(weeks=weeks), until)


def histories(*, over: Span) -> dict[int, History]:
    """The history of every item that ever moved or was asked for, by its id. One statement."""
    found = {}
    for item_id, first, weeks, units, lost in rows_planned(
        DEMAND, {"since": over.since, "until": over.until}
    ):
        line = [0] * (over.weeks - first)
        for week, asked in zip(weeks, units, strict=True):
            line[week - first] = asked
        found[item_id] = History(line, int(lost))
    return found
