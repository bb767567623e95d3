"""`manage.py demo_data`: a company with ninety days of history, made through the services."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.people import add_demo_people
from warehouse.models import ItemClass, Product
from warehouse.services.advising import advise
from warehouse.services.classifying import classify
from warehouse.services.proof import extent, verify_ledger
from warehouse.simulation.company import Company, opened_on
from warehouse.simulation.progress import Steps


class Command(BaseCommand):
    help = (
        "Fill an empty database with a company: 8,000 SKUs, 2 warehouses, 90 days of history. "
        "An interrupted run goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skus", type=int, default=8000)
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, help="The last day; today.")
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where there are other products."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 20 <= options["skus"] <= 9000 or not 2 <= options["days"] <= 366:
            raise CommandError("--skus is 20 to 9000, --days is 2 to 366.")
        opened = opened_on()
        if opened is None and Product.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("This database has products already; use an empty one.")
        until = options["until"] or datetime.now(tz=UTC).date()
        if opened is not None:
            until = opened + timedelta(days=options["days"])
        company = Company(
            skus=options["skus"], days=options["days"], seed=options["seed"], until=until
        )
        # First of all: a start that is cut short at any day leaves nobody without a way in.
        if settings.DEMO and (opened is None or not get_user_model()._default_manager.exists()):
            add_demo_people()
        left = company.days_left()
        if opened is not None and not left:
            company.finish()
        else:
            self._live(company, opened is None, left)
        if not ItemClass.objects.exists():
            _look_back(datetime.combine(until, time.max, tzinfo=UTC))

    def _live(self, company: Company, opens: bool, left: list[date]) -> None:
        with Steps("Demo company, days", len(left) + 2) as steps:
            if opens:
                company.open()
            for done, day in enumerate(left, start=1):
                steps.reach(done, f"{day:%d %b}")
                company.live(day)
            company.finish()
            steps.reach(len(left) + 2, "done")
        drifts = verify_ledger()
        if drifts:
            raise CommandError(f"The books do not add up: {drifts[0].message}")
        told = extent()
        self.stdout.write(
            f"Demo company: {told.items:,} items, {told.movements:,} movements, "
            f"{told.reservations:,} reservations; the books are right."
        )


def _look_back(now: datetime) -> None:
    """What the night does, so that there is advice to look at on the first day."""

    def work() -> None:
        classify(now=now)
        advise(now=now)

    in_unit_of_work(work)
