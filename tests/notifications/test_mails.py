"""Alerts by e-mail, through a real mail server."""

import time

import pytest

from inventory_site.core.errors import DatabaseUnavailable
from notifications import tasks
from notifications.models import Alert, Channel, Ring
from notifications.services import ringing, sending
from notifications.telling import mail as mailing
from notifications.telling.message import Line, Message
from tests.factories import do
from tests.notifications.alarms import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    channel,
    deliver,
    due_on,
    proven,
    ring,
    stand,
)
from tests.notifications.receivers import Mailbox, drip, free_port, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

HOSTILE = '<script>alert(1)</script> "O\'Neil" & Söhne\r\nBcc: evil@example.com\u2028\u202e<b>'


@pytest.fixture
def mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    box = Mailbox()
    with mail_server(box) as port:
        settings.EMAIL_PORT = port
        yield box


def parts(mail):
    return (
        mail.get_body(("plain",)).get_content().replace("\r\n", "\n"),
        mail.get_body(("html",)).get_content(),
    )


def test_three_hundred_alerts_are_one_mail_of_html_and_text(mailbox):
    ops = channel(address="anna@shop.example, stock@shop.example")
    stand(*(f"SKU-{n:03}" for n in range(285)), warehouse="EAST")
    stand(*(f"Z-{n}" for n in range(15)), rule="out_of_stock", severity="urgent", warehouse="MAIN")
    ring()
    assert deliver(ops).sent
    (mail,) = mailbox.mails
    assert mailbox.to == [["anna@shop.example", "stock@shop.example"]]
    assert mail["Subject"] == "[Holdfast] 15 urgent, 285 warnings: Z-0 is low ..."
    assert mail["From"] == "Holdfast <alerts@shop.example>"
    text, html = parts(mail)
    for told in (text, html):
        assert told.index("Z-9 is low") < told.index("SKU-034 is low")
        assert "SKU-035" not in told
        assert "and 250 more" in told
        assert "https://stock.shop.example/admin/notifications/alert/?state=open" in told
    assert Ring.objects.filter(sent_at=NOW, message=mail["Message-ID"][1:33]).count() == 300
    assert deliver(ops, NOW + MINUTE) is None


def test_urgent_ones_are_told_at_once_while_warnings_wait_for_their_window(mailbox):
    ops = channel(every_minutes=60)
    stand("A")
    stand("B", rule="out_of_stock", severity="urgent")
    ring()
    deliver(ops)
    assert [mail["Subject"] for mail in mailbox.mails] == ["[Holdfast] 1 urgent: B is low"]
    assert deliver(ops, NOW + 54 * MINUTE) is None
    deliver(ops, NOW + 55 * MINUTE)
    assert mailbox.mails[1]["Subject"] == "[Holdfast] 1 warning: A is low"


def test_a_flood_comes_in_few_messages(mailbox):
    ops = channel()
    stand("A")
    ring()
    deliver(ops)
    stand("A", "B")
    ring(NOW + MINUTE / 10)
    assert deliver(ops, NOW + MINUTE / 6) is None
    assert deliver(ops, NOW + MINUTE).sent


def test_hostile_names_are_shown_and_do_nothing(mailbox):
    ops = channel()
    stand("A", title=f"{HOSTILE} is low", warehouse="<i>W</i>")
    ring()
    assert deliver(ops).sent
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("Söhne Bcc: evil@example.com <b> is low")
    assert mail["Bcc"] is None
    assert mailbox.to == [["ops@shop.example"]]
    text, html = parts(mail)
    assert "<script" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot;O&#x27;Neil&quot; &amp; Söhne" in html
    assert "\u202e" not in html + text
    assert '<script>alert(1)</script> "O\'Neil" & Söhne Bcc: evil@example.com <b> is low' in text


def test_a_courier_that_dies_before_it_writes_down_leads_to_the_same_message_again(mailbox):
    ops = channel()
    stand("A")
    ring()
    taken = do(sending.take, channel_id=ops.pk, now=NOW)
    assert sending.send(taken=taken).sent  # and here it dies
    stand("A", "B")
    ring(NOW + MINUTE)
    assert deliver(ops, NOW + MINUTE) is None  # its lease is not over
    assert deliver(ops, NOW + 3 * MINUTE).sent
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"] == "[Holdfast] 1 warning: A is low"
    deliver(ops, NOW + 4 * MINUTE)
    assert mailbox.mails[2]["Subject"] == "[Holdfast] 1 warning: B is low"
    assert mailbox.mails[2]["Message-ID"] != first["Message-ID"]


def test_a_courier_that_comes_back_late_does_not_disturb_the_next_one(mailbox):
    ops = channel()
    stand("A")
    ring()
    late = do(sending.take, channel_id=ops.pk, now=NOW)
    second = do(sending.take, channel_id=ops.pk, now=NOW + 3 * MINUTE)
    do(sending.settle, taken=late, outcome=sending.Outcome(False, "slow"), now=NOW + 3 * MINUTE)
    ops.refresh_from_db()
    assert (ops.failures, ops.leased_until) == (0, second.lease)
    do(sending.settle, taken=late, outcome=sending.Outcome(True, ""), now=NOW + 3 * MINUTE)
    assert due_on(ops) == {}  # it did leave
    ops.refresh_from_db()
    assert ops.leased_until == second.lease


def test_a_lease_from_before_the_clock_was_put_back_holds_nobody_up(mailbox):
    ops = channel()
    stand("A", now=NOW - DAY)
    ring(NOW - DAY)
    Channel.objects.update(leased_until=NOW + MINUTE, rests_until=NOW + HOUR, sent_at=NOW)
    assert deliver(ops, NOW - DAY).sent


