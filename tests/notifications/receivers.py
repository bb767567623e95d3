"""A mail server and a chat service on loopback, real ones, which keep what they were sent."""

import email
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """`answer` is what the server says to the next mails, while it is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.answer = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.to.append(envelope.rcpt_tos)
        return "250 taken"


@contextmanager
def mail_server(mailbox: Mailbox, port: int = 0) -> Iterator[int]:
    """Its port, while it runs."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def drip() -> Iterator[int]:
    """A server that greets for ever, one byte at a time; its port."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            caller, _ = server.accept()
            with caller, suppress(OSError):
                while not over.wait(0.02):
                    caller.sendall(b"2")

        Thread(target=greet, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()


class Chat:
    """`status` is what it answers; with `hangs` it answers only when that is set. A message with `poison` in
    it is malformed to it."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status = 200
        self.location = self.poison = ""
        self.hangs: Event | None = None


@contextmanager
def chat_service(chat: Chat) -> Iterator[int]:
    """Its port, while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            if chat.hangs:
                chat.hangs.wait(10)
            bad = chat.poison and chat.poison in str(body)
            self.send_response(400 if bad else chat.status)
            if chat.location:
                self.send_header("Location", chat.location)
            self.end_headers()
            chat.told.append(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
