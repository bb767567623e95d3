"""The mail that tells of alerts, as phones and desks show it by day and by night."""

from datetime import UTC, datetime

import pytest

from notifications.telling.mail import mail_of
from notifications.telling.message import Line, Message
from tests.browser.visiting import SCREENS, Visit, axe

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
def test_it_fits_and_can_be_read(window, message):
    visit = Visit(window, "no site:")
    html, _ = mail_of(message=MESSAGES[message], to=["anna@shop.example"]).alternatives[0]
    visit.page.set_content(str(html))
    assert visit.page.title().startswith("[Holdfast] ")
    for screen in SCREENS:
        for scheme in ("light", "dark"):
            visit.turn(screen, scheme)
            assert visit.overflow() == 0, (screen, scheme)
            faults = [(x["id"], x["nodes"][0]["html"]) for x in axe(visit.page)]
            assert faults == [], (screen, scheme)
    assert visit.faults == []
