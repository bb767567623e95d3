"""Look up on a device: by scanner, by hand, with the camera alone, and without a network."""

import pytest

from tests.browser.filming import film
from tests.browser.floor import Device
from tests.browser.picking import GOODS, furnish

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    furnish()
    return served


def looks_up(window, site, **more):
    device = Device(window, site, **more).let_in()
    device.open("/floor/look-up/")
    return device


def test_a_device_that_has_only_a_camera_looks_up_with_it(window, chromium, site, tmp_path):
    with film("HF-1008", tmp_path, window.browser_type, chromium) as before_the_label:
        device = looks_up(before_the_label, site, permissions=["camera"])
        device.page.get_by_role("button", name="Scan with the camera").click()
        device.page.wait_for_url("**/floor/product/HF-1008/", timeout=30_000)
        assert device.faults == []


def test_a_scan_after_a_tap_beside_the_field_and_after_a_word_arrives(window, site):
    device = Device(window, site)
    device.page.clock.install()
    device.let_in().open("/floor/look-up/")
    field = device.page.locator("#scan")
    assert field.get_attribute("inputmode") == "none"
    device.page.get_by_role("button", name="Type code").click()
    assert field.get_attribute("inputmode") == "text"
    field.press_sequentially("soap", delay=80)
    device.page.locator("#hits").get_by_text("Dish soap").wait_for()
    device.fit_for_everybody("look-up", picture="look-up-typed")
    device.page.locator("h1").click()
    device.page.clock.fast_forward(1100)  # sooner, it would be one word with what follows
    assert device.burst(GOODS["HF-3075"][2]) == "Product HF-3075."
    assert device.page.url.endswith("/floor/product/HF-3075/")
    assert device.faults == []


def test_what_is_scanned_or_typed_to_the_end_is_answered(window, site):
    device = Device(window, site).let_in()
    for code, words, tone in (
        ("soap", "This is like soap.", "note"),
        ("A-04-1", "Bin A-04-1.", "ok"),
        ("NO-SUCH-CODE-9", "Nobody knows NO-SUCH-CODE-9, nor anything like it.", "refused"),
    ):
        device.open("/floor/look-up/")
        assert device.scan(code).startswith(words), code
        assert device.tone() == tone, code
        if code == "soap":
            assert "Dish soap" in device.page.locator("#hits").inner_text()
        device.fit()


def test_without_a_network_look_up_says_so_and_answers_when_it_is_back(window, site):
    device = looks_up(window, site)
    device.context.set_offline(True)
    device.page.locator("#scan").press_sequentially("soap", delay=150)
    device.page.get_by_text("No network: what you look for is shown").wait_for()
    assert device.tone() == "note"
    device.picture("look-up-offline-phone-light")
    device.context.set_offline(False)
    device.page.locator("#hits").get_by_text("Dish soap").wait_for()
    assert device.tone() == ""


def test_a_scan_without_a_network_is_kept_and_leads_to_its_page(window, site):
    device = looks_up(window, site)
    device.context.set_offline(True)
    device.scan("HF-1008", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    device.context.set_offline(False)
    device.page.wait_for_url("**/floor/product/HF-1008/")


def test_an_empty_field_asks_for_nothing_and_shows_nothing(window, site):
    device = looks_up(window, site)
    asked = []
    device.page.on("request", lambda it: "hits" in it.url and asked.append(it.url))
    assert device.scan("soap").startswith("This is like soap.")
    device.page.wait_for_timeout(300)  # what would be asked for, would have been
    assert asked == []
    assert "Dish soap" in device.page.locator("#hits").inner_text()
    device.page.locator("#scan").press_sequentially("jar", delay=80)
    device.page.locator("#hits").get_by_text("Glass jar").wait_for()
    assert asked != []
    device.page.locator("#scan").press("ControlOrMeta+a")
    device.page.locator("#scan").press("Delete")
    assert device.page.locator("#hits").inner_text() == ""
    assert device.faults == []


def test_the_next_page_has_the_address_that_was_asked_for(window, site):
    device = Device(window, site).arrive()
    there = "/floor/product/HF-1008/"

    def answer(route):
        told = route.fetch()
        return route.fulfill(response=told, body=told.text().replace(there, f"{there}?from=scan"))

    device.page.route("**/floor/", answer)
    device.scan("HF-1008")
    assert device.page.url == f"{site}{there}?from=scan"
