"""Couriers: in order per subject, at least once, one at a time, and no one waits for another's fault."""

import threading
import time

import pytest
from django.db import connection

from notifications import couriers
from notifications.couriers import Ways
from notifications.models import Attempt, Delivery, Endpoint
from notifications.services import delivering, endpoints
from tests.factories import do
from tests.notifications.receiving import (
    QUICK,
    deliver,
    fan_out,
    fresh,
    happen,
    listening,
    reply,
    statuses,
    subscribed,
    wake,
)

pytestmark = pytest.mark.usefixtures("committed_db")


def test_an_event_arrives_signed_with_its_levels(receiver):
    shop = subscribed(receiver)
    happen(("PO-7", "A"), details={"reason": "late"})
    fan_out()
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 1
    (told,) = receiver.got
    assert receiver.wrong == []
    assert (told["type"], told["sequence"]) == ("stock.received", 1)
    assert told["timestamp"].endswith("Z")
    assert told["data"] == {
        "reference": "PO-7",
        "actor": "tester",
        "levels": [{"sku": "A", "warehouse": "MAIN", "on_hand": 5, "version": 1}],
        "details": {"reason": "late"},
    }
    assert receiver.ids == [f"msg_{Delivery.objects.get().message.hex}"]
    assert statuses(shop) == {1: "delivered"}
    assert Attempt.objects.get().status_code == 204
    assert do(delivering.call_couriers) == []


def refusing(*references, status=500):
    """An answer: some references are refused, the rest is taken."""
    return lambda told, _: status if told["data"]["reference"] in references else 204


def test_a_poison_message_holds_up_its_own_subject_only(receiver):
    shop = subscribed(receiver)
    receiver.answer = refusing("BAD")
    happen(("BAD", "A"), ("AFTER", "A"), ("OTHER", "B"), ("TIED", "A", "C"), ("BEHIND", "C"))
    fan_out()
    deliver(shop)
    assert sorted(receiver.references) == ["BAD", "OTHER"]
    assert statuses(shop) == {
        1: "pending", 2: "pending", 3: "delivered", 4: "pending", 5: "pending",
    }  # fmt: skip
    assert fresh(shop).rests_until is None
    receiver.answer = 204
    wake(shop)
    deliver(shop)
    assert receiver.references[2:] == ["BAD", "AFTER", "TIED", "BEHIND"]
    assert set(statuses(shop).values()) == {"delivered"}


def test_poison_is_set_aside_after_ten_attempts_and_what_waited_goes_on(receiver):
    shop = subscribed(receiver)
    receiver.answer = refusing("BAD")
    happen(("BAD", "A"), ("AFTER", "A"))
    fan_out()
    for attempt in range(10):
        happen((f"FINE-{attempt}", "B"))
        fan_out()
        deliver(shop)
        wake(shop)
    assert receiver.references.count("BAD") == 10
    assert receiver.references.count("AFTER") == 0
    assert statuses(shop)[1] == "failed"
    assert do(delivering.call_couriers) == [shop.pk]
    deliver(shop)
    assert receiver.references[-1] == "AFTER"
    named = zip(receiver.ids, receiver.references, strict=True)
    assert len({id_ for id_, reference in named if reference == "BAD"}) == 1
    assert fresh(shop).enabled


def test_a_few_poison_messages_at_once_do_not_pass_for_a_dead_address(receiver):
    shop = subscribed(receiver)
    receiver.answer = refusing(*(bad := [f"BAD-{n}" for n in range(5)]))
    happen(*((name, name) for name in bad), *((f"GOOD-{n}", f"G{n}") for n in range(5)))
    fan_out()
    for _ in range(4):
        deliver(shop)
        wake(shop)
    assert [x for x in sorted(set(receiver.references)) if x.startswith("GOOD")] == [
        f"GOOD-{n}" for n in range(5)
    ]


def test_a_dead_address_costs_three_attempts_a_round_and_is_disabled_after_ten(receiver):
    shop = subscribed(receiver)
    receiver.answer = 503
    happen(*((f"R{n}", f"S{n}") for n in range(20)))
    fan_out()
    ways = Ways(schedule=(100.0,) * 9)
    for attempt in range(1, 11):
        assert fresh(shop).enabled
        deliver(shop, ways)
        assert len(receiver.got) == 3 * attempt
        if attempt < 10:
            assert fresh(shop).rests_until is not None
            assert deliver(shop, ways) == 0
        wake(shop)
    gone = fresh(shop)
    assert not gone.enabled
    assert gone.disabled_why == "10 attempts failed and none succeeded: it answered 503."
    assert gone.collects_to > gone.last_sequence
    assert set(statuses(shop).values()) == {"pending"}
    assert do(delivering.call_couriers) == []
    receiver.answer = 204
    do(endpoints.enable, endpoint=shop.pk)
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 20
    assert set(statuses(shop).values()) == {"delivered"}


