"""Where the data is: PostgreSQL and Redis, as the environment names them and as Django and Celery want it.

Their addresses hold passwords: a wrong one is named and never shown.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from inventory_site import env

# Seconds in which a database has to let somebody in, and milliseconds after which one that acknowledges
# nothing is gone: without them a host that vanished holds a thread for as long as its kernel likes.
CONNECT_SECONDS = 5
SILENT_MS = 30_000


def database(
    name: str,
    *,
    prepare_after: int,
    timeouts_ms: tuple[int, int] | None,
    server_side_cursors: bool,
) -> dict[str, Any]:
    """Django's settings of a connection URL, read by libpq's own rules; `timeouts_ms`: for a lock, for a
    statement. Raises ImproperlyConfigured."""
    url = env.text(name, purpose="postgresql://user@host/database.")
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        raise ImproperlyConfigured(
            f"{name} cannot be read; expected postgresql://user:password@host/database, with % escapes in"
            " user and password."
        ) from None
    options: dict[str, Any] = {
        key: value
        for key, value in given.items()
        if key not in ("dbname", "user", "password", "host", "port")
    }
    options.setdefault("application_name", "holdfast")
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    options.setdefault("tcp_user_timeout", SILENT_MS)
    options["prepare_threshold"] = prepare_after or None
    if timeouts_ms:
        options["options"] = (
            f"-c lock_timeout={timeouts_ms[0]} -c statement_timeout={timeouts_ms[1]}"
            " -c idle_in_transaction_session_timeout=60000"
            # Statements that are sent often are prepared; to plan them anew each time costs more
            # than to run them. Only prepared statements are concerned, so none of the ORM's own.
            " -c plan_cache_mode=force_generic_plan"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", "holdfast"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": not server_side_cursors,
        "OPTIONS": options,
    }


@dataclass(frozen=True)
class Redis:
    """A server, and the number of our first database in it."""

    url: str
    offset: int

    def database(self, place: int) -> str:
        """The address of one of our databases."""
        place += self.offset
        return f"{self.url}?db={place}" if self.url.startswith("unix:") else f"{self.url}/{place}"

    def for_celery(self, place: int) -> str:
        """The same in Celery's words."""
        if not self.url.startswith("unix:"):
            return self.database(place)
        return (
            f"redis+socket://{self.url.removeprefix('unix://')}?virtual_host={place + self.offset}"
        )


def redis(name: str, *, offset: int) -> Redis:
    """The server that a variable names. Raises ImproperlyConfigured, on a database within it too: we use
    three of them, from `offset` on."""
    url = env.text(name, purpose="redis://host:6379 or unix:///path/to/socket.").rstrip("/")
    if not _can_be_used(url):
        raise ImproperlyConfigured(
            f"{name} cannot be used; expected redis://host:6379, redis://user:password@host:6379 or"
            " unix:///path/to/socket, and no database behind it: REDIS_DB_OFFSET says which is the first."
        )
    return Redis(url, offset)


def _can_be_used(url: str) -> bool:
    if re.fullmatch(r"unix:///[^?#]+", url):
        return True
    try:
        parts = urlsplit(url)
        known = parts.scheme == "redis" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and not (parts.path or parts.query or parts.fragment)
