"""A list is taken along as a file: what it shows, and to nobody more."""

import io
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from openpyxl import load_workbook

from inventory_site.core import list_files
from inventory_site.core.list_files import TakenAlong
from orders.models import SalesOrder
from tests.factories import stock
from tests.orders.making import order
from tests.reports.asked import csv_rows, file_of
from tests.warehouse.statements import sent_by
from warehouse.models import Product

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/salesorder/"
MOVEMENTS = "/admin/warehouse/stockmovement/"


@pytest.fixture
def boss(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    stock({("A", "MAIN"): 99})
    return client


def rows(client, address, **asked):
    answer = client.get(address, {**asked, "_file": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return csv_rows(file_of(answer))


def test_it_has_the_rows_and_columns_of_the_list_in_its_order(boss):
    for n in (1, 2, 3):
        order(f"O-{n}", A=1, ship_to_name="Ada" if n < 3 else "Ben")
    shown = boss.get(ORDERS, {"q": "Ada"}).context["cl"].result_list
    head, *told = rows(boss, ORDERS, q="Ada")
    assert head[0] == "reference"
    assert [row[0] for row in told] == [one.reference for one in shown] != []


def test_a_workbook_has_numbers_and_times_as_such(boss):
    answer = boss.get(MOVEMENTS, {"_file": "xlsx"})
    assert "stock-movements-20" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(file_of(answer))).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    values = dict(zip(titles, [cell.value for cell in sheet[2]], strict=True))
    assert isinstance(values["occurred at"], datetime)
    assert values["quantity"] == 99
    assert values["type"] == "Receive"


LISTS = [page for model, page in admin.site._registry.items() if model._meta.app_label != "axes"]


@pytest.mark.parametrize("page", LISTS, ids=str)
def test_every_list_goes_along_and_says_so(boss, page):
    assert isinstance(page, TakenAlong)
    address = f"/admin/{page.opts.app_label}/{page.opts.model_name}/"
    shown = boss.get(address)
    if shown.context["cl"].result_count:
        assert "_file=xlsx" in shown.content.decode()
    assert rows(boss, address)[0]


@pytest.mark.parametrize(
    ("name", "first", "sheet"),
    [("product", "SKU", "products"), ("inventoryitem", "product", "reorder_settings")],
)
def test_what_is_changed_in_a_sheet_goes_along_as_that_sheet_too(boss, name, first, sheet):
    address = f"/admin/warehouse/{name}/"
    page = boss.get(address, {"q": "A"}).content.decode()
    assert "?q=A&amp;_file=csv" in page
    assert f"/admin/warehouse/importrun/export/{sheet}.csv?q=A" in page
    assert rows(boss, address, q="A")[0][0] == first
    assert "Version" not in rows(boss, address, q="A")[0]


def test_no_cell_is_a_formula_and_words_are_as_they_were_typed(boss):
    order("=O-1", A=1, ship_to_name="Ada <USB-C> & Co")
    told = rows(boss, ORDERS)[1]
    assert told[0] == "'=O-1"
    assert "Ada <USB-C> & Co" in told


def test_markup_of_the_page_is_no_part_of_it(boss):
    Product.objects.filter(sku="A").update(name="Salt & <Pepper>")
    boss.post("/admin/warehouse/supplier/add/", {"code": "S&P", "name": "<b>", "lead_time_days": 3})
    told = "\n".join(",".join(row) for row in rows(boss, "/admin/core/settingchange/"))
    assert "S&P" in told
    assert "Salt & <Pepper>" in told
    assert "&amp;" not in told
    assert "<div>" not in told


@pytest.mark.parametrize("asked", [{"placed_at__gte": "xx"}, {"foo": "1"}])
def test_a_filter_that_is_none_is_answered_as_by_the_list(boss, asked):
    assert (
        boss.get(ORDERS, asked | {"_file": "csv"}).status_code
        == boss.get(ORDERS, asked).status_code
    )


def test_times_are_those_of_the_page(boss):
    order("O-1", A=1)
    SalesOrder.objects.update(placed_at=datetime(2026, 11, 26, 20, 30, tzinfo=UTC))
    assert "2026-11-26 20:30:00" in rows(boss, ORDERS)[1]


def test_more_rows_than_fit_are_refused_with_what_to_do(boss, monkeypatch):
    monkeypatch.setattr(list_files, "MOST_ROWS", 1)
    order("O-1", A=1)
    assert len(rows(boss, ORDERS)) == 2
    order("O-2", A=1)
    answer = boss.get(ORDERS, {"_file": "csv", "q": "O"}, follow=True)
    assert answer.redirect_chain == [(f"{ORDERS}?q=O", 302)]
    assert "A file has 1 rows at most: filter the list first." in answer.content.decode()


def test_what_is_no_format_is_the_list(boss):
    assert boss.get(ORDERS, {"_file": "exe"}).context["cl"] is not None


def test_many_rows_cost_no_more_statements_than_few(boss):
    order("O-1", A=1)
    few = len(sent_by(rows, boss, ORDERS))
    for n in range(2, 30):
        order(f"O-{n}", A=1)
    assert len(sent_by(rows, boss, ORDERS)) == few


def test_it_goes_portion_by_portion(boss, monkeypatch):
    monkeypatch.setattr(list_files, "AT_ONCE", 2)
    for n in range(5):
        order(f"O-{n}", A=1)
    assert sorted(row[0] for row in rows(boss, ORDERS)[1:]) == [f"O-{n}" for n in range(5)]