def test_gone_disables_at_once_and_nothing_is_lost(receiver):
    shop = subscribed(receiver)
    receiver.answer = 410
    happen(("A", "A"), ("B", "B"))
    fan_out()
    assert deliver(shop) == 1
    assert fresh(shop).disabled_why == "It answered 410: it is gone."
    happen(("C", "C"))
    fan_out()
    assert statuses(shop) == {1: "pending", 2: "pending", 3: "pending"}
    receiver.answer = 204
    do(endpoints.enable, endpoint=shop.pk)
    assert deliver(shop) == 3
    assert receiver.wrong == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(receiver, status):
    shop = subscribed(receiver)
    with listening() as private:
        receiver.answer = lambda _, handler: reply(handler, status, Location=private.url)
        happen(("A", "A"))
        fan_out()
        assert deliver(shop) == 1
        assert private.got == []
    tried = Attempt.objects.get()
    assert tried.error == f"it answered {status}; redirects are not followed"
    assert statuses(shop) == {1: "pending"}


def test_killed_between_sending_and_marking_the_same_message_is_sent_again(receiver, monkeypatch):
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "B"))
    fan_out()

    def die(**_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "mark", die)
        with pytest.raises(SystemExit):
            deliver(shop)
    assert sorted(receiver.references) == ["A", "B"]
    assert deliver(shop) == 0  # its lease stands
    assert do(delivering.call_couriers) == []
    Endpoint.objects.update(leased_until="2020-01-01T00:00Z")
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 2
    assert sorted(receiver.ids[:2]) == sorted(receiver.ids[2:])
    assert set(statuses(shop).values()) == {"delivered"}
    assert receiver.wrong == []


def test_of_two_couriers_one_sends(receiver):
    shop = subscribed(receiver)
    receiver.answer = lambda *_: time.sleep(0.05) or 204
    happen(*((f"R{n}", f"S{n}") for n in range(10)))
    fan_out()
    made = []

    def go():
        made.append(deliver(shop))
        connection.close()

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(made) == [0, 10]
    assert len(set(receiver.ids)) == len(receiver.ids) == 10
    assert 1 < receiver.most_at_once <= 8


def test_whoever_lost_the_lease_marks_what_arrived_and_stops(receiver):
    shop = subscribed(receiver)
    happen(*((f"R{n}", f"S{n}") for n in range(4)))
    fan_out()

    def rob(*_):
        Endpoint.objects.update(leased_until="2020-01-01T00:00Z")
        connection.close()
        return 204

    receiver.answer = rob
    assert deliver(shop, Ways(page=2)) == 2
    assert list(statuses(shop).values()).count("delivered") == 2
    receiver.answer = 204
    assert deliver(shop) == 2


def test_a_slow_address_does_not_delay_another(receiver):
    slow_one = subscribed(receiver)
    go_on = threading.Event()
    receiver.answer = lambda *_: go_on.wait(10) and 204
    with listening() as quick:
        fast = subscribed(quick, name="fast")
        happen(("A", "A"), ("B", "B"))
        fan_out()
        waiting = threading.Thread(target=lambda: (deliver(slow_one, Ways()), connection.close()))
        waiting.start()
        began = time.monotonic()
        assert deliver(fast) == 2
        assert time.monotonic() - began < 1
        assert quick.references == ["A", "B"]
        go_on.set()
        waiting.join()
    assert set(statuses(slow_one).values()) == {"delivered"}


def test_messages_of_one_subject_are_sent_one_after_the_other(receiver):
    shop = subscribed(receiver)
    receiver.answer = lambda *_: time.sleep(0.001) or 204
    happen(*((f"R{n}", f"S{n % 3}") for n in range(30)))
    fan_out()
    assert deliver(shop, Ways(page=16)) == 30
    assert receiver.most_at_once > 1
    for sku in range(3):
        own = [x["sequence"] for x in receiver.got if x["data"]["levels"][0]["sku"] == f"S{sku}"]
        assert own == sorted(own)
        assert len(own) == 10


