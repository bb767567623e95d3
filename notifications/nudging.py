"""A nudge to the dispatcher once an event is committed, so that nobody waits for the next sweep.

It costs the request nothing: a thread of this process sends it, at once after a quiet moment, and one for all
events of a busy one; and only where none is on its way already. It may be lost (Redis away, process ended):
the sweep comes anyway.
"""

import os
import threading
import time

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from inventory_site.core.redis import contact

TASK = "notifications.tasks.dispatch"
PENDING = "holdfast:nudged"
PENDING_SECONDS = 10  # after which a nudge that nobody took is taken to be lost
BREATH_SECONDS = 0.1  # between two nudges of one process: events of a busy moment are read together

# It only sends, and works in a process that has loaded no Celery application.
_sender = Celery("nudger", set_as_current=False)
_sender.config_from_object("django.conf:settings", namespace="CELERY")
# `retry=False` alone would still wait six seconds for a broker that is away.
_sender.conf.broker_transport_options = {
    "max_retries": 0,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 2.0,
}


class _Nudger:
    """The thread, and the signal that it waits for. A forked process starts a thread of its own."""

    def __init__(self) -> None:
        self.process = 0
        self.wanted = threading.Event()
        self.starting = threading.Lock()

    def wake(self) -> None:
        if self.process != os.getpid():
            self._start()
        self.wanted.set()

    def _start(self) -> None:
        with self.starting:
            if self.process == os.getpid():
                return
            self.wanted = threading.Event()
            threading.Thread(target=self._run, name="nudger", daemon=True).start()
            self.process = os.getpid()

    def _run(self) -> None:
        while self.wanted.wait():
            self.wanted.clear()
            nudge()
            time.sleep(BREATH_SECONDS)


_nudger = _Nudger()


def wake() -> None:
    """Have the dispatcher nudged soon. Returns at once; call it after the commit."""
    if settings.NUDGE_DISPATCHER:
        _nudger.wake()


def nudge() -> bool:
    """Send the task, unless one is waiting to be taken. False when there is one, or Redis is away."""
    try:
        fresh = contact.call(lambda client: client.set(PENDING, 1, nx=True, ex=PENDING_SECONDS))
        if not fresh:
            return False
    except RedisError:
        return False
    if send(TASK, expires=PENDING_SECONDS):
        return True
    taken()  # the broker is away, which need not be the Redis of the cache
    return False


def send(task: str, *arguments: int, expires: float) -> bool:
    """Send a task that nobody misses for long; False, and soon, where the broker is away."""
    try:
        _sender.send_task(task, args=arguments, expires=expires, retry=False, ignore_result=True)
    except OperationalError:
        return False
    return True


def taken() -> None:
    """Called by the task before it reads: an event that is committed from here on nudges anew."""
    try:
        contact.call(lambda client: client.delete(PENDING))
    except RedisError:
        return
