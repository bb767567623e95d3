"""Count, move and look up, in a real Chromium the size of a phone."""

import pytest

from tests.browser.floor import Device, person
from tests.browser.visiting import loaded
from tests.factories import ProductFactory, stock
from tests.orders.counted import opened
from warehouse.models import Barcode, BinStock
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    lantern = ProductFactory(sku="71053", name="White metal lantern")
    Barcode.objects.create(code="4006381333931", product=lantern)
    ProductFactory(sku="85123A", name="White hanging heart T-light holder")
    stock({("71053", "MAIN"): 9, ("85123A", "MAIN"): 40}, bin="A-03-12")
    stock({("71053", "MAIN"): 3}, bin="B-01-02")
    for name, role in (("kim", "picker"), ("lee", "receiver"), ("boss", "operations manager")):
        person(name, role=role)
    return served


def in_bins(sku="71053"):
    found = BinStock.objects.filter(item__product__sku=sku, quantity__gt=0)
    return dict(found.values_list("bin__code", "quantity"))


def right(device):
    """No fault, nothing serious, nothing wider than the screen."""
    assert device.faults == []
    assert device.serious() == []
    assert device.overflow() <= 0


def count_it(device, lanterns):
    page = device.open("/floor/count/")
    device.scan("A-03-12")
    page.wait_for_selector("text=Scan what is in the bin")
    for _ in range(2):
        device.scan("4006381333931")
    page.fill("#quantity", str(lanterns))
    device.tap("Set the number")
    right(device)
    return page


def finish(device):
    button = device.page.get_by_role("button", name="Finish", exact=True)
    button.click()
    device.page.locator("button[data-armed]").click()
    device.settle()
    device.page.wait_for_url("**/floor/count/")
    return device.said()


def test_a_blind_count_is_counted_again_and_approved(window, site):
    reference = opened("A-03-12", "71053")
    kim = Device(window, site).let_in("kim")
    page = kim.open("/floor/count/")
    right(kim)
    page.get_by_text("A-03-12").click()
    page.wait_for_selector("text=Scan the bin")
    assert kim.scan("B-01-02") == "This is B-01-02; count A-03-12. Scan the bin again."
    right(kim)
    count_it(kim, 4)
    assert kim.scan("85123A").startswith("This task counts 71053 alone")
    assert " 9" not in page.locator("main").inner_text()
    assert "once more" in finish(kim)
    lee = Device(window, site).let_in("lee")
    count_it(lee, 4)
    assert "manager looks at it" in finish(lee)
    boss = Device(window, site).let_in("boss")
    page = boss.open("/floor/count/approvals/")
    assert "Books 9, counted 4" in page.locator("main").inner_text()
    right(boss)
    page.get_by_role("button", name="Approve").click()
    page.locator("button[data-armed]").click()
    boss.settle()
    assert boss.said() == f"{reference} is booked."
    assert in_bins() == {"A-03-12": 4, "B-01-02": 3}
    assert verify_ledger() == []
    right(boss)


def test_approval_is_for_managers(window, site):
    kim = Device(window, site).let_in("kim")
    assert kim.page.goto(f"{site}/floor/count/approvals/").status == 403


def test_goods_are_moved_from_bin_to_bin(window, site):
    kim = Device(window, site).let_in("kim")
    page = kim.open("/floor/move/")
    right(kim)
    assert kim.scan("71053").startswith(
        "This is 71053 White metal lantern. Scan the label of a bin"
    )
    assert kim.scan("A-03-12") == "From A-03-12. Scan the goods."
    right(kim)
    kim.scan("4006381333931")
    assert kim.scan("71053") == "2 of 71053. Scan more, or the bin they go to."
    page.fill("#quantity", "20")
    kim.tap("Set the number")
    assert "held 9 of 71053" in kim.scan("B-01-02")
    page.fill("#quantity", "5")
    kim.tap("Set the number")
    right(kim)
    assert kim.scan("B-01-02") == "5 of 71053 from A-03-12 to B-01-02."
    assert in_bins() == {"A-03-12": 4, "B-01-02": 8}
    right(kim)


def test_a_fragment_leads_to_the_bin(window, site):
    kim = Device(window, site).let_in("kim")
    page = kim.open("/floor/look-up/")
    page.keyboard.type("lantren")
    page.wait_for_selector("#hits >> text=White metal lantern")
    assert "A-03-12" in page.locator("#hits").inner_text()
    right(kim)
    page.get_by_text("White metal lantern").click()
    page.wait_for_selector("text=Where it is")
    right(kim)
    page.get_by_role("link", name="A-03-12").click()
    page.wait_for_selector("text=What is in it")
    right(kim)
    page.get_by_role("button", name="Have it counted").click()
    page.wait_for_url("**/floor/count/")
    page.wait_for_selector("text=1 bin waits to be counted.")
    page = kim.open("/floor/look-up/")
    page.keyboard.type("4006381333931")
    page.keyboard.press("Enter")
    page.wait_for_url("**/floor/product/71053/")
    kim.open("/floor/labels/?sku=71053")
    right(kim)


def test_a_code_scanned_at_home_leads_to_its_page(window, site):
    kim = Device(window, site).let_in("kim")
    for code, address in (
        ("71053", "/floor/product/71053/"),
        ("b-01-02", "/floor/bin/MAIN/B-01-02/"),
    ):
        kim.open("/floor/")
        kim.scan(code, wait=False)
        kim.page.wait_for_url(f"**{address}")
        loaded(kim.page)
        right(kim)
