"""The form of the back office on which documents are made: phone and desk, light and dark, also at fault."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from orders.models import SalesOrder
from tests.browser.visiting import Visit, loaded
from tests.factories import SupplierFactory, stock

pytestmark = pytest.mark.browser

KINDS = ("salesorder", "purchaseorder", "returnorder", "transferorder")


@pytest.fixture
def site(committed_db, valkey, served):
    stock({("85123A", "MAIN"): 5, ("85123A", "EAST"): 5})
    SupplierFactory(code="ACME", name="Acme Housewares")
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    return served


def test_the_form_can_be_used_by_everybody(window, site):
    visit = Visit(window, site)
    page = visit.let_in().page
    for kind in KINDS:
        visit.open(f"/admin/orders/{kind}/add/")
        assert page.locator("h1", has_text="New").is_visible()
        visit.fit_for_everybody(kind, picture=f"make-{kind}")
    for name in ("source", "destination"):
        page.select_option(f"[name={name}]", "MAIN")
    page.fill("textarea[name=lines]", "85123A\nNOPE 3")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("give a SKU and a quantity").wait_for()
    assert page.get_by_text("A transfer leads to another warehouse.").is_visible()
    visit.fit_for_everybody("at fault", picture="make-at-fault")
    assert visit.faults == []


def test_an_order_is_made_and_shown(window, site):
    visit = Visit(window, site, screen="phone")
    visit.let_in()
    page = visit.open("/admin/orders/salesorder/add/")
    page.fill("input[name=reference]", "WEB-7")
    page.fill("textarea[name=lines]", "85123A\t2")
    page.get_by_label("Ship by: day").fill("2030-01-31")
    page.get_by_label("Ship by: time").fill("16:30")
    page.get_by_role("button", name="Make it").click()
    loaded(page)
    assert page.get_by_text("WEB-7 was made.").is_visible()
    assert SalesOrder.objects.get().ship_by == datetime(2030, 1, 31, 16, 30, tzinfo=UTC)
    assert visit.faults == []
