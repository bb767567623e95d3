"""A folder with a year of a firm's orders, returns and adjustments, read as a stream in time order."""

import heapq
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from warehouse.lines import MAX_QUANTITY
from warehouse.sheets.rows import OpeningStockRow
from warehouse.simulation.year_files import SHOWN, Line, UnreadableYear, lines_of

FILES = ("opening_stock.csv", "orders.csv.gz", "returns.csv.gz", "adjustments.csv.gz")
LONGEST_LEAD = 730  # days, as in sheets that are imported
OPENING = (
    "sku", "name", "barcode", "supplier", "unit_cost", "lead_time_days", "warehouse", "bin", "on_hand",
)  # fmt: skip


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


def check_files(folder: Path) -> None:
    """Raise UnreadableYear naming the files that the folder lacks."""
    lost = [name for name in FILES if not (folder / name).is_file()]
    if lost:
        raise UnreadableYear(f"{folder} has no {', '.join(lost)}.")


def check(folder: Path, *, orders: int | None = None) -> None:
    """Read everything that a run of so many orders reads, before anything is booked.

    An order may ask for a SKU that nobody has; goods of one can neither come back nor be corrected.
    Raises UnreadableYear.
    """
    check_files(folder)
    known = {row.sku for row in opening_rows(folder)}
    for name in FILES[2:]:
        for line in lines_of(folder / name, columns=("sku",)):
            if line.sku() not in known:
                raise line.wrong(f"opening_stock.csv has no {line.sku()[:SHOWN]}")
    for _ in happenings(folder, orders=orders):
        pass


def orders_in(folder: Path) -> int | None:
    """How many orders the year has, where its statistics say so."""
    path = folder / "stats.json"
    return int(json.loads(path.read_text())["orders"]) if path.is_file() else None


def opening_rows(folder: Path) -> list[OpeningStockRow]:
    """The opening stock. Raises UnreadableYear."""
    found = [_opening(line) for line in lines_of(folder / "opening_stock.csv", columns=OPENING)]
    if not found:
        raise UnreadableYear("opening_stock.csv has no rows.")
    return found


def _opening(line: Line) -> OpeningStockRow:
    barcode, lead = line.text("barcode"), line.text("lead_time_days")
    return OpeningStockRow(
        row=line.number,
        sku=line.sku(),
        name=line.text("name"),
        barcodes=(barcode,) if barcode else (),
        supplier=line.text("supplier") or None,
        unit_cost=line.money("unit_cost") if line.text("unit_cost") else None,
        lead_time_days=line.whole("lead_time_days", least=0, most=LONGEST_LEAD) if lead else None,
        warehouse=line.text("warehouse"),
        bin=line.text("bin"),
        on_hand=line.whole("on_hand", least=0),
    )


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


Lines = Sequence[Line]


def _documents(
    path: Path, key: str, time: str, make: Callable[[datetime, str, Lines], Happening]
) -> Iterator[Happening]:
    """Documents of one file, each in rows that stand together, in the order of time."""
    columns = (key, time, *COLUMNS[key])
    seen: set[str] = set()
    last: datetime | None = None
    for id_, found in groupby(lines_of(path, columns=columns), key=lambda line: line.text(key)):
        lines = list(found)
        at = lines[0].moment(time)
        if not id_ or id_ in seen:
            raise lines[0].wrong(f"{id_} has ended above" if id_ else f"there is no {key}")
        if last is not None and at < last:
            raise lines[0].wrong(f"{id_} is earlier than the one above")
        seen.add(id_)
        last = at
        yield make(at, id_, lines)


COLUMNS = {
    "order_id": ("sku", "quantity", "unit_price"),
    "return_id": ("sku", "quantity"),
    "adjustment_id": ("sku", "quantity", "reason"),
}


def _order(at: datetime, id_: str, rows: Lines) -> Order:
    lines = tuple((row.sku(), row.whole("quantity"), row.money("unit_price")) for row in rows)
    return Order(at, id_, lines)


def _return(at: datetime, id_: str, rows: Lines) -> Return:
    return Return(at, id_, tuple((row.sku(), row.whole("quantity")) for row in rows))


def _adjustment(at: datetime, id_: str, rows: Lines) -> Adjustment:
    return Adjustment(at, id_, tuple(map(_corrected, rows)), rows[0].text("reason"))


def _corrected(row: Line) -> tuple[str, int]:
    units = row.whole("quantity", least=-MAX_QUANTITY)
    if not units:
        raise row.wrong("a correction of no units")
    return row.sku(), units
