"""What the device does with a scan or tap that never comes through: it says so, and lets go."""

import pytest

from orders.models import PickList
from tests.browser.floor import Device
from tests.browser.picking import batch, furnish
from tests.browser.visiting import until

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


LATER = "Product HF-1008. The next page opens when the network is back."


def test_a_next_page_that_hangs_holds_nothing_up_and_opens_when_it_can(device):
    device.page.route("**/floor/product/**", lambda route: None)
    device.scan("HF-1008", wait=False)
    wait_for(device, lambda: device.said() == LATER)
    assert device.tone() == "note"
    device.picture("next-later-phone-light")
    device.fit()
    device.page.unroute("**/floor/product/**")
    wait_for(device, lambda: device.page.url.endswith("/floor/product/HF-1008/"))
    until(lambda: device.said() == "Product HF-1008.", "what was done is not said")
    assert device.faults == []


def test_what_is_scanned_while_the_next_page_hangs_is_sent_and_counts_more(device):
    hanging = []
    device.page.route("**/floor/product/**", lambda route: hanging.append(route))
    device.scan("HF-1008", wait=False)
    device.scan("NOBODY", wait=False)
    wait_for(device, lambda: device.said().startswith("Nobody knows the code NOBODY."))
    asked = len(hanging)
    assert device.kept() == 0
    device.page.clock.fast_forward(15_000)
    device.settle()
    assert (device.page.url, len(hanging)) == (device.site + "/floor/", asked)


def bad_gateway(status):
    return lambda route: route.fulfill(
        status=status, content_type="text/html", body="<h1>Bad gateway"
    )


def test_a_gateway_that_answers_for_the_next_page_is_not_the_next_page(device):
    for status in (502, 503):
        device.open("/floor/")
        device.page.unroute_all()
        device.page.route("**/floor/product/**", bad_gateway(status))
        device.scan("HF-1008", wait=False)
        wait_for(device, lambda: device.said() == LATER)
        assert device.page.url.endswith("/floor/"), status


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
