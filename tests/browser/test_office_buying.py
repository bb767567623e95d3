"""Stock falls, is suggested, ordered, sent and received: at the desk, with the dock's phone at the end."""

import re

import pytest

from orders.models import PurchaseOrder
from tests.browser.floor import Device, person
from tests.browser.office import act, follow_menu, manager, write
from tests.browser.visiting import loaded
from tests.factories import counters, stock
from tests.orders.shipped import supplied
from warehouse.models import ReorderSuggestion
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser

LEVELS = "/admin/warehouse/inventoryitem/"


@pytest.fixture
def desk(window, served, committed_db, valkey):
    stock({("71053", "MAIN"): 20, ("85123A", "MAIN"): 20})
    supplied("71053", unit_cost="2.55")
    manager()
    person("receiver", role="receiver", within=["MAIN"])
    seen = Device(window, served, screen="desk")
    seen.let_in("manager")
    return seen


def fall_low(desk):
    """A reorder point is set in the list of levels, and a correction takes the stock under it."""
    page = desk.open(LEVELS)
    row = page.locator("#result_list tbody tr", has_text="71053")
    row.get_by_label("Reorder point").fill("10")
    row.get_by_label("Reorder quantity").fill("24")
    page.locator("[name=_save]").click()
    loaded(page)
    assert rows(desk, f"{LEVELS}?stock=low") == []
    page = desk.open("/admin/stock/correct/?sku=71053&warehouse=MAIN")
    write(page, bin="A-01-01", delta="-12", reason="miscounted")
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_text("71053 in MAIN corrected by -12.").wait_for()


def rows(desk, address):
    return desk.open(address).locator("#result_list tbody tr").all_inner_texts()


def test_what_runs_low_is_suggested_ordered_sent_and_received(window, desk):
    fall_low(desk)
    (low,) = rows(desk, f"{LEVELS}?stock=low")
    assert "71053" in low
    page = follow_menu(desk, "To order")
    (told,) = page.locator("#result_list tbody tr").all_inner_texts()
    assert re.search(r"71053 @ MAIN\s+ACME\s+1\s+8\s+0\s+24\s", told), told
    page = follow_menu(desk, "Purchase orders")
    page.get_by_text("Draft from suggestions").click()
    page.get_by_role("button", name="Make drafts").click()
    page.get_by_text("1 draft made; look and send.").wait_for()
    order = PurchaseOrder.objects.get()
    act(page, page.locator("#result_list tbody tr", has_text=order.reference), "send_drafts")
    assert page.get_by_text("1 sent.").is_visible()
    assert ReorderSuggestion.objects.get().closed_at is not None
    assert counters("71053") == (8, 0, 0, 24)
    dock = Device(window, desk.site).let_in("receiver")
    dock.open(f"/floor/receive/{order.reference}/")
    assert "24 to come" in dock.scan("71053")
    dock.page.fill("#quantity", "24")
    assert dock.tap("Book it").startswith("24 of 71053 received.")
    assert rows(desk, f"{LEVELS}?stock=low") == []
    (closed,) = rows(desk, "/admin/orders/purchaseorder/")
    assert "received" in closed.lower()
    assert counters("71053") == (32, 0, 0, 0)
    assert verify_ledger() == []
    assert desk.faults == dock.faults == []
