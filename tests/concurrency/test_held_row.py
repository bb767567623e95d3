"""A row that somebody holds locked: requests for it wait, and those that came with them do not."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pytest
from django.conf import settings
from django.db import connection

from inventory_site.core.actors import SYSTEM
from inventory_site.core.db import unit_of_work
from inventory_site.core.errors import Busy
from inventory_site.core.idempotency import Claim
from inventory_site.core.models import ApiKey
from tests.factories import counters, stock
from warehouse.api.reserving import Job, reserve_once
from warehouse.lines import ReserveLine, ReserveRequest
from warehouse.locks import lock_items_of_skus

pytestmark = pytest.mark.usefixtures("committed_db")

SKUS = [f"S{n}" for n in range(12)]
PATIENCE = settings.LOCK_TIMEOUT_MS / 1000


@contextmanager
def held(sku: str) -> Iterator[None]:
    """Its row locked by another connection for as long as this lasts."""
    locked, over = threading.Event(), threading.Event()

    def hold() -> None:
        with unit_of_work():
            lock_items_of_skus(skus=[sku])
            locked.set()
            over.wait()
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    yield
    over.set()
    holder.join()


def client(
    key: str, sku: str, until: float, took: list[float], codes: set[str], name: str = ""
) -> None:
    """Reserve one after the other, each timed."""
    n = 0
    while (began := time.monotonic()) < until:
        n += 1
        order = ReserveRequest(f"{name or sku}-{n}", [ReserveLine(sku, 1)], actor=SYSTEM)
        try:
            reserve_once(Job(Claim(key, order.reference, ""), order))
        except Busy as busy:
            codes.add(busy.code)
        took.append(time.monotonic() - began)
    connection.close()


def one_round(key: str, number: int) -> float:
    """How long the others waited at most, in the middle of them, while one row was held."""
    others: dict[str, list[float]] = {sku: [] for sku in SKUS}
    waiting: list[float] = []
    busy: set[str] = set()
    refused: set[str] = set()
    until = time.monotonic() + 2 * PATIENCE
    clients = [
        threading.Thread(target=client, args=(key, s, until, took, refused, f"{s}-{number}"))
        for s, took in others.items()
    ]
    for n in range(4):  # so that hardly a batch is without one
        held_client = (key, "HELD", until, waiting, busy, f"H{n}-{number}")
        clients.append(threading.Thread(target=client, args=held_client))
    with held("HELD"):
        for one in clients:
            one.start()
        for one in clients:
            one.join()
    assert max(waiting) >= PATIENCE, "alone, a request has its whole patience"
    assert (busy, refused) == ({"busy"}, set())
    return median(max(took) for took in others.values())


def test_orders_for_other_skus_do_not_wait_as_long_as_those_for_the_held_row():
    """In one of three rounds: a machine that stands still for a moment makes anybody wait."""
    stock({(sku, "MAIN"): 100_000 for sku in [*SKUS, "HELD"]})
    key = ApiKey.objects.create_key(name="racer", scopes=[], warehouses=[])[0].id
    assert any(one_round(key, number) < PATIENCE / 2 for number in range(3))
    assert counters("HELD") == (100_000, 0, 0, 0)
