"""Real answers of the addresses of orders and shipments, held against what the document says of them."""

from typing import Any

import pytest

from tests.factories import stock
from tests.warehouse.api.test_contract import check, document

__all__ = ["check", "document"]

pytestmark = pytest.mark.django_db

LINE = [{"sku": "85123A", "quantity": 1}]
ORDER = {"reference": "O", "lines": [{"sku": "85123A", "quantity": 2}], "carrier": "DHL"}
ABSENT = {"reference": "N", "lines": [{"sku": "NOPE", "quantity": 1}]}

READS = {
    "/orders": "/orders",
    "/orders/{reference}": "/orders/O",
    "/shipments": "/shipments",
    "/shipments/{reference}": "/shipments/{shipment}",
    "/shipments/{reference}/packing-slip": "/shipments/{shipment}/packing-slip",
}
WRITES: dict[str, list[tuple[str, Any, int]]] = {
    "/orders": [
        ("/orders", ORDER, 200),
        ("/orders", ORDER | {"reference": "NEW", "draft": True}, 201),
        ("/orders", ORDER | {"reservation": "NOPE", "reference": "N"}, 404),
        ("/orders", ORDER | {"notes": "other"}, 409),
        ("/orders", ABSENT, 422),
    ],
    "/orders/batch": [
        ("/orders/batch", {"orders": [ORDER, ORDER | {"reference": "B"}, ABSENT]}, 200),
    ],
    "/orders/{reference}/cancel": [
        ("/orders/O/cancel", {"lines": LINE}, 200),
        ("/orders/NOPE/cancel", {}, 404),
    ],
    "/orders/{reference}/confirm": [
        ("/orders/D/confirm", {}, 200),
        ("/orders/O/confirm", {}, 409),
    ],
    "/orders/{reference}/ship": [
        ("/orders/O/ship", {"lines": LINE}, 201),
        ("/orders/O/ship", {"lines": [{"sku": "85123A", "quantity": 9}]}, 409),
    ],
    "/orders/{reference}/close": [("/orders/S/close", {}, 200), ("/orders/O/close", {}, 409)],
}
CASES = [
    pytest.param(path, *case, id=f"{path} {case[2]}")
    for path, each in WRITES.items()
    for case in each
]


@pytest.fixture
def shipment(shop):
    """A shop with an order in each state that a step begins in; the number of the one parcel."""
    stock({("85123A", "MAIN"): 10})
    for reference in ("O", "S"):
        shop.post("/orders", ORDER | {"reference": reference})
    shop.post("/orders", ORDER | {"reference": "D", "draft": True})
    return shop.post("/orders/S/ship", {"lines": LINE}).json()["shipments"][0]["reference"]


def test_every_address_is_tried_here(document):
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    ours = {path for path in paths if path.startswith(("/orders", "/shipments"))}
    assert ours == set(READS) | set(WRITES)


@pytest.mark.parametrize("path", READS)
def test_what_is_read(shop, shipment, check, path):
    address = READS[path].format(shipment=shipment)
    answer = shop.get(address)
    assert answer.status_code == 200
    if answer["Content-Type"] != "application/pdf":
        check("get", path, answer)
    if "{" in path:
        absent = shop.get(address.replace(shipment, "SHIP-X").replace("/O", "/X"))
        assert absent.status_code == 404
        check("get", path, absent)


@pytest.mark.parametrize(("path", "address", "body", "status"), CASES)
def test_what_is_written(shop, shipment, check, path, address, body, status):
    answer = shop.post(address, body)
    assert answer.status_code == status, answer.json()
    check("post", path, answer)
