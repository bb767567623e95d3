"""Couriers: one takes a channel, gathers all that waits there into one message, sends it, and writes down
what came of it.

Taking and writing down are units of work of their own; between them, while the network is used, no
transaction is open. What goes into a message is written down before it is sent, under a name that the
message carries: a courier that dies in between leaves the channel to the next one when its lease is over,
and that one sends the same message under the same name. Times are those of the database.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sealing import CannotOpen, unseal
from inventory_site.core.sql import rows
from notifications.alerting import check, in_the_site_s_language, rules, watches
from notifications.errors import InvalidChannelAddress
from notifications.services import channel_statements as sql
from notifications.services.failing import CHANNEL_FAILING, FAILURES
from notifications.services.reviewing import review
from notifications.telling.addresses import recipients
from notifications.telling.chat import send_chat
from notifications.telling.mail import send_mail
from notifications.telling.message import MOST_SHOWN, Line, Message, NotSent

logger = structlog.get_logger(__name__)

FIRST_REST_SECONDS = 60
MOST_REFUSED = 1000  # times a day: as often as somebody mends what was wrong
ALERTS_PAGE = "/admin/notifications/alert/?state=open"


@dataclass(frozen=True, slots=True)
class Taken:
    """A channel in the hands of one courier until `lease` is over, and the message for it. `proven`: its
    address took something before."""

    channel_id: int
    name: str
    kind: str
    sealed_address: str
    failures: int
    proven: bool
    lease: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it left, and in plain words what happened. `refused`: this message will never be taken."""

    sent: bool
    words: str
    refused: bool = False


def due_channels(*, now: datetime | None = None) -> list[int]:
    """Channels on which something is due, and which nobody has taken and which need no rest."""
    return [id_ for (id_,) in rows(sql.DUE, {"now": now})]


def take(*, channel_id: int, now: datetime | None = None) -> Taken | None:
    """Take the channel and settle what its next message tells; None where there is nothing to do.

    Rings whose cause is gone, or that somebody has taken on, are dropped; those of a cause that went and
    came back tell of it as it stands now; those of one that is less severe by now are judged once more.
    Raises OutsideUnitOfWork.
    """
    require_unit_of_work()
    given: dict[str, Any] = {"channel": channel_id, "now": now}
    leased = rows(sql.LEASE, given)
    if not leased:
        return None
    name, kind, sealed_address, failures, proven, lease = leased[0]
    given["now"] = now or lease - sql.LEASE_TIME
    rows(sql.FOLLOW, given)
    rows(sql.DROP, given)
    review(channel_id=channel_id, now=given["now"])
    begun = rows(sql.BEGUN, given)
    given["message"] = begun[0][0] if begun else uuid.uuid4().hex
    rows(sql.GATHER, given | {"begun": bool(begun)})
    found = rows(sql.READ, given | {"most": MOST_SHOWN})
    if not found:
        rows(sql.RELEASE, given | {"lease": lease})
        return None
    message = _message(given["message"], found)
    return Taken(channel_id, name, kind, sealed_address, failures, proven, lease, message)


def send(*, taken: Taken) -> Outcome:
    """Send the message. Call it with no transaction open: it may take half a minute. Raises nothing."""
    return tell(kind=taken.kind, sealed_address=taken.sealed_address, message=taken.message)


def tell(*, kind: str, sealed_address: str, message: Message) -> Outcome:
    """Send any message to a channel's address, and say what came of it, without any secret."""
    with in_the_site_s_language():
        return _told(kind, sealed_address, message)


def _told(kind: str, sealed_address: str, message: Message) -> Outcome:
    try:
        address = unseal(sealed_address)
        if kind == "email":
            to = recipients(address)
            send_mail(message=message, to=to)
        else:
            send_chat(message=message, address=address)
    except NotSent as error:
        return Outcome(False, str(error), refused=error.for_good)
    except (InvalidChannelAddress, CannotOpen) as error:
        return Outcome(False, str(error))
    except Exception as error:  # its text may hold the address
        logger.error("channel_defect", error=type(error).__name__)
        return Outcome(
            False, _("It could not be sent (%(error)s).") % {"error": type(error).__name__}
        )
    words = _("Sent.")
    if kind == "email":
        words = _("Sent to %(addresses)s.") % {"addresses": ", ".join(to)}
    return Outcome(True, words)


def settle(*, taken: Taken, outcome: Outcome, now: datetime | None = None) -> None:
    """Write down what came of it: told for good, kept for later, or let go where the service will never take
    it. Raises OutsideUnitOfWork."""
    require_unit_of_work()
    given: dict[str, Any] = {
        "channel": taken.channel_id, "message": taken.message.key, "now": now, "lease": taken.lease,
    }  # fmt: skip
    if outcome.sent:
        rows(sql.HOLD, given)
        rows(sql.SENT, given)
        if taken.failures >= FAILURES:
            try_again(channel_id=taken.channel_id, most=1, now=now)
    else:
        _note_failure(taken, outcome, given)
    if not outcome.sent or taken.failures:
        look_after_channels(now=now)


def _note_failure(taken: Taken, outcome: Outcome, given: dict[str, Any]) -> None:
    """An address that never took anything refuses each message alike: it is itself what is wrong. Another is
    there and answers, so that it needs no longer rest for a message that it refuses."""
    given |= {"error": outcome.words[:300]}
    refused = outcome.refused and taken.proven
    if refused:
        rows(sql.REFUSED, given | {"part": uuid.uuid4().hex})
    rest = rest_seconds(failures=1 if refused else taken.failures + 1)
    rows(sql.FAILED, given | {"rest": rest})


def try_again(*, channel_id: int, most: int = MOST_REFUSED, now: datetime | None = None) -> None:
    """Have the alerts due at once that this channel refused within the day, at most so many times.

    Raises OutsideUnitOfWork.
    """
    require_unit_of_work()
    rows(sql.TRY_AGAIN, {"channel": channel_id, "most": most, "now": now})


def look_after_channels(*, now: datetime | None = None) -> None:
    """Bring the alerts about channels in line at once. Raises OutsideUnitOfWork."""
    if CHANNEL_FAILING in watches():
        check(watch=CHANNEL_FAILING, now=now)


def rest_seconds(*, failures: int) -> float:
    """How long a channel is left alone after so many failures in a row: twice as long each time, up to an
    hour; by chance up to a quarter less, so that channels that fell together do not rise together."""
    longest: int = min(sql.LONGEST_REST_SECONDS, FIRST_REST_SECONDS << min(failures - 1, 10))
    return longest * random.uniform(0.75, 1)


def link() -> str:
    """The page of the open alerts; nothing where the site does not know its own address."""
    return settings.SITE_URL + ALERTS_PAGE if settings.SITE_URL else ""


def _message(key: str, found: list[tuple[Any, ...]]) -> Message:
    with in_the_site_s_language():
        labels = rules()
    lines = [
        Line(severity, title, labels.get(rule, rule), warehouse, opened_at)
        for severity, title, rule, warehouse, opened_at, *_ in found
    ]
    _, _, _, _, _, urgent, warning, info = found[0]
    return Message(key, {"urgent": urgent, "warning": warning, "info": info}, lines, link())
