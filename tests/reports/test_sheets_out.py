"""Tables as files: nothing in them becomes a formula, and numbers stay numbers."""

import io
import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from inventory_site.core.reporting.answering import stream
from inventory_site.core.sheets_out import safe, write_csv, write_xlsx
from tests.factories import ProductFactory, stock
from tests.reports.asked import asked, csv_rows, file_of, person
from warehouse.models import Product

BAD = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("http://x","y")',
    "\uff1d1+1",
]
FINE = ["", "a=b", "A-01-02", "Ünïcode ✓", "1", " x", "'=quoted", '"', "a,b;c\nd"]


@pytest.mark.parametrize("word", BAD)
def test_words_that_look_like_a_formula_are_no_formula(word):
    assert safe(word) == "'" + word
    to = io.BytesIO()
    write_xlsx(to=to, title="T", header=[word], portions=[[[word, 1]]], about=[(word, word)])
    book = load_workbook(to)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [c.data_type for c in cells if c.data_type not in ("s", "n")] == []
    assert book.worksheets[0]["B2"].value == 1


@pytest.mark.parametrize("word", FINE)
def test_other_words_are_left_as_they_are(word):
    assert safe(word) == word
    to = io.BytesIO()
    write_csv(to=to, header=["a"], portions=[[[word]]])
    assert csv_rows(to.getvalue())[1:] == [[word]] if word else [[]]


def test_numbers_and_days_stay_what_they_are_also_below_nothing():
    row = [-5, Decimal("-2.50"), -0.5, date(2026, 3, 1), datetime(2026, 3, 1, 7, 5), None, True]
    to = io.BytesIO()
    write_csv(to=to, header=list("abcdefg"), portions=[[row]])
    told = csv_rows(to.getvalue())[1]
    assert told == ["-5", "-2.50", "-0.5", "2026-03-01", "2026-03-01 07:05:00", "", "True"]
    book = io.BytesIO()
    write_xlsx(to=book, title="a/b[c]*?:\\" * 9, header=list("abcdefg"), portions=[[row]])
    found = [cell.value for cell in load_workbook(book).worksheets[0][2]]
    assert found[:3] == [-5, -2.5, -0.5]
    assert found[3:5] == [datetime(2026, 3, 1), datetime(2026, 3, 1, 7, 5)]


def test_what_cannot_stand_in_a_workbook_is_left_out():
    to = io.BytesIO()
    write_xlsx(to=to, title="T", header=["a"], portions=[[["a\x00b\x1fc\x0b=d"]]])
    assert load_workbook(to).worksheets[0]["A2"].value == "abc=d"
    assert safe("\x00=1") == "'=1"


@pytest.mark.django_db
def test_what_is_too_long_for_a_workbook_is_said_and_goes_as_csv(client, monkeypatch):
    monkeypatch.setattr("inventory_site.core.reporting.files.MOST_IN_A_WORKBOOK", 1)
    stock({("A", "MAIN"): 1, ("B", "MAIN"): 1})
    person(client)
    page = client.get("/admin/reports/stock-at-date/?format=xlsx")
    assert page.status_code == 400
    assert "2 rows are too many for a workbook" in page.content.decode()
    assert len(csv_rows(file_of(client.get("/admin/reports/stock-at-date/?format=csv")))) == 3


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_long_table_needs_no_more_memory_than_a_short_one(write):
    def most(portions):
        more = {"title": "T"} if write is write_xlsx else {}
        rows = ([[n, "word", 2.5] for n in range(100)] for _ in range(portions))
        with open("/dev/null", "w+b") if write is write_csv else io.BytesIO() as to:
            tracemalloc.start()
            write(to=to, header=["a"], portions=rows, **more)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return peak

    most(1)
    assert most(24) < most(8) + 200_000


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_name_that_is_a_formula_leaves_the_house_as_words(client, form):
    stock({("=A1", "MAIN"): 3})
    Product.objects.update(name='=HYPERLINK("http://evil","click")', unit_cost="1.25")
    person(client)
    body = file_of(client.get(f"/admin/reports/stock-at-date/?format={form}"))
    if form == "csv":
        row = csv_rows(body)[1]
    else:
        row = [cell.value for cell in load_workbook(io.BytesIO(body)).worksheets[0][2]]
    assert row[:3] == ["'=A1", '\'=HYPERLINK("http://evil","click")', "MAIN"]
    assert [float(x) for x in row[3:]] == [3, 1.25, 3.75]


@pytest.mark.django_db
def test_a_file_says_what_it_is_and_of_what_day(client):
    stock({("A", "MAIN"): 3})
    person(client)
    answer = client.get("/admin/reports/movements/?format=csv&warehouse=MAIN&days=7")
    today = timezone.now().date()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "movements-main-20" in answer["Content-Disposition"]
    assert f"-{today}.csv" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.django_db
def test_rows_come_portion_by_portion_in_the_order_of_the_page(monkeypatch):
    monkeypatch.setattr("inventory_site.core.reporting.answering.AT_ONCE", 2)
    for n in range(5):
        ProductFactory(sku=f"S{n}")
    stock({(f"S{n}", "MAIN"): n + 1 for n in range(5)})
    report, given = asked("stock-at-date", now=timezone.now())
    portions = list(stream(report=report, given=given, sort="-on_hand"))
    assert [len(x) for x in portions] == [2, 2, 1]
    assert [row[0] for x in portions for row in x] == ["S4", "S3", "S2", "S1", "S0"]
