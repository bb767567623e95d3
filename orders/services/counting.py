"""Count tasks, opened where a picker found less than the books said."""

from datetime import datetime

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from orders.services.numbering import COUNT, next_number

OPEN = """
    INSERT INTO orders_counttask
           (reference, warehouse_id, bin_id, product_id, reason, status, missing, actor, due_at)
    SELECT %(reference)s, w.id, b.id, p.id, 'short_pick', 'open', %(missing)s, %(actor)s,
           coalesce(%(now)s::timestamptz, statement_timestamp())
      FROM warehouse_warehouse w
      JOIN warehouse_bin b ON b.warehouse_id = w.id AND b.code = %(bin)s
      JOIN warehouse_product p ON p.sku = %(sku)s
     WHERE w.code = %(warehouse)s
        ON CONFLICT (bin_id, product_id) WHERE status IN ('open', 'recount', 'approval')
        DO UPDATE SET missing = orders_counttask.missing + excluded.missing, reason = 'short_pick'
    RETURNING reference
"""


def open_for_short_pick(
    *,
    warehouse: str,
    bin: str,
    sku: str,
    missing: int,
    actor: Actor,
    now: datetime | None = None,
) -> str:
    """Have the product counted in this bin, which is suspect until then; the task's number.

    A task that is open there already is added to.
    """
    require_unit_of_work()
    given = {
        "reference": next_number(prefix=COUNT),
        "warehouse": warehouse,
        "bin": bin,
        "sku": sku,
        "missing": missing,
        "actor": actor.name,
        "now": now,
    }
    return str(rows(OPEN, given)[0][0])
