"""What beat runs for documents. Each may run twice or at the same time as itself without harm."""

import structlog
from celery import shared_task
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from orders.services import counting
from orders.services.floor_actions import forget_actions

logger = structlog.get_logger(__name__)


@shared_task
def forget_floor_actions() -> int:
    """Hourly: scans and taps of long ago."""
    return in_unit_of_work(forget_actions)


@shared_task
def open_due_counts() -> int:
    """Daily: open the counts that are due; returns how many."""
    opened = in_unit_of_work(lambda: counting.schedule_due(now=timezone.now()))
    if opened:
        logger.info("counts_opened", opened=opened)
    return opened
