"""The camera's decoder is there before the network goes, and before the camera was ever used."""

import pytest

from tests.browser.filming import film
from tests.browser.floor import Device, person
from tests.browser.picking import batch, furnish
from tests.browser.visiting import until
from tests.factories import stock

pytestmark = pytest.mark.browser

FETCHED = """() => performance.getEntriesByType("resource")
    .filter(e => e.name.includes("/vendor/") && e.responseEnd).map(e => e.name.split("/").at(-1)).sort()"""
DECODER = """() => import("/static/floor/camera.js")
    .then(it => it.decoder(document.querySelector("#camera"))).then(it => typeof it.detect)"""
FILES = ["ponyfill-3.2.2.js", "zxing_reader-3.1.3.wasm"]


@pytest.fixture
def site(committed_db, valkey, served):
    stock({("85123A", "MAIN"): 5})
    person()
    return served


def test_without_a_network_a_camera_that_was_never_used_reads_a_label(
    window, chromium, site, tmp_path
):
    with film("85123A", tmp_path, window.browser_type, chromium) as before_the_label:
        device = Device(before_the_label, site, permissions=["camera"]).arrive()
        until(lambda: device.page.evaluate(FETCHED) == FILES, "the decoder is not fetched")
        device.context.set_offline(True)
        device.page.get_by_role("button", name="Scan with the camera").click()
        device.page.locator("#net").filter(has_text="1 kept").wait_for()
        assert device.said() == "No network. 85123A is kept here and sent when that is over."
        device.context.set_offline(False)
        device.page.wait_for_url("**/floor/product/85123A/")
        assert [x for x in device.faults if "ERR_INTERNET_DISCONNECTED" not in x] == []


def test_a_page_that_took_the_place_of_one_without_a_camera_can_decode(
    window, committed_db, valkey, served
):
    furnish()
    device = Device(window, served).arrive()
    device.open(f"/floor/pick/{batch()}/")
    assert device.page.locator("#camera").count() == 0
    device.tap("Take this list")
    assert device.page.url.endswith("/task/")
    assert device.page.evaluate(DECODER) == "function"
    assert device.faults == []


@pytest.mark.parametrize("metered", ["{saveData: true}", "{type: 'cellular'}"])
def test_where_data_are_counted_nothing_is_fetched_ahead(window, site, metered):
    device = Device(window, site)
    device.page.add_init_script(
        f"Object.defineProperty(navigator, 'connection', {{value: {metered}}});"
        "window.requestIdleCallback = (work) => { work(); window.wasIdle = true; };"
    )
    device.arrive()
    assert device.page.evaluate("window.wasIdle")
    device.page.wait_for_timeout(200)
    assert device.page.evaluate(FETCHED) == []


def test_what_says_its_version_is_kept_and_our_own_scripts_are_asked_for_again(window, site):
    device = Device(window, site)

    def kept_for(path):
        return device.context.request.get(f"{site}/static/{path}").headers["cache-control"]

    for file in ("barcode-detector/" + FILES[0], "zxing-wasm/" + FILES[1]):
        assert kept_for(f"vendor/{file}") == "max-age=315360000, public, immutable"
    assert "immutable" not in kept_for("floor.js") + kept_for("vendor/zxing-wasm/LICENSE")
