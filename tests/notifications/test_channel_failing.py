"""A channel on which nothing can be told is told of elsewhere; how long it rests; setting one up."""

import time

import pytest
from celery import Celery
from django.db import IntegrityError, transaction

from notifications import nudging, tasks
from notifications.alerting import watches
from notifications.errors import InvalidChannelAddress
from notifications.models import Alert, Channel, Ring, Route
from notifications.services import channels, sending
from notifications.services.failing import CHANNEL_FAILING, failing_channels
from notifications.services.sending import Outcome
from tests.factories import do
from tests.notifications.alarms import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    alert,
    channel,
    deliver,
    due_on,
    ring,
    stand,
)
from tests.notifications.receivers import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

BAD, GOOD = Outcome(False, "The mail server is asleep."), Outcome(True, "")


def try_it(ops, outcome, now):
    taken = do(sending.take, channel_id=ops.pk, now=now)
    do(sending.settle, taken=taken, outcome=outcome, now=now)


@pytest.fixture
def failing():
    ops = channel("Ops mail")
    stand("A")
    ring()
    for minutes in (0, 2, 5):
        try_it(ops, BAD, NOW + minutes * MINUTE)
    return ops


def test_three_failures_in_a_row_open_an_alert_that_rings_on_the_others(failing):
    other = channel("Other", "boss@shop.example")
    told = alert("channel Ops mail")
    assert (told.rule, told.severity, told.status) == ("channel_failing", "urgent", "open")
    assert told.title == "Alerts cannot be told on Ops mail since 01 Jun 10:05 UTC"
    assert told.details == {"error": BAD.words, "failures": 3, "waiting": 1}
    ring(NOW + 6 * MINUTE)
    assert set(due_on(other)) == {"channel Ops mail"}


def test_it_is_resolved_once_something_was_told(failing):
    try_it(failing, GOOD, NOW + 10 * MINUTE)
    assert alert("channel Ops mail").status == "resolved"
    assert failing_channels(now=NOW + 11 * MINUTE) == []


def test_one_failure_is_no_alert_until_it_lasts_for_an_hour():
    ops = channel()
    stand("A")
    ring()
    try_it(ops, BAD, NOW)
    assert [c.holds for c in failing_channels(now=NOW + 59 * MINUTE)] == [False]
    assert [c.holds for c in failing_channels(now=NOW + HOUR)] == [True]
    assert not Alert.objects.filter(rule="channel_failing").exists()


def test_turned_off_it_is_no_longer_failing(failing):
    do(channels.switch, channel_id=failing.pk, enabled=False)
    assert alert("channel Ops mail").status == "resolved"
    do(channels.switch, channel_id=failing.pk, enabled=True)
    failing.refresh_from_db()
    assert (failing.failures, failing.rests_until, failing.last_error) == (0, None, "")


def test_events_of_stock_lead_to_no_look_and_the_watch_is_registered():
    assert CHANNEL_FAILING in watches()
    assert CHANNEL_FAILING.look([], None).looked == ()


def test_a_channel_rests_longer_with_each_failure_but_an_hour_at_most():
    for failures, most in ((1, 60), (2, 120), (6, 1920), (7, 3600), (500, 3600)):
        rests = [sending.rest_seconds(failures=failures) for _ in range(50)]
        assert most * 0.75 <= min(rests)
        assert max(rests) <= most
        assert len(set(rests)) > 1


def test_a_channel_that_fails_holds_up_no_other_one(monkeypatch):
    one, two = channel("One"), channel("Two", "two@shop.example")
    stand("A")
    ring()
    try_it(one, BAD, NOW)
    assert sending.due_channels(now=NOW) == [two.pk]
    assert sending.due_channels(now=NOW + MINUTE) == [one.pk, two.pk]
    Channel.objects.filter(pk=two.pk).update(enabled=False)
    assert sending.due_channels(now=NOW + MINUTE) == [one.pk]


def test_an_unforeseen_fault_is_a_failure_like_any_other(monkeypatch):
    ops = channel()
    stand("A")
    ring()
    monkeypatch.setattr(sending, "send_mail", lambda **_: 1 / 0)
    assert deliver(ops).words == "It could not be sent (ZeroDivisionError)."
    assert set(due_on(ops)) == {"A"}


