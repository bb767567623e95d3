"""The documented mirror, begun in the middle of the traffic of a busy server, is right in the end."""

import importlib.util
import threading
import time
from pathlib import Path

import pytest

from tests.concurrency.clients import Call, Runner, environment
from tests.concurrency.site import gunicorn, new_key
from tests.factories import stock
from warehouse.models import InventoryItem

pytestmark = pytest.mark.usefixtures("committed_db")

PROGRAM = Path(__file__).parents[2] / "docs/examples/mirror.py"
SKUS = [f"S{n:02d}" for n in range(40)]


def mirror_class():
    spec = importlib.util.spec_from_file_location("mirror", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Mirror


def orders(place):
    """Deliveries of single units and reservations, on SKUs that others change at the same time."""
    for n in range(300):
        sku = SKUS[(n * 7 + place) % len(SKUS)]
        line = {"sku": sku, "quantity": 1}
        if n % 3:
            yield Call("reserve", {"reference": f"R{place}-{n}", "lines": [line]})
        else:
            told = [line | {"warehouse": "EAST"}]
            yield Call("receive", {"reference": f"P{place}-{n}", "lines": told})


def levels():
    found = InventoryItem.objects.select_related("product", "warehouse")
    return {
        (item.product.sku, item.warehouse.code): {
            "on_hand": item.on_hand,
            "reserved": item.reserved,
            "available": item.on_hand - item.unsellable - item.reserved,
            "inbound": item.inbound,
        }
        for item in found
    }


def test_it_holds_what_the_database_holds(tmp_path):
    stock({(sku, code): 50 for sku in SKUS for code in ("MAIN", "EAST")})
    before = levels()
    writers = [Runner(list(orders(place)), threads=6) for place in range(2)]
    drains = [threading.Thread(target=writer.outcomes) for writer in writers]
    with gunicorn(environment()) as port:
        mirror = mirror_class()(f"http://127.0.0.1:{port}", new_key())
        mirror.start()  # once for nothing: a server that is just up is slow to answer
        for writer, drain in zip(writers, drains, strict=True):
            writer.go()
            drain.start()
            if writer is writers[0]:
                mirror.start()
        begun, seen = dict(mirror.levels), 0
        while any(drain.is_alive() for drain in drains):
            seen += mirror.catch_up()
        mirror.save(tmp_path / "mirror.json")
        again = mirror_class()(f"http://127.0.0.1:{port}", mirror.key)
        again.load(tmp_path / "mirror.json")
        # A transaction that is open hides what was committed after it began.
        end = time.monotonic() + 90
        while (seen := seen + again.catch_up()) and again.levels != levels():
            assert time.monotonic() < end
            time.sleep(0.05)
    assert again.levels == levels()
    assert begun != again.levels, "nothing happened after the mirror had begun"
    assert again.levels != before
    assert seen > 50
