"""What a shop really answers: the calls of which the OpenAPI document shows the answers.

Each operation is asked for what its own example asks for; some are also asked for what has to be refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client

from inventory_site.core.auth import SCOPES
from inventory_site.core.errors import Busy
from inventory_site.core.examples import ANY
from inventory_site.core.models import ApiKey
from inventory_site.core.problems import InternalError, LengthRequired, problem
from tests.site.fuzzed import READY, a_shop
from tests.warehouse.api.conftest import Shop

OURS = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Idempotent-Replay", "Retry-After")
FEW = 2  # of a list that is shown
TOO_MANY = {"lines": [{"sku": "85123A", "quantity": 1_000_000}]}
PLACED = {"sku": "85123A", "warehouse": "MAIN"}

# The body that is refused with 409; below, the address that is with 404.
COLLIDING: Mapping[str, dict[str, Any]] = {
    "post_reservations": {"reference": "ORDER-1003"} | TOO_MANY,
    "post_reservation_ship": TOO_MANY,
    "post_reservation_release": TOO_MANY,
    "post_transfers": {
        "reference": "TR-3",
        "from_warehouse": "MAIN",
        "to_warehouse": "EAST",
    }
    | TOO_MANY,
    "post_damages": {
        "reference": "DMG-2",
        "reason": "water",
        "lines": [PLACED | {"quantity": 1_000_000}],
    },
    "post_adjustments": {
        "reference": "ADJ-5",
        "reason": "found",
        "lines": [PLACED | {"set_to": 9, "expected_on_hand": 8}],
    },
    "post_order_ship": TOO_MANY,
    "post_order_cancel": TOO_MANY,
}
UNKNOWN = {"get_stock": "/stock/NOPE", "get_reservation": "/reservations/NOPE"}


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is undone; the services take it for the outermost transaction, as in any test."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def caller(*scopes: str) -> Shop:
    _, secret = ApiKey.objects.create_key(name="platform", scopes=list(scopes or SCOPES))
    return Shop(Client(), secret)


def record(document: Mapping[str, Any], settings: Any) -> dict[str, Any]:
    """Operation → status → body of the answer."""
    shop, ready = caller(), a_shop()
    found: dict[str, dict[str, Any]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            name = told["operationId"]
            with undone():
                answer = _ask(shop, method, _address(name, path, ready), _example(told))
            assert answer.status_code < 300, (name, answer.content)
            _check_headers(told, answer)
            if "json" in answer["Content-Type"]:
                found[name] = {str(answer.status_code): answer.json()}
            if name in COLLIDING:
                with undone():
                    answer = shop.post(_address(name, path, ready), COLLIDING[name])
                found[name]["409"] = _refusal(answer, 409)
            if name in UNKNOWN:
                found[name]["404"] = _refusal(shop.get(UNKNOWN[name]), 404)
    with undone():
        both = {
            "reservations": [
                _example(_post(document, "/reservations")),
                COLLIDING["post_reservations"],
            ]
        }
        found["post_reservation_batch"]["200"] = shop.post("/reservations/batch", both).json()
    found[ANY] = _refusals(shop, settings)
    return _brief(found)


def _check_headers(told: Mapping[str, Any], answer: Any) -> None:
    """What the document says that an answer tells beside its body is what it tells."""
    documented = told["responses"][str(answer.status_code)]["headers"]
    given = {name for name in OURS if name in answer}
    assert given == set(documented) - {"Idempotent-Replay"}, told["operationId"]


def _ask(shop: Shop, method: str, address: str, body: Any) -> Any:
    return shop.get(address) if method == "get" else shop.post(address, body)


def _post(document: Mapping[str, Any], path: str) -> dict[str, Any]:
    told: dict[str, Any] = document["paths"][f"/api/v1{path}"]["post"]
    return told


def _example(told: Mapping[str, Any]) -> Any:
    if "requestBody" not in told:
        return None
    (example,) = told["requestBody"]["content"]["application/json"]["examples"].values()
    return example["value"]


def _address(name: str, path: str, ready: Mapping[str, str]) -> str:
    short = path.removeprefix("/api/v1")
    topic = short.split("/")[1]
    reference = ready.get(name) or ready.get(topic, "")
    return short.format(reference=reference, sku="85123A", number=ready["webhooks"])


def _refusal(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def _refusals(shop: Shop, settings: Any) -> dict[str, Any]:
    """What is refused alike everywhere."""
    receipt = {"reference": "PO-7", "lines": [PLACED | {"quantity": 0, "colour": "red"}]}
    found = [
        shop.client.get("/api/v1/stock/85123A"),
        caller("orders:read").get("/stock/85123A"),
        shop.get("/nothing"),
        shop.client.delete("/api/v1/stock", headers=shop.headers),
        shop.get("/products?colour=red"),
        shop.post("/receipts", "reference=PO-7", **{"Content-Type": "text/plain"}),
        shop.post("/receipts", receipt),
        shop.post(f"/purchase-orders/{READY['purchase-orders']}/lines", TOO_MANY),
    ]
    settings.API_BODY_LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    found.append(shop.post("/receipts", receipt))
    settings.API_RATE_LIMIT = 1
    found += [shop.get("/products"), shop.get("/products")][1:]
    told = {str(answer.status_code): answer.json() for answer in found}
    assert sorted(told) == ["400", "401", "403", "404", "405", "409", "413", "415", "422", "429"], (
        sorted(told)
    )
    for error in (
        Busy(),
        InternalError("Nothing was changed. Tell us the request_id."),
        LengthRequired("Send a Content-Length; this server does not take a body in chunks."),
    ):
        again = problem(error) | {"request_id": told["400"]["request_id"]}
        told[str(again["status"])] = again
    return told


def _brief(value: Any) -> Any:
    """Of a list the first few; and no secret that was made up, however short it lived."""
    if isinstance(value, list):
        return [_brief(part) for part in value[:FEW]]
    if not isinstance(value, dict):
        return value
    return {
        name: "whsec_" + "A" * 43 + "=" if name == "secret" else _brief(part)
        for name, part in value.items()
    }


def shape(value: Any) -> Any:
    """The names and kinds of a value; of a list those of its parts, each once."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        kinds = [shape(part) for part in value]
        return [kind for place, kind in enumerate(kinds) if kind not in kinds[:place]]
    return type(value).__name__
