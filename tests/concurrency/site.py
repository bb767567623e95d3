"""The site as it is run: a real gunicorn of 2 workers and 8 threads, and clients of it."""

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.forked import start


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Site:
    """A running site and a key to it."""

    port: int
    secret: str

    def post(self, path: str, body: Any, *, key: str | None = None) -> Reply:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Api-Key {self.secret}",
                "Idempotency-Key": key or uuid.uuid4().hex,
                "Content-Type": "application/json",
            },
        )
        return self._send(request)

    def get(self, path: str) -> Reply:
        headers = {"Authorization": f"Api-Key {self.secret}"}
        return self._send(
            urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}", headers=headers)
        )

    @staticmethod
    def _send(request: urllib.request.Request) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Reply(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.read(), dict(error.headers))


@contextmanager
def gunicorn(
    environment: dict[str, str], *more: str, start: Callable[..., Any] = start
) -> Iterator[int]:
    """A gunicorn on a free port, in this environment, with more arguments; gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8"]
    words += ["--worker-class", "gthread", "--log-level", "critical"]
    words += ["--config", "python:tests.concurrency.quickly", *more]
    server = start(
        *("-m", "gunicorn", "inventory_site.wsgi:application", *words),
        env=os.environ
        | {"API_RATE_LIMIT": "0", "API_OPEN_RESERVATIONS": "0", "LOG_LEVEL": "CRITICAL"}
        | environment,
    )
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.send_signal(signal.SIGQUIT)  # what is left unanswered is nobody's
        server.wait()


def new_key() -> str:
    """A key with every scope, in this process's database."""
    from inventory_site.core.auth import SCOPES
    from inventory_site.core.models import ApiKey

    _, secret = ApiKey.objects.create_key(name="racer", scopes=list(SCOPES), warehouses=[])
    return str(secret)
