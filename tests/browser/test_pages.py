"""Every page, in a real Chromium, on a phone and on a desk, light and dark."""

import pytest
from django.contrib.auth import get_user_model

from tests.browser.visiting import SCREENS, Visit, loaded
from tests.factories import do, stock
from warehouse.lines import ReserveLine
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.browser

OURS = ("/", "/api/docs/errors")
BACK_OFFICE = (
    "/admin/", "/admin/warehouse/product/", "/admin/warehouse/inventoryitem/",
    "/admin/warehouse/reservation/", "/admin/warehouse/stockmovement/", "/admin/core/apikey/",
    "/admin/warehouse/reorderadvice/", "/admin/warehouse/reordersuggestion/",
    "/admin/notifications/endpoint/", "/admin/notifications/delivery/",
)  # fmt: skip


@pytest.fixture
def site(committed_db, valkey, served):
    stock({("85123A", "MAIN"): 5})
    do(reserve, reference="ORDER-1001", lines=[ReserveLine("85123A", 2)])
    get_user_model().objects.create_superuser("manager", password="a-long-password-7")
    return served


def test_our_pages_have_no_fault_and_nothing_serious_for_axe(window, site):
    visit = Visit(window, site)
    for path in OURS:
        visit.open(path)
        visit.fit_for_everybody(path)
    assert visit.faults == []


def test_the_documentation_shows_every_address_and_can_be_used_by_everybody(window, site):
    visit = Visit(window, site)
    page = visit.open("/api/docs/")
    page.wait_for_selector(".opblock")
    # Swagger UI's inside is not ours to mend; what stands around it is.
    visit.fit_for_everybody("the documentation", within={"exclude": [["#api-docs"]]})
    assert visit.faults == []
    assert page.locator(".opblock").count() == 64
    page.click("text=Reserve stock for an order or a cart")
    page.wait_for_selector("text=Idempotency-Key")


def test_error_codes_can_be_linked_to(window, site):
    page = Visit(window, site).open("/api/docs/errors#insufficient_stock")
    assert page.locator("#insufficient_stock").is_visible()


def test_the_back_office_shows_stock_and_offers_no_way_to_edit_it(window, site):
    visit = Visit(window, site)
    visit.sign_in()
    for screen in SCREENS:
        visit.turn(screen, "light")
        for path in BACK_OFFICE:
            visit.open(path)
        page = visit.open("/admin/warehouse/inventoryitem/")
        page.get_by_role("link", name="85123A").first.click()
        loaded(page)
        assert page.locator("input[name=on_hand], input[name=_save]").count() == 0
    assert visit.faults == []
