"""Sheets of reorder settings and of bins, and of an opening stock: also of somebody with one warehouse."""

import pytest

from inventory_site.core.models import StaffAccess
from tests.factories import BinFactory, ProductFactory, do, item, stock, warehouse
from tests.warehouse.imports.sending import book, checked, confirm, imported, person, problems
from warehouse import import_worker
from warehouse.models import Bin, BinStock, Product, ReorderSuggestion, Warehouse
from warehouse.services.locations import open_warehouse

SETTINGS = ["SKU", "Warehouse", "Reorder point", "Reorder quantity", "Safety stock"]
BINS = ["Warehouse", "Bin", "Kind", "Pick sequence"]
STOCK = ["SKU", "Name", "Warehouse", "Bin", "Qty on hand", "Unit cost"]


@pytest.fixture
def house(db):
    stock({("A", "MAIN"): 3, ("A", "EAST"): 3})
    ProductFactory(sku="B")


@pytest.fixture
def keeper(client, sent, house):
    """A manager of EAST alone."""
    client.force_login(person("keeper", within=["EAST"]))
    return client


def test_settings_are_set_and_suggestions_follow(boss, house):
    run = imported(
        boss,
        book(SETTINGS, ["A", "MAIN", 10, 24, 2], ["B", "EAST", 5, 6, None], ["A", "EAST", 0, 0, 0]),
        kind="reorder_settings",
    )
    assert run.result == {"changed": 2, "unchanged": 1}
    found = item("A")
    assert (found.reorder_point, found.reorder_quantity, found.safety_stock) == (10, 24, 2)
    assert ReorderSuggestion.objects.filter(closed_at=None).count() == 2


def test_settings_at_fault_are_told(boss, house):
    rows = [["NOPE", "MAIN", 1], ["A", "WEST", 1], ["A", "MAIN", -1], ["B", "MAIN", None]]
    told = problems(checked(boss, book(SETTINGS[:3], *rows), kind="reorder_settings"))
    assert told[2] == "There is no product NOPE. Import products first."
    assert told[3].startswith('There is no warehouse "WEST"')
    assert told[4].startswith('The reorder point "-1" is no whole number')
    assert told[5].startswith("The reorder point is empty")


def test_bins_are_added_and_put_in_order(boss, house):
    warehouse("MAIN")
    rows = [
        ["MAIN", "A-02-03", None, None],
        ["main", "b-1", "bulk", 7],
        ["MAIN", "A-01-01", None, 4],
    ]
    run = imported(boss, book(BINS, *rows), kind="bins")
    assert run.result == {"created": 2, "changed": 1, "unchanged": 0}
    made = Bin.objects.get(code="B-1")
    assert (made.warehouse.code, made.kind, made.pick_sequence) == ("MAIN", "bulk", 7)
    assert Bin.objects.get(code="A-02-03").pick_sequence == 10203
    assert Bin.objects.get(code="A-01-01", warehouse__code="MAIN").pick_sequence == 4


def test_a_bin_keeps_its_kind(boss, house):
    BinFactory(warehouse=warehouse(), code="A-01-01")
    rows = [
        ["MAIN", "A-01-01", "quarantine"],
        ["MAIN", "A-01-02", "shelf"],
        ["MAIN", "no code!", ""],
    ]
    told = problems(checked(boss, book(BINS[:3], *rows), kind="bins"))
    assert "a bin never changes its kind" in told[2]
    assert told[3].startswith('"shelf" is none of pick, bulk')
    assert told[4] == '"no code!" is no code of a bin, such as A-03-12.'


def test_an_opening_stock_opens_an_empty_house(boss):
    rows = [["X", "Mug", "MAIN", "A-01-01", 5, 2.5], ["Y", "Cup", "MAIN", None, -3, 2.5]]
    run = imported(boss, book(STOCK, *rows), kind="opening_stock")
    assert (run.status, run.written, run.bad) == ("done", 1, 1)
    assert run.result["units"] == 5
    assert Warehouse.objects.get().code == "MAIN"
    assert BinStock.objects.get().quantity == 5


def test_stock_that_is_there_is_told_row_by_row_and_the_rest_goes_in(boss, house):
    rows = [["A", "Mug", "MAIN", "A-01-01", 5, 2.5], ["B", "Cup", "MAIN", "A-01-01", 4, 2.5]]
    run = imported(boss, book(STOCK, *rows), kind="opening_stock")
    assert problems(run) == {
        2: "A in MAIN has stock or a history already. Correct it with a count or an adjustment."
    }
    assert (item("A").on_hand, item("B").on_hand) == (3, 4)


def test_somebody_with_one_warehouse_changes_that_alone(keeper):
    rows = [["B", "Cup", "MAIN", "A-01-01", 4, 2.5], ["B", "Cup", "EAST", "A-01-01", 4, 2.5]]
    run = imported(keeper, book(STOCK, *rows), kind="opening_stock")
    assert problems(run) == {2: '"MAIN" is none of your warehouses (EAST).'}
    assert run.written == 1
    settings = [["A", "MAIN", 9], ["A", "EAST", 9]]
    run = imported(keeper, book(SETTINGS[:3], *settings), kind="reorder_settings")
    assert problems(run) == {2: '"MAIN" is none of your warehouses (EAST).'}
    assert (item("A").reorder_point, item("A", "EAST").reorder_point) == (0, 9)
    run = imported(keeper, book(BINS[:2], ["MAIN", "Z-01-01"], ["EAST", "Z-01-01"]), kind="bins")
    assert problems(run) == {2: '"MAIN" is none of your warehouses (EAST).'}
    assert Bin.objects.get(code="Z-01-01").warehouse.code == "EAST"


def test_somebody_with_one_warehouse_opens_no_other(client, sent, db):
    client.force_login(person("keeper", within=["EAST"]))
    content = book(STOCK, ["X", "Mug", "MAIN", None, 5, 2.5])
    run = checked(client, content, kind="opening_stock")
    assert (run.good, problems(run)) == (0, {2: '"MAIN" is none of your warehouses ().'})
    assert not Warehouse.objects.exists()
    assert not Product.objects.exists()


def test_a_warehouse_taken_away_between_check_and_import_is_respected(keeper):
    do(open_warehouse, code="WEST", name="West")
    run = checked(keeper, book(SETTINGS[:3], ["A", "EAST", 9]), kind="reorder_settings")
    confirm(keeper, run)
    StaffAccess.objects.update(warehouses=["WEST"])
    assert import_worker.carry_out(run_id=run.pk) == "failed"
    assert item("A", "EAST").reorder_point == 0
