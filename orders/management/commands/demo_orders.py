"""`manage.py demo_orders`: what the demo's company has to do today, on paper and on the floor."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from orders.simulation.demo_papers import write_papers


class Command(BaseCommand):
    help = (
        "Make sales orders of the demo company's open promises, with pick lists, deliveries, returns "
        "and a transfer. Does nothing in any other database, or when it has been done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        orders = in_unit_of_work(lambda: write_papers(now=now))
        if orders:
            self.stdout.write(f"Demo company: {len(orders)} orders to pick and ship today.")
