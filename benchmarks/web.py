"""The same over HTTP: gunicorn as it is run, and a load of 16 connections from another process.

Run as a program, this module is the load.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.measure import Result, together
from benchmarks.mixes import MIXES
from benchmarks.world import SKUS, sku

CONNECTIONS = 16
BATCH = 50
BULK = 100


@contextmanager
def served(*, combine: bool = True) -> Iterator[int]:
    """gunicorn, 2 workers of 8 threads, for as long as this lasts; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "COMBINE_RESERVATIONS": "1" if combine else "0",
        "DEBUG": "0",
        "HTTPS": "0",
        "PYTHONWARNINGS": "ignore",
    }
    words = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8"]
    words += ["--worker-class", "gthread", "--keep-alive", "30", "--log-level", "error"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "inventory_site.wsgi:application", *words],
        env=environment,
    )
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _await(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def load(job: str, *, port: int, key: str, seconds: float, mix: str = "spread") -> Result:
    """Requests (of `batch`: orders) per second of one kind."""
    plan = {"job": job, "port": port, "key": key, "seconds": seconds, "mix": mix}
    return together([plan | {"seed": random.random()}], module="benchmarks.web")


def api_key() -> str:
    """A key for the load, in the database that is measured."""
    from inventory_site.core.auth import SCOPES
    from inventory_site.core.models import ApiKey

    _, key = ApiKey.objects.create_key(name="load", scopes=list(SCOPES), warehouses=[])
    return str(key)


# --- The load itself ---------------------------------------------------------------------------------

Call = Callable[[http.client.HTTPConnection, random.Random], int]


def main() -> None:
    plan = json.loads(sys.argv[1])
    call = _calls(plan)[plan["job"]]
    latencies: list[float] = []
    done: list[int] = []
    start = threading.Event()
    ready = threading.Semaphore(0)

    def client(number: int) -> None:
        dice = random.Random(plan["seed"] + number)
        connection = http.client.HTTPConnection("127.0.0.1", plan["port"])
        call(connection, dice)
        ready.release()
        start.wait()
        end = time.perf_counter() + plan["seconds"]
        began = time.perf_counter()
        while began < end:
            done.append(call(connection, dice))
            now = time.perf_counter()
            latencies.append(now - began)
            began = now
        connection.close()

    clients = [threading.Thread(target=client, args=(n,)) for n in range(CONNECTIONS)]
    for one in clients:
        one.start()
    for _ in clients:
        ready.acquire()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    start.set()
    for one in clients:
        one.join()
    rate = sum(done) / (time.perf_counter() - began)
    print(json.dumps({"rate": rate, "latencies": latencies}))


def _calls(plan: dict[str, object]) -> dict[str, Call]:
    key = {"Authorization": f"Api-Key {plan['key']}"}
    sending = key | {"Content-Type": "application/json"}
    tags: dict[str, str] = {}

    def order(dice: random.Random) -> dict[str, object]:
        lines = [{"sku": sku(n), "quantity": 1} for n in MIXES[str(plan["mix"])](dice, SKUS)]
        return {"reference": uuid.UUID(int=dice.getrandbits(128)).hex, "lines": lines}

    def send(
        path: str, body: object, expected: int
    ) -> Callable[[http.client.HTTPConnection], None]:
        headers = sending | {"Idempotency-Key": uuid.uuid4().hex}

        def go(connection: http.client.HTTPConnection) -> None:
            connection.request("POST", path, json.dumps(body), headers)
            _expect(connection, expected)

        return go

    def get(path: str, connection: http.client.HTTPConnection, tagged: bool = False) -> int:
        headers = key | ({"If-None-Match": tags[path]} if tagged and path in tags else {})
        connection.request("GET", path, headers=headers)
        tag = _expect(connection, 304 if "If-None-Match" in headers else 200)
        tags.setdefault(path, tag or "")
        return 1

    bulk = "/api/v1/stock?" + "&".join(f"sku={sku(n)}" for n in range(0, SKUS, SKUS // BULK)[:BULK])

    def reserve(connection: http.client.HTTPConnection, dice: random.Random) -> int:
        send("/api/v1/reservations", order(dice), 201)(connection)
        return 1

    def batch(connection: http.client.HTTPConnection, dice: random.Random) -> int:
        orders = {"reservations": [order(dice) for _ in range(BATCH)]}
        send("/api/v1/reservations/batch", orders, 200)(connection)
        return BATCH

    def nothing_posted(connection: http.client.HTTPConnection, dice: random.Random) -> int:
        send("/api/nothing", order(dice), 200)(connection)
        return 1

    return {
        "plain": lambda connection, _: get("/plain", connection),
        "nothing": lambda connection, _: get("/api/nothing", connection),
        "nothing_posted": nothing_posted,
        "reserve": reserve,
        "batch": batch,
        "stock": lambda c, dice: get(f"/api/v1/stock/{sku(dice.randrange(200))}", c),
        "stock_304": lambda c, dice: get(f"/api/v1/stock/{sku(dice.randrange(200))}", c, True),
        "bulk": lambda connection, _: get(bulk, connection),
        "bulk_304": lambda connection, _: get(bulk, connection, True),
    }


def _expect(connection: http.client.HTTPConnection, status: int) -> str | None:
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {body[:300]!r}")
    return answer.getheader("ETag")


if __name__ == "__main__":
    main()
