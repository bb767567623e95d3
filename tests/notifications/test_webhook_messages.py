"""Messages through the whole way: signed by each valid secret, tested, replayed; and what a verdict is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications import nudging, tasks
from notifications.couriers import Ways
from notifications.errors import TooManyToReplay
from notifications.models import Delivery, Endpoint
from notifications.outgoing import Reply
from notifications.services import delivering, endpoints
from notifications.services.chains import chained, probes, sendable
from notifications.services.endpoints import Replayed
from notifications.services.messages import Message
from notifications.services.verdicts import SCHEDULE, Outcome, judged
from tests.factories import do
from tests.notifications.receiving import (
    deliver,
    fan_out,
    fresh,
    happen,
    statuses,
    subscribed,
    wake,
)

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
committed = pytest.mark.usefixtures("committed_db")


@committed
def test_after_rotation_both_secrets_verify_for_a_day_and_then_the_new_one(receiver):
    shop = subscribed(receiver)
    old, new = receiver.secrets[0], do(endpoints.rotate_secret, endpoint=shop.pk).secret
    receiver.secrets.append(new)
    happen("A")
    fan_out()
    deliver(shop)
    assert receiver.wrong == []
    Endpoint.objects.update(old_secret_until="2020-01-01T00:00Z")
    receiver.secrets[:] = [new]
    happen("B")
    fan_out()
    deliver(shop)
    assert receiver.wrong == []
    receiver.secrets[:] = [old]
    happen("C")
    fan_out()
    deliver(shop)
    assert len(receiver.wrong) == 1


@committed
def test_a_test_message_goes_out_even_while_the_address_rests(receiver):
    shop = subscribed(receiver)
    Endpoint.objects.update(rests_until="2099-01-01T00:00Z")
    assert do(endpoints.send_test, endpoint=shop.pk) == 1
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 1
    assert receiver.got[0]["type"] == "webhook.test"
    assert receiver.got[0]["data"]["levels"] == []
    assert receiver.wrong == []


@committed
def test_messages_are_replayed_in_their_order_under_their_own_ids(receiver):
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "A"), ("C", "A"))
    fan_out()
    deliver(shop)
    assert do(endpoints.replay, endpoint=shop.pk, sequences=[3, 1]).many == 2
    assert do(delivering.call_couriers) == [shop.pk]
    deliver(shop)
    assert receiver.references == ["A", "B", "C", "A", "C"]
    assert receiver.ids[3:] == [receiver.ids[0], receiver.ids[2]]
    since = datetime(2020, 1, 1, tzinfo=UTC)
    assert do(endpoints.replay, endpoint=shop.pk, since=since).many == 3
    assert do(endpoints.replay, endpoint=shop.pk) == Replayed(0, 0)


@committed
def test_a_replay_goes_as_far_back_as_the_log_and_no_further(receiver, settings):
    settings.DELIVERY_LOG_DAYS = 30
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "A"))
    fan_out()
    deliver(shop)
    Delivery.objects.filter(sequence=1).update(created_at=timezone.now() - timedelta(days=31))
    since = timezone.now() - timedelta(days=40)
    assert do(endpoints.replay, endpoint=shop.pk, since=since).many == 1
    assert statuses(shop) == {1: "delivered", 2: "pending"}


@committed
def test_too_many_are_refused_in_plain_words_and_of_those_that_failed_the_oldest_go(
    receiver, monkeypatch
):
    monkeypatch.setattr(endpoints, "MOST_REPLAYED", 2)
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "B"), ("C", "C"))
    fan_out()
    deliver(shop)
    since = timezone.now() - timedelta(hours=1)
    with pytest.raises(
        TooManyToReplay, match="3 messages were made since then; at most 2 are sent"
    ):
        do(endpoints.replay, endpoint=shop.pk, since=since)
    assert set(statuses(shop).values()) == {"delivered"}
    Delivery.objects.update(status="failed")
    assert do(endpoints.replay, endpoint=shop.pk) == Replayed(2, 1)
    assert statuses(shop) == {1: "pending", 2: "pending", 3: "failed"}


@committed
def test_a_replay_in_the_middle_of_a_round_is_not_overlooked(receiver):
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "B"))
    fan_out()
    deliver(shop)
    happen(("C", "C"))
    fan_out()
    lease = do(delivering.claim, endpoint=shop.pk)
    do(endpoints.replay, endpoint=shop.pk, sequences=[1])
    assert do(delivering.release, lease=lease, left=False)
    assert deliver(shop) == 2
    assert set(statuses(shop).values()) == {"delivered"}


@committed
def test_a_retry_that_got_through_lets_go_what_waited_for_it_in_the_same_round(receiver):
    shop = subscribed(receiver)
    receiver.answer = 500
    happen(("A", "A"))
    fan_out()
    deliver(shop, Ways(schedule=(1000.0,) * 9))
    receiver.answer = 204
    happen(("B", "A"), ("C", "B"))
    fan_out()
    assert deliver(shop) == 1
    assert receiver.references[-1] == "C"
    assert do(delivering.call_couriers) == []  # nothing to do until A is due
    wake(shop)
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 2
    assert receiver.references[-2:] == ["A", "B"]


@committed
def test_without_a_broker_nothing_is_raised_and_the_next_sweep_calls_again(receiver, monkeypatch):
    shop = subscribed(receiver)
    happen("A")
    fan_out()

    monkeypatch.setattr(nudging, "send", lambda *_, **__: False)
    tasks.send_what_is_due()
    Endpoint.objects.update(called_until="2020-01-01T00:00Z")
    sent = []
    monkeypatch.setattr(nudging, "send", lambda *task, **how: sent.append((task, how)) or True)
    tasks.send_what_is_due()
    assert sent == [(("notifications.tasks.deliver_webhooks", shop.pk), {"expires": 10})]
    assert tasks.deliver_webhooks(shop.pk) == 1
    assert fresh(shop).delivered_at is not None


# --- Verdicts ----------------------------------------------------------------------------------------------


def message(sequence=1, *skus, attempts=0, due=True, first_tried=None):
    levels = [{"sku": sku, "warehouse": "MAIN"} for sku in skus]
    return Message(
        sequence, None, sequence, attempts, due, first_tried, "t", f"R{sequence}", "a", levels, {}, NOW
    )  # fmt: skip


def verdict(*tried, failures=0, delivered_at=None):
    outcomes = [Outcome(one, reply) for one, reply in tried]
    return judged(outcomes=outcomes, failures=failures, delivered_at=delivered_at, now=NOW)


GOOD, BAD = Reply(1, status=200), Reply(1, status=500)


def test_ten_attempts_are_made_in_about_75_hours():
    assert len(SCHEDULE) + 1 == 10
    assert sum(SCHEDULE) == (74 * 60 + 36) * 60 + 5
    for attempts, usual in enumerate(SCHEDULE):
        (one,) = verdict((message(attempts=attempts), BAD)).marked
        assert 0.9 * usual <= one.wait <= 1.1 * usual


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("120", 120, 120), ("1", 4.5, 5.5), ("999999999999", 3600, 3600), ("-5", 4.5, 5.5),
        ("soon", 4.5, 5.5), ("", 4.5, 5.5), ("Thu, 26 Nov 2026 08:02:00 GMT", 120, 120),
        ("Thu, 26 Nov 2026 07:00:00 GMT", 4.5, 5.5), ("Thu, 99 Nov 2026 07:00:00 GMT", 4.5, 5.5),
        ("²", 4.5, 5.5), ("Mon, 01 Jan 2024 00:00:00 +99999999999999999", 4.5, 5.5),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 +0000", 4.5, 5.5),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected_within_bounds(told, least, most, status):
    (one,) = verdict((message(), Reply(1, status=status, retry_after=told))).marked
    assert least <= one.wait <= most


def test_retry_after_of_any_other_answer_counts_for_nothing():
    (one,) = verdict((message(), Reply(1, status=500, retry_after="3000"))).marked
    assert one.wait < 6


def test_three_messages_that_fail_make_it_rest_but_one_that_always_does_never():
    assert verdict(*((message(n), BAD) for n in range(3))).rest > 0
    assert verdict(*((message(n), BAD) for n in range(2))).rest == 0
    assert verdict((message(), BAD), failures=2).rest > 0
    assert verdict(*((message(attempts=n), BAD) for n in range(1, 9))).rest == 0
    assert verdict((message(), GOOD), failures=9).failures == 0


@pytest.mark.parametrize(
    ("delivered", "status", "disabled"),
    [(None, "pending", True), (-1, "pending", True), (1, "failed", False)],
)
def test_a_used_up_message_fails_alone_if_others_got_through_since(delivered, status, disabled):
    at = None if delivered is None else NOW + timedelta(hours=delivered)
    told = verdict((message(attempts=9, first_tried=NOW), BAD), delivered_at=at)
    assert told.marked[0].status == status
    assert bool(told.disabled_why) == disabled


# --- Chains ------------------------------------------------------------------------------------------------


def shape(messages):
    return [[one.sequence for one in chain.messages] for chain in chained(messages=messages)]


def test_messages_that_share_a_subject_directly_or_through_others_form_a_chain():
    told = [
        message(1, "A"),
        message(2, "B"),
        message(3, "C"),
        message(4, "A", "C"),
        message(5, "D"),
    ]
    assert shape(told) == [[1, 3, 4], [2], [5]]


def test_what_waits_for_one_that_waits_waits_too():
    held = set()
    told = [message(1, "A", due=False), message(2, "A", "B"), message(3, "B"), message(4, "C")]
    assert [one.sequence for one in sendable(messages=told, held=held)] == [4]
    assert "B@MAIN" in held


def test_the_third_to_find_out_with_is_the_least_tried():
    told = [message(n, f"S{n}", attempts=9 - n) for n in range(1, 6)]
    chosen = probes(chains=chained(messages=told))
    assert [chain.messages[0].sequence for chain in chosen] == [1, 2, 5]
    assert probes(chains=[]) == []
