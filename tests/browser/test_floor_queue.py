"""What the device does with a scan or tap that never comes through: it says so, and lets go."""

import pytest

from orders.models import PickList
from tests.browser.floor import Device
from tests.browser.picking import batch, furnish

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, valkey, served):
    furnish()
    return served


@pytest.fixture
def device(window, site):
    """Its clock goes as fast as a test wants it to: the queue waits longer after each refusal."""
    device = Device(window, site)
    device.page.clock.install()
    return device.arrive()


def wait_for(device, what):
    """Let the device's time pass until it is so."""
    for _ in range(100):
        if what():
            return
        device.page.clock.fast_forward(15_000)
        device.page.wait_for_timeout(50)
    raise AssertionError("that never came")


def refuse(device, refusal=None, status=503):
    """From now on, whatever is sent is answered so; the numbers of what was sent."""
    sent = []

    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        number = route.request.headers["floor-action"]
        sent.append(number)
        ours = {"Floor-Answer": number, "Floor-Refusal": refusal} if refusal else {}
        return route.fulfill(status=status, headers=ours, content_type="text/html", body="<p>No.")

    device.page.route("**/floor/**", answer)
    return sent


def exception(device, words):
    wait_for(device, device.page.get_by_text(words).is_visible)
    told = device.page.locator("#exceptions").inner_text()
    assert device.tone() == "refused"
    device.fit()
    return told


@pytest.mark.parametrize("refusal", ["raced", "busy"])
def test_a_scan_that_others_are_in_the_way_of_is_not_repeated_for_ever(device, refusal):
    sent = refuse(device, refusal)
    device.scan("HF-1008", wait=False)
    told = exception(device, "Not booked: HF-1008 (")
    assert "Others work with the same goods. Look at the page, then try again or scan anew." in told
    device.picture("given-up-phone-light")
    assert len(sent) == 5
    assert len(set(sent)) == 1
    assert device.kept() == 0
    device.page.unroute("**/floor/**")
    device.page.get_by_role("button", name="Try again").click()
    device.page.wait_for_url("**/floor/product/HF-1008/")


def test_a_database_that_is_away_is_waited_for(device):
    sent = refuse(device, "database_unavailable")
    device.scan("HF-1008", wait=False)
    wait_for(device, lambda: len(sent) == 12)
    assert device.kept() == 1
    assert not device.page.locator("#exceptions").is_visible()
    device.page.unroute("**/floor/**")
    wait_for(device, lambda: device.page.url.endswith("/floor/product/HF-1008/"))


@pytest.mark.parametrize("refusal", [None, "raced"])
def test_a_button_whose_tap_never_came_through_can_be_tapped_again(device, refusal):
    reference = batch()
    device.open(f"/floor/pick/{reference}/")
    refuse(device, refusal, status=503 if refusal else 500)
    button = device.page.get_by_role("button", name="Take this list")
    button.click()
    form = device.page.locator("form[data-busy]")
    form.wait_for()
    exception(device, "Not booked: Take this list (")
    assert form.count() == 0
    device.page.unroute("**/floor/**")
    device.page.get_by_role("button", name="I have seen it").click()
    button.click()
    device.page.wait_for_url("**/task/")
    assert PickList.objects.get().status == "claimed"
