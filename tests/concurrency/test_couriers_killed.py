"""A real worker that sends through a real mail server, and is killed before it can write down that it did."""

import asyncio
import os
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from notifications import nudging
from notifications.models import Channel, Ring
from tests.concurrency.clients import environment
from tests.forked import start
from tests.notifications.alarms import channel, stand
from tests.notifications.receivers import Mailbox, mail_server

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")


class SlowMailbox(Mailbox):
    """Takes a mail to one address, and does not say so while `slow`."""

    slow = True

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        while self.slow and envelope.rcpt_tos == ["slow@shop.example"]:
            await asyncio.sleep(0.02)
        return answer

    def ids(self, to):
        return [m["Message-ID"] for m, a in zip(self.mails, self.to, strict=True) if a == [to]]


@contextmanager
def worker(port):
    """A worker as the site has it, which knows this mail server. Killed at the end, if need be."""
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "EMAIL_FROM": "alerts@shop.example"}
    words = ["worker", "--queues", "celery,delivery", "--pool", "threads", "--concurrency", "3"]
    process = start(
        *("-m", "celery", "--quiet", "--skip-checks", "-A", "inventory_site", *words),
        *("--without-mingle", "--without-gossip", "--loglevel", "error"),
        env=os.environ | environment() | mail | {"LOG_LEVEL": "ERROR"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(what, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def sweep():
    assert nudging.send(nudging.TASK, expires=30)


def test_what_a_killed_courier_sent_is_sent_again_as_the_same_message_and_others_never_wait():
    box = SlowMailbox()
    slow, quick = channel("A", "slow@shop.example"), channel("B", "quick@shop.example")
    stand("X", now=None)
    with mail_server(box) as port:
        with worker(port):
            sweep()
            until(lambda: box.ids("slow@shop.example") and box.ids("quick@shop.example"))
            until(lambda: Ring.objects.filter(channel=quick).exclude(sent_at=None).exists())
        box.slow = False
        assert Ring.objects.get(channel=slow).sent_at is None
        Channel.objects.filter(pk=slow.pk).update(leased_until=Now() - timedelta(seconds=1))
        with worker(port):
            sweep()
            until(lambda: Ring.objects.filter(sent_at=None).count() == 0)
            sweep()
            time.sleep(0.5)
    first, second = box.ids("slow@shop.example")
    assert first == second
    assert len(box.ids("quick@shop.example")) == 1
