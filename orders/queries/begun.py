"""Counts that somebody has begun: what they go on with."""

from dataclasses import dataclass

from inventory_site.core.sql import rows


@dataclass(frozen=True, slots=True)
class CountBegun:
    """A task that somebody has claimed, and the units that they counted so far."""

    reference: str
    bin: str
    counted: int


def counts_begun(*, warehouse_id: int, user_id: int) -> list[CountBegun]:
    """What this person is counting here, due or not, the longest due first."""
    found = rows(
        """SELECT t.reference, b.code,
                  coalesce((SELECT sum(counted) FROM orders_counttally WHERE task_id = t.id), 0)::int
             FROM orders_counttask t JOIN warehouse_bin b ON b.id = t.bin_id
            WHERE t.warehouse_id = %s AND t.claimed_by_id = %s AND t.status IN ('open', 'recount')
            ORDER BY t.due_at, t.id""",
        [warehouse_id, user_id],
    )
    return [CountBegun(*row) for row in found]
