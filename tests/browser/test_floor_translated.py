"""The floor's scripts speak the language of the page, with its own forms for counts."""

from gettext import translation

import pytest

from tests.browser.floor import Device, person
from tests.concurrency.clients import environment
from tests.concurrency.site import gunicorn
from tests.factories import stock
from tests.site.catalogues import write_catalogue

pytestmark = pytest.mark.browser

KEPT = "offline \u2013 %(n)s kept"
POLISH = {
    "Online": "Połączono",
    f"{KEPT}\0{KEPT}": "bez sieci: %(n)s skan\0bez sieci: %(n)s skany\0bez sieci: %(n)s skanów",
    "No network. %(what)s is kept here and sent when that is over.": "Brak sieci: %(what)s czeka.",
    "Not booked: %(what)s (%(time)s). %(why)s": "Odrzucono: %(what)s (%(time)s). %(why)s",
    "Try again": "Jeszcze raz",
    "I have seen it": "Widziałem",
}
PLURALS = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
SAY = "([key, values]) => import('/static/floor/words.js').then((it) => it.sentence(key, values))"


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    write_catalogue(folder, "pl", POLISH, plurals=PLURALS)
    return folder


@pytest.fixture(scope="module")
def in_polish(django_db_setup, catalogues):
    settings = {"DJANGO_SETTINGS_MODULE": "tests.browser.in_polish"}
    more = {"DEBUG": "1", "TRANSLATIONS": str(catalogues)}
    with gunicorn(environment() | settings | more) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def device(committed_db, valkey, in_polish, window):
    stock({("85123A", "MAIN"): 5})
    person()
    return Device(window, in_polish, locale="pl-PL").arrive()


def badge(device):
    return device.page.locator("#net").inner_text()


def test_without_a_network_the_device_says_so_in_polish(device):
    assert badge(device) == "Połączono"
    assert device.faults == [], "the words are data, which the content policy lets pass"
    device.context.set_offline(True)
    shown = []
    for n in range(1, 6):
        device.scan(f"NOBODY-{n}", wait=False)
        device.page.locator("#net").filter(has_text=str(n)).wait_for()
        shown.append(badge(device))
    endings = ["", "y", "y", "y", "ów"]
    assert shown == [f"bez sieci: {n} skan{end}" for n, end in enumerate(endings, start=1)]
    assert device.said() == "Brak sieci: NOBODY-5 czeka."
    device.context.set_offline(False)
    device.settle()
    told = device.page.locator("#exceptions").inner_text()
    assert "Odrzucono: NOBODY-1 (" in told
    assert {"Jeszcze raz", "Widziałem"} <= set(told.splitlines())
    assert badge(device) == "Połączono"


def test_every_number_has_the_form_that_the_catalogue_has_for_it(device, catalogues):
    polish = translation("django", catalogues, ["pl"])
    for n in [*range(130), 1002, 1_000_000]:
        said = device.page.evaluate(SAY, ["offline", {"n": n}])
        assert said == polish.ngettext(KEPT, KEPT, n) % {"n": n}


def test_a_browser_that_asks_for_english_hears_english(window, device, in_polish):
    english = Device(window, in_polish, locale="en-GB").arrive()
    assert badge(english) == "Online"
    english.context.set_offline(True)
    english.scan("NOBODY", wait=False)
    english.page.locator("#net").filter(has_text="1 kept").wait_for()
    assert badge(english) == KEPT % {"n": 1}
    assert english.said() == "No network. NOBODY is kept here and sent when that is over."


def test_a_word_that_the_page_does_not_bring_stops_nothing(device):
    def without_words(route):
        answer = route.fetch()
        return route.fulfill(response=answer, body=answer.text().replace('id="words"', ""))

    assert device.page.evaluate(SAY, ["no-such-key", {}]) == "no-such-key"
    device.page.route("**/floor/", without_words)
    device.open("/floor/")
    assert badge(device) == "online"
    assert "NOBODY" in device.scan("NOBODY")
    assert device.faults == []
