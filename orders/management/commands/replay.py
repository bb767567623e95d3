"""`manage.py replay DIR`: a real year of orders through the services, with a report."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory_site.core.errors import DomainError
from orders.simulation.document_ways import through_orders
from warehouse.simulation import year
from warehouse.simulation.report import in_words
from warehouse.simulation.running import by_engine, replay_folder


class Command(BaseCommand):
    help = (
        "Replay a folder's orders, returns and adjustments through the services, in time order. "
        "Takes the stock as an earlier run left it; use a STATE_DIR of its own for a fresh start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--limit", type=int, help="Only so many orders.")
        parser.add_argument("--workers", type=int, default=1, help="Orders at the same time.")
        parser.add_argument(
            "--through-orders",
            action="store_true",
            help="Every order through its documents: order, pick list, shipment; what is not there "
            "waits. Returns and purchase orders likewise.",
        )
        parser.add_argument("--json", action="store_true", help="The report for a program.")
        parser.add_argument("--report", type=Path, help="Write the JSON report to this file too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit is a number of orders, at least 1.")
        if not 1 <= options["workers"] <= 32:
            raise CommandError("--workers is 1 to 32.")
        try:
            told = replay_folder(
                options["folder"],
                limit=options["limit"],
                workers=options["workers"],
                ways=through_orders if options["through_orders"] else by_engine,
            )
        except (year.MissingFile, DomainError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(told, indent=2)
        if options["report"]:
            options["report"].write_text(text + "\n")
        self.stdout.write(text if options["json"] else in_words(told))
        if told["oversold_units"] or told["unexpected"] or not told["verify_ledger"]["clean"]:
            raise SystemExit(1)
