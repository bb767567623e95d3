"""Channels: set up, changed, switched on and off, tried."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateformat import format as dated
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sealing import CannotOpen
from inventory_site.core.sql import rows
from notifications.models import Channel, ChannelKind
from notifications.services import channel_statements as sql
from notifications.services.sending import (
    Outcome,
    link,
    look_after_channels,
    tell,
    try_again,
)
from notifications.telling import addresses
from notifications.telling.message import Message

NOT_TO_BE_READ = _("cannot be read: enter it again")


@dataclass(frozen=True, slots=True)
class State:
    """`name`: off, failing, ok or new; `words`: since when, or why."""

    name: str
    words: str


def check_address(*, kind: str, address: str) -> str:
    """The address in the form in which it is kept. Raises InvalidChannelAddress."""
    if kind == ChannelKind.EMAIL:
        return ", ".join(addresses.recipients(address))
    addresses.service(address)
    return address.strip()


def create(*, name: str, kind: str, address: str, enabled: bool = True) -> Channel:
    """A channel, which tells of nothing until it has routes. Raises InvalidChannelAddress."""
    channel = Channel(name=name, kind=kind, enabled=enabled)
    return save(channel=channel, address=address)


def save(*, channel: Channel, address: str | None = None, now: datetime | None = None) -> Channel:
    """Keep the channel as it was filled in, with another address where one is given.

    What it failed at under its old address is forgotten, so that the new one is tried at once, with what was
    refused there within the day. Raises InvalidChannelAddress and OutsideUnitOfWork.
    """
    require_unit_of_work()
    written = ["name", "kind", "enabled"]
    if address is not None or not channel.sealed_address:
        channel.address = check_address(kind=channel.kind, address=address or "")
        channel.sent_at = None  # nothing was told at this one yet
        written += ["sealed_address", "sent_at", *_start_afresh(channel)]
    _write(channel, written)
    try_again(channel_id=channel.pk, now=now)
    return channel


def switch(*, channel_id: int, enabled: bool, now: datetime | None = None) -> None:
    """Turn a channel on or off. What waits there goes on waiting. Raises OutsideUnitOfWork."""
    require_unit_of_work()
    channel = Channel.objects.get(pk=channel_id)
    channel.enabled = enabled
    _write(channel, ["enabled", *(_start_afresh(channel) if enabled else [])])
    if enabled:
        try_again(channel_id=channel_id, now=now)


def send_test(*, channel: Channel) -> Outcome:
    """Send a test message right now, and say what happened. Call it with no transaction open."""
    message = Message(key=uuid.uuid4().hex, counts={}, link=link(), test=True)
    return tell(kind=channel.kind, sealed_address=channel.sealed_address, message=message)


def note_that_it_works(*, channel_id: int, now: datetime | None = None) -> None:
    """After a test that arrived: what waits is sent without further rest, and what was refused within the day
    is tried again. Raises OutsideUnitOfWork."""
    require_unit_of_work()
    rows(sql.WORKS, {"channel": channel_id, "now": now})
    try_again(channel_id=channel_id, now=now)
    look_after_channels(now=now)


def shown_address(channel: Channel) -> str:
    """What may be shown of the address: of a service, its name and the last four characters."""
    if not channel.sealed_address:
        return ""
    try:
        return addresses.masked(kind=channel.kind, address=channel.address)
    except CannotOpen:
        return str(NOT_TO_BE_READ)


def state(channel: Channel) -> State:
    """How the channel does."""
    if not channel.enabled:
        return State("off", gettext("What waits here goes on waiting."))
    if channel.failures:
        assert channel.failing_since is not None
        told = {"since": dated(channel.failing_since, "d M H:i"), "error": channel.last_error}
        return State("failing", gettext("Since %(since)s UTC. %(error)s") % told)
    if channel.sent_at:
        at = dated(channel.sent_at, "d M Y H:i")
        return State("ok", gettext("Last told %(at)s UTC.") % {"at": at})
    return State("new", gettext("Not used yet."))


def _start_afresh(channel: Channel) -> list[str]:
    """Forget what it failed at; the names of the fields."""
    channel.failures, channel.last_error = 0, ""
    channel.rests_until = channel.failing_since = channel.failed_at = None
    return ["failures", "last_error", "rests_until", "failing_since", "failed_at"]


def _write(channel: Channel, fields: list[str]) -> None:
    """These fields alone: the others may be a courier's, who is on its way."""
    if channel.pk is None:
        channel.save()
    else:
        channel.save(update_fields=fields)
    look_after_channels()