def test_while_the_mail_server_is_away_all_is_kept_and_told_when_it_is_back(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    ops, box = channel(), Mailbox()
    stand("A")
    ring()
    assert deliver(ops).words == "The mail server cannot be reached (Connection refused)."
    assert deliver(ops, NOW + 40 * MINUTE / 60) is None  # it rests
    stand("A", "B")
    ring(NOW + MINUTE)
    assert set(due_on(ops)) == {"A", "B"}
    with mail_server(box, settings.EMAIL_PORT):
        assert deliver(ops, NOW + 2 * MINUTE).sent
        assert deliver(ops, NOW + 3 * MINUTE).sent
    assert [mail["Subject"][-8:] for mail in box.mails] == ["A is low", "B is low"]
    ops.refresh_from_db()
    assert (ops.failures, ops.last_error, ops.failing_since) == (0, "", None)


@pytest.mark.parametrize("answer", ["451 come back later", "554 we know you, s3cret"])
def test_what_the_mail_server_answers_is_told_without_the_password(mailbox, settings, answer):
    settings.EMAIL_HOST_PASSWORD = "s3cret"
    settings.EMAIL_HOST_USER = ""
    mailbox.answer = answer
    ops = channel()
    stand("A")
    ring()
    words = deliver(ops).words
    assert words == f"The mail server answered {answer.replace('s3cret', '…')}"
    assert Channel.objects.get().last_error == words
    assert set(due_on(ops)) == {"A"}
    proven(ops)
    deliver(ops, NOW + MINUTE)
    assert len(due_on(ops)) == answer.startswith("4")  # what is refused for good is let go


def test_without_a_mail_server_it_says_so(settings):
    settings.EMAIL_HOST = ""
    ops = channel()
    stand("A")
    ring()
    assert "EMAIL_URL is not set" in deliver(ops).words


def test_what_is_gone_or_taken_on_is_not_told(mailbox):
    ops = channel(every_minutes=60)
    stand("A", "B", "C", "D")
    ring()
    Alert.objects.filter(subject="B").update(status="acknowledged")
    Alert.objects.filter(subject="C").update(status="snoozed", snoozed_until=NOW + DAY)
    stand("B", "C", "D", now=NOW + MINUTE)
    assert deliver(ops, NOW + HOUR).sent
    assert mailbox.mails[0]["Subject"] == "[Holdfast] 1 warning: D is low"
    assert Ring.objects.exclude(dropped_at=None).count() == 3
    stand("A", "D", now=NOW + 61 * MINUTE)
    assert ring(NOW + 61 * MINUTE) == 1  # nobody had heard of A


def test_a_cause_that_went_and_came_back_within_its_window_is_told(mailbox):
    ops = channel(every_minutes=60)
    stand("A")
    ring()
    stand(now=NOW + MINUTE)
    stand("A", title="A is lower", now=NOW + 2 * MINUTE)
    ring(NOW + 2 * MINUTE)
    assert deliver(ops, NOW + HOUR).sent
    assert mailbox.mails[0]["Subject"] == "[Holdfast] 1 warning: A is lower"


def test_where_all_of_it_is_gone_nothing_is_sent_and_the_channel_is_free(mailbox):
    ops = channel(every_minutes=60)
    stand("A")
    ring()
    stand(now=NOW + MINUTE)
    assert deliver(ops, NOW + HOUR) is None
    ops.refresh_from_db()
    assert (mailbox.mails, ops.leased_until) == ([], None)


@pytest.mark.parametrize("alerts", [1, 200])
def test_the_number_of_statements_does_not_depend_on_the_alerts(
    mailbox, alerts, django_assert_num_queries
):
    ops = channel()
    stand(*(f"S{n}" for n in range(alerts)))
    ring()
    with django_assert_num_queries(7 + 2):  # and the transaction
        taken = do(sending.take, channel_id=ops.pk, now=NOW)
    outcome = sending.send(taken=taken)
    with django_assert_num_queries(2 + 2):
        do(sending.settle, taken=taken, outcome=outcome, now=NOW)


def test_a_subject_is_short_whatever_the_title():
    line = Line("urgent", "x" * 300, "Low", "MAIN", NOW)
    told = Message("k", {"urgent": 2}, [line]).subject
    assert len(told) == 146
    assert told.endswith("x...")


def test_the_task_tells_and_says_whether_it_did(mailbox):
    ops = channel()
    stand("A", now=None)
    do(ringing.ring_due)
    assert tasks.deliver_alerts(ops.pk) is True
    assert tasks.deliver_alerts(ops.pk) is False
    assert len(mailbox.mails) == 1


def test_a_mail_server_that_says_one_byte_at_a_time_is_given_up(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    monkeypatch.setattr(mailing, "MOST_SECONDS", 0.3)
    with drip() as settings.EMAIL_PORT:
        ops = channel()
        stand("A")
        ring()
        began = time.monotonic()
        assert deliver(ops).words == "The mail server did not answer in time."
    assert time.monotonic() - began < 1


def test_a_database_that_is_away_for_a_moment_after_the_sending_is_waited_for(mailbox, monkeypatch):
    ops = channel()
    stand("A", now=None)
    do(ringing.ring_due)
    monkeypatch.setattr(tasks, "PAUSES_SECONDS", (0, 0))
    away, settle = [1, 2], sending.settle

    def stumbles(**given):
        if away:
            away.pop()
            raise DatabaseUnavailable
        settle(**given)

    monkeypatch.setattr(sending, "settle", stumbles)
    assert tasks.deliver_alerts(ops.pk) is True
    assert Ring.objects.get().sent_at is not None
