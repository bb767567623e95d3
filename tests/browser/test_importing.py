"""A messy sheet goes in through the browser: upload, columns, check, import of the good rows, result."""

import re

import pytest
from django.contrib.auth import get_user_model

from tests.browser.visiting import Visit, loaded
from tests.factories import ProductFactory
from tests.warehouse.imports.sending import book
from tests.warehouse.sheets.answers import load_answers
from warehouse import import_worker
from warehouse.models import BinStock, ImportRun, Warehouse

pytestmark = pytest.mark.browser

ADD = "/admin/warehouse/importrun/add/"
OURS = {"include": [["#import"]]}
LOOKS = [("phone", "light"), ("phone", "dark"), ("desk", "dark")]


@pytest.fixture
def site(committed_db, valkey, served):
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    return served


def arrived(window, site):
    visit = Visit(window, site)
    visit.let_in()
    return visit


def fit(visit, what, looks=LOOKS):
    """On our part; the messy sheet is looked at on a desk by light, the price list in all other ways."""
    visit.fit_for_everybody(what, picture=what, within=OURS, looks=looks)


def upload(page, path, kind):
    page.check(f"input[name=kind][value={kind}]")
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Read the sheet").click()
    loaded(page)


def figures(page):
    """The numbers of the page by what stands under them."""
    pairs = page.locator(".import-figures > div").all()
    return {
        pair.locator("dt").inner_text(): int(pair.locator("dd").inner_text().replace(",", ""))
        for pair in pairs
    }


def test_the_messy_sheet_goes_in_and_its_numbers_are_those_of_the_answer_sheet(window, site, year):
    answers = load_answers(year)
    pairs = answers["issue_counts"]["duplicate_conflict"]  # both rows are asked about
    expected = answers["counts"]["importable_without_a_person"] - pairs
    visit = arrived(window, site)
    page = visit.open(ADD)
    upload(page, year / "opening_stock_messy.xlsx", "opening_stock")
    fit(visit, "import-columns", Visit.looks[:1])
    page.get_by_role("button", name="Check the rows").click()
    loaded(page)
    fit(visit, "import-check", Visit.looks[:1])
    told = figures(page)
    assert told["good"] == expected
    assert not Warehouse.objects.exists()
    page.get_by_role("button", name=re.compile("^Import ")).click()
    page.wait_for_selector("#progress")
    fit(visit, "import-progress", Visit.looks[:1])
    assert import_worker.carry_out(run_id=ImportRun.objects.get().pk) == "done"
    page.get_by_text("rows were imported").wait_for()
    fit(visit, "import-result", Visit.looks[:1])
    run = ImportRun.objects.get()
    assert (run.written, figures(page)) == (expected, told)
    assert sum(BinStock.objects.values_list("quantity", flat=True)) == run.result["units"]
    assert f"{run.result['units']:,}" in page.locator("#import").inner_text()
    page.get_by_role("link", name="Its movements").click()
    loaded(page)
    assert page.locator("#result_list tbody tr").count() > 10
    assert visit.faults == []


def test_every_page_of_an_import_can_be_used_by_everybody(window, site, tmp_path):
    path = tmp_path / "price list spring, with a name that goes on and on and on.xlsx"
    ProductFactory(sku="A", name="Mug", unit_cost="1.50")
    rows = [
        ["A", "Mug", 1.75, "x"],
        *([f"N{n}", None, 2, "y"] for n in range(30)),
        ["B", "Cup", 2, "z"],
    ]
    path.write_bytes(book(["SKU", "Name", "Cost", "A remark that nobody reads"], *rows))
    visit = arrived(window, site)
    page = visit.open(ADD)
    fit(visit, "import-upload")
    upload(page, path, "products")
    fit(visit, "import-columns")
    page.get_by_role("button", name="Check the rows").click()
    loaded(page)
    fit(visit, "import-check")
    page.get_by_role("button", name="Import 2 rows").click()
    page.wait_for_selector("#progress")
    fit(visit, "import-progress")
    run = ImportRun.objects.get()
    import_worker.carry_out(run_id=run.pk)
    page.get_by_text("2 rows were imported.").wait_for()
    fit(visit, "import-result")
    ImportRun.objects.update(status="failed", message="There is no warehouse WEST.")
    visit.open(f"/admin/warehouse/importrun/{run.pk}/change/")
    fit(visit, "import-failed")
    visit.open("/admin/warehouse/importrun/")
    visit.picture("import-list-desk-light")
    assert visit.faults == []


def test_fifty_megabytes_get_an_answer(window, site, tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"SKU,Name\n" * 5_600_000)
    visit = arrived(window, site)
    page = visit.open(ADD)
    upload(page, path, "products")
    assert page.get_by_text("The file is larger than 20 MiB.").is_visible()
    assert all("413" in fault or ADD in fault for fault in visit.faults)
