"""A folder with a year is replayed, by whatever ways; the report says how it went."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from inventory_site.core.db import in_unit_of_work
from warehouse.models import InventoryItem, Reservation, StockMovement
from warehouse.services.importing import (
    import_opening_stock,
    opened_before,
    opening_reference,
)
from warehouse.services.proof import extent, verify_ledger
from warehouse.sheets.rows import OpeningStockRow
from warehouse.simulation import year
from warehouse.simulation.planning import Buyer
from warehouse.simulation.progress import Steps
from warehouse.simulation.replaying import Replay, Tally
from warehouse.simulation.report import report
from warehouse.simulation.sheet_sync import SheetShop
from warehouse.simulation.stockroom import Stockroom
from warehouse.simulation.ways import LEAD_DAYS, REPLAY, EngineWays, Ways


@dataclass(frozen=True, slots=True)
class Setting:
    """What ways need to know of a run: what its references begin with, and who delivers how fast."""

    prefix: str
    suppliers: Mapping[str, str]
    lead_days: Mapping[str, int]


class HouseInUse(ValueError):
    """Stock has moved here that is not of this folder: a year would be booked into somebody's house."""


def by_engine(setting: Setting) -> Ways:
    """The stock engine alone."""
    return EngineWays(
        prefix=setting.prefix, suppliers=setting.suppliers, lead_days=setting.lead_days
    )


def replay_folder(
    folder: Path,
    *,
    limit: int | None,
    workers: int,
    ways: Callable[[Setting], Ways] = by_engine,
    into_this_house: bool = False,
) -> dict[str, Any]:
    """Replay the folder's orders (at most `limit`) and tell how it went.

    Raises year.UnreadableYear; HouseInUse, where other stock has moved here, unless it is meant to go
    `into_this_house`; DomainError where the opening stock cannot be imported.
    """
    reference = _opening_of(folder)
    if (
        not (into_this_house or opened_before(reference=reference))
        and StockMovement.objects.exists()
    ):
        raise HouseInUse(
            "Stock has moved in this database that is not of this folder; what is booked stays booked."
        )
    year.check(folder, orders=limit)
    rows = year.opening_rows(folder)
    _open(reference, rows)
    run = _next_run()
    replay = _prepare(rows, run, workers, ways)
    began = time.monotonic()
    with Steps("Orders", limit or year.orders_in(folder)) as steps:

        def tell(tally: Tally, at: datetime) -> None:
            rate = tally.lines / max(0.001, time.monotonic() - began)
            steps.reach(tally.orders, f"{at:%d %b %Y}, {rate:,.0f} lines/s")

        replay.run(year.happenings(folder, orders=limit), tell)
    seconds = time.monotonic() - began
    return report(
        tally=replay.tally,
        stockroom=replay.stockroom,
        shops=replay.shops,
        figures=replay.ways.figures(),
        drifts=verify_ledger(),
        extent=extent(),
        seconds=seconds,
        workers=workers,
        run=run,
    )


def _next_run() -> int:
    """One more than the runs that left reservations here."""
    known = Reservation.objects.filter(reference__regex=r"^Y[0-9]+-")
    return 1 + len({x.partition("-")[0] for x in known.values_list("reference", flat=True)})


def _opening_of(folder: Path) -> str:
    """The reference under which this folder's opening stock is imported. Raises year.UnreadableYear."""
    year.check_files(folder)
    return opening_reference(digest=sha256((folder / "opening_stock.csv").read_bytes()).hexdigest())


def _open(reference: str, rows: list[OpeningStockRow]) -> None:
    """Import the opening stock, unless an earlier run did."""
    in_unit_of_work(
        lambda: import_opening_stock(
            rows=rows,
            reference=reference,
            actor=REPLAY,
            create_warehouses=sorted({row.warehouse for row in rows}),
        )
    )


def _prepare(
    rows: list[OpeningStockRow], run: int, workers: int, ways: Callable[[Setting], Ways]
) -> Replay:
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
    setting = Setting(
        prefix=f"Y{run}-",
        suppliers={row.sku: row.supplier or "" for row in rows},
        lead_days={row.sku: row.lead_time_days or LEAD_DAYS for row in rows},
    )
    return Replay(
        prefix=setting.prefix,
        places=places,
        stockroom=stockroom,
        buyer=Buyer(opening, setting.lead_days),
        shops=[SheetShop(dict(shelf), counts_down=False), SheetShop(dict(shelf), counts_down=True)],
        ways=ways(setting),
        workers=workers,
    )
