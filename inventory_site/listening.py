"""Where `make run` listens: BIND and PORT, as gunicorn, a browser and we ourselves need them."""

import errno
import os
import socket
from dataclasses import dataclass

from inventory_site.local_services import CannotStart

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked for by BIND alone)


@dataclass(frozen=True)
class Listening:
    """An address of this machine, and a port."""

    host: str
    port: int

    @property
    def bound(self) -> str:
        """In gunicorn's words."""
        return _joined(self.host, self.port)

    @property
    def asked(self) -> tuple[str, int]:
        """Where it answers us."""
        return EVERYWHERE.get(self.host, self.host), self.port

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = self.asked[0]
        return f"http://{_joined('localhost' if _local(host) else host, self.port)}"

    @property
    def own_host(self) -> str:
        """The name under which it is reached beside those of ALLOWED_HOSTS by default; often none."""
        host = self.asked[0]
        return "" if _local(host) else _joined(host, 0).removesuffix(":0")


def listening() -> Listening:
    """What BIND and PORT say, 127.0.0.1 and 8000 where they do not. Raises CannotStart when one of them is
    wrong, or the port is taken."""
    given = os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT is {given!r}; expected a number from 1 to 65535")
    bind = (os.environ.get("BIND") or "127.0.0.1").strip("[]")
    try:
        family, kind, _, _, place = socket.getaddrinfo(bind, int(given), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise CannotStart(
                f"port {given} cannot be used ({error.strerror}); set PORT to another one"
            ) from None
        raise CannotStart(
            f"BIND is {bind!r}; expected an address of this machine: 127.0.0.1, ::1, 0.0.0.0 or ::"
            " for all of them, or one of its own"
        ) from None
    return Listening(bind, int(given))


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _local(host: str) -> bool:
    return host in ("127.0.0.1", "::1", "localhost")
