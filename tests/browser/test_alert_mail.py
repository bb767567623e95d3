"""The mail that tells of alerts, as phones and desks show it by day and by night."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from notifications.telling.mail import mail_of
from notifications.telling.message import Line, Message
from tests.browser.visiting import SCREENS

pytestmark = pytest.mark.browser

SEEN = datetime(2026, 11, 26, 7, 5, tzinfo=UTC)
LINES = [
    Line(
        "urgent", "85123A WHITE HANGING HEART is out of stock in MAIN", "Out of stock", "MAIN", SEEN
    ),
    Line("warning", "<script>document.title='taken'</script> is low", "Low stock", "MAIN", SEEN),
    Line("warning", "ANAMEWITHOUTANYSPACES" * 10, "Low stock", "NORTHERN-DISTRIBUTION", SEEN),
    Line("info", "Return RMA-2207 waits since Monday", "Return waiting", "", SEEN),
]
MESSAGES = {
    "alerts": Message(
        "a" * 32,
        {"urgent": 1, "warning": 252, "info": 1},
        LINES,
        "https://stock.shop.example/admin/",
    ),
    "test": Message("b" * 32, {}, [], "https://stock.shop.example/admin/", test=True),
}


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_it_fits_and_can_be_read(window, message, scheme, screen):
    width, height = SCREENS[screen]
    page = window.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    ).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    html, _ = mail_of(message=MESSAGES[message], to=["anna@shop.example"]).alternatives[0]
    page.set_content(str(html))
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    assert page.title().startswith("[Holdfast] ")
    assert asked == []
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"][:120]) for x in found] == []
