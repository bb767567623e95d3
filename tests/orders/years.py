"""Years to replay: a small one made up here, and the beginning of a real one."""

import csv
import gzip
from pathlib import Path

OPENING = """sku,name,warehouse,bin,on_hand,unit_cost,barcode,supplier,lead_time_days,counted_on
A,Thing,MAIN,A-01-01,10,1.00,,ALDER,1,2020-01-01
B,Other,EAST,N-01-01,4,1.00,,ALDER,1,2020-01-01
"""
ORDERS = """order_id,placed_at,country,sku,quantity,unit_price
1,2020-01-06T09:00:00,UK,A,6,2.50
2,2020-01-06T09:10:00,UK,A,6,2.50
3,2020-01-06T12:00:00,UK,B,1,1.00
4,2020-01-10T12:00:00,UK,A,3,2.50
"""
RETURNS = """return_id,returned_at,sku,quantity
C1,2020-01-07T09:00:00,A,2
"""
ADJUSTMENTS = """adjustment_id,adjusted_at,sku,quantity,reason
9,2020-01-08T09:00:00,B,-50,lost
"""
SMALL = {
    "opening_stock.csv": OPENING,
    "orders.csv.gz": ORDERS,
    "returns.csv.gz": RETURNS,
    "adjustments.csv.gz": ADJUSTMENTS,
}


def write(folder: Path, name: str, text: str) -> None:
    """One file of a year, zipped where its name says so."""
    content = text.encode()
    (folder / name).write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)


def beginning(year: Path, folder: Path, *, orders: int) -> Path:
    """So many orders of the year, what was there to sell, and what happened to that meanwhile."""
    sold: list[dict[str, str]] = []
    ids: set[str] = set()
    with gzip.open(year / "orders.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            ids.add(row["order_id"])
            if len(ids) > orders:
                break
            sold.append(row)
    skus = {row["sku"] for row in sold}
    _copy(folder, "orders.csv.gz", sold)
    for name, time in (("returns", "returned_at"), ("adjustments", "adjusted_at")):
        with gzip.open(year / f"{name}.csv.gz", "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        until = sold[-1]["placed_at"]
        own = [row for row in rows if row["sku"] in skus and row[time] <= until]
        _copy(folder, f"{name}.csv.gz", own, list(rows[0]))
    with (year / "opening_stock.csv").open(encoding="utf-8-sig", newline="") as file:
        _copy(folder, "opening_stock.csv", [x for x in csv.DictReader(file) if x["sku"] in skus])
    return folder


def _copy(
    folder: Path, name: str, rows: list[dict[str, str]], columns: list[str] | None = None
) -> None:
    lines = [columns or list(rows[0]), *(list(row.values()) for row in rows)]
    path = folder / name.removesuffix(".gz")
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    if name.endswith(".gz"):
        write(folder, name, path.read_text())
