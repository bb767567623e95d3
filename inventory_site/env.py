"""Configuration from the environment. A wrong or missing value stops the start and says its name."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
SENDER = r"[^\s@<>,]+@[^\s@<>,]+|[^@<>,]+ <[^\s@<>,]+@[^\s@<>,]+>"
HOST = r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]"
ORIGIN = r"https?://(\*\.)?([\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\])(:\d{1,5})?"
SECRET_LEAST = 32  # characters
SITE = r"https?://([\w.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(/[\w./~-]*)?"


def text(name: str, default: str | None = None, *, purpose: str = "") -> str:
    """The variable's value. Raises ImproperlyConfigured when it is needed and not set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. It is needed: {purpose}")
    return default


def flag(name: str, default: bool) -> bool:
    """A yes or no. Raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(
        f"{name} is {value!r}; expected 1, true, yes, on or 0, false, no, off."
    )


def number(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number in range. Raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and least <= int(value) <= most:
        return int(value)
    raise ImproperlyConfigured(
        f"{name} is {value!r}; expected a whole number from {least} to {most}."
    )


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or list(default)


def choice(name: str, default: str, among: tuple[str, ...]) -> str:
    """One of these, in any case. Raises ImproperlyConfigured on anything else."""
    given = text(name, default)
    for one in (default, *among):
        if given.lower() == one.lower():
            return one
    raise ImproperlyConfigured(f"{name} is {given!r}; expected {' or '.join(among)}.")


def secret(name: str) -> str:
    """A secret that cannot be guessed. Raises ImproperlyConfigured on a short one, without showing it."""
    value = text(name, purpose="50 random characters that sign sessions.")
    if len(value) < SECRET_LEAST or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"{name} can be guessed: it has {len(value)} characters, {len(set(value))} different ones."
            " Expected 50 random characters."
        )
    return value


def hosts(name: str, default: tuple[str, ...]) -> list[str]:
    """Names and addresses of hosts. Raises ImproperlyConfigured on one with a scheme, a port or a path."""
    return _each(
        name, default, HOST, "names of hosts such as shop.example, without http:// and port"
    )


def origins(name: str) -> list[str]:
    """Where pages come from. Raises ImproperlyConfigured on one without a scheme, or with a path."""
    return _each(
        name, (), ORIGIN, "such as https://shop.example, with its scheme and without a path"
    )


def _each(name: str, default: tuple[str, ...], pattern: str, expected: str) -> list[str]:
    given = names(name, default)
    for one in given:
        if not re.fullmatch(pattern, one):
            raise ImproperlyConfigured(f"{name} has {one!r} in it; expected {expected}.")
    return given


def web_address(name: str) -> str:
    """Where something is reached by browsers, without a slash at its end; empty when not set."""
    value = os.environ.get(name, "").strip().rstrip("/")
    if not value:
        return ""
    if re.fullmatch(SITE, value):
        return value
    raise ImproperlyConfigured(f"{name} is {value!r}; expected such as https://stock.shop.example.")


def sender(name: str, *, needed: bool) -> str:
    """Who mails come from. Raises ImproperlyConfigured when it is needed and not set, or is malformed."""
    value = text(name, None if needed else "holdfast@localhost", purpose="who mails come from.")
    if not value.isprintable() or not re.fullmatch(SENDER, value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected such as Holdfast <alerts@shop.example>."
        )
    return value


def mail_server(name: str) -> dict[str, Any]:
    """Django's e-mail settings of a URL. A wrong one is named, and never shown: it holds a password."""
    value = os.environ.get(name, "").strip()
    if not value:
        return {"EMAIL_HOST": ""}  # which says that there is none
    try:
        url = urlsplit(value)
        given = dict(parse_qsl(url.query, strict_parsing=True)) if url.query else {}
        tls = {"0": False, "1": True}[given.pop("tls", "0")]
        port = url.port or {"smtp": 587 if tls else 25, "smtps": 465}[url.scheme]
    except (ValueError, KeyError):
        raise _wrong_server(name, "it cannot be read") from None
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise _wrong_server(name, "it is none of smtp://host and smtps://host")
    if given or url.path.strip("/") or url.fragment or (tls and url.scheme == "smtps"):
        raise _wrong_server(
            name, "behind the host there may only be ?tls=1, and that for smtp:// only"
        )
    if bool(url.username) != bool(url.password):
        raise _wrong_server(name, "give both user and password, or none of them")
    if url.password and not tls and url.scheme == "smtp" and not _here(url.hostname):
        raise _wrong_server(name, "a password is sent over TLS only: add ?tls=1, or use smtps://")
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": tls,
        "EMAIL_USE_SSL": url.scheme == "smtps",
    }


def _here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _wrong_server(name: str, why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} is wrong: {why}. Expected smtp://user:password@host:587?tls=1 or smtps://user:password@host,"
        " with % escapes in user and password."
    )


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks in CIDR notation, separated by commas. Raises ImproperlyConfigured on anything else."""
    try:
        return [ip_network(told) for told in names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}; expected networks such as 10.20.0.0/16, separated by commas."
        ) from None
