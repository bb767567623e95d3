"""Which addresses a webhook may have. Strangers write them, and behind our own door they would reach what no
stranger may: the database, a router, the cloud's metadata.

A URL is read strictly, and a network address is let through only where it is known to be public (IANA's
special-purpose registries, RFC 6890) or where the site's own allow-list names it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MOST_URL = 500
PLAIN = re.compile(r"[!-~]+")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Not the world's: beside what Python calls not global, whose list depends on its version.
REFUSED_V4 = [
    ip_network(told)
    for told in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by customers of a carrier
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
# Of IPv6 only this is given out at all; loopback, mapped IPv4, NAT64 (64:ff9b::), unique local, link-local
# and multicast lie beyond it.
GLOBAL_V6 = IPv6Network("2000::/3")
REFUSED_V6 = [
    ip_network(told)
    for told in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which leads to any IPv4 address
        "3fff::/20",  # documentation
    )
]


class Refused(ValueError):
    """The address may not be called; the words say why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, taken apart."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target(url: str) -> Target:
    """The parts of an http or https URL. Raises Refused for what two readers could read differently."""
    if not PLAIN.fullmatch(url) or "\\" in url or len(url) > MOST_URL:
        raise Refused(
            _(
                "The address must be 1 to %(most)s characters of ASCII without blanks or backslashes"
                " (a name in other letters in its xn-- form)."
            )
            % {"most": MOST_URL}
        )
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise Refused(_("The address cannot be read; write it as https://host/path.")) from None
    if parts.scheme not in ("http", "https"):
        raise Refused(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Refused(_("The address must not hold a user name or a password."))
    if "#" in url:
        raise Refused(_("The address must not have a part after a #."))
    if port == 0 or parts.netloc.endswith(":"):
        raise Refused(_("The address has no port that can be used."))
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, _host(host, parts.netloc), port or (443 if secure else 80), path)


def _host(host: str, netloc: str) -> str:
    """A name or a literal address in the one way to write it."""
    if ":" in host or netloc.startswith("["):
        if not (":" in host and netloc.startswith("[")) or "%" in host:
            raise Refused(_("The address has no host that can be used."))
        return _literal(host)
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]):  # 0x7f.1, 2130706433 and 017700000001 are 127.0.0.1 to some
        return _literal(host)
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise Refused(_("The address has no host that can be used."))
    return host


def _literal(host: str) -> str:
    try:
        return str(ip_address(host))
    except (AddressValueError, ValueError):
        raise Refused(
            _("A numeric host must be written as four decimal numbers, or as IPv6 in brackets.")
        ) from None


def check_address(*, address: Address, secure: bool, allowed: Sequence[Network]) -> None:
    """Raise Refused unless this network address is public, or the site's allow-list names it. Without
    encryption only what the list names may be called."""
    if any(address in network for network in allowed):
        return
    if not is_public(address):
        raise Refused(_("%(address)s is not a public address.") % {"address": address})
    if not secure:
        raise Refused(_("The address must begin with https://."))


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open Internet, for all that we know."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in REFUSED_V4)
    return (
        address in GLOBAL_V6
        and address.is_global
        and not any(address in network for network in REFUSED_V6)
    )


def check_url(*, url: str, allowed: Sequence[Network]) -> Target:
    """What can be said of a URL before its name is looked up. Raises Refused."""
    told = target(url)
    try:
        literal = ip_address(told.host)
    except ValueError:
        if not told.secure and not allowed:
            raise Refused(_("The address must begin with https://.")) from None
        return told
    check_address(address=literal, secure=told.secure, allowed=allowed)
    return told
