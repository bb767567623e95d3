"""The ground that every floor page stands on: sign-in, warehouse, scan field, queue, camera."""

import json

import pytest

from tests.browser.filming import film
from tests.browser.floor import PASSWORD, Device, person
from tests.factories import stock, warehouse

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    stock({("85123A", "MAIN"): 5})
    person()
    return served


@pytest.mark.parametrize(("screen", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_sign_in_and_home(window, site, screen, scheme):
    device = Device(window, site, screen=screen, scheme=scheme)
    device.open("/floor/")
    assert "/floor/sign-in/" in device.page.url
    device.fit()
    device.sign_in("picker", PASSWORD, at="/floor/sign-in/")
    assert device.page.locator("#scan").evaluate("e => e === document.activeElement")
    device.fit()
    assert device.scan("NOBODY").startswith("Nobody knows the code NOBODY.")
    assert device.tone() == "refused"
    assert device.faults == []


def test_a_wrong_password_is_said(window, site):
    device = Device(window, site)
    device.sign_in("picker", "wrong", at="/floor/sign-in/")
    assert device.page.get_by_role("alert").inner_text().startswith("Please enter a correct")
    device.fit()


def test_where_there_is_a_choice_the_warehouse_is_asked_for(window, site):
    warehouse("EAST")
    person("eva", within=["EAST"])
    device = Device(window, site).arrive()
    assert "/floor/warehouse/" in device.page.url
    device.fit()
    device.page.get_by_role("button", name="East").click()
    assert device.page.locator("h1").inner_text() == "East"
    limited = Device(window, site).arrive("eva")
    assert limited.page.locator("h1").inner_text() == "East"
    limited.open("/floor/warehouse/")
    assert limited.page.url.endswith("/floor/")
    assert device.faults + limited.faults == []


def test_the_camera_reads_a_label_with_our_own_decoder(window, chromium, site, tmp_path):
    with film("85123A", tmp_path, window.browser_type, chromium) as before_the_label:
        device = Device(before_the_label, site, permissions=["camera"]).arrive()
        device.page.get_by_role("button", name="Scan with the camera").click()
        device.page.wait_for_url("**/floor/product/85123A/", timeout=30_000)
        assert device.faults == []


def test_without_https_the_camera_says_why_it_is_not_there(window, site):
    device = Device(window, site)
    device.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    device.arrive()
    device.page.get_by_role("button", name="Scan with the camera").click()
    assert "over HTTPS only" in device.said()


def test_typing_a_code_brings_the_keyboard(window, site):
    device = Device(window, site).arrive()
    field = device.page.locator("#scan")
    assert field.get_attribute("inputmode") == "none"
    device.page.get_by_role("button", name="Type code").click()
    assert field.get_attribute("inputmode") == "text"
    assert field.evaluate("e => e === document.activeElement")


def test_a_sign_in_page_of_the_wifi_is_not_taken_for_an_answer(window, site):
    device = Device(window, site).arrive()
    portal = {"on": True}

    def answer(route):
        if portal["on"] and route.request.method == "POST":
            return route.fulfill(status=200, content_type="text/html", body="<h1>Hotel Wi-Fi</h1>")
        return route.continue_()

    device.page.route("**/floor/", answer)
    device.scan("NOBODY", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    assert "Hotel" not in device.page.content()
    portal["on"] = False
    device.settle()
    assert "Not booked: NOBODY" in device.page.locator("#exceptions").inner_text()
    device.fit()
    device.page.get_by_role("button", name="I have seen it").click()
    assert not device.page.locator("#exceptions").is_visible()


def test_what_somebody_else_scanned_is_not_sent_as_mine(window, site):
    device = Device(window, site).arrive()
    kept = {
        "id": "0",
        "user": "999",
        "url": "/floor/",
        "fields": [["code", "A"]],
        "page": "/floor/",
        "order": 1,
    }
    device.page.evaluate(
        f"localStorage.setItem('holdfast.floor.queue.0', {json.dumps(json.dumps(kept))})"
    )
    device.page.reload()
    assert "1 kept here by somebody else" in device.page.locator("#exceptions").inner_text()
    assert device.kept() == 1


def test_what_the_server_cannot_do_becomes_an_exception_and_the_rest_goes_on(window, site):
    device = Device(window, site).arrive()
    broken = []

    def answer(route):
        if route.request.method == "POST" and "BAD" in (route.request.post_data or ""):
            broken.append(route.request.headers["floor-action"])
            return route.fulfill(status=500, body="defect")
        return route.continue_()

    device.page.route("**/floor/", answer)
    device.scan("BAD", wait=False)
    device.scan("NOBODY", wait=False)
    device.page.get_by_text("Not booked: BAD").wait_for(timeout=30_000)
    device.settle()
    assert len(broken) == 4
    assert len(set(broken)) == 1
