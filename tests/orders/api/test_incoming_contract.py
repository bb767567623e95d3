"""Real answers about purchase orders, returns and transfers, held against what the document says of them."""

from typing import Any

import pytest

from orders.services.purchasing import PurchaseLine, draft, send
from orders.services.returning import ReturnedLine, expect_return, receive_return
from orders.services.transferring import WantedLine, dispatch, request
from tests.factories import do, stock
from tests.orders.shipped import supplied
from tests.warehouse.api.test_contract import check, document

__all__ = ["check", "document"]

pytestmark = pytest.mark.django_db

LINE = [{"sku": "85123A", "quantity": 1}]
ORDER = {"supplier": "ACME", "warehouse": "MAIN", "lines": LINE}
BACK = {"warehouse": "MAIN", "lines": LINE}
WAY = {"source": "MAIN", "destination": "EAST", "lines": LINE}

READS = {
    "/purchase-orders": "/purchase-orders",
    "/purchase-orders/{reference}": "/purchase-orders/SENT",
    "/return-orders": "/return-orders?warehouse=MAIN",
    "/return-orders/{reference}": "/return-orders/CAME",
    "/transfer-orders": "/transfer-orders",
    "/transfer-orders/{reference}": "/transfer-orders/LEFT",
}
WRITES: dict[str, list[tuple[str, Any, int]]] = {
    "/purchase-orders": [
        ("/purchase-orders", ORDER, 201),
        ("/purchase-orders", ORDER | {"reference": "SENT"}, 409),
        ("/purchase-orders", ORDER | {"supplier": "NOBODY"}, 422),
    ],
    "/purchase-orders/from-suggestions": [("/purchase-orders/from-suggestions", {}, 201)],
    "/purchase-orders/{reference}/lines": [("/purchase-orders/DRAFT/lines", {"lines": LINE}, 200)],
    "/purchase-orders/{reference}/send": [
        ("/purchase-orders/DRAFT/send", {}, 200),
        ("/purchase-orders/SENT/send", {}, 409),
    ],
    "/purchase-orders/{reference}/receive": [
        ("/purchase-orders/SENT/receive", {}, 200),
        ("/purchase-orders/SENT/receive", {"lines": [LINE[0] | {"quantity": 99}]}, 200),
        ("/purchase-orders/NOPE/receive", {}, 404),
        ("/purchase-orders/SENT/receive", {"lines": []}, 422),
    ],
    "/purchase-orders/{reference}/close": [("/purchase-orders/SENT/close", {}, 200)],
    "/purchase-orders/{reference}/cancel": [("/purchase-orders/DRAFT/cancel", {}, 200)],
    "/return-orders": [
        ("/return-orders", BACK, 201),
        ("/return-orders", BACK | {"order": "NOPE"}, 404),
    ],
    "/return-orders/{reference}/receive": [("/return-orders/TOLD/receive", {"lines": LINE}, 200)],
    "/return-orders/{reference}/grade": [
        ("/return-orders/CAME/grade", {"lines": [LINE[0] | {"disposition": "scrap"}]}, 200),
        ("/return-orders/TOLD/grade", {"lines": [LINE[0] | {"disposition": "scrap"}]}, 409),
    ],
    "/return-orders/{reference}/cancel": [("/return-orders/TOLD/cancel", {}, 200)],
    "/transfer-orders": [
        ("/transfer-orders", WAY, 201),
        ("/transfer-orders", WAY | {"destination": "MAIN"}, 422),
    ],
    "/transfer-orders/{reference}/dispatch": [("/transfer-orders/ASKED/dispatch", {}, 200)],
    "/transfer-orders/{reference}/receive": [
        ("/transfer-orders/LEFT/receive", {"lines": [{"sku": "85123A", "lost": 1}]}, 200),
        ("/transfer-orders/LEFT/receive", {"lines": [LINE[0] | {"quantity": 9}]}, 409),
    ],
    "/transfer-orders/{reference}/cancel": [("/transfer-orders/ASKED/cancel", {}, 200)],
}
CASES = [
    pytest.param(path, *case, id=f"{path} {case[1]} {case[2]}")
    for path, each in WRITES.items()
    for case in each
]


@pytest.fixture
def busy(shop):
    """A shop with a document in each state that a step begins in."""
    stock({("85123A", "MAIN"): 10})
    stock({("85123A", "EAST"): 0})
    supplied("85123A")
    for reference in ("DRAFT", "SENT"):
        lines = [PurchaseLine("85123A", 2)]
        do(draft, reference=reference, supplier="ACME", warehouse="MAIN", lines=lines)
    do(send, reference="SENT")
    for reference in ("TOLD", "CAME"):
        lines = [ReturnedLine("85123A", 1)]
        do(expect_return, reference=reference, warehouse="MAIN", lines=lines)
    do(receive_return, reference="CAME")
    for reference in ("ASKED", "LEFT"):
        lines = [WantedLine("85123A", 2)]
        do(request, reference=reference, source="MAIN", destination="EAST", lines=lines)
    do(dispatch, reference="LEFT")
    return shop


def test_every_address_is_tried_here(document):
    ours = ("/purchase-orders", "/return-orders", "/transfer-orders")
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    assert {path for path in paths if path.startswith(ours)} == set(READS) | set(WRITES)


@pytest.mark.parametrize("path", READS)
def test_what_is_read(busy, check, path):
    answer = busy.get(READS[path])
    assert answer.status_code == 200
    check("get", path, answer)


@pytest.mark.parametrize(("path", "address", "body", "status"), CASES)
def test_what_is_written(busy, check, path, address, body, status):
    answer = busy.post(address, body)
    assert answer.status_code == status, answer.json()
    check("post", path, answer)
