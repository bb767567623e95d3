"""Dead stock is queued from the report, and written off by following the queue to where that is booked."""

import pytest
from django.utils import timezone

from tests.browser.floor import Device
from tests.browser.office import act, manager, write
from tests.browser.visiting import loaded
from tests.factories import item
from tests.warehouse.histories import leave, sold
from warehouse.models import Clearance, MovementType, Product, StockMovement
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(window, served, committed_db, valkey):
    sold("OLD", [3, 0, 0], left=40)
    sold("A", [10] * 20, left=50)
    leave("A", 5, timezone.now())
    Product.objects.update(unit_cost="2.50")
    manager()
    seen = Device(window, served, screen="desk")
    seen.let_in("manager")
    return seen


def queue(desk, sku):
    page = desk.open("/admin/reports/dead-stock/")
    page.get_by_label(f"Choose {sku}").check()
    page.get_by_role("button", name="Decide what to do with the chosen").click()
    page.select_option("select[name=way]", "write_off")
    write(page, note="moths")
    page.get_by_role("button", name="Put into the queue").click()
    page.wait_for_selector("text=1 queued.")
    return page


def test_what_nobody_buys_is_queued_written_off_and_done(desk):
    page = queue(desk, "OLD")
    assert item("OLD").on_hand == 40
    page.locator("#result_list").get_by_role("link", name="OLD", exact=True).click()
    page.get_by_role("link", name="Write off", exact=True).click()
    loaded(page)
    assert page.input_value("[name=sku]") == "OLD"
    assert page.input_value("[name=warehouse]") == "MAIN"
    write(page, bin="A-01-01", quantity="40", reason="moths")
    page.get_by_role("button", name="Write off", exact=True).click()
    page.get_by_text("40 of OLD in MAIN written off.").wait_for()
    assert (item("OLD").on_hand, item("A").on_hand) == (0, 45)
    gone = StockMovement.objects.get(type=MovementType.DAMAGE)
    assert (gone.quantity, gone.reason, gone.actor) == (-40, "moths", "manager")
    page = desk.open("/admin/warehouse/clearance/")
    act(page, page.locator("#result_list tbody tr", has_text="OLD"), "finish")
    assert page.get_by_text("1 done.").is_visible()
    assert Clearance.objects.get().state == "done"
    page = desk.open("/admin/reports/dead-stock/")
    assert page.get_by_label("Choose OLD").count() == 0
    assert verify_ledger() == []
    assert desk.faults == []
