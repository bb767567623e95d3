"""`manage.py replay DIR`: a real year of orders through the services, with a report."""

import json
import time
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from warehouse.models import InventoryItem, Reservation
from warehouse.services.importing import import_opening_stock
from warehouse.services.proof import extent, verify_ledger
from warehouse.sheets.rows import OpeningStockRow
from warehouse.simulation import year
from warehouse.simulation.planning import Buyer
from warehouse.simulation.progress import Steps
from warehouse.simulation.replaying import REPLAY, Replay, Tally
from warehouse.simulation.report import in_words, report
from warehouse.simulation.sheet_sync import SheetShop
from warehouse.simulation.stockroom import Stockroom


class Command(BaseCommand):
    help = (
        "Replay a folder's orders, returns and adjustments through the services, in time order. "
        "Takes the stock as an earlier run left it; use a STATE_DIR of its own for a fresh start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--limit", type=int, help="Only so many orders.")
        parser.add_argument("--workers", type=int, default=1, help="Orders at the same time.")
        parser.add_argument("--json", action="store_true", help="The report for a program.")
        parser.add_argument("--report", type=Path, help="Write the JSON report to this file too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit is a number of orders, at least 1.")
        if not 1 <= options["workers"] <= 32:
            raise CommandError("--workers is 1 to 32.")
        try:
            year.check(options["folder"])
            told = _replay(options["folder"], options["limit"], options["workers"])
        except (year.MissingFile, DomainError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(told, indent=2)
        if options["report"]:
            options["report"].write_text(text + "\n")
        self.stdout.write(text if options["json"] else in_words(told))
        if told["oversold_units"] or told["unexpected"] or not told["verify_ledger"]["clean"]:
            raise SystemExit(1)


def _replay(folder: Path, limit: int | None, workers: int) -> dict[str, Any]:
    rows = year.opening_rows(folder)
    _open(folder, rows)
    run = 1 + len(
        {
            reference.partition("-")[0]
            for reference in Reservation.objects.filter(reference__regex=r"^Y[0-9]+-").values_list(
                "reference", flat=True
            )
        }
    )
    replay = _prepare(rows, run, workers)
    began = time.monotonic()
    with Steps("Orders", limit or year.orders_in(folder)) as steps:

        def tell(tally: Tally, at: Any) -> None:
            rate = tally.lines / max(0.001, time.monotonic() - began)
            steps.reach(tally.orders, f"{at:%d %b %Y}, {rate:,.0f} lines/s")

        replay.run(year.happenings(folder, orders=limit), tell)
    seconds = time.monotonic() - began
    return report(
        tally=replay.tally,
        stockroom=replay.stockroom,
        shops=replay.shops,
        drifts=verify_ledger(),
        extent=extent(),
        seconds=seconds,
        workers=workers,
        run=run,
    )


def _open(folder: Path, rows: list[OpeningStockRow]) -> None:
    """Import the opening stock, unless an earlier run did."""
    digest = sha256((folder / "opening_stock.csv").read_bytes()).hexdigest()
    in_unit_of_work(
        lambda: import_opening_stock(
            rows=rows,
            reference=f"opening:{digest}",
            actor=REPLAY,
            create_warehouses=sorted({row.warehouse for row in rows}),
        )
    )


def _prepare(rows: list[OpeningStockRow], run: int, workers: int) -> Replay:
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.sku, []).append(row.warehouse)
    opening = {(row.sku, row.warehouse): row.on_hand for row in rows}
    now = InventoryItem.objects.filter(product__sku__any_of=list(places)).values_list(
        "product__sku", "warehouse__code", "on_hand"
    )
    stockroom = Stockroom({(sku, code): on_hand for sku, code, on_hand in now})
    shelf: dict[str, int] = {}
    for (sku, _), units in stockroom.units.items():
        shelf[sku] = shelf.get(sku, 0) + units
    return Replay(
        prefix=f"Y{run}-",
        places=places,
        stockroom=stockroom,
        buyer=Buyer(opening, {row.sku: row.lead_time_days or 14 for row in rows}),
        shops=[SheetShop(dict(shelf), counts_down=False), SheetShop(dict(shelf), counts_down=True)],
        suppliers={row.sku: row.supplier or "" for row in rows},
        workers=workers,
    )
