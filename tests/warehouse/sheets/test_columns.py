"""Headers as firms write them: found by themselves, mapped by many names, refused when unclear."""

import pytest

from tests.warehouse.sheets.building import TITLES, cell, good_row, sheet_of
from warehouse.sheets.cleaning import clean
from warehouse.sheets.columns import FIELDS, Header, find_header
from warehouse.sheets.limits import SheetRefused

NEEDED = ("SKU", "Warehouse", "Qty")


def header(*titles: str) -> Header:
    return find_header({1: [cell(title) for title in titles]})


def mapped(*titles: str) -> dict[str, str]:
    return {field: column.title for field, column in header(*titles).columns.items()}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Stock Code", "sku"), ("ITEM NO.", "sku"), ("Item #", "sku"), ("StockCode", "sku"),
        ("product_code", "sku"), ("Artikelnummer", "sku"), ("Part number", "sku"),
        ("Product name", "name"), ("Item description", "name"), ("Bezeichnung", "name"),
        ("W/H", "warehouse"), ("Depot", "warehouse"), ("WH Code", "warehouse"),
        ("Bin", "bin"), ("Shelf", "bin"), ("Lagerplatz", "bin"), ("Bin Loc.", "bin"),
        ("Qty in stock", "on_hand"), ("SOH", "on_hand"), ("QtyOnHand", "on_hand"),
        ("Quantity (pcs)", "on_hand"), ("Counted qty", "on_hand"), ("Qty\non hand ", "on_hand"),
        ("Unit cost \u00a3", "unit_cost"), ("Cost price (EUR)", "unit_cost"), ("Cost / unit", "unit_cost"),
        ("Cost (ex VAT)", "unit_cost"), ("EAN-13", "barcode"), ("Bar code", "barcode"), ("GTIN", "barcode"),
        ("UPC", "barcode"), ("Vendor", "supplier"), ("Supplier code", "supplier"),
        ("leadTimeDays", "lead_time_days"), ("Lead time (weeks)", "lead_time_days"),
        ("LT days", "lead_time_days"), ("Count date", "counted_on"), ("Last stocktake", "counted_on"),
        ("Date counted (dd/mm/yyyy)", "counted_on"),
    ],
)  # fmt: skip
def test_names_of_columns(title: str, field: str) -> None:
    others = {"sku": "SKU", "warehouse": "Warehouse", "on_hand": "Qty"}
    others.pop(field, None)
    columns = header(*others.values(), title).columns
    assert set(columns) == {*others, field}
    assert columns[field].index == len(others)


@pytest.mark.parametrize(
    "title",
    ["Qty on order", "Qty per box", "Selling price", "Cost per dozen", "Cost (incl VAT)", "Stock value",
     "Supplier SKU", "Qty (cases)", "Notes", "Lead time (months)", "Case size", "Reserved"],
)  # fmt: skip
def test_columns_that_mean_something_else_are_not_read(title: str) -> None:
    found = header(*NEEDED, title)
    assert set(found.columns) == {"sku", "warehouse", "on_hand"}
    assert found.unused == (title,)


def test_order_of_columns_and_rows_above_do_not_matter() -> None:
    titles = list(reversed(TITLES))
    above = [[cell("STOCK TAKE, all sites")], [], [cell("Item"), cell("Stock"), cell("Count")]]
    rows = dict(enumerate([*above, [cell(title) for title in titles]], start=1))
    found = find_header(rows)
    assert found.row == 4
    assert set(found.columns) == set(FIELDS)


def test_the_surer_name_wins() -> None:
    assert mapped("Code", "SKU", "Warehouse", "Qty")["sku"] == "SKU"
    assert mapped(*NEEDED[:2], "Units", "Qty on hand")["on_hand"] == "Qty on hand"
    assert mapped(*NEEDED, "Description", "Product name")["name"] == "Product name"


def test_location_is_the_warehouse_beside_a_bin() -> None:
    assert mapped("SKU", "Location", "Bin", "Qty")["warehouse"] == "Location"
    assert mapped("SKU", "Warehouse", "Location", "Qty")["bin"] == "Location"


def test_counted_is_a_quantity_alone_and_a_date_beside_one() -> None:
    assert mapped("SKU", "Warehouse", "Counted")["on_hand"] == "Counted"
    assert mapped(*NEEDED, "Counted")["counted_on"] == "Counted"


@pytest.mark.parametrize(
    "titles", [("SKU", "Whse", "Qty", "Quantity"), ("SKU", "Whse", "On hand", "Counted qty")]
)
def test_two_columns_that_could_be_one_are_refused(titles: tuple[str, ...]) -> None:
    with pytest.raises(SheetRefused) as refused:
        header(*titles)
    assert refused.value.code == "columns_unclear"
    assert titles[-1] in refused.value.message


def test_a_missing_column_is_named_beside_those_found() -> None:
    with pytest.raises(SheetRefused) as refused:
        header("Item code", "Description", "Qty on hand", "Colour")
    assert refused.value.code == "no_header"
    for words in ("missing: warehouse", '"Item code"', '"Qty on hand"', '"Colour"'):
        assert words in refused.value.message


def test_a_sheet_without_any_known_column_says_what_is_needed() -> None:
    with pytest.raises(SheetRefused, match="item code"):
        find_header({1: [cell("Hello")], 2: [cell("World")]})


def test_weeks_in_the_title_count_for_every_number() -> None:
    titles = [t if t != "Lead time (days)" else "Lead time (weeks)" for t in TITLES]
    rows = [good_row(lead_time_days=2), good_row(sku="B", barcode=None, lead_time_days="3 days")]
    result = clean(sheet=sheet_of(rows, titles=titles), warehouses={"MAIN": ""})
    assert [row.lead_time_days for row in result.importable] == [14, 3]


def test_optional_columns_may_be_absent() -> None:
    sheet = sheet_of([["A1", "MUG", "MAIN", 5]], titles=["SKU", "Name", "Warehouse", "Qty"])
    (row,) = clean(sheet=sheet, warehouses={"MAIN": ""}).importable
    assert (row.bin, row.unit_cost, row.barcodes, row.supplier) == ("", None, (), None)


def test_without_names_only_known_products_are_taken() -> None:
    sheet = sheet_of([["A1", "MAIN", 5], ["A2", "MAIN", 5]], titles=["SKU", "Warehouse", "Qty"])
    result = clean(sheet=sheet, warehouses={"MAIN": ""}, known_skus={"A1": "MUG"})
    assert [(row.sku, row.name) for row in result.importable] == [("A1", "MUG")]
    assert result.by_code() == {"name_blank": 1}
