"""A key limited to EAST, at every address: nothing is done in FARAWAY, and nothing is told of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from inventory_site.core.api import ApiView
from inventory_site.core.auth import SCOPES
from inventory_site.core.models import ApiKey
from notifications.models import Endpoint, OutboxEvent
from notifications.services.endpoints import create
from tests.factories import counters, do, stock, warehouse
from tests.site.every_address import no_trace
from tests.warehouse.api.conftest import Shop
from warehouse.lines import ExpectedLine, ReserveLine
from warehouse.services.inbound import expect
from warehouse.services.releasing import release
from warehouse.services.reservations import reserve
from warehouse.services.transfers import TransferLine, transfer

OWN = {"sku": "A", "warehouse": "EAST"}
FOREIGN = {"sku": "A", "warehouse": "FARAWAY"}


def order(reference, quantity=1, **more):
    return {"reference": reference, "lines": [{"sku": "A", "quantity": quantity}]} | more


def line_cases(path, **fields):
    """A movement in the own warehouse, in the foreign one, and in both."""
    more = {"reason": "wet"} if path in ("/adjustments", "/damages") else {}
    places = {201: [OWN], 403: [FOREIGN], 4030: [OWN, FOREIGN]}
    return [
        (path, more | {"reference": f"M{status}", "lines": [x | fields for x in lines]}, status)
        for status, lines in places.items()
    ]


def way(origin, target, **line):
    lines = [{"sku": "A", "quantity": 1} | line]
    return {"reference": "T", "from_warehouse": origin, "to_warehouse": target, "lines": lines}


def action(name, body=None):
    """What is done to a reservation: the own one, a foreign one, and a foreign one that is closed."""
    return [
        (f"/reservations/{reference}/{name}", body or {}, status)
        for reference, status in (("MINE", 200), ("THEIRS", 403), ("GONE", 403))
    ]


def hook(**more):
    return {"name": "new", "url": "https://shop.example/"} | more


def own_hook(step, body, done=200):
    """The own one, one of a foreign warehouse, one of both, and one of all."""
    return [
        (f"/webhooks/{number}{step}", body, status)
        for number, status in ((1, done), (2, 404), (3, 404), (4, 404))
    ]


CASES = {
    ("get", "stock"): [("/stock", None, 200), ("/stock?sku=A", None, 200)],
    ("get", "stock/<path:sku>"): [("/stock/A", None, 200)],
    ("get", "changes"): [("/changes", None, 200)],
    ("get", "products"): [("/products", None, 200)],
    ("get", "warehouses"): [("/warehouses", None, 200)],
    ("get", "bins"): [("/bins", None, 200), ("/bins?warehouse=FARAWAY", None, 403)],
    ("get", "movements"): [("/movements", None, 200), ("/movements?warehouse=FARAWAY", None, 403)],
    ("post", "reservations"): [
        ("/reservations", order("NEW"), 201),
        ("/reservations", order("NEW", 999), 409),
        ("/reservations", order("NEW", 999, allow_partial=True), 201),
        ("/reservations", order("NEW", 999, backorder=True), 201),
        ("/reservations", order("NEW", warehouse="FARAWAY"), 403),
        ("/reservations", order("THEIRS"), 409),
        ("/reservations", order("SPREAD", 9, strategy="priority"), 403),
    ],
    ("post", "reservations/batch"): [
        (
            "/reservations/batch",
            {"reservations": [order("B1"), order("B2", 99), order("B3", warehouse="FARAWAY")]},
            200,
        )
    ],
    ("get", "reservations/<path:reference>"): [
        ("/reservations/MINE", None, 200),
        ("/reservations/THEIRS", None, 403),
        ("/reservations/SPREAD", None, 403),
    ],
    ("post", "reservations/<path:reference>/extend"): action("extend", {"expires_in": 60}),
    ("post", "reservations/<path:reference>/release"): action("release"),
    ("post", "reservations/<path:reference>/ship"): action("ship"),
    ("post", "receipts"): line_cases("/receipts", quantity=30),
    ("post", "returns"): line_cases("/returns", quantity=30, disposition="restock"),
    ("post", "transfers"): [
        ("/transfers", way("EAST", "FARAWAY"), 403),
        ("/transfers", way("FARAWAY", "EAST"), 403),
        ("/transfers", way("EAST", "NOWHERE"), 403),
        ("/transfers", way("EAST", "FARAWAY") | {"mode": "dispatch"}, 403),
        ("/transfers", way("EAST", "EAST", from_bin="A-01-01", to_bin="RECEIVING"), 201),
    ],
    ("post", "transfers/<path:reference>/cancel"): [
        ("/transfers/OLD/cancel", {"outcome": "lost", "reason": "x"}, 409),  # it has arrived
        ("/transfers/ROAD/cancel", {"outcome": "lost", "reason": "x"}, 403),
    ],
    ("post", "adjustments"): line_cases("/adjustments", delta=-5),
    ("post", "damages"): line_cases("/damages", quantity=5),
    ("post", "counts"): line_cases("/counts", counted=0),
    ("get", "webhooks"): [("/webhooks", None, 200)],
    ("post", "webhooks"): [
        ("/webhooks", hook(), 201),
        ("/webhooks", hook(warehouses=["EAST"]), 201),
        ("/webhooks", hook(warehouses=["EAST", "FARAWAY"]), 403),
    ],
    ("get", "webhooks/<int:number>"): own_hook("", None),
    ("get", "webhooks/<int:number>/deliveries"): own_hook("/deliveries", None),
    ("post", "webhooks/<int:number>/change"): [
        *own_hook("/change", {"types": ["stock.*"]}),
        ("/webhooks/1/change", {"warehouses": ["FARAWAY"]}, 403),
        ("/webhooks/1/change", {"warehouses": []}, 200),
    ],
    **{
        ("post", f"webhooks/<int:number>/{step}"): own_hook(f"/{step}", {}, done)
        for step, done in (
            ("enable", 200), ("disable", 200), ("rotate", 200), ("test", 202), ("replay", 200),
        )
    },
}  # fmt: skip


def addresses() -> Iterator[tuple[str, str]]:
    """Method and route of everything under /api/v1/; documents have a matrix of their own (tests/orders)."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "api/v1/":
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                view = pattern.callback.cls
                assert issubclass(view, ApiView)
                if view.__module__.startswith("orders."):
                    continue
                yield from (
                    (method, str(pattern.pattern))
                    for method in view.http_method_names
                    if hasattr(view, method)
                )


