"""Web workers killed outright, while shops send again what was not answered, under the same key.

All that was acknowledged is there, and once; what was cut off in the middle has left nothing.
"""

import http.client
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.concurrency.clients import environment
from tests.concurrency.site import Site, gunicorn, new_key
from tests.factories import counters, stock
from warehouse.models import Reservation, StockMovement
from warehouse.services.proof import verify_ledger

KILLED, SHOPS = 10, 6


@pytest.fixture
def served(committed_db, valkey, tmp_path):
    """The site and its master, which has loaded it: who takes a dead worker's place is there at once."""
    stock({("A", "MAIN"): 100_000})
    pid = tmp_path / "pid"
    words = ["--preload", "--pid", str(pid), "--config", "python:tests.concurrency.slow_to_answer"]
    with gunicorn(environment(), *words) as port:
        yield Site(port, new_key()), int(pid.read_text())


class Shop:
    """Reserves, receives and ships, and sends each again until it hears what came of it."""

    def __init__(self, site: Site, name: int) -> None:
        self.site, self.shop = site, name
        self.told: list[tuple[str, str]] = []
        self.unheard: Counter[str] = Counter()
        self.again = 0  # answers to work that was done before its worker was killed

    def trade(self, end: threading.Event) -> None:
        n = 0
        while not end.is_set():
            n += 1
            name = f"{self.shop}-{n}"
            line = {"sku": "A", "quantity": 2}
            self.tell("reserve", name, "/reservations", {"reference": f"R{name}", "lines": [line]})
            came = {"sku": "A", "warehouse": "MAIN", "quantity": 3}
            self.tell("receive", name, "/receipts", {"reference": f"P{name}", "lines": [came]})
            if n % 2:
                self.tell("ship", name, f"/reservations/R{name}/ship", {})

    def tell(self, what: str, name: str, path: str, body: object) -> None:
        """As a client should: after a broken connection or a 503 once more, under the same key."""
        for _ in range(300):
            try:
                reply = self.site.post(path, body, key=f"{what} {name}")
            except (OSError, http.client.HTTPException) as error:
                self.unheard[type(error).__name__] += 1
            else:
                if reply.status in (200, 201):
                    self.told.append((what, name))
                    self.again += "Idempotent-Replay" in reply.headers
                    return
                assert reply.status == 503 or reply.json()["code"] == "idempotency_key_in_flight"
                self.unheard[reply.json()["code"]] += 1
            time.sleep(0.03)
        raise AssertionError(f"{what} {name} was never answered: {self.unheard}")


def test_workers_killed_ten_times_lose_nothing_and_do_nothing_twice(served):
    site, master = served
    dice, end = random.Random(7), threading.Event()
    shops = [Shop(site, n) for n in range(SHOPS)]
    with ThreadPoolExecutor(SHOPS) as pool:
        trading = [pool.submit(shop.trade, end) for shop in shops]
        try:
            for n in range(1, KILLED + 1):
                _await(lambda n=n: sum(len(shop.told) for shop in shops) > 10 * n, trading)
                time.sleep(dice.random() * 0.1)
                os.kill(dice.choice(_workers(master)), signal.SIGKILL)
        finally:
            end.set()
    for trade in trading:
        trade.result()
    unheard = sum((shop.unheard for shop in shops), Counter())
    assert unheard.total() >= KILLED, "they were killed while they did nothing"
    assert sum(shop.again for shop in shops) > 0, "nothing was ever done and not told"
    _check([one for shop in shops for one in shop.told])


def _await(seen: Callable[[], bool], trading: list[Future[None]]) -> None:
    """The next one is killed when there is work again; a shop that gave up says why."""
    while not seen():
        for trade in trading:
            if trade.done():
                trade.result()
        time.sleep(0.005)


def _workers(master: int) -> list[int]:
    """Those of the master that live; a new one is awaited."""
    while True:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        alive = [int(pid) for pid in children if " Z " not in Path(f"/proc/{pid}/stat").read_text()]
        if alive:
            return alive
        time.sleep(0.01)


def _check(told: list[tuple[str, str]]) -> None:
    done = Counter(what for what, _ in told)
    assert verify_ledger() == []
    kept = list(Reservation.objects.values_list("reference", flat=True))
    assert sorted(kept) == sorted(f"R{name}" for what, name in told if what == "reserve")
    moved = StockMovement.objects.exclude(reference="OPENING").values_list("reference", flat=True)
    letter = {"receive": "P", "ship": "R"}
    assert sorted(moved) == sorted(letter[what] + name for what, name in told if what in letter)
    on_hand = 100_000 + 3 * done["receive"] - 2 * done["ship"]
    assert counters("A") == (on_hand, 2 * (done["reserve"] - done["ship"]), 0, 0)
