"""What follows from what came back: when a message is tried again, and when an address is given up.

Pure: values in, values out. docs/webhooks.md has the table for those who receive.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.utils.translation import gettext as _

from notifications.outgoing import Reply
from notifications.services.messages import Message

# Seconds after each failed attempt: ten attempts in 74 h 36 min, give or take a tenth.
SCHEDULE = (5, 60, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 20 * 3600, 37 * 3600)
JITTER = 0.1
IN_A_ROW = 3  # failures after which nothing more is sent for now
MOST_RETRY_AFTER = 3600  # seconds that an answer may put off its own message
MOST_BREATHER = 60  # seconds that a 429 may put off all of them
BREATHER = 5
GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt."""

    message: Message
    reply: Reply


@dataclass(frozen=True, slots=True)
class Marked:
    """What becomes of one delivery: its status, and if it is pending in how many seconds it is due."""

    outcome: Outcome
    status: str
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the deliveries and of their webhook. `rest`: seconds in which nothing is sent to it."""

    marked: Sequence[Marked]
    succeeded: bool
    failures: int
    rest: float
    error: str
    disabled_why: str


def judged(
    *,
    outcomes: Sequence[Outcome],
    failures: int,
    delivered_at: datetime | None,
    now: datetime,
    schedule: Sequence[float] = SCHEDULE,
) -> Verdict:
    """Judge attempts, in the order in which they ended.

    `failures`: how many messages failed at their first attempt since the last success, before these. With
    IN_A_ROW of them it is the address that fails, not a message: it rests until the longest wait is over. One
    message that is always refused never makes it rest.
    """
    succeeded = any(one.reply.good for one in outcomes)
    marked = [_mark(one, schedule, now) for one in outcomes]
    error = why = ""
    for place, one in enumerate(marked):
        if one.outcome.reply.good:
            failures = 0
            continue
        failures += one.outcome.message.attempts == 0
        error = in_words(one.outcome.reply)
        if one.outcome.reply.status == GONE:
            why = _("It answered 410: it is gone.")
        elif one.outcome.message.attempts >= len(schedule):
            if succeeded or _got_through_since(one.outcome.message, delivered_at):
                marked[place] = Marked(one.outcome, "failed")
            else:
                why = _("%(n)s attempts failed and none succeeded: %(error)s.") % {
                    "n": len(schedule) + 1,
                    "error": error,
                }
    return Verdict(marked, succeeded, failures, _rest(marked, failures, now), error, why[:300])


def _mark(outcome: Outcome, schedule: Sequence[float], now: datetime) -> Marked:
    if outcome.reply.good:
        return Marked(outcome, "delivered")
    wait = schedule[min(outcome.message.attempts, len(schedule) - 1)]
    wait *= random.uniform(1 - JITTER, 1 + JITTER)
    if outcome.reply.status in (TOO_MANY, UNAVAILABLE):
        wait = max(wait, min(_told_to_wait(outcome.reply.retry_after, now=now), MOST_RETRY_AFTER))
    return Marked(outcome, "pending", wait)


def _got_through_since(message: Message, delivered_at: datetime | None) -> bool:
    """Whether the webhook took another message while it refused this one."""
    tried = message.first_tried
    return delivered_at is not None and tried is not None and delivered_at > tried


def _rest(marked: Sequence[Marked], failures: int, now: datetime) -> float:
    rest = 0.0
    if failures >= IN_A_ROW:
        rest = max((one.wait for one in marked), default=0.0)
    for one in marked:
        if one.outcome.reply.status == TOO_MANY:
            told = _told_to_wait(one.outcome.reply.retry_after, now=now) or BREATHER
            rest = max(rest, min(told, MOST_BREATHER))
    return rest


def _told_to_wait(retry_after: str, *, now: datetime) -> float:
    """Seconds that a header Retry-After asks for, as a number or a date (RFC 9110); 0 if it is neither."""
    told = retry_after.strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        until = parsedate_to_datetime(told)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


def in_words(reply: Reply) -> str:
    """Why an attempt failed."""
    if reply.status is None:
        return reply.error
    if 300 <= reply.status < 400:
        return _("it answered %(status)s; redirects are not followed") % {"status": reply.status}
    return _("it answered %(status)s") % {"status": reply.status}
