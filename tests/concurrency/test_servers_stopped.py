"""PostgreSQL stopped at once under load, and Valkey away: what was acknowledged stays, orders go on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from inventory_site.local_services import State, await_end, server_pids
from tests.concurrency.site import Site, gunicorn
from tests.forked import ROOT, run

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.concurrency.site import new_key
from tests.factories import stock
stock({("A", "MAIN"): 100_000, ("B", "MAIN"): 50})
print(new_key())
"""


class House:
    """A state of its own with servers of its own, so that they can be stopped."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.environment = {
            "STATE_DIR": str(folder),
            "DATABASE_URL": self.state.database_url,
            "REDIS_URL": self.state.redis_url,
            "DJANGO_SETTINGS_MODULE": "inventory_site.settings",
        }
        # Holds the servers for as long as it runs.
        bare = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.holder = subprocess.Popen(
            [sys.executable, "-m", "inventory_site.with_servers", "cat"],
            env=bare | {"STATE_DIR": str(folder)},
            stdin=subprocess.PIPE,
            cwd=ROOT,
        )
        while not self.state.ready.exists():
            assert self.holder.poll() is None
            time.sleep(0.05)

    def run(self, code: str) -> str:
        done = run("-c", code, env=os.environ | self.environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def drifts(self) -> object:
        code = "import django; django.setup()\nfrom warehouse.services.proof import verify_ledger"
        return self.run(code + "\nprint([drift.message for drift in verify_ledger()])")

    def send(self, server: str, number: signal.Signals) -> None:
        os.kill(server_pids(self.state)[server], number)

    def close(self) -> None:
        self.holder.communicate()
        await_end(self.state)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.close()


@pytest.fixture(scope="module")
def site(house):
    secret = house.run(PREPARE)
    with gunicorn(house.environment) as port:
        yield Site(port, secret)


class Load:
    """Threads that reserve until they are told to stop, each order again until it is answered."""

    def __init__(self, site: Site, name: str) -> None:
        self.site, self.name = site, name
        self.statuses: Counter[int] = Counter()
        self.refusals: list[dict] = []
        self.acknowledged: list[str] = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._go, args=(n,)) for n in range(6)]
        for thread in self.threads:
            thread.start()

    def _go(self, place: int) -> None:
        n = 0
        while not self.stop.is_set():
            n += 1
            reference = f"{self.name}-{place}-{n}"
            self._until_answered(reference)
            reply = self.site.get(f"/reservations/{reference}")
            self.statuses[reply.status] += 1
            if reply.status != 200:
                self.refusals.append(reply.json() | {"retry": reply.headers.get("Retry-After")})

    def _until_answered(self, reference: str) -> None:
        order = {"reference": reference, "lines": [{"sku": "A", "quantity": 1}]}
        for _ in range(200):
            reply = self.site.post("/reservations", order, key=reference)
            self.statuses[reply.status] += 1
            if reply.status == 201:
                self.acknowledged.append(reference)
                return
            self.refusals.append(reply.json() | {"retry": reply.headers.get("Retry-After")})
            time.sleep(0.1)

    def await_more(self) -> None:
        """Until the load flows, however slow the machine is: a server stopped before proves nothing."""
        enough, end = len(self.acknowledged) + 30, time.monotonic() + 60
        while len(self.acknowledged) < enough:
            assert time.monotonic() < end, f"no orders are taken: {self.refusals[-2:]}"
            time.sleep(0.05)

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def test_postgresql_stopped_at_once_under_load(house, site):
    load = Load(site, "PG")
    for _ in range(2):
        load.await_more()
        house.send("postgres", signal.SIGQUIT)  # the immediate shutdown, as in a crash
    load.await_more()
    load.end()
    assert set(load.statuses) == {200, 201, 503}, load.refusals[:2]
    assert {refusal["retry"] for refusal in load.refusals} == {"1"}
    assert {refusal["code"] for refusal in load.refusals} <= {"database_unavailable", "busy"}
    for reference in load.acknowledged[:: max(1, len(load.acknowledged) // 50)]:
        assert site.get(f"/reservations/{reference}").status == 200
    reserved = site.get("/stock/A").json()["reserved"]
    assert reserved == len(load.acknowledged)
    assert house.drifts() == "[]"


def test_valkey_away_orders_go_on_and_no_older_level_is_shown_afterwards(house, site):
    assert site.get("/stock/B").json()["available"] == 50  # cached now
    house.send("valkey", signal.SIGSTOP)
    for n in range(5):
        order = {"reference": f"V{n}", "lines": [{"sku": "B", "quantity": 4}]}
        assert site.post("/reservations", order).status == 201
    assert site.get("/stock/B").json()["available"] == 30
    house.send("valkey", signal.SIGCONT)
    time.sleep(1.1)  # what a process may believe of the cache's generation
    seen = [site.get("/stock/B").json()["available"] for _ in range(30)]
    assert seen == [30] * 30


def test_valkey_killed_and_started_again(house, site):
    before = server_pids(house.state)["valkey"]
    house.send("valkey", signal.SIGKILL)
    order = {"reference": "VK", "lines": [{"sku": "B", "quantity": 1}]}
    assert site.post("/reservations", order).status == 201
    end = time.monotonic() + 10
    while server_pids(house.state).get("valkey") in (before, None) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(1.1)
    assert {site.get("/stock/B").json()["available"] for _ in range(10)} == {29}
    assert json.loads(house.state.ready.read_text())["pids"]["valkey"] != before