def test_order_per_subject_holds_while_every_third_attempt_fails(receiver):
    shop = subscribed(receiver)
    taken, tries = [], iter(range(10_000))

    def moody(told, _):
        if next(tries) % 3 == 1:
            return 500
        taken.append(told)
        return 204

    receiver.answer = moody
    happen(*((f"R{n}", f"S{n % 4}") for n in range(24)))
    fan_out()
    for _ in range(40):
        deliver(shop, Ways(page=5, schedule=(0.0,) * 9))
        wake(shop)
        if set(statuses(shop).values()) == {"delivered"}:
            break
    assert sorted(x["sequence"] for x in taken) == list(range(1, 25))
    for n in range(4):
        own = [x["sequence"] for x in taken if x["data"]["levels"][0]["sku"] == f"S{n}"]
        assert own == sorted(own)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_moved_by_a_day_holds_up_nothing_new(receiver, days):
    """The database's clock goes on; everything written before is moved the other way instead."""
    shop = subscribed(receiver)
    happen(("A", "A"))
    fan_out()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_endpoint SET leased_until = now() - %s * interval '1 day',"
            " called_until = now() - %s * interval '1 day'", [days, days],
        )  # fmt: skip
        cursor.execute(
            "UPDATE notifications_delivery SET due_at = now() - %s * interval '1 day'", [days]
        )
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 1
    assert statuses(shop) == {1: "delivered"}


def test_too_many_requests_give_the_address_a_rest(receiver):
    shop = subscribed(receiver)
    receiver.answer = lambda _, handler: reply(handler, 429, Retry_After="30")
    happen(("A", "A"), ("B", "B"))
    fan_out()
    assert deliver(shop) == 1
    rest = fresh(shop).rests_until - Attempt.objects.get().at
    assert 29 < rest.total_seconds() < 31
    due = Delivery.objects.get(sequence=1).due_at - Attempt.objects.get().at
    assert 29 < due.total_seconds() < 31


def test_an_event_of_which_no_message_can_be_made_is_tried_and_set_aside(receiver, monkeypatch):
    shop = subscribed(receiver)
    real = couriers.body_of

    def stumble(*, message, warehouses):
        if message.reference == "ODD":
            raise TypeError
        return real(message=message, warehouses=warehouses)

    monkeypatch.setattr(couriers, "body_of", stumble)
    happen(("ODD", "A"), ("FINE", "B"))
    fan_out()
    assert deliver(shop) == 2
    assert statuses(shop) == {1: "pending", 2: "delivered"}
    assert (
        Attempt.objects.get(delivery__sequence=1).error == "no message can be made of it: TypeError"
    )


def test_a_secret_that_cannot_be_opened_disables_and_says_so(receiver, settings):
    shop = subscribed(receiver)
    happen(("A", "A"))
    fan_out()
    settings.SECRET_KEY = "another"
    assert deliver(shop) == 0
    assert "SECRET_KEY_FALLBACKS" in fresh(shop).disabled_why
    assert receiver.got == []


def test_switched_off_in_the_middle_it_stops(receiver):
    shop = subscribed(receiver)

    def switch_off(*_):
        Endpoint.objects.update(enabled=False)
        connection.close()
        return 204

    receiver.answer = switch_off
    happen(*((f"R{n}", f"S{n}") for n in range(6)))
    fan_out()
    deliver(shop, Ways(page=2))
    assert len(receiver.got) == 2


def test_a_round_that_takes_too_long_leaves_the_rest_to_the_next(receiver):
    shop = subscribed(receiver)
    happen(*((f"R{n}", f"S{n}") for n in range(6)))
    fan_out()
    assert deliver(shop, Ways(page=2, round_seconds=0)) == 2
    assert do(delivering.call_couriers) == [shop.pk]
    assert do(delivering.call_couriers) == []  # one is on its way
    assert deliver(shop, QUICK) == 4


def test_another_address_is_told_at_once_what_the_old_one_would_not_take(receiver):
    shop = subscribed(receiver)
    receiver.answer = 500
    happen(*((f"R{n}", f"S{n}") for n in range(4)))
    fan_out()
    for _ in range(3):
        deliver(shop, Ways(schedule=(3600.0,) * 9))
        Endpoint.objects.update(rests_until=None)
    with listening() as moved:
        do(endpoints.change, endpoint=shop.pk, url=moved.url)
        assert do(delivering.call_couriers) == [shop.pk]
        assert deliver(shop) == 4
        assert sorted(moved.references) == ["R0", "R1", "R2", "R3"]
    assert list(Delivery.objects.values_list("attempts", flat=True)) == [1] * 4
