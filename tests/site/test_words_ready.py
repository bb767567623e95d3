"""Every word of alerts, channels, webhooks, people, keys and history is ready for translation."""

import re
from contextlib import nullcontext

import pytest
from django.urls import reverse

from inventory_site.core.models import ApiKey, SettingChange
from notifications import alerting
from notifications.alerting import Found, Watch, check
from notifications.telling.mail import mail_of
from notifications.telling.message import Line, Message
from tests.factories import do
from tests.notifications.alarms import NOW
from tests.site.marked import WORD, Page, mark_words, unmarked
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
NAMES = set(
    re.findall(
        r"\w+",
        """Back office esc Access Holdfast Main East West South MAIN EAST WEST SOUTH OPENING ACME LOST WALK
        manager main reader picker receiver worker helper Helper team Team hook Hook key Key database user
        postgres dead Dead stock low received created read ops shop example https com csv CSV XLSX UTC API SKU
        Authorization Api mail Europe alerts Alerts webhooks""",
    )
)


@pytest.fixture
def house(client, monkeypatch):
    boss = people()["M"]
    client.force_login(boss)
    found = furnish()
    mark_words(monkeypatch)
    return found["MAIN"]


def seen(client, address, known=()):
    """What a person meets there that is not ready."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    main = page[page.index("<main") :] if "<main" in page else page
    assert "⟦" in main
    return [x for text in Page(main).texts for x in unmarked(text, known=NAMES | set(known))]


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
    known = {word for key in ApiKey.objects.all() for word in WORD.findall(key.prefix)}
    known |= set(WORD.findall(str(getattr(house[model], "message", ""))))
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
        assert [words for one in said for words in unmarked(one, known=NAMES)] == []


def test_nor_of_a_list_that_is_empty(client, monkeypatch):
    client.force_login(people()["M"])
    mark_words(monkeypatch)
    for model in MODELS:
        answer = client.get(reverse(f"admin:{model}_changelist"))
        assert str(answer.context["cl"].model_admin.nothing_here).startswith("⟦")


def test_nor_of_a_mail(monkeypatch, settings):
    settings.EMAIL_HOST = "mail.shop.example"
    mark_words(monkeypatch)
    lines = [Line(name, "MAIN", "OPENING", "MAIN", NOW) for name in ("urgent", "warning", "info")]
    counts = {"urgent": 1, "warning": 2, "info": 7}
    full = Message("key", counts, lines, "https://shop.example/")
    for message in (full, Message("key", {}, test=True)):
        mail = mail_of(message=message, to=["ops@shop.example"])
        told = [mail.subject, mail.body, *Page(mail.alternatives[0][0]).texts]
        assert [words for text in told for words in unmarked(text, known=NAMES)] == []


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
    page = Page('<p title="Not ready">⟦Ready: ⟦one⟧⟧, 5 pieces</p><script>no words</script>')
    assert [x for text in page.texts for x in unmarked(text)] == ["Not ready", ", 5 pieces"]
