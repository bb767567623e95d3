"""Every report as a page and as a file: who may see it, what is refused, and how many statements it takes."""

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone
from openpyxl import load_workbook

from inventory_site.core.reporting import pages
from inventory_site.core.reporting.registry import reports
from tests.factories import do, item
from tests.reports.asked import answered, asked, csv_rows, file_of, person
from tests.site.every_address import no_trace
from tests.warehouse.histories import NOW, leave, refused, sold
from tests.warehouse.statements import sent_by
from warehouse.models import Product
from warehouse.services.classifying import classify

pytestmark = pytest.mark.usefixtures("world")

KEYS = [one.key for one in reports()]


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """What there is to tell, made once: what a test does with it is undone after it."""
    with django_db_blocker.unblock(), no_trace(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        sold("A", [2, 3, 4], left=10)
        sold("A", [1, 0, 1], left=5, code="EAST")
        sold("OLD", [2] + [0] * 29, left=40)
        refused("A", 3, weeks_ago=1)
        refused("A", 2, weeks_ago=1, code=None, reference="ANY")
        Product.objects.update(unit_cost="2.50")
        do(classify, now=NOW)
        yield


@pytest.fixture
def world(house):
    with no_trace():
        yield


def test_the_reports_are_listed_by_their_questions(client):
    person(client)
    page = client.get("/admin/reports/").content.decode()
    assert len(KEYS) == 13
    for one in reports():
        assert f"/admin/reports/{one.key}/" in page
        assert str(one.question) in page


@pytest.mark.parametrize("key", KEYS)
def test_each_is_a_page_and_two_files(client, key):
    person(client)
    page = client.get(f"/admin/reports/{key}/")
    assert page.status_code == 200
    body = file_of(client.get(f"/admin/reports/{key}/?format=csv"))
    one, _ = asked(key)
    told = csv_rows(body)
    assert len(told[0]) == len(one.columns)
    assert len(told) == 1 + answered(key).total == 1 + page.context["total"]
    book = load_workbook(io.BytesIO(file_of(client.get(f"/admin/reports/{key}/?format=xlsx"))))
    assert book.worksheets[0].max_row == len(told)
    assert book.sheetnames[-1] == "About"


@pytest.mark.parametrize("key", KEYS)
def test_each_page_is_one_statement_beside_who_asks_and_which_warehouses_there_are(
    client, key, rf, monkeypatch
):
    assert len(sent_by(answered, key)) == 2
    request = rf.get(f"/admin/reports/{key}/")
    request.user = person(client)
    monkeypatch.setattr(admin.site, "each_context", lambda request: {})  # the frame's own
    sent = sent_by(pages.page, request, key)
    assert len(sent) == 4, sent  # roles, access, warehouses, the report


@pytest.mark.parametrize("key", KEYS)
def test_each_can_be_sorted_by_what_its_heads_offer(key):
    one, _ = asked(key)
    for column in one.columns:
        for sort in (column.key, f"-{column.key}"):
            answered(key, sort=sort)
    assert answered(key, sort="nothing").total == answered(key, sort='"; --').total


@pytest.mark.parametrize("role", ["picker", "receiver"])
@pytest.mark.parametrize("path", ["", *(f"{key}/" for key in KEYS)])
def test_pickers_and_receivers_are_refused(client, role, path):
    person(client, role)
    for query in ("", "?format=csv"):
        assert client.get(f"/admin/reports/{path}{query}").status_code == 403


@pytest.mark.parametrize("key", KEYS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, key):
    assert client.get(f"/admin/reports/{key}/").status_code == 302
    assert client.post(f"/admin/reports/{key}/").status_code in (302, 405)


@pytest.mark.parametrize("key", KEYS)
def test_limited_staff_see_their_warehouses_alone(client, key):
    person(client, "read-only", ["EAST"])
    whole = client.get(f"/admin/reports/{key}/")
    assert whole.status_code == 200
    body = file_of(client.get(f"/admin/reports/{key}/?format=csv"))
    for row in csv_rows(body):
        assert "MAIN" not in row
    refused_page = client.get(f"/admin/reports/{key}/?warehouse=MAIN&format=csv")
    assert refused_page.status_code == 400
    assert (
        "MAIN"
        not in refused_page.content.decode()
        .replace("?warehouse=MAIN", "")
        .replace("is not one of the available choices", "")
        or "Select a valid choice" in refused_page.content.decode()
    )


@pytest.mark.parametrize(
    ("key", "query", "words"),
    [
        ("stock-at-date", "day=2026-13-01", "Enter a valid date"),
        ("stock-at-date", "day=2027-01-01", "has not come yet"),
        ("stock-at-date", "day=1066-10-14", "before the year 2000"),
        ("movements", "since=2026-06-05&until=2026-06-01", "begins after it ends"),
        ("movements", "since=2010-01-01", "more than ten years"),
        ("dead-stock", "idle=7", "Select a valid choice"),
        ("turnover", "warehouse=NOWHERE", "Select a valid choice"),
    ],
)
def test_what_cannot_be_answered_is_said(client, key, query, words):
    person(client)
    page = client.get(f"/admin/reports/{key}/?{query}")
    assert page.status_code == 400
    assert words in page.content.decode()
    assert client.get(f"/admin/reports/{key}/?{query}&format=xlsx").status_code == 400


def test_an_unknown_report_is_not_found(client):
    person(client)
    assert client.get("/admin/reports/nothing/").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "\u0663"])
def test_a_page_that_is_none_shows_the_first_or_nothing(client, page):
    person(client)
    assert client.get("/admin/reports/stock-at-date/", {"page": page}).status_code == 200


def test_markup_in_a_name_and_in_an_address_is_shown_as_it_is(client):
    Product.objects.filter(sku="A").update(name="<script>alert(1)</script>")
    person(client)
    page = client.get("/admin/reports/stock-at-date/", {"q": "<script>alert"}).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_moments_and_days_are_those_of_the_warehouse():
    item("A").warehouse.__class__.objects.filter(code="MAIN").update(time_zone="Pacific/Auckland")
    leave("A", 1, NOW - timedelta(hours=1))  # 08:00 UTC on the tenth, 20:00 there
    found = answered("movements", q="A", warehouse="MAIN").rows[0]
    assert f"{found['at']:%Y-%m-%d %H:%M}" == "2026-06-10 20:00"
    late = NOW + timedelta(hours=5)  # two in the morning of the eleventh there
    assert answered("movements", q="A", warehouse="MAIN", now=late).rows[0]["at"] == found["at"]
    assert str(asked("stock-at-date", now=late)[1].until) == "2026-06-11"


def test_a_zone_that_nobody_knows_is_utc():
    item("A").warehouse.__class__.objects.update(time_zone="Nowhere/At All")
    assert answered("movements", days=365).total > 0
