"""Real answers of every address, held against what the OpenAPI document says of them."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from inventory_site.documentation import schema_text
from notifications.models import OutboxEvent
from tests.factories import stock
from warehouse.models import Product, Supplier

pytestmark = pytest.mark.django_db

LINE = {"sku": "85123A", "warehouse": "MAIN", "bin": "A-03-12"}
ORDER = {"reference": "O", "lines": [{"sku": "85123A", "quantity": 2}], "expires_in": 900}
WAYS = {
    "from_warehouse": "MAIN",
    "to_warehouse": "EAST",
    "lines": [{"sku": "85123A", "quantity": 1}],
}

READS = {
    "/products": "/products",
    "/warehouses": "/warehouses",
    "/bins": "/bins?warehouse=MAIN",
    "/movements": "/movements?sku=85123A",
    "/changes": "/changes",
    "/stock": "/stock?limit=1",
    "/stock/{sku}": "/stock/85123A",
    "/reservations/{reference}": "/reservations/O",
}
WRITES: dict[str, list[tuple[str, Any, int]]] = {
    "/reservations": [
        ("/reservations", ORDER, 200),
        ("/reservations", ORDER | {"reference": "NEW"}, 201),
        ("/reservations", {"reference": "N", "lines": [{"sku": "85123A", "quantity": 999}]}, 409),
        ("/reservations", ORDER | {"reference": ""}, 422),
        ("/reservations", {"reference": "N", "lines": [{"sku": "NOPE", "quantity": 1}]}, 422),
        ("/reservations", b"{", 400),
    ],
    "/reservations/batch": [
        (
            "/reservations/batch",
            {
                "reservations": [
                    ORDER | {"reference": "B-1"},
                    {"reference": "B-2", "lines": [{"sku": "85123A", "quantity": 9999}]},
                    {"reference": "B-3", "lines": [{"sku": "NOPE", "quantity": 1}]},
                ]
            },
            200,
        )
    ],
    "/reservations/{reference}/extend": [
        ("/reservations/O/extend", {"expires_in": 60}, 200),
        ("/reservations/NOPE/extend", {"expires_in": 60}, 404),
    ],
    "/reservations/{reference}/release": [("/reservations/O/release", {}, 200)],
    "/reservations/{reference}/ship": [
        ("/reservations/O/ship", {"lines": [{"sku": "85123A", "quantity": 1}]}, 200),
        ("/reservations/O/ship", {"lines": [{"sku": "85123A", "quantity": 3}]}, 409),
    ],
    "/receipts": [("/receipts", {"reference": "R", "lines": [LINE | {"quantity": 5}]}, 201)],
    "/returns": [
        (
            "/returns",
            {"reference": "R", "lines": [LINE | {"quantity": 1, "disposition": "restock"}]},
            201,
        )
    ],
    "/transfers": [
        ("/transfers", WAYS | {"reference": "T", "mode": "dispatch"}, 201),
        ("/transfers", WAYS | {"reference": "T", "from_warehouse": "NOPE"}, 422),
    ],
    "/transfers/{reference}/cancel": [
        ("/transfers/NOPE/cancel", {"outcome": "lost", "reason": "x"}, 409),
        ("/transfers/NOPE/cancel", {"outcome": "eaten", "reason": "x"}, 422),
    ],
    "/adjustments": [
        ("/adjustments", {"reference": "A", "reason": "x", "lines": [LINE | {"delta": 3}]}, 201),
        (
            "/adjustments",
            {
                "reference": "A",
                "reason": "x",
                "lines": [LINE | {"set_to": 3, "expected_on_hand": 4}],
            },
            409,
        ),
    ],
    "/damages": [
        ("/damages", {"reference": "D", "reason": "wet", "lines": [LINE | {"quantity": 9}]}, 201)
    ],
    "/counts": [("/counts", {"reference": "C", "lines": [LINE | {"counted": 1}]}, 201)],
}
CASES = [
    pytest.param(path, *case, id=f"{path} {case[2]}")
    for path, each in WRITES.items()
    for case in each
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document, with its objects closed where it does not call them open: a field that it does not name
    is a fault here."""
    told = json.loads(schema_text())
    for schema in told["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return told


@pytest.fixture
def check(document):
    def validate(method: str, path: str, answer: Any) -> None:
        told = document["paths"][f"/api/v1{path}"][method]["responses"][str(answer.status_code)]
        kind = answer["Content-Type"].split(";")[0]
        schema = told["content"][kind]["schema"] | {"components": document["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())

    return validate


@pytest.fixture
def busy_shop(shop):
    """A shop with stock in two warehouses, an order and a product that tells everything."""
    stock({("85123A", "MAIN"): 10, ("85123A", "EAST"): 5}, bin="A-03-12")
    supplier = Supplier.objects.create(code="S", name="Supplier")
    Product.objects.update(supplier=supplier, unit_cost="1.23")
    Product.objects.get().barcodes.create(code="5012345678900")
    shop.post("/reservations", ORDER)
    OutboxEvent.objects.update(position=1)  # as if the transaction of this test had ended
    return shop


# tests/orders/api, tests/notifications/api
ELSEWHERE = (
    "/webhooks",
    "/orders",
    "/shipments",
    "/purchase-orders",
    "/return-orders",
    "/transfer-orders",
    "/count-tasks",
)


def test_every_address_is_tried_here(document):
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    ours = {path for path in paths if not path.startswith(ELSEWHERE)}
    assert ours == set(READS) | set(WRITES)


@pytest.mark.parametrize("path", READS)
def test_what_is_read(busy_shop, check, path):
    answer = busy_shop.get(READS[path])
    assert answer.status_code == 200
    check("get", path, answer)
    unknown = busy_shop.get(f"{READS[path].split('?')[0]}?limit=none")
    if "{" not in path:
        assert unknown.status_code == 400
        check("get", path, unknown)


@pytest.mark.parametrize("path", [path for path in READS if "{" in path])
def test_what_is_not_there(busy_shop, check, path):
    answer = busy_shop.get(READS[path] + "X")
    assert answer.status_code == 404
    check("get", path, answer)


@pytest.mark.parametrize(("path", "address", "body", "status"), CASES)
def test_what_is_written(busy_shop, check, path, address, body, status):
    answer = busy_shop.post(address, body)
    assert answer.status_code == status, answer.json()
    check("post", path, answer)


def test_who_may_not(busy_shop, new_shop, client, check):
    check("get", "/stock", client.get("/api/v1/stock"))
    check("post", "/counts", new_shop(scopes=["stock:read"]).post("/counts", {}))
    body = {"reference": "R", "lines": [LINE | {"quantity": 5}]}
    refused = new_shop(warehouses=["EAST"]).post("/receipts", body)
    assert refused.status_code == 403
    check("post", "/receipts", refused)


def test_what_is_sent_in_another_form(busy_shop, check, settings):
    answer = busy_shop.post(
        "/counts", "a=1", **{"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 415
    check("post", "/counts", answer)
    large = busy_shop.post("/counts", b" " * (settings.API_BODY_LIMIT + 1))
    assert large.status_code == 413
    check("post", "/counts", large)


def test_orders_that_are_hurt_are_named_as_documented(busy_shop, check):
    answer = busy_shop.post("/counts", {"reference": "C", "lines": [LINE | {"counted": 0}]})
    assert answer.json()["affected"]
    check("post", "/counts", answer)