def test_the_matrix_knows_every_address():
    assert set(addresses()) == set(CASES)


@pytest.fixture(scope="module")
def secret(django_db_setup, django_db_blocker):
    """Of the limited key, in a house where most of the stock, and what is under way, is elsewhere. It is
    furnished once: what a test does there is undone after it."""
    with django_db_blocker.unblock(), no_trace():
        furnish()
        _, secret = ApiKey.objects.create_key(name="shop", scopes=list(SCOPES), warehouses=["EAST"])
        shop = Shop(Client(), secret)
        gift = {"reference": "GIFT", "lines": [OWN | {"quantity": 30}]}
        assert shop.post("/receipts", gift).status_code == 201
        mine = order("MINE", 2) | {"expires_in": 900}
        assert shop.post("/reservations", mine).status_code == 201
        OutboxEvent.objects.update(position=1)  # as if the transaction of these tests had ended
        yield secret


def furnish():
    warehouse("EAST", priority=1)
    stock({("A", "EAST"): 7, ("A", "FARAWAY"): 40, ("ONLY-THERE", "FARAWAY"): 3})
    soon = {"expected_at": datetime(2027, 1, 1, tzinfo=UTC)}
    do(expect, reference="PO", lines=[ExpectedLine("A", "FARAWAY", 9)], **soon)
    ways = {"from_warehouse": "FARAWAY", "to_warehouse": "EAST"}
    do(transfer, reference="OLD", lines=[TransferLine("A", 1)], **ways)
    third = {"from_warehouse": "FARAWAY", "to_warehouse": "THIRD", "mode": "dispatch"}
    warehouse("THIRD", priority=999)
    do(transfer, reference="ROAD", lines=[TransferLine("ONLY-THERE", 1)], **third)
    do(reserve, reference="SPREAD", lines=[ReserveLine("A", 9)], strategy="priority")
    do(reserve, reference="WAITS", lines=[ReserveLine("A", 45)], backorder=True)
    for reference in ("THEIRS", "GONE"):
        do(reserve, reference=reference, lines=[ReserveLine("ONLY-THERE", 1)])
    do(release, reference="GONE")
    for number, codes in enumerate((["EAST"], ["FARAWAY"], ["EAST", "FARAWAY"], []), start=1):
        made = do(create, name=f"hook-{number}", url="https://shop.example/", warehouses=codes)
        Endpoint.objects.filter(pk=made.endpoint.pk).update(id=number)


@pytest.fixture
def east(secret, client, valkey):
    with no_trace():
        yield Shop(client, secret)


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [(method, *case) for (method, _), cases in CASES.items() for case in cases],
)
def test_a_key_limited_to_a_warehouse(east, method, address, body, status):
    before = counters("A", "FARAWAY")
    answer = east.get(address) if method == "get" else east.post(address, body)
    told = answer.content.decode()
    assert answer.status_code == int(str(status)[:3]), told
    if answer.status_code == 403:
        assert answer.json()["code"] == "warehouse_not_allowed"
        assert counters("A", "FARAWAY") == before
    if "FARAWAY" not in address + json.dumps(body):
        assert "FARAWAY" not in told


def test_the_batch_refuses_a_foreign_warehouse_only(east):
    ((address, body, _),) = CASES["post", "reservations/batch"]
    results = east.post(address, body).json()["results"]
    assert [result["status"] for result in results] == [201, 409, 403]
    assert "FARAWAY" not in json.dumps(results[:2])


def test_a_shortage_tells_of_the_own_warehouse_alone(east):
    (short,) = east.post("/reservations", order("NEW", 999)).json()["errors"]
    assert [held["warehouse"] for held in short["held"]] == ["EAST"]
    assert short["next_inbound"] is None
    do(expect, reference="E", lines=[ExpectedLine("A", "EAST", 1)],
       expected_at=datetime(2027, 2, 1, tzinfo=UTC))  # fmt: skip
    (short,) = east.post("/reservations", order("NEW", 998)).json()["errors"]
    assert short["next_inbound"] == "2027-02-01T00:00:00Z"
