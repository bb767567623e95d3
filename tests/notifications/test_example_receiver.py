"""The receiver in the documentation, as it stands there: it verifies, takes each once, and ends right."""

import importlib.util
import threading
from pathlib import Path

import pytest

from notifications.models import Endpoint
from notifications.services import endpoints
from tests.factories import counters, do, stock
from tests.notifications.receiving import LOOPBACK, deliver, fan_out, statuses, subscribed

EXAMPLE = Path(__file__).parents[2] / "docs/examples/receiver.py"


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("receiver_example", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Address:
    def __init__(self, url):
        self.url, self.secrets = url, []


@pytest.mark.usefixtures("committed_db")
def test_it_mirrors_the_levels_and_refuses_what_others_signed(example, settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    receiver = example.Receiver("whsec_" + "QUFB" * 8)
    server = example.server(0, receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = Address(f"http://127.0.0.1:{server.server_address[1]}/")
        shop = subscribed(address)
        stock({("A", "MAIN"): 5, ("B", "MAIN"): 2})
        fan_out()
        deliver(shop)
        assert receiver.levels == {}  # signed with another secret than it knows
        assert set(statuses(shop).values()) == {"pending"}
        receiver.key = example.Receiver(address.secrets[0]).key
        Endpoint.objects.update(rests_until=None)
        deliver(shop)
        stock({("A", "MAIN"): 3})
        fan_out()
        deliver(shop)
        do(endpoints.replay, endpoint=shop.pk, sequences=[1])
        deliver(shop)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    told = {place: level["on_hand"] for place, level in receiver.levels.items()}
    assert told == {("A", "MAIN"): counters("A")[0], ("B", "MAIN"): 2}
    assert told["A", "MAIN"] == 8
