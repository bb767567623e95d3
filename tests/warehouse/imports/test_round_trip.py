"""What is exported comes back unchanged, changes only what differs, and never what somebody changed since."""

import csv as csv_module
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission

from tests.factories import ProductFactory, SupplierFactory, do, item, stock
from tests.warehouse.imports.sending import book, checked, imported, person, problems
from warehouse.lines import ReserveLine
from warehouse.models import Barcode, Product
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve

EXPORT = "/admin/warehouse/importrun/export/"
FORMATS = ("csv", "xlsx")
HOSTILE = (
    "=cmd|'/c calc'!A0", "+1+1", "-2", "@SUM(A1)", "\ttab", "\rreturn", "\uff1dwide", "'=quoted", "''@twice",
    '<script>alert("x")</script>', 'a "quoted", name', "two\nlines", "_x000D_", "O'Brien", "'",
)  # fmt: skip


@pytest.fixture
def exporter(boss):
    def export(what, query=""):
        answer = boss.get(f"{EXPORT}{what}{query}")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    return export


def lines_of(content, format):
    """Rows of an export as a spreadsheet program would have them, the titles first."""
    if format == "csv":
        text = content.decode("utf-8-sig")
        return [list(row) for row in csv_module.reader(io.StringIO(text, newline=""))]
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_names_are_no_formulas_and_come_back_as_they_were(boss, exporter, format):
    for number, name in enumerate(HOSTILE):
        ProductFactory(sku=f"S{number:02}", name=name, unit_cost="1.234")
    ProductFactory(sku="=1+1", name="Odd", lead_time_days=900, unit_cost=0)
    ProductFactory(sku="007", name="Led by zeros", supplier=SupplierFactory(code="-ACME"))
    Barcode.objects.create(code="NO-GTIN", product=Product.objects.get(sku="S00"))
    before = list(Product.objects.values())
    content = exporter(f"products.{format}")
    cells = [str(cell or "") for row in lines_of(content, format) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    run = imported(boss, content, name=f"products.{format}")
    assert problems(run) == {}
    assert run.result == {"created": 0, "changed": 0, "unchanged": len(HOSTILE) + 2}
    assert list(Product.objects.values()) == before


@pytest.mark.parametrize("format", FORMATS)
def test_no_cell_of_a_workbook_is_a_formula(exporter, format):
    for number, name in enumerate(HOSTILE):
        ProductFactory(sku=f"S{number:02}", name=name)
    content = exporter(f"products.{format}")
    if format == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
    assert len(lines_of(content, format)) == len(HOSTILE) + 1


def test_only_rows_that_differ_are_changed(boss, exporter):
    for sku in "ABC":
        ProductFactory(sku=sku, name=f"Mug {sku}", unit_cost="2.50", lead_time_days=9)
    titles, *rows = lines_of(exporter("products.xlsx"), "xlsx")
    rows[1][titles.index("Unit cost")] = 2.75
    rows[1][titles.index("Lead time (days)")] = None
    run = imported(boss, book(titles, *rows))
    assert run.result == {"created": 0, "changed": 1, "unchanged": 2}
    changed = Product.objects.get(sku="B")
    assert (str(changed.unit_cost), changed.lead_time_days) == ("2.7500", None)


def test_a_row_that_somebody_changed_meanwhile_is_stale(boss, exporter):
    ProductFactory(sku="A", name="Mug", unit_cost="2.50")
    ProductFactory(sku="B", name="Cup", unit_cost="2.50")
    titles, *rows = lines_of(exporter("products.xlsx"), "xlsx")
    for row in rows:
        row[titles.index("Unit cost")] = 3
    Product.objects.filter(sku="A").update(unit_cost="9.99", name="Better mug")
    run = imported(boss, book(titles, *rows))
    assert problems(run) == {
        2: "A was changed after this sheet was exported. There is now: name Better mug, "
        "unit cost 9.99. Export it anew."
    }
    assert run.result == {"created": 0, "changed": 1, "unchanged": 0}
    assert [str(cost) for cost in Product.objects.values_list("unit_cost", flat=True)] == [
        "9.9900", "3.0000",
    ]  # fmt: skip


def test_the_same_edited_sheet_twice_changes_nothing_more(boss, exporter):
    ProductFactory(sku="A", name="Mug", unit_cost="2.50")
    titles, row = lines_of(exporter("products.xlsx"), "xlsx")
    row[titles.index("Name")] = "Cup"
    imported(boss, book(titles, row))
    again = imported(boss, book(titles, row))
    assert again.result == {"created": 0, "changed": 0, "unchanged": 1}


def test_a_row_of_an_export_never_makes_a_product(boss, exporter):
    ProductFactory(sku="00123", name="Mug")
    titles, row = lines_of(exporter("products.xlsx"), "xlsx")
    row[0] = 123  # what a spreadsheet makes of it
    run = checked(boss, book(titles, row))
    assert problems(run)[2].startswith("123 is not there (any more)")


def test_settings_go_round_while_stock_moves(boss, exporter):
    stock({("A", "MAIN"): 9, ("B", "MAIN"): 9})
    content = exporter("reorder_settings.xlsx")
    titles, *rows = lines_of(content, "xlsx")
    do(reserve, reference="R", lines=[ReserveLine("A", 1)])  # no change of what the sheet sets
    do(set_reorder, sku="B", warehouse="MAIN", reorder_point=4, reorder_quantity=8)
    for row in rows:
        row[titles.index("Reorder point")] = 50
    run = imported(boss, book(titles, *rows), kind="reorder_settings")
    assert run.result == {"changed": 1, "unchanged": 0}
    assert (item("A").reorder_point, item("B").reorder_point) == (50, 4)
    told = "There is now: reorder point 4, reorder quantity 8. Export it anew."
    assert problems(run)[3].endswith(told)


def test_filters_and_search_of_the_list_are_kept(exporter):
    for sku, active in (("A", True), ("B", False)):
        ProductFactory(sku=sku, name="Mug", active=active)
    assert len(lines_of(exporter("products.csv", "?active__exact=0"), "csv")) == 2
    assert len(lines_of(exporter("products.csv", "?q=Mug"), "csv")) == 3
    assert len(lines_of(exporter("products.csv", "?q=nothing"), "csv")) == 1


def test_an_export_holds_the_own_warehouses_alone(client, db):
    stock({("A", "MAIN"): 9, ("A", "EAST"): 1})
    reader = person(within=["EAST"], role="of no use")
    client.force_login(reader)
    assert client.get(f"{EXPORT}reorder_settings.csv").status_code == 403
    reader.user_permissions.set(Permission.objects.filter(codename="view_inventoryitem"))
    content = b"".join(client.get(f"{EXPORT}reorder_settings.csv").streaming_content)
    titles, *rows = lines_of(content, "csv")
    assert [row[titles.index("Warehouse")] for row in rows] == ["EAST"]


def test_an_export_reads_by_the_thousand(exporter, django_assert_max_num_queries):
    Product.objects.bulk_create(Product(sku=f"S{n}", name="Mug") for n in range(500))
    with django_assert_max_num_queries(20):
        assert len(lines_of(exporter("products.csv"), "csv")) == 501


def test_addresses_that_are_no_export(boss):
    assert boss.get(f"{EXPORT}nothing.csv").status_code == 404
    assert boss.get(f"{EXPORT}products.pdf").status_code == 404
    assert boss.get(f"{EXPORT}products.csv?nonsense=1").status_code == 400
