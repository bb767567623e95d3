"""What the worker and beat run to get events and alerts out of the house.

Each may run twice or at the same time as itself without harm: the database says who does what.
"""

import time
from collections.abc import Callable
from datetime import datetime

import structlog
from celery import shared_task

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import Busy, DatabaseUnavailable
from notifications import couriers, nudging
from notifications.alerting import check, watches
from notifications.services import delivering, dispatching, forgetting, ringing, sending
from notifications.services.dispatching import Reader
from notifications.services.readers import READERS

logger = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.0  # for events that a transaction which is still open hides from readers
TURN_SECONDS = 10.0  # of one reader, however much there is
PAUSE_SECONDS = 0.05
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)  # together far less than a lease
EXPIRES_SECONDS = 10  # after which another sweep has sent a courier anew


@shared_task
def dispatch() -> int:
    """Give every reader its events; how many there were. Nudged on commit, and swept by beat."""
    nudging.taken()
    done = 0
    for reader in READERS:
        done += _read_on(reader)
        send_what_is_due()  # what one reader has made ready does not wait for the next
    return done


def _read_on(reader: Reader) -> int:
    """Until nothing is left, or another process is at it."""
    in_unit_of_work(lambda: dispatching.open_reader(name=reader.name))
    done = 0
    begun = time.monotonic()
    while time.monotonic() - begun < TURN_SECONDS:
        try:
            some = in_unit_of_work(lambda: dispatching.advance(reader=reader))
        except (Busy, DatabaseUnavailable) as error:
            logger.warning("reader_put_off", reader=reader.name, reason=error.code)
            return done
        if some is None:
            return done
        done += some
        if not some:
            if time.monotonic() - begun > PATIENCE_SECONDS or not dispatching.waiting(
                reader=reader
            ):
                return done
            time.sleep(PAUSE_SECONDS)
    nudging.nudge()  # there is more: others have their turn first
    return done


def send_what_is_due() -> None:
    """Have the couriers sent out to whoever is to be told something."""
    _call_couriers()
    _ring()


def _call_couriers() -> None:
    """One to each webhook that has something due."""
    try:
        called = in_unit_of_work(delivering.call_couriers)
    except (Busy, DatabaseUnavailable) as error:
        logger.warning("couriers_not_called", reason=error.code)
        return
    for endpoint_id in called:
        if not nudging.send(deliver_webhooks.name, endpoint_id, expires=delivering.CALL_SECONDS):
            return  # the broker is away; they are called again


@shared_task
def deliver_webhooks(endpoint_id: int) -> int:
    """Send one webhook what is due; how many attempts were made."""
    return couriers.deliver(endpoint=endpoint_id)


def _ring() -> None:
    """Have what is due wait on its channels, and send a courier to each channel on which something waits."""
    try:
        while in_unit_of_work(ringing.ring_due) == ringing.MOST:
            pass
        waiting = sending.due_channels()
    except (Busy, DatabaseUnavailable) as error:
        logger.warning("ringing_put_off", reason=error.code)
        return
    for channel_id in waiting:
        if not nudging.send(deliver_alerts.name, channel_id, expires=EXPIRES_SECONDS):
            return  # the broker is away; the next sweep sends them


@shared_task
def deliver_alerts(channel_id: int) -> bool:
    """Tell on one channel what waits there; whether anything was told."""
    taken = in_unit_of_work(lambda: sending.take(channel_id=channel_id))
    if taken is None:
        return False
    outcome = sending.send(taken=taken)
    _write_down(lambda: sending.settle(taken=taken, outcome=outcome))
    if not outcome.sent:
        logger.warning("alerts_not_told", channel=taken.name, reason=outcome.words)
    return outcome.sent


def _write_down(work: Callable[[], None]) -> None:
    """What has left the house: a database that is away for a moment is waited for, since whatever is not
    written down is sent again."""
    for pause in PAUSES_SECONDS:
        try:
            return in_unit_of_work(work)
        except (Busy, DatabaseUnavailable):
            time.sleep(pause)
    return in_unit_of_work(work)


@shared_task
def look_everywhere() -> None:
    """Repeat for all subjects what each event does for its own, and see what only time has changed."""
    for watch in watches():
        try:
            _look(watch.rule, None)
        except Exception:  # one rule that cannot be read leaves the others their look
            logger.exception("rule_not_read", rule=watch.rule)


def _look(rule: str, now: datetime | None) -> None:
    (watch,) = (one for one in watches() if one.rule == rule)
    settled = in_unit_of_work(lambda: check(watch=watch, now=now))
    if settled.opened or settled.resolved:
        logger.info(
            "alerts_settled", rule=rule, opened=len(settled.opened), resolved=len(settled.resolved)
        )


@shared_task
def forget_what_was_told() -> None:
    """Nightly: messages that were delivered, and alerts that were resolved, long ago."""
    for forget in (forgetting.forget_deliveries, forgetting.forget_alerts):
        while in_unit_of_work(forget) == forgetting.CHUNK:
            pass
