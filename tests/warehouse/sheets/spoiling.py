"""Makes messy sheets with known answers: a clean sheet, and rows of it spoiled by the dice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.warehouse.sheets.building import TITLES
from warehouse.sheets.barcodes import check_digit_fits

Row = dict[str, Any]
SUPPLIERS = ("ALDER", "BRIAR", "CEDAR", "DOVER", "ELMET", "FENCO")


@dataclass
class Spoiled:
    """A messy sheet and its answers: what to do with the rows that are not clean."""

    rows: list[Row] = field(default_factory=list)
    actions: dict[int, str] = field(default_factory=dict)  # by place in `rows`
    meant: dict[int, Row] = field(default_factory=dict)


def barcode(dice: Random) -> str:
    """An EAN-13 of the restricted range, never ending like a rounded number."""
    body = "29" + "".join(dice.choice("123456789") for _ in range(10))
    return next(body + str(last) for last in range(10) if check_digit_fits(body + str(last)))


def clean_rows(dice: Random, products: int) -> list[Row]:
    """Rows without fault; most products lie in both warehouses, at one cost."""
    rows = []
    for number in range(products):
        shared = {
            "sku": f"{20_000 + number}{dice.choice(['', '', 'A', 'B'])}",
            "name": f"{dice.choice(['RED', 'BLUE'])} {dice.choice(['MUG', 'CLOCK', 'LAMP'])} {number}",
            "unit_cost": dice.randint(5, 2000) / 100,
            "barcode": barcode(dice),
            "supplier": dice.choice(SUPPLIERS),
            "lead_time_days": dice.choice([7, 14, 21, 45]),
        }
        for warehouse in ("MAIN", "EAST")[: dice.choice([1, 2, 2])]:
            place = f"{dice.choice('ABCDEF')}-{dice.randint(1, 24):02d}-{dice.randint(1, 12):02d}"
            day = datetime(2010, 11, 13) + timedelta(days=dice.randint(0, 17))
            rows.append(
                {**shared, "warehouse": warehouse, "bin": place, "counted_on": day,
                 "on_hand": dice.choice([dice.randint(0, 90), dice.randint(1000, 9999)])}
            )  # fmt: skip
    return rows


def _thousands(mark: str) -> Callable[[int], Any]:
    return lambda n: f"{n:,}".replace(",", mark) if n >= 1000 else f"{n} pcs"


def _wrong_digit(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 3) % 10)


def _split_bin(marks: str) -> Callable[[str], Any]:
    return lambda b: marks.join([b[0].lower(), str(int(b[2:4])), str(int(b[5:7]))])


def _slip(cost: float) -> float:
    return round(cost * 10 + 0.1, 1)


SPOILERS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("fix", "sku", lambda v: f" {v}\u00a0"), ("fix", "sku", str.lower), ("fix", "sku", lambda v: f"{v}\t"),
    ("fix", "sku", lambda v: int(v) if v.isdigit() else v.lower()), ("ask", "sku", lambda v: None),
    ("fix", "on_hand", _thousands(",")), ("fix", "on_hand", _thousands("\u00a0")),
    ("fix", "on_hand", _thousands(" ")), ("fix", "on_hand", _thousands("'")),
    ("fix", "on_hand", lambda v: f"{v}.0"), ("fix", "on_hand", lambda v: f" {v} ea"),
    ("ask", "on_hand", lambda v: None), ("ask", "on_hand", lambda v: -v - 1),
    ("ask", "on_hand", lambda v: f"({v + 1})"), ("ask", "on_hand", lambda v: v + 0.25),
    ("ask", "on_hand", lambda v: "=6*8"), ("reject", "on_hand", lambda v: f"approx {v}"),
    ("reject", "on_hand", lambda v: f"{v} boxes"), ("reject", "on_hand", lambda v: "?"),
    ("reject", "on_hand", lambda v: "#N/A"), ("fix", "warehouse", str.title),
    ("fix", "warehouse", lambda v: v + " "),
    ("ask", "warehouse", lambda v: f"{v.title()} WH"), ("reject", "warehouse", lambda v: "SOUTH"),
    ("reject", "warehouse", lambda v: "Shed"), ("reject", "warehouse", lambda v: None),
    ("fix", "bin", _split_bin("/")), ("fix", "bin", _split_bin(" ")), ("fix", "bin", _split_bin("-")),
    ("fix", "bin", lambda v: v.replace("-", "")), ("fix", "bin", lambda v: f" {v.lower()}"),
    ("fix", "bin", lambda v: None), ("ask", "bin", lambda v: "yard"), ("ask", "bin", lambda v: v[2:]),
    ("ask", "bin", lambda v: v + "-1"), ("fix", "unit_cost", lambda v: f"\u00a3{v:.2f}"),
    ("fix", "unit_cost", lambda v: f"{v:.2f}".replace(".", ",")),
    ("fix", "unit_cost", lambda v: f"GBP {v:.2f}"), ("ask", "unit_cost", lambda v: None),
    ("fix", "barcode", int), ("fix", "barcode", lambda v: None),
    ("ask", "barcode", _wrong_digit), ("ask", "barcode", lambda v: f"{int(v):.5E}"),
    ("fix", "supplier", str.lower), ("fix", "supplier", lambda v: v.title() + " "),
    ("fix", "lead_time_days", lambda v: f"{v} days"),
    ("fix", "lead_time_days", lambda v: f"{v // 7} weeks" if v % 7 == 0 else f"{v} days"),
    ("fix", "counted_on", lambda v: f"{v:%d/%m/%Y}"), ("fix", "counted_on", lambda v: f"{v:%d-%b-%y}"),
    ("fix", "counted_on", lambda v: f"{v:%Y.%m.%d}"), ("fix", "counted_on", lambda v: f"{v:%d %B %Y}"),
    ("fix", "counted_on", lambda v: (v - datetime(1899, 12, 30)).days),
    ("ask", "counted_on", lambda v: "10/11/10"), ("fix", "name", lambda v: v.replace(" ", "  ", 1)),
    ("fix", "name", lambda v: v.replace(" ", "\n") + " "),
]  # fmt: skip
KEPT_EMPTY = {"bin": "", "barcode": ""}


def spoil(dice: Random, *, products: int, share: float) -> Spoiled:
    """A clean sheet of so many products, of whose rows a share is spoiled, each in one cell."""
    sheet = Spoiled()
    alone: set[str] = set()
    for row in clean_rows(dice, products):
        place = len(sheet.rows)
        messy = dict(row)
        sheet.meant[place] = dict(row)
        if dice.random() < share:
            action, column, how = dice.choice(SPOILERS)
            messy[column] = how(row[column])
            if messy[column] != row[column]:  # "20001" has no lower case
                sheet.actions[place] = action
            if messy[column] is None and column in KEPT_EMPTY:
                sheet.meant[place][column] = ""
            alone.add(row["sku"])
        sheet.rows.append(messy)
    _copy_some(sheet, dice, alone)
    _slip_some(sheet, dice, alone)
    return sheet


def _copy_some(sheet: Spoiled, dice: Random, alone: set[str]) -> None:
    """Copies of clean rows at the end, exact ones and some with another quantity."""
    clean = [n for n in range(len(sheet.rows)) if sheet.rows[n]["sku"] not in alone]
    for n in dice.sample(clean, min(6, len(clean) // 20)):
        copy = dict(sheet.rows[n])
        alone.add(copy["sku"])
        sheet.meant[len(sheet.rows)] = dict(copy)
        if dice.random() < 0.5:
            sheet.actions[len(sheet.rows)] = "skip"
        else:
            copy["on_hand"] += 7
            sheet.actions[len(sheet.rows)] = sheet.actions[n] = "ask"
        sheet.rows.append(copy)


def _slip_some(sheet: Spoiled, dice: Random, alone: set[str]) -> None:
    """Costs with a slipped decimal point, in one of the two rows of a product."""
    by_sku: dict[str, list[int]] = {}
    for n, row in enumerate(sheet.rows):
        if row["sku"] not in alone:
            by_sku.setdefault(row["sku"], []).append(n)
    pairs = [places for places in by_sku.values() if len(places) == 2]
    for places in dice.sample(pairs, min(5, len(pairs) // 10)):
        n = dice.choice(places)
        sheet.rows[n]["unit_cost"] = _slip(sheet.rows[n]["unit_cost"])
        sheet.actions[n] = "ask"


def as_cells(row: Row) -> list[Any]:
    """The row in the order of `building.TITLES`."""
    order = ("sku", "name", "warehouse", "bin", "on_hand", "unit_cost", "barcode", "supplier",
             "lead_time_days", "counted_on")  # fmt: skip
    assert len(order) == len(TITLES)
    return [row[column] for column in order]