def test_a_sweep_rings_and_sends_a_courier_that_does_not_wait_for_ever(monkeypatch):
    ops = channel()
    stand("A", now=None)
    sent = []
    monkeypatch.setattr(nudging._sender, "send_task", lambda *a, **more: sent.append((*a, more)))
    tasks.send_what_is_due()
    ((task, more),) = sent
    assert (task, more["args"]) == ("notifications.tasks.deliver_alerts", (ops.pk,))
    assert (more["expires"], more["retry"]) == (10, False)


def test_a_courier_goes_by_the_queue_of_what_leaves_the_house():
    with nudging._sender.connection_for_read() as connection:
        queue = connection.SimpleQueue("delivery")
        queue.clear()
        assert nudging.send(tasks.deliver_alerts.name, 77, expires=10)
        message = queue.get(timeout=2)
        message.ack()
    assert message.headers["task"] == "notifications.tasks.deliver_alerts"
    assert message.payload[0] == [77]


def test_where_the_broker_is_away_nothing_is_raised_and_nobody_waits(monkeypatch):
    for name in ("One", "Two"):
        channel(name)
    stand("A", now=None)
    away = Celery("away", broker=f"redis://127.0.0.1:{free_port()}/0", set_as_current=False)
    away.conf.broker_transport_options = nudging._sender.conf.broker_transport_options
    monkeypatch.setattr(nudging, "_sender", away)
    began = time.monotonic()
    tasks.send_what_is_due()
    assert time.monotonic() - began < 1
    assert Ring.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("a@b.example", "a@b.example"),
        (
            " a@b.example;c@d.example\nA@b.example, a@b.example",
            "a@b.example, c@d.example, A@b.example",
        ),
    ],
)
def test_addresses_of_mail_are_kept_one_by_one(address, kept):
    assert channel(address=address).address == kept


@pytest.mark.parametrize(
    "address",
    ["", " , ", "nobody", "a@b", "a@b.example, nobody", "a@b.example\r\nBcc: c@d.example,", "@", ",".join(
        f"a{n}@b.example" for n in range(21))],
)  # fmt: skip
def test_other_texts_are_refused(address):
    with pytest.raises(InvalidChannelAddress):
        channels.check_address(kind="email", address=address)


def test_another_address_is_tried_at_once_and_a_courier_under_way_is_not_disturbed(failing):
    Channel.objects.update(leased_until=NOW)
    failing.name = "Renamed"
    do(channels.save, channel=failing, address="new@shop.example")
    saved = Channel.objects.get()
    assert (saved.name, saved.address, saved.failures) == ("Renamed", "new@shop.example", 0)
    assert (saved.rests_until, saved.leased_until) == (None, NOW)


def test_a_test_message_is_sent_at_once_and_ends_a_rest(failing, mailoutbox):
    outcome = channels.send_test(channel=failing)
    assert (outcome.sent, outcome.words) == (True, "Sent to ops@shop.example.")
    assert mailoutbox[0].subject == "[Holdfast] Test message"
    for told in (mailoutbox[0].body, mailoutbox[0].alternatives[0][0]):
        assert "This is a test" in told
        assert " more" not in told
    do(channels.note_that_it_works, channel_id=failing.pk, now=NOW + 6 * MINUTE)
    assert alert("channel Ops mail").status == "resolved"
    assert deliver(failing, NOW + 7 * MINUTE).sent


def test_a_channel_says_how_it_does(failing):
    failing.refresh_from_db()
    for made, name, words in (
        (failing, "failing", "Since 01 Jun 10:05 UTC. The mail server is asleep."),
        (channel("New", "n@shop.example"), "new", "Not used yet."),
        (Channel(enabled=False), "off", "What waits here goes on waiting."),
        (Channel(sent_at=NOW + DAY), "ok", "Last told 02 Jun 2026 10:05 UTC."),
    ):
        assert channels.state(made) == channels.State(name, words)


def test_quiet_hours_with_one_end_are_refused_by_the_database(failing):
    with pytest.raises(IntegrityError), transaction.atomic():
        Route.objects.create(channel=failing, severities=["info"], quiet_from="10:00")
