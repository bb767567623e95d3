"""Alerts in a chat, through apprise: to a real receiver on loopback, and only where they may go."""

import logging
import threading
import time

import pytest
import requests
from django.db import connection

from notifications.errors import InvalidChannelAddress
from notifications.models import Channel, Ring
from notifications.services import channels
from notifications.telling import addresses
from notifications.telling.chat import body
from notifications.telling.message import Line, Message
from tests.factories import do
from tests.notifications.alarms import (
    DAY,
    MINUTE,
    NOW,
    channel,
    deliver,
    due_on,
    proven,
    ring,
    stand,
)
from tests.notifications.receivers import Chat, chat_service, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

SECRET = "T0PS3CRET"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = (
    "https://prod-161.westeurope.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64"
    "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=KODuebWbDGY"
)


@pytest.fixture
def chat(settings):
    settings.ALERT_SERVICE_SCHEMES = ["json"]
    there = Chat()
    with chat_service(there) as port:
        there.address = f"json://user:{SECRET}@127.0.0.1:{port}/{SECRET}/"
        yield there


def told_on(chat, *subjects, **more):
    ops = channel("Chat", chat.address)
    stand(*subjects, **more)
    ring()
    return ops


def test_alerts_are_told_in_the_chat(chat):
    ops = told_on(chat, "A", "B")
    assert deliver(ops).sent
    (told,) = chat.told
    assert told["title"] == "[Holdfast] 2 warnings: A is low ..."
    assert told["message"].splitlines() == [
        "🟠 A is low",
        "🟠 B is low",
        "https://stock.shop.example/admin/notifications/alert/?state=open",
    ]
    assert told["type"] == "warning"
    assert due_on(ops) == {}


def test_names_mention_nobody_and_mark_nothing_up(chat):
    ops = told_on(chat, "A", title="<!channel> @everyone *A* \nB")
    deliver(ops)
    assert chat.told[0]["message"].startswith("🟠 ‹!channel› ＠everyone ∗A∗ B\n")  # noqa: RUF001
    assert "@" not in chat.told[0]["title"]


@pytest.mark.parametrize("status", [404, 500])
def test_what_a_chat_answers_is_told_and_all_is_kept(chat, status):
    ops = told_on(chat, "A")
    chat.status = status
    assert deliver(ops).words == f"JSON answered {status}."
    assert set(due_on(ops)) == {"A"}
    chat.status = 204
    assert deliver(ops, NOW + 2 * MINUTE).sent


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_message_that_will_never_be_taken_is_let_go_and_nothing_waits_behind_it(chat, status):
    ops = proven(told_on(chat, "A"))
    chat.status = status
    outcome = deliver(ops)
    assert (outcome.refused, outcome.words) == (True, f"JSON answered {status}.")
    assert due_on(ops) == {}
    assert Ring.objects.get().refused == f"JSON answered {status}."
    chat.status = 200
    stand("A", "B")
    ring(NOW + 2 * MINUTE)
    assert deliver(ops, NOW + 2 * MINUTE).sent
    assert [told["title"] for told in chat.told[1:]] == ["[Holdfast] 1 warning: B is low"]
    assert ring(NOW + DAY) == 1
    assert set(due_on(ops)) == {"A"}


def test_redirects_are_not_followed_whatever_the_address_asks_for(chat):
    chat.address += "?redirect=yes&verify=no&retry=3&rto=900"
    with chat_service(Chat()) as elsewhere:
        chat.status, chat.location = 307, f"http://127.0.0.1:{elsewhere}/"
        ops = told_on(chat, "A")
        assert deliver(ops).words == "JSON answered 307."
    assert len(chat.told) == 1


def test_one_that_hangs_is_given_up(chat, monkeypatch):
    monkeypatch.setattr(addresses, "READ_SECONDS", 0.2)
    chat.hangs = threading.Event()
    ops = told_on(chat, "A")
    began = time.monotonic()
    assert deliver(ops).words == "JSON cannot be reached, or did not answer in time."
    chat.hangs.set()
    assert time.monotonic() - began < 2


