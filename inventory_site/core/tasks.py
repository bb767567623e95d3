"""Housekeeping that beat runs."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.idempotency import HOURS
from inventory_site.core.reporting import schedules
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


@shared_task
def send_reports() -> int:
    """Send every report that is due, one after the other; how many. Two of these share the work."""
    sent = 0
    while taken := in_unit_of_work(lambda: schedules.take(now=timezone.now())):
        error = schedules.send(taken=taken, now=timezone.now())
        settled = partial(schedules.settle, taken=taken, error=error, now=timezone.now())
        sent += in_unit_of_work(settled) and not error
    return sent
