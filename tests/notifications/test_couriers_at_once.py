"""Two at the same time: nothing is done twice, and nobody waits for the other."""

import threading

import pytest
from django.db import connection

from notifications.services import sending
from tests.factories import do
from tests.notifications.alarms import channel, deliver, due_on, ring, stand

pytestmark = pytest.mark.usefixtures("committed_db", "mail_server_known")


def at_once(work, times=2):
    done = []

    def run():
        done.append(work())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_two_that_ring_at_once_share_the_work():
    ops = channel()
    stand(*(f"S{n}" for n in range(50)))
    assert sum(at_once(ring)) == 50
    assert len(due_on(ops)) == 50


def test_of_two_couriers_one_sends(mailoutbox):
    ops = channel()
    stand("A", "B")
    ring()
    done = at_once(lambda: deliver(ops), times=4)
    assert len([one for one in done if one is not None]) == 1
    assert len(mailoutbox) == 1


def test_the_network_is_used_with_no_transaction_open(monkeypatch):
    ops = channel()
    stand("A")
    ring()
    seen = []
    monkeypatch.setattr(sending, "send_mail", lambda **_: seen.append(connection.in_atomic_block))
    deliver(ops)
    assert seen == [False]
    assert do(sending.take, channel_id=ops.pk) is None
