"""What a fuzzer cannot know: names that there are, documents that are ready for a step, a key not used yet.

Three of four requests are given them, each by a throw of its own contents, so that they are the same ones in
each run; the fourth is sent as it was made up. Half have few units, and half of the steps that can come too
early do.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from notifications.services.endpoints import create, send_test
from orders.services.placing import NewLine, NewOrder, place
from orders.services.purchasing import PurchaseLine, draft, send
from orders.services.returning import ReturnedLine, expect_return, receive_return
from orders.services.shipping import ShipLine, ship_order
from orders.services.transferring import WantedLine, dispatch, request
from tests.factories import ProductFactory, do, stock
from tests.orders.shipped import supplied
from warehouse.lines import ReserveLine, TransferLine
from warehouse.services.releasing import release
from warehouse.services.reservations import reserve
from warehouse.services.transfers import transfer

THERE = {
    "sku": "85123A",
    "warehouse": "MAIN",
    "bin": "A-03-12",
    "from_bin": "A-03-12",
    "from_warehouse": "MAIN",
    "to_warehouse": "EAST",
    "source": "MAIN",
    "destination": "EAST",
    "supplier": "ACME",
    "order": "PARTLY-1",
}
FEW = ("quantity", "damaged", "lost", "counted")

# A document in the state in which a step can be taken, by the name of the operation or of the address.
READY = {
    "post_order_confirm": "DRAFT-1",
    "post_order_close": "PARTLY-1",
    "post_purchase_order_lines": "DRAFTED-1",
    "post_purchase_order_send": "DRAFTED-1",
    "post_return_order_receive": "EXPECTED-1",
    "post_return_order_cancel": "EXPECTED-1",
    "post_transfer_order_receive": "ON-ITS-WAY-1",
    "reservations": "CART-1",
    "orders": "PLACED-1",
    "purchase-orders": "SENT-1",
    "return-orders": "RECEIVED-1",
    "transfer-orders": "REQUESTED-1",
    "transfers": "LOADED-1",
}

# One in which it cannot be taken any more, or not yet.
NOT_READY = {
    "post_order_close": "DRAFT-1",
    "post_purchase_order_lines": "SENT-1",
    "post_reservation_extend": "GONE-1",
}

# What there is nothing to collide with: each can be done again, or answers for each part by itself.
NEVER_COLLIDES = {
    "post_count_tasks",
    "post_counts",
    "post_order_batch",
    "post_purchase_orders_from_suggestions",
    "post_receipts",
    "post_reservation_batch",
    "post_returns",
    "post_webhook_change",
    "post_webhook_disable",
    "post_webhook_enable",
    "post_webhook_replay",
    "post_webhook_rotate",
    "post_webhook_test",
}


def a_shop() -> dict[str, str]:
    """Stock, and a document for each step; returns their references, as `READY` and the parcel's.

    None has a reference under which an example of the OpenAPI document makes one.
    """
    ProductFactory(sku="85123A", name="White hanging heart T-light holder")
    stock({("85123A", "MAIN"): 100_000, ("85123A", "EAST"): 500}, bin="A-03-12")
    do(reserve, reference="CART-1", lines=[ReserveLine("85123A", 9)], expires_in=9000)
    do(reserve, reference="GONE-1", lines=[ReserveLine("85123A", 9)])
    do(release, reference="GONE-1")
    line = [NewLine("85123A", 9)]
    for reference, kind in {"PLACED-1": {}, "DRAFT-1": {"draft": True}, "PARTLY-1": {}}.items():
        do(place, order=NewOrder(reference=reference, lines=line, **kind))
    (parcel,) = do(ship_order, reference="PARTLY-1", lines=[ShipLine("85123A", 4)])
    supplied("85123A")
    for reference in ("SENT-1", "DRAFTED-1"):
        bought = [PurchaseLine("85123A", 50)]
        do(draft, reference=reference, supplier="ACME", warehouse="MAIN", lines=bought)
    do(send, reference="SENT-1")
    for reference in ("RECEIVED-1", "EXPECTED-1"):
        do(
            expect_return,
            reference=reference,
            warehouse="MAIN",
            lines=[ReturnedLine("85123A", 5)],
        )
    do(receive_return, reference="RECEIVED-1")
    for reference in ("REQUESTED-1", "ON-ITS-WAY-1"):
        carried = [WantedLine("85123A", 50)]
        do(request, reference=reference, source="MAIN", destination="EAST", lines=carried)
    do(dispatch, reference="ON-ITS-WAY-1")
    carried = [TransferLine("85123A", 50)]
    places = {"from_warehouse": "MAIN", "to_warehouse": "EAST"}
    do(transfer, reference="LOADED-1", lines=carried, mode="dispatch", **places)
    hook = do(create, name="platform", url="https://shop.example/hook").endpoint.pk
    do(send_test, endpoint=hook)
    return READY | {"shipments": parcel.reference, "webhooks": str(hook)}


def operation_of(case: schemathesis.Case) -> str:
    return case.operation.definition.raw["operationId"]


def make_possible(case: schemathesis.Case, ready: Mapping[str, str]) -> None:
    """Give the request what it needs to succeed, three times of four. What is to be wrong stays wrong."""
    operation = operation_of(case)
    seed = repr((operation, case.path_parameters, case.body))
    wrong = case.meta.is_negative_at
    if isinstance(case.body, dict) and not wrong(ParameterLocation.BODY) and _thrown(seed, "names"):
        case.body = known(case.body, few=_thrown(seed, "few", of=2))
    if not wrong(ParameterLocation.PATH) and _thrown(seed, "parts"):
        topic = case.operation.path.split("/api/v1/")[1].split("/")[0]
        reference = ready.get(operation) or ready.get(topic)
        if operation in NOT_READY and not _thrown(seed, "ready", of=2):
            reference = NOT_READY[operation]
        there = {"reference": reference, "sku": THERE["sku"], "number": int(ready["webhooks"])}
        case.path_parameters |= {name: there[name] for name in case.path_parameters}
    if not wrong(ParameterLocation.HEADER) and _thrown(seed, "key"):
        headers = case.headers or {}
        if "Idempotency-Key" in headers:
            headers["Idempotency-Key"] = _hash(seed, headers["Idempotency-Key"]).hex()


def known(body: Any, *, few: bool) -> Any:
    """The body with every name that could be one exchanged for one that there is; with few units."""
    if isinstance(body, list):
        return [known(part, few=few) for part in body]
    if not isinstance(body, dict):
        return body
    return {name: _known(name, value, few) for name, value in body.items()}


def _known(name: str, value: Any, few: bool) -> Any:
    if name in THERE and isinstance(value, str):
        return THERE[name]
    if few and name in FEW and type(value) is int and value > 9:
        return 1 + value % 9
    return known(value, few=few)


def _thrown(seed: str, what: str, of: int = 4) -> bool:
    """All but one time of so many."""
    return _hash(seed, what)[0] % of > 0


def _hash(seed: str, what: str) -> bytes:
    return blake2b(f"{what} {seed}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