def test_no_log_and_no_error_holds_the_address(chat, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3"):
        assert logging.getLogger(name).level >= logging.WARNING
    gone = f"json://user:{SECRET}@127.0.0.1:{free_port()}/{SECRET}/"
    for name, address, status in (
        ("ok", chat.address, 200),
        ("refused", chat.address, 403),
        ("gone", gone, 200),
    ):
        chat.status = status
        ops = channel(name, address)
        channels.send_test(channel=ops)
        stand(name)
        ring()
        deliver(ops)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    assert [c.last_error for c in Channel.objects.order_by("name") if SECRET in c.last_error] == []
    assert Channel.objects.get(name="gone").last_error == (
        "JSON cannot be reached, or did not answer in time."
    )


def test_what_a_service_raises_is_told_without_its_words(chat, monkeypatch):
    ops = told_on(chat, "A")

    def raises(*args, **more):
        raise RuntimeError(chat.address)

    monkeypatch.setattr("apprise.Apprise.notify", raises)
    assert deliver(ops).words == "JSON could not be told (RuntimeError)."


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("json://10.0.0.1/", "JSON is not among the services"),
        ("forms://metadata.internal/", "Form is not among the services"),
        ("xml://localhost/", "XML is not among the services"),
        ("mailto://user:pass@mail.example", "E-Mail is not among the services"),
        ("ntfy://10.0.0.1/topic", "ntfy is not among the services"),
        ("syslog://", "Syslog is not among the services"),
        ("file:///etc/passwd", "This is no address"),
        ("https://example.com/hook", "This is no address"),
        ("http://169.254.169.254/", "This is no address"),
        ("workflows://10.0.0.1/abcdef/signature", "has its address at Microsoft"),
        (
            "workflows://logic.azure.com.evil.example/abcdef/signature",
            "has its address at Microsoft",
        ),
        ("slack://", "This is no address"),
        ("", "This is no address"),
        ("json://a/\njson://b/", "one line"),
        ("x" * 1001, "one line"),
    ],
)
def test_addresses_that_lead_anywhere_are_refused(address, words):
    with pytest.raises(InvalidChannelAddress, match=words) as refused:
        channels.check_address(kind="service", address=address)
    assert not address or address not in refused.value.detail


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (SLACK, "hooks.slack.com"),
        (TEAMS, "prod-161.westeurope.logic.azure.com"),
        ("https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord.com"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "api.telegram.org"),
        ("twilio://AC" + "a" * 32 + ":" + "b" * 32 + "@15551112222/15553334444", "api.twilio.com"),
        ("vonage://abcd1234:" + "a" * 16 + "@15551112222/15553334444", "rest.nexmo.com"),
    ],
)
def test_known_services_are_accepted_and_asked_at_their_own_hosts(address, host, monkeypatch):
    asked = []

    def note(session, method, url, **more):
        asked.append((url.split("/")[2].partition(":")[0], more["allow_redirects"]))
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", note)
    made = do(channels.create, name="C", kind="service", address=address)
    assert not channels.send_test(channel=made).sent
    assert set(asked) == {(host, False)}


def test_an_sms_is_short_and_counts_the_rest():
    lines = [Line("warning", f"SKU-{n} is low in MAIN", "Low", "MAIN", NOW) for n in range(50)]
    told = body(message=Message("k", {"warning": 300}, lines, "https://a.example"), most=160)
    assert len(told) <= 160
    assert told.splitlines()[0] == "Warning: SKU-0 is low in MAIN"
    assert told.splitlines()[-2:] == ["… and 296 more", "https://a.example"]


def test_the_table_shows_no_secret(chat):
    channel("Chat", chat.address)
    channel("Mail", "anna@shop.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM notifications_channel c")
        raw = str(cursor.fetchall())
    assert SECRET not in raw
    assert "anna@shop.example" not in raw
    assert {c.address for c in Channel.objects.all()} == {chat.address, "anna@shop.example"}


def test_an_address_sealed_under_another_key_is_told_of(chat, settings):
    ops = told_on(chat, "A")
    settings.SECRET_KEY = "another one"
    assert "sealed under another SECRET_KEY" in deliver(ops).words
    assert channels.shown_address(ops) == "cannot be read: enter it again"
