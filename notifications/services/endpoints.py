"""Webhooks as their owners see them: made, changed, switched on and off, tried out, told things again.

A caller that is limited to warehouses makes webhooks of these alone, and to it there are no others.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import one_at_a_time, require_unit_of_work
from inventory_site.core.errors import WarehouseNotAllowed
from inventory_site.core.sealing import seal
from inventory_site.core.sql import rows
from notifications import nudging
from notifications.addresses import Refused, check_url
from notifications.alerting import in_the_site_s_language
from notifications.errors import (
    InvalidWebhook,
    InvalidWebhookUrl,
    TooManyToReplay,
    TooManyWebhooks,
    WebhookDisabled,
    WebhookNameTaken,
    WebhookNotFound,
)
from notifications.models import Endpoint
from notifications.services.delivery_log import webhooks
from notifications.services.messages import new_secret

MOST = 50
MOST_NAMED = 50  # types, or warehouses, of one webhook
OLD_SECRET_HOURS = 24
TYPE = re.compile(r"[a-z_]{1,29}\.(?:\*|[a-z_]{1,30})")

ROTATE = f"""
    UPDATE notifications_endpoint
       SET sealed_old_secret = sealed_secret, sealed_secret = %s,
           old_secret_until = statement_timestamp() + interval '{OLD_SECRET_HOURS} hours'
     WHERE id = %s
"""
# What is pending, as if it had never been tried.
AFRESH = """
    UPDATE notifications_delivery SET attempts = 0, due_at = statement_timestamp()
     WHERE endpoint_id = %(endpoint)s AND status = 'pending' AND attempts > 0
"""
ENABLE = f"""
    WITH fresh AS ({AFRESH})
    UPDATE notifications_endpoint
       SET enabled = true, disabled_why = '', collects_to = NULL, failures = 0, failed_at = NULL,
           rests_until = NULL, looked_to = 0
     WHERE id = %(endpoint)s
"""
TEST = """
    WITH counted AS (
        UPDATE notifications_endpoint SET last_sequence = last_sequence + 1, rests_until = NULL
         WHERE id = %s RETURNING id, last_sequence
    )
    INSERT INTO notifications_delivery (endpoint_id, sequence, status, attempts)
    SELECT id, last_sequence, 'pending', 0 FROM counted
    RETURNING sequence
"""
MOST_REPLAYED = 10_000
# Beyond what the log keeps for sure there is only what has not been swept up yet.
AGAIN = """
    endpoint_id = %(endpoint)s AND status <> 'pending'
    AND (sequence = ANY(%(sequences)s::bigint[])
         OR created_at >= greatest(%(since)s::timestamptz,
                                   CASE WHEN %(since)s::timestamptz IS NOT NULL
                                        THEN statement_timestamp() - %(kept)s * interval '1 day' END)
         OR %(failed)s AND status = 'failed')
"""
HOW_MANY = f"SELECT count(*) FROM notifications_delivery WHERE {AGAIN}"
REPLAY = f"""
    WITH again AS (
        UPDATE notifications_delivery
           SET status = 'pending', attempts = 0, due_at = statement_timestamp(), done_at = NULL
         WHERE id IN (SELECT id FROM notifications_delivery WHERE {AGAIN} ORDER BY sequence LIMIT %(most)s)
        RETURNING id
    ), looked AS (
        UPDATE notifications_endpoint SET looked_to = 0 WHERE id = %(endpoint)s
    )
    SELECT count(*) FROM again
