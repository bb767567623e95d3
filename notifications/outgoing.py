"""One HTTP request to a stranger's address, so that it can neither lead us elsewhere nor hold us up.

The name is looked up once, every address found must be one that may be called, and the connection goes to
that very address: a name that answers differently a moment later changes nothing. No redirect is followed and
no proxy is asked. Every step, from the look-up to the last byte, ends by one deadline; each read and write on
the socket is given only the time that is left, so no watchdog is needed beside it.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any

from django.utils.translation import gettext as _

from notifications.addresses import Network, Refused, Target, check_address, target

TIMEOUT = 15.0  # seconds, for everything
ANSWER_SECONDS = 2.0  # of them for the text of an answer: its status is what counts
MOST_READ = 64 * 1024  # bytes of an answer, headers and all
MOST_KEPT = 1000  # characters of its text
MOST_TRIED = 3  # addresses of one name


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status, or in `error` why there is none."""

    duration_ms: int
    status: int | None = None
    error: str = ""
    answer: str = ""
    retry_after: str = ""

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    *,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Sequence[Network] = (),
    timeout: float = TIMEOUT,
) -> Reply:
    """Send it and tell what came back, within `timeout` seconds. What goes wrong out there raises nothing."""
    began = time.monotonic()
    try:
        status, answer, retry_after = _exchange(
            target(url), body, headers, allowed, began + timeout
        )
    except (Refused, OSError, http.client.HTTPException) as error:
        return Reply(_since(began), error=_in_words(error, timeout))
    return Reply(_since(began), status=status, answer=answer, retry_after=retry_after)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _exchange(
    to: Target, body: bytes, headers: Mapping[str, str], allowed: Sequence[Network], end: float
) -> tuple[int, str, str]:
    plain = _connected(_found(to, allowed, end), end)
    try:
        sock = plain
        if to.secure:
            plain.settimeout(_left(end))
            sock = plain = _context().wrap_socket(plain, server_hostname=to.host)
        limited = _Limited(sock, end)
        connection = _Connection(to.authority, limited)
        connection.request("POST", to.path, body, dict(headers))
        with connection.getresponse() as response:
            limited.end = min(end, time.monotonic() + ANSWER_SECONDS)
            return response.status, _text(response), response.getheader("Retry-After", "")
    finally:
        plain.close()


def _text(response: http.client.HTTPResponse) -> str:
    """The beginning of an answer: as much as comes in time and is worth keeping."""
    found = b""
    try:
        while more := response.read1(MOST_READ):
            found += more
    except (OSError, http.client.HTTPException):
        pass
    return found.decode(errors="replace")[:MOST_KEPT].replace("\x00", "\ufffd")


# --- The way there -----------------------------------------------------------------------------------------


def _found(to: Target, allowed: Sequence[Network], end: float) -> list[tuple[int, Any]]:
    """Family and address of everything that the name stands for. Raises Refused unless all may be called."""
    found = _looked_up(to, end)
    for _family, place in found:
        check_address(address=ip_address(place[0]), secure=to.secure, allowed=allowed)
    return found


def _looked_up(to: Target, end: float) -> list[tuple[int, Any]]:
    """The system's resolver has a patience of its own and cannot be interrupted: it is waited for beside."""
    done: list[Any] = []

    def look() -> None:
        try:
            found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
            done.append([(family, place) for family, _, _, _, place in found])
        except (OSError, UnicodeError) as error:
            done.append(error)

    looking = threading.Thread(target=look, name="look-up", daemon=True)
    looking.start()
    looking.join(_left(end))
    if not done:
        raise TimeoutError
    if isinstance(done[0], Exception) or not done[0]:
        raise Refused(_("The name %(host)s cannot be found.") % {"host": to.host})
    return list(done[0])


def _connected(places: Sequence[tuple[int, Any]], end: float) -> socket.socket:
    """A connection to the first that takes one."""
    fault: OSError = TimeoutError()
    tried = places[:MOST_TRIED]
    for place, (family, address) in enumerate(tried):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(_left(end) / (len(tried) - place))
            sock.connect(address)
            # Headers and body go in two pieces; the second must not wait for the first to be confirmed.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            sock.close()
            fault = error
    raise fault


def _left(end: float) -> float:
    """Seconds until the deadline. Raises TimeoutError once it is over."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Limited(io.RawIOBase):
    """A socket each step of which ends by the deadline, and which gives only so many bytes."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self.sock, self.end, self.left = sock, end, MOST_READ

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(_left(self.end))
            rest = rest[self.sock.send(rest) :]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.left <= 0:
            raise http.client.HTTPException("too large")
        self.sock.settimeout(_left(self.end))
        read = self.sock.recv_into(memoryview(buffer)[: self.left])
        self.left -= read
        return read

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Whoever made the connection closes it."""


class _Connection(http.client.HTTPConnection):
    """HTTP over a connection that stands already."""

    def __init__(self, authority: str, over: _Limited) -> None:
        super().__init__("-")
        self.authority = authority
        self.sock = over
        self.auto_open = 0

    def request(  # type: ignore[override]
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> None:
        self.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        standing = {
            "Host": self.authority,
            "Content-Length": str(len(body)),
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        for name, value in {**standing, **headers}.items():
            self.putheader(name, value)
        self.endheaders(body)


# --- What went wrong ----------------------------------------------------------------------------------------


def _in_words(error: Exception, timeout: float) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, TimeoutError):
        return _("no answer within %(seconds)s seconds") % {"seconds": f"{timeout:g}"}
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("its certificate is not valid: %(why)s") % {"why": error.verify_message}
    if isinstance(error, ssl.SSLError):
        return _("no secure connection: %(why)s") % {"why": error.reason or error}
    if isinstance(error, ConnectionRefusedError):
        return _("nobody listens there")
    if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
        return _("it hung up without an answer")
    if isinstance(error, http.client.HTTPException):
        return _("its answer is not HTTP, or its headers are too large")
    why = getattr(error, "strerror", None) or type(error).__name__
    return _("it cannot be reached: %(why)s") % {"why": why}
