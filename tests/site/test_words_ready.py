"""Every word of alerts, channels, webhooks, people, keys and history is ready for translation."""

from contextlib import nullcontext
from zoneinfo import available_timezones

import pytest
from django.urls import reverse

from inventory_site.core.auth import SCOPES
from inventory_site.core.models import ApiKey, SettingChange
from notifications import alerting
from notifications.alerting import Found, Watch, check
from notifications.telling.mail import mail_of
from notifications.telling.message import Line, Message
from tests.factories import do
from tests.marked import all_marked, said, unmarked
from tests.notifications.alarms import NOW
from tests.site.two_houses import furnish, people

pytestmark = pytest.mark.django_db

MODELS = (
    "auth_user", "core_apikey", "core_reportschedule", "core_settingchange", "notifications_alert",
    "notifications_channel", "notifications_delivery", "notifications_endpoint", "notifications_feedreader",
    "notifications_ring", "notifications_setaside",
)  # fmt: skip
ADDED = (
    "auth_user", "core_apikey", "core_reportschedule", "notifications_channel", "notifications_endpoint",
)  # fmt: skip
# Not words: names that people gave, addresses, codes, types of events; and what the frame of the pages, and
# Unfold, do not offer for translation.
NAMES = {
    "manager-of-main", "helper-of-MAIN", "helper-of-EAST", "Helper-of-MAIN", "Helper-of-EAST",
    "worker-of-MAIN", "worker-of-EAST", "Back office", "esc", "Access", "Holdfast", "Main", "East", "West",
    "South", "manager", "reader", "picker", "receiver", "worker", "team", "Team", "hook", "Hook", "key",
    "Key", "database user", "postgres", "dead", "Dead", "stock", "low", "received", "created", "read",
    "ops", "shop", "example", "https", "com", "csv", "Authorization", "Api", "mail", "alerts", "Alerts",
    "webhooks", *SCOPES,
}  # fmt: skip
ZONES = {zone.replace("_", " ") for zone in available_timezones()}


@pytest.fixture
def house(client):
    boss = people()["M"]
    client.force_login(boss)
    found = furnish()
    with all_marked():
        yield found["MAIN"]


def seen(client, address, known=()):
    """What a person meets there that is not ready."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = said(answer.content.decode(), part="main")
    assert "⟦" in text
    lines = [line for line in text.splitlines() if line.strip().replace("_", " ") not in ZONES]
    return unmarked("\n".join(lines), names=NAMES | set(known))


def addresses_of(model, row):
    """Of the history what is about people and keys: fields of the stock are named elsewhere."""
    page = reverse(f"admin:{model}_changelist")
    if model == "core_settingchange":
        change = SettingChange.objects.filter(topic="auth.user").latest("pk")
        asked = [f"{page}?topic={topic}" for topic in ("auth.user", "core.apikey")]
        return [*asked, reverse(f"admin:{model}_change", args=[change.pk])]
    if model == "notifications_feedreader":
        return [page]
    add = [reverse(f"admin:{model}_add")] if model in ADDED else []
    return [page, reverse(f"admin:{model}_change", args=[row.pk]), *add]


@pytest.mark.parametrize("model", MODELS)
def test_no_word_of_a_list_or_of_a_page_is_left_as_it_is(client, house, model):
    known = {key.prefix for key in ApiKey.objects.all()}
    known |= {str(getattr(house[model], "message", ""))} - {""}
    found = {page: seen(client, page, known) for page in addresses_of(model, house[model])}
    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("alert", ("acknowledge", "reopen", "snooze_a_day")),
        ("endpoint", ("disable", "send_test", "enable", "replay_failed")),
        ("channel", ("turn_off", "turn_on", "send_test")),
        ("setaside", ("again",)),
    ],
)
def test_nor_of_what_is_answered_to_an_action(client, house, name, actions):
    row = house[f"notifications_{name}"]
    for action in actions:
        told = {"action": action, "_selected_action": [row.pk], "confirmed": 1}
        answer = client.post(reverse(f"admin:notifications_{name}_changelist"), told, follow=True)
        said = [str(message) for message in answer.context["messages"]]
        assert said, action
        assert [words for one in said for words in unmarked(one, names=NAMES)] == []


def test_nor_of_a_list_that_is_empty(client):
    client.force_login(people()["M"])
    with all_marked():
        for model in MODELS:
            answer = client.get(reverse(f"admin:{model}_changelist"))
            assert str(answer.context["cl"].model_admin.nothing_here).startswith("⟦")


def test_nor_of_a_mail(settings):
    settings.EMAIL_HOST = "mail.shop.example"
    lines = [Line(name, "MAIN", "OPENING", "MAIN", NOW) for name in ("urgent", "warning", "info")]
    counts = {"urgent": 1, "warning": 2, "info": 7}
    full = Message("key", counts, lines, "https://shop.example/")
    for message in (full, Message("key", {}, test=True)):
        with all_marked():
            mail = mail_of(message=message, to=["ops@shop.example"])
        told = [mail.subject, mail.body, said(mail.alternatives[0][0])]
        assert [words for text in told for words in unmarked(text, names=NAMES)] == []


def test_titles_of_alerts_are_made_in_the_site_s_language(monkeypatch, settings):
    spoken = []

    def speak(code):
        spoken.append(code)
        return nullcontext()

    monkeypatch.setattr(alerting.translation, "override", speak)
    settings.LANGUAGE_CODE = "de"
    do(check, watch=Watch("low", "Low", lambda events, now: Found([])))
    assert spoken == ["de"]


def test_a_word_that_is_not_ready_is_found():
    page = '<nav>Menu</nav><main><p title="Not ready">⟦Ready: ⟦one⟧⟧, 5 pieces</p></main>'
    noise = "</li><script>no words</script><br><input type='submit' value='Send'> Ada O-1"
    assert unmarked(said(page + noise), names={"Ada"}) == [
        ", 5 pieces",
        "Menu",
        "Not ready",
        "Send",
    ]
    assert unmarked(said(page + noise, part="main")) == [", 5 pieces", "Not ready"]
