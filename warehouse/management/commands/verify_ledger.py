"""`manage.py verify_ledger`: prove the invariants of the stock model, row by row."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from inventory_site.core.db import in_unit_of_work
from warehouse.services.proof import every_check, extent, timed_proof
from warehouse.services.watching import tell_of_drifts


class Command(BaseCommand):
    help = "Prove the books. Names every row that drifts and ends with status 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        drifts, took = timed_proof()
        in_unit_of_work(lambda: tell_of_drifts(drifts=drifts, took_ms=took))
        covered = asdict(extent())
        if options["json"]:
            told = {
                "clean": not drifts,
                "checks": list(every_check()),
                "covered": covered,
                "drifts": [asdict(drift) for drift in drifts],
            }
            self.stdout.write(json.dumps(told, indent=2))
        else:
            for drift in drifts:
                self.stdout.write(drift.message)
            words = f"{len(drifts)} rows drift." if drifts else "The books are right."
            counts = ", ".join(f"{number:,} {what}" for what, number in covered.items())
            self.stdout.write(f"{words} {len(every_check())} checks over {counts}.")
        if drifts:
            raise SystemExit(1)
