"""No floor page, in no state, light or dark, keeps anybody out: a page that is not known here fails."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from orders.models import PickLine
from orders.pages.urls import urlpatterns
from tests.browser.every_page import NO_PAGES, STATES, furnish_all
from tests.browser.floor import Device
from tests.browser.visiting import COLOURS
from tests.emptying import empty
from tests.orders.pages import act, signed_in

pytestmark = pytest.mark.browser

PAGES = [address.name for address in urlpatterns if address.name not in NO_PAGES]
# Whatever is tapped, but for links in the middle of a sentence and what lies inside something larger to tap.
SMALL = """[...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, label:has(input), [role=button], [tabindex]')]
    .filter(e => e.offsetParent && !e.closest('p:not(.where p)') && !e.parentElement.closest('label'))
    .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
    .filter(([box]) => Math.min(box.height, box.width) < 55.5)
    .map(([box, html]) => `${html} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """What was made, and the manager, claimed list in hand, as a client that scans faster than a browser."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        told = furnish_all()
        boss = signed_in(get_user_model().objects.get(username="boss"))
        boss.post("/floor/warehouse/", {"warehouse": "MAIN"})
        act(boss, f"/floor/pick/{told['walked']}/", do="claim")
        first = PickLine.objects.filter(pick_list__reference=told["walked"]).first()
        yield boss, told | {"line": first.pk, "bin": first.bin.code}
        empty()


@pytest.fixture(scope="module")
def devices(world, chromium_of_all, served):
    """A device signed in once, and a guest's."""
    boss, _ = world
    calm = {"reduced_motion": "reduce"}
    device, guest = (Device(chromium_of_all, served, **calm) for _ in range(2))
    ticket = {"name": "sessionid", "value": boss.cookies["sessionid"].value, "url": served}
    device.context.add_cookies([ticket])
    yield device, guest
    connection.close()  # Django keeps another one beside a running event loop


def states(name, told):
    """The addresses of a page's states, and what is done before."""
    for path, *before in STATES[name]:
        filled = [
            {key: str(value).format(**told) for key, value in sent.items()} for sent in before
        ]
        yield path.format(**told), filled


@pytest.mark.parametrize("name", PAGES)
def test_every_state_of_every_page_can_be_used_by_everybody(devices, world, name):
    boss, told = world
    device, guest = devices
    device = guest if name == "sign-in" else device
    for number, (path, before) in enumerate(states(name, told), start=1):
        last = None
        for sent in before:
            last = act(boss, path, **sent)
        answer = device.page.goto(device.site + path)
        assert (answer.status, device.page.url) == (200, device.site + path)
        if last is not None:
            said = last.context["said"]
            device.page.evaluate(SAY, [said.text, said.tone])
        check(device, f"{path} {before}", f"{name}-{number}")
    assert device.faults == []


# What was said after the last tap is said on the page, as if it had been tapped there.
SAY = """([words, tone]) => {
    const say = document.querySelector("#say");
    say.dataset.tone = tone;
    say.querySelector("[data-text]").textContent = words;
}"""


def check(device, what, picture=None):
    device.fit_for_everybody(what, picture=picture)
    assert device.page.evaluate(SMALL) == [], what


def test_what_is_refused_is_a_page_too(devices):
    device, _ = devices
    for path in ("/floor/pick/PICK-NONE/", f"/floor/slip/{uuid4()}/"):
        assert device.page.goto(device.site + path).status == 404
        check(device, path)
    device.faults.clear()  # the 404s


def test_what_is_kept_and_what_went_wrong_is_said_by_light_and_dark(devices):
    device, _ = devices
    device.open("/floor/")
    device.context.set_offline(True)
    device.scan("NOBODY", wait=False)
    device.page.locator("#net").filter(has_text="1 kept").wait_for()
    check(device, "offline")
    device.context.set_offline(False)
    device.settle()
    device.page.get_by_text("Not booked: NOBODY").wait_for()
    check(device, "exception")
    device.page.get_by_role("button", name="I have seen it").click()
    assert [x for x in device.faults if "ERR_INTERNET_DISCONNECTED" not in x] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_that_cannot_be_read_would_be_found(devices, scheme):
    """The control of all the others."""
    device, _ = devices
    device.page.goto(device.site + "/floor/")
    device.page.emulate_media(color_scheme=scheme)
    device.page.evaluate("document.querySelector('h2').style.color = 'rgb(128 128 128 / 40%)'")
    assert [rule for rule, _ in device.serious(rules=COLOURS)] == ["color-contrast"]
