"""What is done now and then."""

from celery import shared_task

from inventory_site.core.db import in_unit_of_work
from orders.services.floor_actions import forget_actions


@shared_task
def forget_floor_actions() -> int:
    """Hourly: scans and taps of long ago."""
    return in_unit_of_work(forget_actions)
