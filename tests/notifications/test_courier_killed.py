"""A courier's process that is killed while a message is on its way: another sends the same message again."""

import os
import signal
import threading

import pytest

from notifications.models import Attempt, Endpoint
from notifications.services import delivering
from tests.concurrency.clients import environment
from tests.factories import do
from tests.forked import start
from tests.notifications.receiving import deliver, fan_out, happen, statuses, subscribed

COURIER = """
import django, sys; django.setup()
from notifications.couriers import deliver
deliver(endpoint=int(sys.argv[1]))
"""


@pytest.mark.usefixtures("committed_db")
def test_what_it_had_not_written_down_is_sent_again_as_the_same_message(receiver):
    shop = subscribed(receiver)
    happen(("A", "A"), ("B", "A"))
    fan_out()
    arrived, go_on = threading.Event(), threading.Event()

    def hold(told, _):
        if told["data"]["reference"] == "B":
            arrived.set()
            go_on.wait(10)
        return 204

    receiver.answer = hold
    given = environment() | {"WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    courier = start("-c", COURIER, str(shop.pk), env=os.environ | given)
    try:
        assert arrived.wait(20)
    finally:
        courier.send_signal(signal.SIGKILL)
        courier.wait()
        go_on.set()
    assert statuses(shop) == {1: "pending", 2: "pending"}
    assert not Attempt.objects.exists()
    assert deliver(shop) == 0
    Endpoint.objects.update(leased_until="2020-01-01T00:00Z")
    assert do(delivering.call_couriers) == [shop.pk]
    receiver.answer = 204
    assert deliver(shop) == 2
    assert receiver.references == ["A", "B", "A", "B"]
    assert receiver.ids[:2] == receiver.ids[2:]
    assert set(statuses(shop).values()) == {"delivered"}
