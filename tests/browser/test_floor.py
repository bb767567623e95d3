"""The ground that every floor page stands on: sign-in, warehouse, scan field, queue, camera."""

import pytest

from tests.browser.floor import Device, person
from tests.browser.visiting import SCREENS
from tests.concurrency.clients import environment
from tests.concurrency.site import gunicorn
from tests.factories import stock

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db):
    stock({("85123A", "MAIN"): 5})
    person()
    with gunicorn(environment() | {"DEBUG": "1"}) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_sign_in_and_home(window, site, screen, scheme):
    device = Device(window, site, screen=screen, scheme=scheme)
    device.open("/floor/")
    assert "/floor/sign-in/" in device.page.url
    assert device.serious() == []
    device.arrive()
    assert device.page.locator("#scan").evaluate("e => e === document.activeElement")
    assert device.serious() == []
    assert device.overflow() <= 0
    assert device.scan("NOBODY") == "Nothing is known under NOBODY."
    assert device.tone() == "refused"
    assert device.faults == []
