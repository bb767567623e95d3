"""What a device keeps: tabs lose nothing of one another, and a browser that keeps nothing says so."""

import re

import pytest

from tests.browser.floor import Device, person
from tests.browser.visiting import loaded, until
from tests.factories import stock

pytestmark = pytest.mark.browser

EACH = 60
SCANS = f"""mark => {{
    const field = document.querySelector("#scan");
    let n = 0;
    const scan = () => {{
        field.value = `${{mark}}-${{n}}`;
        field.form.requestSubmit();
        n += 1;
        if (n < {EACH}) setTimeout(scan, 0);
    }};
    setTimeout(scan, 0);
}}"""
FORBIDDEN = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, {get() { throw new DOMException("No.", "SecurityError"); }});
}"""
FILL = """() => {
    for (let size = 5e6; size >= 1; size /= 10) {
        try { for (let n = 0; ; n += 1) localStorage.setItem(`${size}-${n}`, "x".repeat(size)); } catch {}
    }
}"""
WORDS = "This browser keeps no scans"
MAY_LEAVE = "() => dispatchEvent(new Event('beforeunload', {cancelable: true}))"


@pytest.fixture
def device(committed_db, valkey, served, window):
    stock({("85123A", "MAIN"): 5})
    person()
    return Device(window, served)


def notices(device):
    return device.page.locator("#exceptions")


def test_two_tabs_that_scan_at_once_lose_nothing(device):
    came = {}

    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        number = route.request.headers["floor-action"]
        came[number] = re.search(r"\bcode=([\w-]+)", route.request.post_data)[1]
        return route.fulfill(status=200, headers={"Floor-Answer": number}, body="")

    device.context.route("**/floor/", answer)
    device.arrive()
    other = device.context.new_page()
    other.goto(device.site + "/floor/")
    loaded(other)
    device.page.evaluate(SCANS, "A")
    other.evaluate(SCANS, "B")
    everything = {f"{tab}-{n}" for tab in "AB" for n in range(EACH)}
    until(lambda: device.kept() == 0 and len(came) >= 2 * EACH, "some never came")
    assert set(came.values()) == everything
    for tab in "AB":
        in_order = [code for code in came.values() if code.startswith(tab)]
        assert in_order == [f"{tab}-{n}" for n in range(EACH)]


def test_an_entry_that_cannot_be_read_hides_none_of_the_others(device):
    device.arrive()
    device.page.evaluate("localStorage.setItem('holdfast.floor.queue.x', '{broken')")
    device.context.set_offline(True)
    device.scan("85123A", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    device.context.set_offline(False)
    device.page.wait_for_url("**/floor/product/85123A/")


def test_a_browser_that_may_keep_nothing_says_so_and_works(device):
    device.page.add_init_script(FORBIDDEN)
    device.arrive()
    assert notices(device).inner_text().startswith(WORDS)
    device.fit()
    device.picture("keeps-nothing-phone-light")
    device.context.set_offline(True)
    device.scan("85123A", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    assert not device.page.evaluate(MAY_LEAVE)
    device.context.set_offline(False)
    device.page.wait_for_url("**/floor/product/85123A/")
    assert device.page.evaluate(MAY_LEAVE)


def test_storage_that_is_full_is_said_as_long_as_a_scan_would_be_lost(device):
    device.arrive()
    assert not notices(device).is_visible()
    device.page.evaluate(FILL)
    device.context.set_offline(True)
    device.scan("85123A", wait=False)
    notices(device).get_by_text(WORDS).wait_for()
    assert not device.page.evaluate(MAY_LEAVE)
    device.context.set_offline(False)
    device.page.wait_for_url("**/floor/product/85123A/")
    assert not notices(device).is_visible()
