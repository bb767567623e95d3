"""API keys: made, shown once, changed, rotated, revoked. What is kept of a key is its hash."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from inventory_site.core.auth import SCOPES, forget_known
from inventory_site.core.db import one_at_a_time
from inventory_site.core.errors import DomainError, Kind
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import Staff

MOST_OVERLAP = timedelta(days=7)
NAME_LENGTH = 50


class InvalidKey(DomainError):
    """What was asked of an API key cannot be: its name, a scope, or its time."""

    code = "invalid_key"
    title = gettext_noop("The key cannot be made like this")


class KeyNameTaken(DomainError):
    """There is a working key of that name; what is reserved under a name is counted together."""

    code = "key_name_taken"
    title = gettext_noop("There is a key of that name")
    kind = Kind.CONFLICT


class KeyNotFound(DomainError):
    """There is no such key, or it is for warehouses that are not yours."""

    code = "key_not_found"
    title = gettext_noop("No such key")
    kind = Kind.NOT_FOUND


class KeyEnded(DomainError):
    """The key is revoked, has expired, or was replaced by a newer one already."""

    code = "key_ended"
    title = gettext_noop("The key has come to its end")
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. The secret is here and nowhere else: show it, and forget it."""

    name: str
    prefix: str
    secret: str = field(repr=False)


def make_key(
    *,
    name: str,
    scopes: Collection[str],
    warehouses: Collection[str],
    who: Staff,
    expires_at: datetime | None = None,
    beside_others: bool = False,
    now: datetime | None = None,
) -> NewKey:
    """A key of these scopes, limited to these warehouses (none: all), until a moment (None: for good).

    Raises InvalidKey, MoreThanYouHave (warehouses that `who` does not have), NotYourRole, and KeyNameTaken
    unless it may stand `beside_others` of its name.
    """
    one_at_a_time("api keys")
    who.check_role()
    now = now or timezone.now()
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise InvalidKey(gettext("A name has 1 to %(most)s characters.") % {"most": NAME_LENGTH})
    _check(scopes, warehouses, expires_at, who, now)
    if not beside_others and any(_works(key, now) for key in ApiKey.objects.filter(name=name)):
        raise KeyNameTaken(
            gettext("There is a working key named %(name)s; rotate it, or choose another name.")
            % {"name": name}
        )
    return _made(name, scopes, warehouses, expires_at)


def change_key(
    *,
    prefix: str,
    scopes: Collection[str],
    warehouses: Collection[str],
    expires_at: datetime | None,
    who: Staff,
    now: datetime | None = None,
) -> None:
    """Give a key other scopes, warehouses, or another end. Other processes learn of it within 5 s.

    Raises KeyNotFound, KeyEnded, InvalidKey, MoreThanYouHave, NotYourRole.
    """
    now = now or timezone.now()
    key = _working(prefix, who, now)
    _check(scopes, warehouses, expires_at, who, now)
    key.scopes, key.warehouses, key.expiry_date = list(scopes), list(warehouses), expires_at
    key.save(update_fields=["scopes", "warehouses", "expiry_date"])
    transaction.on_commit(forget_known)


def rotate_key(
    *, prefix: str, overlap: timedelta, who: Staff, now: datetime | None = None
) -> NewKey:
    """A new key of the same name, scopes, limits and end; the old one works on for `overlap`, up to 7 days.

    Raises KeyNotFound, KeyEnded (also where a newer key of that name works: rotate that one), InvalidKey,
    NotYourRole.
    """
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        raise InvalidKey(gettext("The old key may work for up to 7 days more."))
    now = now or timezone.now()
    key = _working(prefix, who, now)
    newer = ApiKey.objects.filter(name=key.name, created__gt=key.created)
    if any(_works(other, now) for other in newer):
        raise KeyEnded(
            gettext("A newer key named %(name)s works already; rotate that one.")
            % {"name": key.name}
        )
    made = _made(key.name, key.scopes, key.warehouses, key.expiry_date)
    last = now + overlap
    key.expiry_date = min(key.expiry_date or last, last)
    key.save(update_fields=["expiry_date"])
    transaction.on_commit(forget_known)
    return made


def revoke_key(*, prefix: str, who: Staff) -> None:
    """End a key for good. Processes that have just seen it believe it for up to 5 s more.

    Raises KeyNotFound, NotYourRole. A key that was revoked before stays so.
    """
    key = _own(prefix, who)
    if not key.revoked:
        key.revoked = True
        key.save(update_fields=["revoked"])
        transaction.on_commit(forget_known)


def _check(
    scopes: Collection[str],
    warehouses: Collection[str],
    expires_at: datetime | None,
    who: Staff,
    now: datetime,
) -> None:
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown:
        raise InvalidKey(gettext("There is no scope %(scopes)s.") % {"scopes": ", ".join(unknown)})
    if not scopes:
        raise InvalidKey(gettext("Choose a scope."))
    if expires_at is not None and expires_at <= now:
        raise InvalidKey(gettext("The key would have expired already."))
    who.check_reach(warehouses)


def _made(
    name: str, scopes: Collection[str], warehouses: Collection[str], expires_at: datetime | None
) -> NewKey:
    key, secret = ApiKey.objects.create_key(
        name=name, scopes=list(scopes), warehouses=list(warehouses), expiry_date=expires_at
    )
    return NewKey(name=name, prefix=key.prefix, secret=secret)


def _own(prefix: str, who: Staff) -> ApiKey:
    one_at_a_time("api keys")
    who.check_role()
    key: ApiKey | None = ApiKey.objects.filter(prefix=prefix).first()
    if key is None or not who.reaches(key.warehouses):
        raise KeyNotFound(gettext("There is no such key among those of your warehouses."))
    return key


def _working(prefix: str, who: Staff, now: datetime) -> ApiKey:
    key = _own(prefix, who)
    if not _works(key, now):
        raise KeyEnded(
            gettext("%(name)s (%(prefix)s) was revoked or has expired; make a new key.")
            % {"name": key.name, "prefix": key.prefix}
        )
    return key


def _works(key: ApiKey, now: datetime) -> bool:
    return not key.revoked and (key.expiry_date is None or key.expiry_date > now)
