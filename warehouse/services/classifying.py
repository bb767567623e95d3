"""Classes of items, kept from night to night: by value shipped, and by how even demand is.

Both together: Scholz-Reiter, Heger, Meinecke, Bergmann (2012), "Integration of demand forecasts in ABC-XYZ
analysis", International Journal of Productivity and Performance Management 61.
"""

from datetime import datetime

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows_planned
from warehouse.demand import WEEKLY, span
from warehouse.locks import lock_night_work
from warehouse.turnover import CLASSES

# Of the coefficient of variation of weekly demand; cuts as they are commonly used.
X_BELOW, Y_BELOW = 0.5, 1.0

CLASSIFY = f"""
    WITH {WEEKLY},
    figures AS (
        SELECT b.item_id, sum(d.units) / min(%(weeks)s - b.week)::float8 AS mean,
               sum(d.units::float8 * d.units) / min(%(weeks)s - b.week) AS squares
          FROM began b
          JOIN weekly d USING (item_id)
         GROUP BY b.item_id
    ), varied AS (
        SELECT item_id, mean, sqrt(greatest(squares - mean * mean, 0)) / mean AS variation
          FROM figures
    )
    INSERT INTO warehouse_itemclass AS k (item_id, abc, xyz, weekly_mean, variation, value, at)
    SELECT c.item_id, c.class,
           CASE WHEN v.variation < {X_BELOW} THEN 'X' WHEN v.variation < {Y_BELOW} THEN 'Y' ELSE 'Z' END,
           coalesce(v.mean, 0), v.variation, coalesce(c.value, 0), %(now)s::timestamptz
      FROM ({CLASSES}) c
      LEFT JOIN varied v USING (item_id)
     ORDER BY c.item_id
        ON CONFLICT (item_id) DO UPDATE
       SET abc = excluded.abc, xyz = excluded.xyz, weekly_mean = excluded.weekly_mean,
           variation = excluded.variation, value = excluded.value, at = excluded.at
    RETURNING abc || xyz
"""


def classify(*, now: datetime) -> dict[str, int]:
    """Give every item its classes from the whole weeks before `now`; returns how many of each, such as AX.

    Repeating it is harmless; two at once wait for each other. Two statements.
    """
    require_unit_of_work()
    lock_night_work()
    over = span(now=now)
    given = {"since": over.since, "until": over.until, "weeks": over.weeks, "now": now}
    counted: dict[str, int] = {}
    for (name,) in rows_planned(CLASSIFY, given):
        counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items()))
