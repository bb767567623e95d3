"""`manage.py replay DIR`: a real year of orders through the services, with a report."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory_site.core.errors import DomainError
from orders.simulation.document_ways import through_orders
from warehouse.simulation.report import in_words
from warehouse.simulation.running import HouseInUse, by_engine, replay_folder
from warehouse.simulation.year_files import UnreadableYear


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
        parser.add_argument(
            "--into-this-house",
            action="store_true",
            help="Even where other stock has moved here; what is booked stays booked.",
        )
        parser.add_argument("--json", action="store_true", help="The report for a program.")
        parser.add_argument("--report", type=Path, help="Write the JSON report to this file too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit is a number of orders, at least 1.")
        if not 1 <= options["workers"] <= 32:
            raise CommandError("--workers is 1 to 32.")
        if options["report"]:
            _try_to_write(options["report"])
        try:
            told = replay_folder(
                options["folder"],
                limit=options["limit"],
                workers=options["workers"],
                ways=through_orders if options["through_orders"] else by_engine,
                into_this_house=options["into_this_house"],
            )
        except HouseInUse as error:
            raise CommandError(
                f"{error} Give the replay a STATE_DIR of its own, or say --into-this-house."
            ) from error
        except (UnreadableYear, DomainError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(told, indent=2)
        self.stdout.write(text if options["json"] else in_words(told))
        if options["report"]:
            options["report"].write_text(text + "\n")
        if told["oversold_units"] or told["unexpected"] or not told["verify_ledger"]["clean"]:
            raise SystemExit(1)


def _try_to_write(path: Path) -> None:
    """Before the year and not after it; a report that is there already stays until the next is known."""
    try:
        path.open("a").close()
    except OSError as problem:
        raise CommandError(f"{path} cannot be written: {problem.strerror}.") from problem
