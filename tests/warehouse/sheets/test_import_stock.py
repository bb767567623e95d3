"""manage.py import_stock: what it writes, what it says, and that it is all or nothing."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from inventory_site.core.db import unit_of_work
from tests.warehouse.sheets.answers import load_answers
from tests.warehouse.sheets.building import TITLES, good_row
from warehouse.errors import StockAlreadyThere
from warehouse.management.commands.import_stock import ACTOR
from warehouse.models import Barcode, BinStock, InventoryItem, Product, StockMovement, Warehouse
from warehouse.services.importing import import_opening_stock
from warehouse.sheets.rows import OpeningStockRow

pytestmark = pytest.mark.django_db

OTHER = "2948138492770"


def book(path: Path, *rows: list[object], name: str = "stock.xlsx") -> Path:
    made = openpyxl.Workbook()
    for row in [list(TITLES), *rows]:
        made.active.append(row)
    made.save(path / name)
    return path / name


def run(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_stock", str(path), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def run_json(path: Path, *options: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(run(path, "--json", *options))
    return loaded


def refused(path: Path, *options: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run(path, *options)
    assert caught.value.returncode == 1
    assert "Nothing was imported" in str(caught.value)
    return caught.value


def test_good_rows_become_stock_and_the_others_are_listed(tmp_path: Path) -> None:
    told = run(book(tmp_path, good_row(), good_row(sku="B", barcode=OTHER, on_hand=-4)))
    assert "row 3: The quantity -4 is below zero" in told
    assert "Imported 1 rows: 54 units" in told
    assert "Warehouses created: MAIN" in told
    item = InventoryItem.objects.get(product__sku="85123A", warehouse__code="MAIN")
    assert (item.on_hand, item.reserved) == (54, 0)
    assert BinStock.objects.get().bin.code == "A-03-12"
    assert StockMovement.objects.get().on_hand_after == 54
    assert Barcode.objects.get().code == "2921162373642"
    assert not Product.objects.filter(sku="B").exists()


def test_stock_without_a_bin_waits_in_the_receiving_bin(tmp_path: Path) -> None:
    run(book(tmp_path, good_row(), good_row(bin=None, on_hand=6)))
    found = BinStock.objects.values_list("bin__code", "quantity")
    assert dict(found) == {"A-03-12": 54, "RECEIVING": 6}


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    told = run(book(tmp_path, good_row()), "--dry-run")
    assert "1 rows with 54 units would be imported" in told
    assert not Warehouse.objects.exists()
    assert not Product.objects.exists()


def test_the_same_file_twice_is_imported_once(tmp_path: Path) -> None:
    path = book(tmp_path, good_row())
    run(path)
    assert "imported before" in run(path)
    assert run_json(path)["imported"]["already_imported"] is True
    assert InventoryItem.objects.get().on_hand == 54


def test_stock_that_is_there_already_is_named_and_the_others_go_in(tmp_path: Path) -> None:
    run(book(tmp_path, good_row()))
    again = good_row(on_hand=60, bin="B-01-01")
    more = book(tmp_path, again, good_row(sku="B", barcode=OTHER), name="more.xlsx")
    told = run(more)
    assert "row 2: 85123A in MAIN has stock or a history already" in told
    assert "Imported 1 rows: 54 units" in told
    assert "1 rows were not imported" in told
    held = InventoryItem.objects.values_list("product__sku", "on_hand")
    assert dict(held) == {"85123A": 54, "B": 54}
    assert "imported before" in run(more)


def test_stock_of_a_product_that_is_not_active_is_taken_over_and_told(tmp_path: Path) -> None:
    Product.objects.create(sku="85123A", name="T-Light", active=False)
    codes = run_json(book(tmp_path, good_row()))["codes"]
    assert codes["product_inactive"] == 1
    assert InventoryItem.objects.get().on_hand == 54


def test_what_got_stock_since_the_check_takes_the_whole_import_back(tmp_path: Path) -> None:
    run(book(tmp_path, good_row()))
    late = OpeningStockRow(2, "85123A", "T-Light", (), None, None, None, "MAIN", "", 6)
    fresh = replace(late, row=3, sku="B")
    with pytest.raises(StockAlreadyThere, match="row 2: 85123A in MAIN"), unit_of_work():
        import_opening_stock(rows=[fresh, late], reference="late", actor=ACTOR)
    assert InventoryItem.objects.get().on_hand == 54


def test_an_unknown_warehouse_is_created_only_by_name(tmp_path: Path) -> None:
    run(book(tmp_path, good_row()))
    north = book(tmp_path, good_row(warehouse="NORTH"), name="north.xlsx")
    assert "nothing_to_import" in str(refused(north))
    assert "Warehouses created: NORTH" in run(north, "--create-warehouses", "NORTH")
    assert "warehouse_code" in str(refused(north, "--create-warehouses", "no code"))


def test_a_person_puts_the_rest_right_and_imports_it(tmp_path: Path) -> None:
    rest = tmp_path / "rest.xlsx"
    path = book(tmp_path, good_row(), good_row(sku="B", barcode=OTHER, on_hand=None))
    assert "1 rows to put right" in run(path, "--remainder", str(rest))
    made = openpyxl.load_workbook(rest)
    made.active["E2"] = 7
    made.save(rest)
    assert "Imported 1 rows: 7 units" in run(rest)
    assert "remainder" in str(refused(path, "--remainder", str(tmp_path / "no" / "rest.xlsx")))


@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_the_rest_takes_no_other_files_place(tmp_path: Path, option: list[str]) -> None:
    path = book(tmp_path, good_row(), good_row(sku="B", barcode=OTHER, on_hand=None))
    before = path.read_bytes()
    (tmp_path / "link.xlsx").symlink_to(path)
    for taken in ("stock.xlsx", "link.xlsx"):
        assert "there already" in str(refused(path, "--remainder", str(tmp_path / taken), *option))
    assert path.read_bytes() == before
    assert ".xlsx" in str(refused(path, "--remainder", str(tmp_path / "rest.csv"), *option))
    assert not (tmp_path / "rest.csv").exists()
    assert not Product.objects.exists()


def test_what_is_stored_is_compared_with_the_sheet(tmp_path: Path) -> None:
    run(book(tmp_path, good_row()))
    east = good_row(warehouse="EAST", unit_cost=9)
    thief = good_row(sku="B", warehouse="EAST")
    path = book(tmp_path, east, thief, name="east.xlsx")
    codes = json.loads(_failed_json(path, "--create-warehouses", "EAST"))["codes"]
    assert codes == {"barcode_other_sku": 1, "cost_conflict": 1}


def _failed_json(path: Path, *options: str) -> str:
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_stock", str(path), "--json", *options, stdout=out, stderr=io.StringIO()
        )
    return out.getvalue()


def test_a_refused_file_is_told_to_programs_too(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("Colour,Size\nred,5\n")
    told = json.loads(_failed_json(path))
    assert told["error"]["code"] == "no_header"
    assert "no_header" in str(refused(path))


def test_the_messy_sheet_imports_what_its_answer_sheet_allows(year: Path) -> None:
    path = year / "opening_stock_messy.xlsx"
    told = run_json(path)
    answers = load_answers(year)
    # Both rows of a contradicting pair are asked about; the answer sheet would take the first.
    pairs = answers["issue_counts"]["duplicate_conflict"]
    expected = answers["counts"]["importable_without_a_person"] - pairs
    values = [row["values"] for row in told["rows"] if row["values"]]
    assert (len(values), told["created_warehouses"]) == (expected, ["EAST", "MAIN"])
    assert told["imported"]["units"] == sum(value["on_hand"] for value in values)
    stored = {
        (stock.item.product.sku, stock.bin.warehouse.code, stock.bin.code): stock.quantity
        for stock in BinStock.objects.select_related("item__product", "bin__warehouse")
    }
    for value in values:
        if value["on_hand"]:
            place = (value["sku"], value["warehouse"], value["bin"] or "RECEIVING")
            assert stored[place] == value["on_hand"]
