"""Advice is accepted and dead stock looked at, in a real Chromium."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.browser.visiting import SCREENS, Visit
from tests.factories import do
from tests.warehouse.histories import sold, supplied
from warehouse.models import Product, ReorderAdvice
from warehouse.services.advising import advise

pytestmark = pytest.mark.browser

WEEKS = [10, 12, 9, 11, 10, 8, 12, 10, 11, 9]


@pytest.fixture
def site(committed_db, valkey, served):
    supplied("A", "B", "OLD", days=9)
    for sku in "AB":
        sold(sku, WEEKS)
    sold("OLD", [3] + [0] * 30, left=40)
    Product.objects.filter(sku="OLD").update(unit_cost="2.50", name="Hanging heart T-light holder")
    do(advise, now=timezone.now())
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    return served


def test_a_manager_accepts_what_is_ticked(window, site):
    visit = Visit(window, site)
    visit.let_in()
    page = visit.open("/admin/warehouse/reorderadvice/")
    row = page.locator("tr", has_text="asks for").first
    row.locator("input[name=_selected_action]").check()
    page.select_option("select[name=action]", "accept_chosen")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.wait_for_selector("text=1 item set as advised.")
    assert ReorderAdvice.objects.filter(decision="accepted").count() == 1
    assert visit.faults == []


def test_dead_stock_can_be_read_by_everybody(window, site):
    visit = Visit(window, site)
    visit.let_in()
    page = visit.open("/admin/warehouse/inventoryitem/")
    page.goto(f"{site}/admin/warehouse/inventoryitem/dead-stock/?days=180")
    assert page.get_by_text("100.00").first.is_visible()
    assert page.get_by_text("Hanging heart").is_visible()
    looks = [(screen, scheme) for screen in SCREENS for scheme in ("light", "dark")]
    visit.fit_for_everybody("dead stock", within={"include": [["#report"]]}, looks=looks)
    assert visit.faults == []