"""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A webhook, and its new secret, which is told this once."""

    endpoint: Endpoint
    secret: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many messages are sent again, and how many more failed that are not: ask once more for them."""

    many: int
    left: int


def create(
    *,
    name: str,
    url: str,
    actor: Actor,
    types: Sequence[str] = (),
    warehouses: Sequence[str] = (),
    within: Collection[str] | None = None,
) -> Keyed:
    """Have an address told of what happens from now on. Without `types` of all events; without `warehouses`
    of every warehouse that the caller may see.

    Raises InvalidWebhook, InvalidWebhookUrl, WebhookNameTaken, TooManyWebhooks, WarehouseNotAllowed.
    """
    one_at_a_time("webhooks")  # names are compared, and webhooks counted
    given = checked(name=name, url=url, types=types, warehouses=warehouses, within=within)
    if Endpoint.objects.count() >= MOST:
        raise TooManyWebhooks(
            _("There are %(most)s webhooks; that is as many as there may be.") % {"most": MOST}
        )
    secret = new_secret()
    ((since,),) = rows("SELECT pg_current_xact_id()::text::bigint", [])
    made = Endpoint.objects.create(
        **given, sealed_secret=seal(secret), actor=actor.name, since=since
    )
    return Keyed(Endpoint.objects.get(pk=made.pk), secret)


def change(
    *,
    endpoint: int,
    name: str | None = None,
    url: str | None = None,
    types: Sequence[str] | None = None,
    warehouses: Sequence[str] | None = None,
    within: Collection[str] | None = None,
) -> Endpoint:
    """Change what is given. A new address is tried at once, with all that is pending.

    Raises WebhookNotFound and what `create` raises.
    """
    one_at_a_time("webhooks")  # names are compared, and webhooks counted
    found = locked(endpoint=endpoint, within=within)
    given = checked(
        name=name, url=url, types=types, warehouses=warehouses, within=within, but=found.pk
    )
    if given.get("url", found.url) != found.url:
        given |= {"failures": 0, "rests_until": None, "looked_to": 0}
        rows(AFRESH, {"endpoint": found.pk})
    for field, value in given.items():
        setattr(found, field, value)
    found.save(update_fields=list(given))
    _nudge()
    return found


def enable(*, endpoint: int, within: Collection[str] | None = None) -> Endpoint:
    """Send it again what it is to be told, and first what is still pending, as if never tried.

    Raises WebhookNotFound.
    """
    found = locked(endpoint=endpoint, within=within)
    if not found.enabled:
        rows(ENABLE, {"endpoint": found.pk})
        found.refresh_from_db()
        _nudge()
    return found


def disable(*, endpoint: int, actor: Actor, within: Collection[str] | None = None) -> Endpoint:
    """Switch it off: nothing is sent, and what happens meanwhile is not kept for it. What is pending stays.

    Raises WebhookNotFound.
    """
    found = locked(endpoint=endpoint, within=within)
    found.enabled, found.collects_to = False, None
    with in_the_site_s_language():  # it is kept, and read by everybody
        found.disabled_why = _("Switched off by %(name)s.") % {"name": actor.name}
    found.save(update_fields=["enabled", "collects_to", "disabled_why"])
    return found


def rotate_secret(*, endpoint: int, within: Collection[str] | None = None) -> Keyed:
    """Give it a new secret. For OLD_SECRET_HOURS everything is signed with the old one too.

    Raises WebhookNotFound.
    """
    found = locked(endpoint=endpoint, within=within)
    secret = new_secret()
    rows(ROTATE, [seal(secret), found.pk])
    found.refresh_from_db()
    return Keyed(found, secret)


def send_test(*, endpoint: int, within: Collection[str] | None = None) -> int:
    """Send it a message of type webhook.test, soon; its sequence. Raises WebhookNotFound, WebhookDisabled."""
    found = locked(endpoint=endpoint, within=within)
    if not found.enabled:
        raise WebhookDisabled(_("%(name)s is disabled; enable it first.") % {"name": found.name})
    ((sequence,),) = rows(TEST, [found.pk])
    _nudge()
    return int(sequence)


def replay(
    *,
    endpoint: int,
    sequences: Sequence[int] = (),
    since: datetime | None = None,
    within: Collection[str] | None = None,
) -> Replayed:
    """Send messages again under their own ids: those of these sequences, or all that were made since then
    (as far back as the log goes), or (with neither) those that failed, the oldest MOST_REPLAYED of them.
    What is pending already does not count.

    Raises WebhookNotFound, TooManyToReplay (more than MOST_REPLAYED since then).
    """
    found = locked(endpoint=endpoint, within=within)
    given = {
        "endpoint": found.pk,
        "sequences": list(sequences),
        "since": since,
        "kept": settings.DELIVERY_LOG_DAYS,
        "failed": not sequences and since is None,
        "most": MOST_REPLAYED,
    }
    ((asked,),) = rows(HOW_MANY, given)
    if since is not None and asked > MOST_REPLAYED:
        raise TooManyToReplay(
            _("%(asked)s messages were made since then; at most %(most)s are sent again at once, so name a"
              " later time.") % {"asked": f"{asked:,}", "most": f"{MOST_REPLAYED:,}"}
        )  # fmt: skip
    ((many,),) = rows(REPLAY, given)
    _nudge()
    return Replayed(many=many, left=asked - many)


def locked(*, endpoint: int, within: Collection[str] | None = None) -> Endpoint:
    """The webhook, locked. Raises WebhookNotFound."""
    require_unit_of_work()
    found: Endpoint | None = None
    if 0 < endpoint < 2**63:
        found = webhooks(within=within).select_for_update().filter(pk=endpoint).first()
    if found is None:
        raise WebhookNotFound(_("There is no webhook %(number)s.") % {"number": endpoint})
    return found


def _nudge() -> None:
    transaction.on_commit(nudging.wake, robust=True)


# --- What it may be ----------------------------------------------------------------------------------------


def checked(
    *,
    name: str | None = None,
    url: str | None = None,
    types: Sequence[str] | None = None,
    warehouses: Sequence[str] | None = None,
    within: Collection[str] | None = None,
    but: int = 0,
) -> dict[str, Any]:
    """What is given, as it will be kept; `but`: the webhook that it is for, whose name is its own.

    Raises InvalidWebhook, InvalidWebhookUrl, WebhookNameTaken, WarehouseNotAllowed.
    """
    found: dict[str, Any] = {}
    if name is not None:
        found["name"] = _name(name, but)
    if url is not None:
        found["url"] = _url(url)
    if types is not None:
        found["types"] = _types(types)
    if warehouses is not None:
        found["warehouses"] = _warehouses(warehouses, within)
    return found


def _name(given: str, but: int) -> str:
    name = given.strip()
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise InvalidWebhook(_("A webhook has a name of 1 to 80 characters."), items=_at("name"))
    if Endpoint.objects.filter(name=name).exclude(pk=but).exists():
        words = _("There is another webhook %(name)s.") % {"name": name}
        raise WebhookNameTaken(words, items=_at("name"))
    return name


def _url(given: str) -> str:
    url = given.strip()
    try:
        check_url(url=url, allowed=settings.WEBHOOK_ALLOWED_NETWORKS)
    except Refused as error:
        raise InvalidWebhookUrl(str(error), items=_at("url")) from None
    return url


def _types(given: Sequence[str]) -> list[str]:
    types = list(dict.fromkeys(one.strip() for one in given))
    if len(types) > MOST_NAMED or not all(TYPE.fullmatch(one) for one in types):
        raise InvalidWebhook(
            _("Types of events are written stock.received or stock.*; at most %(most)s of them.")
            % {"most": MOST_NAMED},
            items=_at("types"),
        )
    return types


def _warehouses(given: Sequence[str], within: Collection[str] | None) -> list[str]:
    codes = list(dict.fromkeys(one.strip().upper() for one in given))
    if len(codes) > MOST_NAMED or not all(0 < len(one) <= 20 for one in codes):
        raise InvalidWebhook(
            _("Name warehouses by their codes; at most %(most)s of them.") % {"most": MOST_NAMED},
            items=_at("warehouses"),
        )
    if within is None:
        return codes
    foreign = sorted(set(codes) - set(within))
    if foreign:
        raise WarehouseNotAllowed(
            _("Not allowed in warehouse %(codes)s.") % {"codes": ", ".join(foreign)},
            items=[{"warehouse": code} for code in foreign],
        )
    return codes or sorted(within)


def _at(field: str) -> list[dict[str, str]]:
    return [{"pointer": f"/{field}"}]
