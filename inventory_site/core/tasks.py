"""Housekeeping that beat runs."""

from celery import shared_task

from inventory_site.core.idempotency import HOURS
from inventory_site.core.sql import rows

CHUNK = 5000

FORGET = """
    DELETE FROM core_idempotencykey WHERE id IN (
        SELECT id FROM core_idempotencykey
         WHERE created_at < statement_timestamp() - %s * interval '1 hour'
         ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


@shared_task
def forget_idempotency_keys() -> int:
    """Delete answers that are older than they need to be kept, a chunk at a time; how many."""
    forgotten = 0
    while found := rows(FORGET, [HOURS, CHUNK]):
        forgotten += len(found)
    return forgotten
