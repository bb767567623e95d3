"""A receiver of webhooks that keeps a mirror of all levels: the standard library is all it needs.

    WEBHOOK_SECRET=whsec_… python receiver.py 8001

Behind a proxy that speaks HTTPS. It checks who sent a message and when, takes each once, and keeps of a level
the newest version that it was told.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

TOLERANCE = 300  # seconds that a message may be old


class Receiver:
    """Levels by (SKU, warehouse). A real one keeps them, and the ids that it has seen, in its database."""

    def __init__(self, secret: str) -> None:
        self.key = base64.b64decode(secret.removeprefix("whsec_"))
        self.seen: set[str] = set()
        self.levels: dict[tuple[str, str], dict[str, Any]] = {}
        self.guard = Lock()

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether it was signed with our secret, just now. During a rotation there are two signatures."""
        name, at = headers["webhook-id"], headers["webhook-timestamp"]
        if not at.isdigit() or abs(time.time() - int(at)) > TOLERANCE:
            return False
        signed = hmac.new(self.key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        ours = "v1," + base64.b64encode(signed).decode()
        theirs = headers["webhook-signature"].split(" ")
        return any(hmac.compare_digest(ours, one) for one in theirs)

    def take(self, name: str, message: Mapping[str, Any]) -> None:
        """Take a message once; of a level that was told of before, keep the higher version."""
        with self.guard:
            if name in self.seen:
                return
            for level in message["data"]["levels"]:
                place = level["sku"], level["warehouse"]
                if level["version"] > self.levels.get(place, {"version": -1})["version"]:
                    self.levels[place] = level
            self.seen.add(name)


def server(port: int, receiver: Receiver) -> ThreadingHTTPServer:
    """An HTTP server that hands messages to the receiver. Long work does not belong here: answer first."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            genuine = receiver.is_genuine(self.headers, body)
            if genuine:
                receiver.take(self.headers["webhook-id"], json.loads(body))
            self.send_response(204 if genuine else 401)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    server(int(sys.argv[1]), Receiver(os.environ["WEBHOOK_SECRET"])).serve_forever()
