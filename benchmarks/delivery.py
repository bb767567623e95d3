"""Events on their way out: how many a second, and how long after their commit they arrive."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.measure import summary

EVENTS = 20_000
MESSAGES = 3_000
ORDERS = 150
A_SECOND = 15  # orders, while the delay is measured: a busy hour of a company of this size


def fan_out() -> dict[str, float]:
    """Events per second that the readers of the feed take in: alerts, and one webhook that wants them all."""
    from notifications.services.fanning_out import WEBHOOKS
    from notifications.services.watching import ALERTS

    with _platform() as platform:
        _subscribe(platform)
        _happen(EVENTS)
        return {reader.name: _read(reader) for reader in (WEBHOOKS, ALERTS)}


def _read(reader: object) -> float:
    from inventory_site.core.db import in_unit_of_work
    from notifications.services import dispatching

    began, seen = time.perf_counter(), 0
    while some := in_unit_of_work(lambda: dispatching.advance(reader=reader)):  # type: ignore[arg-type]
        seen += some
    return seen / (time.perf_counter() - began)


def deliver() -> float:
    """Messages per second that one courier brings to a platform on this machine, signed and marked."""
    from notifications import couriers

    with _platform() as platform:
        endpoint = _subscribe(platform)
        _happen(MESSAGES)
        _read_all()
        began = time.perf_counter()
        while couriers.deliver(endpoint=endpoint):
            pass
        took = time.perf_counter() - began
        assert len(platform.arrived()) == MESSAGES
    return MESSAGES / took


def delay() -> tuple[float, float]:
    """Milliseconds from a commit to the arrival at the platform, p50 and p95, with all processes running."""
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import unit_of_work
    from warehouse.lines import ReserveLine
    from warehouse.services.reservations import reserve

    committed = {}
    with _platform() as platform, _crew():
        _subscribe(platform, types=["reservation.*"])
        time.sleep(8)  # Celery starts
        for n in range(ORDERS):
            reference = f"delay-{os.getpid()}-{n}"
            with unit_of_work():
                line = ReserveLine(f"B{n * 53 % 8000:05d}", 1)
                reserve(reference=reference, lines=[line], actor=SYSTEM)
            committed[reference] = time.time()
            time.sleep(1 / A_SECOND)
        time.sleep(4)
        arrived = platform.arrived()
    told = summary([arrived[name] - at for name, at in committed.items()], rate=0)
    return told.p50, told.p95


def _happen(count: int) -> None:
    """Events of one order each, as reservations leave them."""
    from inventory_site.core.db import unit_of_work
    from notifications import outbox
    from notifications.outbox import Event

    for first in range(0, count, 500):
        events = [
            Event("reservation.created", f"event-{time.time_ns()}-{n}", "bench", [_level(n)])
            for n in range(first, first + 500)
        ]
        with unit_of_work():
            outbox.record(events=events)


def _level(n: int) -> dict[str, object]:
    return {
        "sku": f"B{n % 8000:05d}", "warehouse": "MAIN", "on_hand": 9, "reserved": 1, "available": 8,
        "inbound": 0, "unsellable": 0, "to_sell": 8, "version": n,
    }  # fmt: skip


def _read_all() -> None:
    from notifications.services.fanning_out import WEBHOOKS

    _read(WEBHOOKS)


def _subscribe(platform: "_Platform", types: list[str] | None = None) -> int:
    """A webhook of this platform; what happened before is not for it."""
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from notifications.models import Endpoint
    from notifications.services import dispatching, endpoints
    from notifications.services.fanning_out import WEBHOOKS
    from notifications.services.watching import ALERTS

    for reader in (ALERTS, WEBHOOKS):
        in_unit_of_work(partial(dispatching.open_reader, name=reader.name))
        _read(reader)
    Endpoint.objects.all().delete()
    made = in_unit_of_work(
        lambda: endpoints.create(name="platform", url=platform.url, types=types or [], actor=SYSTEM)
    )
    return int(made.endpoint.pk)


class _Platform:
    """A process that takes messages; `arrived` ends it and tells when each reference came."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.delivery"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/"

    def arrived(self) -> dict[str, float]:
        told, _ = self.process.communicate("\n")
        return {name: float(at) for name, at in (line.split() for line in told.splitlines())}


@contextmanager
def _platform() -> Iterator[_Platform]:
    from ipaddress import ip_network

    from django.test import override_settings

    platform = _Platform()
    try:
        with override_settings(WEBHOOK_ALLOWED_NETWORKS=[ip_network("127.0.0.0/8")]):
            yield platform
    finally:
        if platform.process.poll() is None:
            platform.process.kill()


@contextmanager
def _crew() -> Iterator[None]:
    """Worker, courier and beat as the site runs them."""
    from inventory_site.listening import Listening
    from inventory_site.supervisor import Supervisor

    with tempfile.TemporaryDirectory() as folder:
        told = {"STATE_DIR": folder, "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
        running = [
            subprocess.Popen(part.command, env=os.environ | told, stderr=subprocess.DEVNULL)
            for part in Supervisor(Listening("127.0.0.1", 1)).parts
            if part.name != "web"
        ]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


def _take() -> None:
    """Take messages until a line comes in; then say when each came."""
    import json
    import threading

    came: dict[str, float] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            at = time.time()
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            came.setdefault(told["data"]["reference"], at)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.readline()
    print("\n".join(f"{name} {at}" for name, at in came.items()))


if __name__ == "__main__":
    _take()
