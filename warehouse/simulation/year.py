"""A folder with a year of a firm's orders, returns and adjustments, read as a stream in time order."""

import csv
import gzip
import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from warehouse.sheets.rows import OpeningStockRow

ZONE = ZoneInfo("Europe/London")  # the files give local times without an offset
FILES = ("opening_stock.csv", "orders.csv.gz", "returns.csv.gz", "adjustments.csv.gz")


class MissingFile(ValueError):
    """The folder lacks one of the files of a year."""


@dataclass(frozen=True, slots=True)
class Order:
    at: datetime
    id: str
    lines: tuple[tuple[str, int, Decimal], ...]  # SKU, units, unit price


@dataclass(frozen=True, slots=True)
class Return:
    at: datetime
    id: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    at: datetime
    id: str
    lines: tuple[tuple[str, int], ...]  # SKU, signed units
    reason: str


Happening = Order | Return | Adjustment


def check(folder: Path) -> None:
    """Raise MissingFile naming what the folder lacks."""
    lost = [name for name in FILES if not (folder / name).is_file()]
    if lost:
        raise MissingFile(f"{folder} has no {', '.join(lost)}.")


def orders_in(folder: Path) -> int | None:
    """How many orders the year has, where its statistics say so."""
    path = folder / "stats.json"
    return int(json.loads(path.read_text())["orders"]) if path.is_file() else None


def opening_rows(folder: Path) -> list[OpeningStockRow]:
    """The opening stock."""
    with (folder / "opening_stock.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            OpeningStockRow(
                row=number,
                sku=row["sku"],
                name=row["name"],
                barcodes=(row["barcode"],) if row["barcode"] else (),
                supplier=row["supplier"] or None,
                unit_cost=Decimal(row["unit_cost"]) if row["unit_cost"] else None,
                lead_time_days=int(row["lead_time_days"]),
                warehouse=row["warehouse"],
                bin=row["bin"],
                on_hand=int(row["on_hand"]),
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        ]


def happenings(folder: Path, *, orders: int | None = None) -> Iterator[Happening]:
    """Everything in time order; with `orders`, up to and with that many orders."""
    left = orders
    merged = heapq.merge(
        _documents(folder / "orders.csv.gz", "order_id", "placed_at", _order),
        _documents(folder / "returns.csv.gz", "return_id", "returned_at", _return),
        _documents(folder / "adjustments.csv.gz", "adjustment_id", "adjusted_at", _adjustment),
        key=lambda happening: happening.at,
    )
    for happening in merged:
        if isinstance(happening, Order) and left is not None:
            if left == 0:
                return
            left -= 1
        yield happening


Rows = list[dict[str, str]]


def _documents(
    path: Path, key: str, time: str, make: Callable[[datetime, str, Rows], Happening]
) -> Iterator[Happening]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for id_, rows in groupby(csv.DictReader(file), key=itemgetter(key)):
            lines = list(rows)
            at = datetime.fromisoformat(lines[0][time]).replace(tzinfo=ZONE)
            yield make(at, id_, lines)


def _order(at: datetime, id_: str, rows: Rows) -> Order:
    lines = tuple((r["sku"], int(r["quantity"]), Decimal(r["unit_price"])) for r in rows)
    return Order(at, id_, lines)


def _return(at: datetime, id_: str, rows: Rows) -> Return:
    return Return(at, id_, tuple((row["sku"], int(row["quantity"])) for row in rows))


def _adjustment(at: datetime, id_: str, rows: Rows) -> Adjustment:
    lines = tuple((row["sku"], int(row["quantity"])) for row in rows)
    return Adjustment(at, id_, lines, rows[0]["reason"].strip())
