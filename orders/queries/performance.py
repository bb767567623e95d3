"""How the floor does: picks an hour, and how often a count finds what the books said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from inventory_site.core.sql import rows

# A person works while scans follow each other within a quarter of an hour; a first scan counts a minute.
PICKS = """
    SELECT count(*)::int,
           coalesce(sum(CASE WHEN gap IS NULL OR gap > interval '15 minutes' THEN interval '1 minute'
                             ELSE gap END), interval '0')
      FROM (SELECT s.picked_at - lag(s.picked_at) OVER (PARTITION BY s.user_id ORDER BY s.picked_at) AS gap
              FROM orders_pickscan s
              JOIN orders_pickline l ON l.id = s.pick_line_id
              JOIN orders_picklist k ON k.id = l.pick_list_id
              JOIN warehouse_warehouse w ON w.id = k.warehouse_id
             WHERE s.undone_at IS NULL AND s.picked_at >= %(since)s::timestamptz
               AND s.picked_at < %(until)s::timestamptz
               AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))) scans
"""

ACCURACY = """
    SELECT count(DISTINCT t.id)::int, count(*)::int, count(*) FILTER (WHERE e.counted = e.expected)::int
      FROM orders_countentry e
      JOIN orders_counttask t ON t.id = e.task_id
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
     WHERE e.round = 1 AND e.counted_at >= %(since)s::timestamptz AND e.counted_at < %(until)s::timestamptz
       AND (%(within)s::text[] IS NULL OR w.code = ANY(%(within)s::text[]))
"""


@dataclass(frozen=True, slots=True)
class Picks:
    """Scans that put goods into a tote, and the hours that people worked at them."""

    scans: int
    hours: float

    @property
    def per_hour(self) -> float | None:
        """None where nobody picked."""
        return self.scans / self.hours if self.hours else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """First counts: tasks, products counted in them, and those that were as the books said."""

    tasks: int
    counted: int
    right: int

    @property
    def share(self) -> float | None:
        """None where nothing was counted."""
        return self.right / self.counted if self.counted else None


def picks(*, since: datetime, until: datetime, within: Collection[str] | None = None) -> Picks:
    """How much was picked in that time, in the caller's warehouses."""
    ((scans, worked),) = rows(PICKS, _given(since, until, within))
    return Picks(scans, worked.total_seconds() / 3600)


def count_accuracy(
    *, since: datetime, until: datetime, within: Collection[str] | None = None
) -> Accuracy:
    """How often the first count of a product in a bin found what the books said."""
    return Accuracy(*rows(ACCURACY, _given(since, until, within))[0])


def _given(since: datetime, until: datetime, within: Collection[str] | None) -> dict[str, object]:
    return {
        "since": since,
        "until": until,
        "within": None if within is None else sorted(within),
    }
