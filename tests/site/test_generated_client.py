"""A client that was generated of the OpenAPI document, as a platform would have it, buys something."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from inventory_site.core import auth
from inventory_site.core.models import ApiKey
from inventory_site.documentation import schema_text
from inventory_site.wsgi import application
from tests.factories import counters, stock

NAME = "generated_shop"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> str:
    """Where the client's package lies. The generator's own formatter is left out: nobody reads it here."""
    folder: Path = tmp_path_factory.mktemp("client")
    document, config = folder / "schema.json", folder / "config.json"
    document.write_text(schema_text())
    config.write_text(json.dumps({"post_hooks": []}))
    words = [
        "--path",
        document,
        "--config",
        config,
        "--meta",
        "none",
        "--output-path",
        folder / NAME,
    ]
    told = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", *map(str, words)],
        capture_output=True,
        text=True,
        check=True,
    )
    left_out = [line for line in told.stdout.splitlines() if "will be omitted" in line]
    assert [line for line in left_out if "application/pdf" not in line] == [], told.stdout
    return str(folder)


@pytest.fixture
def part(generated, monkeypatch):
    """Gives a module of the client by the end of its name."""
    monkeypatch.syspath_prepend(generated)
    return lambda name: import_module(f"{NAME}.{name}")


@pytest.fixture
def client(part, committed_db, valkey) -> Any:
    stock({("A", "MAIN"): 5})
    auth.forget_known()
    _, secret = ApiKey.objects.create_key(name="platform", scopes=list(auth.SCOPES))
    return part("client").AuthenticatedClient(
        base_url="http://localhost",
        token=secret,
        prefix="Api-Key",
        raise_on_unexpected_status=True,
        httpx_args={"transport": httpx.WSGITransport(app=application)},
    )


def test_it_reserves_reads_what_is_refused_and_ships(client, part):
    models = part("models")

    def reserve(reference: str, quantity: int, key: str) -> Any:
        lines = [models.ReserveLineBodyRequest(sku="A", quantity=quantity)]
        body = models.ReservationBodyRequest(reference=reference, lines=lines, expires_in=900)
        call = part("api.reservations.post_reservations").sync
        return call(client=client, body=body, idempotency_key=key)

    held = reserve("R-1", 3, "one")
    assert (held.status, held.lines[0].quantity, held.expires_at.tzinfo is None) == (
        "active",
        3,
        False,
    )
    assert reserve("R-1", 3, "one") == held
    refused = reserve("R-2", 3, "two")
    assert (refused.status, refused.code) == (409, "insufficient_stock")
    (fault,) = refused.errors
    assert (fault.pointer, fault.sku, fault.requested, fault.available) == ("/lines/0", "A", 3, 2)
    assert [(place.warehouse, place.available) for place in fault.held] == [("MAIN", 2)]
    lines = [models.ShipLineBodyRequest(sku="A", quantity=1)]
    shipped = part("api.reservations.post_reservation_ship").sync(
        "R-1", client=client, body=models.ShipBodyRequest(lines=lines), idempotency_key="three"
    )
    assert (shipped.status, shipped.lines[0].shipped) == ("active", 1)
    level = part("api.stock.get_stock").sync("A", client=client)
    assert (level.on_hand, level.reserved, level.available) == (4, 2, 2)
    assert counters("A") == (4, 2, 0, 0)
    feed = part("api.changes.get_changes").sync(client=client)
    kinds = ["stock.received", "reservation.created", "reservation.shipped"]
    assert [event.type_ for event in feed.events] == kinds
