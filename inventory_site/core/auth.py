"""Who calls the API: keys that are hashed, scoped, and limited to warehouses where they say so."""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from inventory_site.core.actors import Actor
from inventory_site.core.models import ApiKey
from inventory_site.core.problems import MissingScope, NotAuthenticated

logger = structlog.get_logger(__name__)

SCOPES = {
    "stock:read": _("see levels, movements, products, places, and the change feed"),
    "stock:write": _("adjust, damage, count and transfer stock"),
    "reservations:write": _("reserve, extend, release and ship"),
    "receiving:write": _("receive goods and take returns back"),
    "orders:read": _("see orders"),
    "orders:write": _("place, cancel and ship orders"),
    "webhooks:write": _("subscribe to webhooks"),
}

KNOWN_SECONDS = 5.0  # how long a key that was found good is believed
USED_EVERY = timedelta(minutes=1)
MOST_KNOWN = 1000

NOTE_USE = """
    UPDATE core_apikey SET last_used_at = %s
     WHERE id IN (SELECT id FROM core_apikey
                   WHERE id = %s AND (last_used_at IS NULL OR last_used_at < %s)
                     FOR NO KEY UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """An API key that was found good. `within`: the warehouses it is limited to."""

    key_id: str
    name: str
    scopes: frozenset[str]
    within: frozenset[str] | None
    pk: None = None
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def actor(self) -> Actor:
        return Actor(name=f"api:{self.name}")

    def check_scope(self, scope: str) -> None:
        """Raise MissingScope naming what the key lacks."""
        if scope not in self.scopes:
            raise MissingScope(
                f"This key needs the scope {scope}.", items=[{"scope": scope, "pointer": ""}]
            )


_known: dict[bytes, tuple[float, Caller]] = {}


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <prefix.secret>`, looked up once and believed for a few seconds."""

    def authenticate(self, request: Request) -> tuple[Caller, Caller]:
        """The caller. Raises NotAuthenticated."""
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        secret = secret.strip()
        if scheme.lower() != "api-key" or not secret:
            raise NotAuthenticated("Send the header Authorization: Api-Key <prefix.secret>.")
        digest = hashlib.sha256(secret.encode(errors="replace")).digest()
        known = _known.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1], known[1]
        caller = _look_up(secret)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[digest] = (time.monotonic() + KNOWN_SECONDS, caller)
        return caller, caller

    def authenticate_header(self, request: Request) -> str:
        return "Api-Key"


def forget_known() -> None:
    """Look every key up again; tests that change keys call this."""
    _known.clear()


def _look_up(secret: str) -> Caller:
    refusal = NotAuthenticated("This API key is unknown, revoked or expired.")
    if "\x00" in secret or not secret.isascii():
        raise refusal
    prefix = secret.partition(".")[0]
    key = ApiKey.objects.filter(prefix=prefix, revoked=False).first()
    if key is None or not key.is_valid(secret) or key.has_expired:
        raise refusal
    _note_use(key)
    return Caller(
        key_id=key.id,
        name=key.name,
        scopes=frozenset(key.scopes),
        within=frozenset(key.warehouses) or None,
    )


def _note_use(key: Any) -> None:
    """Keep the time of use, to the minute, in a small transaction of its own.

    It is worth no request: where the key or its table is locked, the next use is noted.
    """
    now = timezone.now()
    if key.last_used_at is not None and key.last_used_at >= now - USED_EVERY:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_apikey IN ROW EXCLUSIVE MODE NOWAIT")
            cursor.execute(NOTE_USE, [now, key.pk, now - USED_EVERY])
    except DatabaseError as error:
        logger.info("key_use_not_noted", prefix=key.prefix, error=type(error).__name__)
