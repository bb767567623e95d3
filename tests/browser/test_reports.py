"""Reports in a real Chromium: at a past date, taken away as a file, and dead stock put into the queue."""

import csv
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from openpyxl import load_workbook

from inventory_site.core.models import ReportSchedule
from inventory_site.core.reporting.registry import reports
from tests.browser.visiting import Visit, loaded
from tests.factories import do, item
from tests.warehouse.histories import leave, sold
from warehouse.models import Clearance, Product
from warehouse.services.classifying import classify

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    now = timezone.now()
    for sku, weeks, left in (
        ("A", [10] * 20, 50),
        ("B", [1, 0, 4] * 6, 30),
        ("OLD", [3, 0, 0], 40),
    ):
        sold(sku, weeks, left=left)
    leave("A", 5, now)
    Product.objects.update(unit_cost="2.50")
    Product.objects.filter(sku="OLD").update(name="=HYPERLINK(1) <b>holder</b>")
    do(classify, now=now)
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    return served


def signed_in(window, site, **given):
    visit = Visit(window, site, **given)
    visit.let_in()
    return visit


def test_stock_at_a_past_date_is_shown_and_taken_away(window, site, tmp_path):
    visit = signed_in(window, site, accept_downloads=True)
    page = visit.open("/admin/reports/")
    page.get_by_role("link", name="What was on the shelves that day?").click()
    yesterday = (timezone.now() - timedelta(days=1)).date()
    page.fill("input[name=day]", yesterday.isoformat())
    page.get_by_role("button", name="Show").click()
    loaded(page)
    row = page.locator("tbody tr", has_text="Product A")
    assert row.locator("td").nth(3).inner_text() == "50"
    assert item("A").on_hand == 45
    for form in ("CSV", "XLSX"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=form, exact=True).click()
        path = tmp_path / waiting.value.suggested_filename
        assert path.name == f"stock-at-date-main-{yesterday}.{form.lower()}"
        waiting.value.save_as(path)
        told = {line[0]: line for line in read(path)}
        assert [float(x) for x in told["A"][3:]] == [50, 2.5, 125]
        assert told["OLD"][1] == "'=HYPERLINK(1) <b>holder</b>"
    assert visit.faults == []


def read(path):
    if path.suffix == ".csv":
        return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    return list(load_workbook(path).worksheets[0].values)


def test_dead_stock_is_chosen_queued_and_seen_in_the_report(window, site):
    visit = signed_in(window, site)
    page = visit.open("/admin/reports/dead-stock/")
    page.get_by_label("Choose OLD").check()
    page.get_by_role("button", name="Decide what to do with the chosen").click()
    page.select_option("select[name=way]", "write_off")
    page.fill("input[name=note]", "moths")
    page.get_by_role("button", name="Put into the queue").click()
    page.wait_for_selector("text=1 queued.")
    assert item("OLD").on_hand == 40
    page = visit.open("/admin/reports/dead-stock/")
    page.get_by_role("link", name="write off: open").click()
    loaded(page)
    assert page.get_by_role("link", name="Write off", exact=True).is_visible()  # where it is booked
    assert Clearance.objects.get().units == 40
    assert visit.faults == []


def test_a_report_is_sorted_and_planned_with_what_was_asked(window, site):
    visit = signed_in(window, site)
    page = visit.open("/admin/reports/abc-xyz/?class=CZ")
    page.get_by_role("columnheader", name="On hand").get_by_role("link").click()
    loaded(page)
    head = page.get_by_role("columnheader", name="On hand")
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("link", name="Send by mail").click()
    page.fill("textarea[name=recipients]", "boss@shop.example")
    page.fill("input[name=time_zone]", "Europe/Berlin")
    page.get_by_role("button", name="Save", exact=True).click()
    loaded(page)
    assert ReportSchedule.objects.get().parameters == {"class": "CZ"}
    assert visit.faults == []


def test_every_report_can_be_read_by_everybody(window, site):
    visit = signed_in(window, site)
    visit.open("/admin/reports/")
    visit.fit_for_everybody("reports", within={"include": [["#reports"]]})
    for one in reports():
        visit.open(f"/admin/reports/{one.key}/")
        visit.fit_for_everybody(one.key, within={"include": [["#report"]]})
    assert visit.faults == []
