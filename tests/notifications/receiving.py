"""A receiver of webhooks, as a platform runs one: a real HTTP server on loopback that checks signatures."""

import json
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

from standardwebhooks import Webhook

from inventory_site.core.db import unit_of_work
from notifications import couriers, outbox
from notifications.couriers import Ways
from notifications.models import Delivery, Endpoint
from notifications.outbox import Event
from notifications.services import dispatching, endpoints
from notifications.services.fanning_out import WEBHOOKS
from tests.factories import do

LOOPBACK = [ip_network("127.0.0.0/8")]
QUICK = Ways(timeout=1.0, schedule=(0.0,) * 9)


@dataclass
class Receiver:
    """`answer` decides what a message gets: a status, or a function of the handler that answers itself."""

    secrets: list[str] = field(default_factory=list)
    got: list[dict] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answer: object = 204
    url: str = ""
    most_at_once: int = 0
    at_once: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, handler):
        raw = handler.rfile.read(int(handler.headers["Content-Length"]))
        told = json.loads(raw)
        with self.guard:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            for secret in self.secrets:
                try:
                    Webhook(secret).verify(raw, dict(handler.headers))
                except Exception as error:
                    self.wrong.append(repr(error))
            self.got.append(told)
            self.ids.append(handler.headers["webhook-id"])
        try:
            answer = self.answer
            if callable(answer) and not isinstance(answer, int):
                answer = answer(told, handler)
        finally:
            with self.guard:  # before it is answered: whoever sent it sends the next one then
                self.at_once -= 1
        if isinstance(answer, int):
            reply(handler, answer)

    @property
    def references(self):
        return [told["data"]["reference"] for told in self.got]


def reply(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def listening(context: ssl.SSLContext | None = None, **options):
    receiver = Receiver(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            receiver.take(self)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if context else "http"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def subscribed(receiver, name="shop", **more) -> Endpoint:
    """A webhook of this receiver, whose messages it verifies from now on."""
    do(dispatching.open_reader, name="webhooks")
    made = do(endpoints.create, name=name, url=receiver.url, **more)
    receiver.secrets.append(made.secret)
    return made.endpoint


def level(sku="A", warehouse="MAIN", on_hand=5):
    return {"sku": sku, "warehouse": warehouse, "on_hand": on_hand, "version": 1}


def happen(*told, type="stock.received", details=None):
    """One event each: a reference, or (reference, SKU, …)."""
    events = []
    for one in told:
        reference, *skus = (one,) if isinstance(one, str) else one
        levels = [level(sku) if isinstance(sku, str) else level(*sku) for sku in skus]
        events.append(Event(type, reference, "tester", levels, details or {}))
    for event in events:
        with unit_of_work():
            outbox.record(events=[event])


def fan_out():
    end = time.monotonic() + 5
    while do(dispatching.advance, reader=WEBHOOKS) or do(dispatching.waiting, reader=WEBHOOKS):
        assert time.monotonic() < end


def deliver(endpoint, ways=QUICK) -> int:
    return couriers.deliver(endpoint=endpoint.pk, ways=ways)


def statuses(endpoint) -> dict[int, str]:
    return dict(
        Delivery.objects.filter(endpoint=endpoint).order_by("id").values_list("sequence", "status")
    )


def fresh(endpoint) -> Endpoint:
    return Endpoint.objects.get(pk=endpoint.pk)


def wake(endpoint) -> None:
    """Let the time come at which everything is tried again."""
    Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=None, called_until=None)
    Delivery.objects.filter(endpoint=endpoint, status="pending").update(due_at="2020-01-01T00:00Z")
