"""Processes killed outright in the middle of their work: what was acknowledged is there, and once."""

import random
import signal
import time

import pytest

from tests.concurrency.clients import Call, Runner, reserve
from tests.factories import counters, do, stock
from warehouse.lines import ReserveLine
from warehouse.models import Reservation, StockMovement
from warehouse.services import reservations
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.usefixtures("committed_db")

ROUNDS, PROCESSES = 10, 3  # 30 processes killed


def test_processes_killed_thirty_times_lose_nothing_that_was_acknowledged():
    dice = random.Random(7)
    stock({("A", "MAIN"): 100_000, ("B", "EAST"): 100_000})
    for n in range(ROUNDS * PROCESSES * 20):
        do(reservations.reserve, reference=f"S{n}", lines=[ReserveLine("B", 1)])
    done = []
    for batch in range(ROUNDS):
        runners = [Runner(_work(batch * PROCESSES + n), threads=4) for n in range(PROCESSES)]
        for runner in runners:
            runner.go()
        time.sleep(0.2 + dice.random() * 0.4)
        for runner in runners:
            runner.process.kill()
        for runner in runners:
            done += [outcome.call for outcome in runner.heard() if outcome.code == "done"]
            assert runner.process.exitcode == -signal.SIGKILL
    assert len(done) > ROUNDS * PROCESSES, "they were killed before they did anything"
    _check(done)


def _work(place):
    calls = []
    for n in range(300):
        calls.append(reserve(f"K{place}-{n}", A=2, B=1))
        line = {"sku": "A", "warehouse": "MAIN", "quantity": 1}
        calls.append(Call("receive", {"reference": f"P{place}-{n}", "lines": [line]}))
        if n < 20:
            calls.append(Call("ship", {"reference": f"S{place * 20 + n}"}))
    return calls[::-1]


def _check(done):
    assert verify_ledger() == []
    kept = set(Reservation.objects.values_list("reference", flat=True))
    moved = list(StockMovement.objects.values_list("reference", flat=True))
    assert {call.arguments["reference"] for call in done if call.service == "reserve"} <= kept
    for kind in ("receive", "ship"):
        assert {call.arguments["reference"] for call in done if call.service == kind} <= set(moved)
    received = [reference for reference in moved if reference.startswith("P")]
    assert len(received) == len(set(received)), "a delivery was booked twice"
    assert counters("A")[0] == 100_000 + len(received)
