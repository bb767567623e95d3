"""Little things a client runs into: names in lower case, HEAD, hosts, zones, and words that contradict."""

import pytest
from django.test import Client

from tests.factories import do, stock, warehouse
from warehouse import listings
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

ORDER = {"reference": "O", "lines": [{"sku": "A", "quantity": 1}]}


@pytest.fixture
def there(shop):
    stock({("A", "MAIN"): 10, ("A", "EAST"): 10})
    do(reserve, reference="R", lines=[ReserveLine("A", 3)])
    return shop


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/movements?sku=NOPE", 404, "sku_not_found"),
        ("/movements?warehouse=MOON", 422, "unknown_warehouse"),
        ("/bins?warehouse=MOON", 422, "unknown_warehouse"),
        ("/count-tasks?warehouse=MOON", 422, "unknown_warehouse"),
        ("/purchase-orders?warehouse=MOON", 422, "unknown_warehouse"),
        ("/return-orders?warehouse=MOON", 422, "unknown_warehouse"),
    ],
)
def test_a_list_of_what_does_not_exist_says_so(there, path, status, code):
    answer = there.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0].items() & {("sku", "NOPE"), ("warehouse", "MOON")}


def test_warehouses_are_known_in_lower_case(there):
    assert len(there.get("/movements?warehouse=main").json()["movements"]) == 1
    assert there.get("/bins?warehouse=main").json()["bins"]
    line = {"sku": "a", "warehouse": " main ", "quantity": 1}
    assert there.post("/receipts", {"reference": "P", "lines": [line]}).status_code == 201
    made = there.post("/reservations", ORDER | {"warehouse": "east"}).json()
    assert made["lines"][0]["warehouse"] == "EAST"
    part = {"lines": [{"sku": "A", "quantity": 1, "warehouse": "east"}]}
    assert there.post("/reservations/O/ship", part).json()["status"] == "fulfilled"
    assert there.post("/orders", ORDER | {"reference": "S", "warehouse": "east"}).status_code == 201


@pytest.mark.parametrize("path", ["/stock/A", "/stock", "/movements", "/reservations/R", "/orders"])
def test_what_is_read_answers_head(there, path):
    there.get(path)
    whole, head = there.get(path), there.client.head(f"/api/v1{path}", headers=there.headers)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag"):
        assert head.headers.get(name) == whole.headers.get(name)
    assert there.client.head("/api/v1/reservations", headers=there.headers).status_code == 405


POSTS = ["/reservations", "/reservations/batch", "/reservations/R/ship", "/reservations/R/extend",
         "/receipts", "/returns", "/transfers", "/adjustments", "/damages", "/counts", "/orders",
         "/orders/batch", "/count-tasks", "/purchase-orders", "/webhooks"]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("body", ['{"colour": "red"}', "{"])
def test_a_post_without_its_key_is_told_that_first(there, path, body):
    answer = there.post(path, body, **{"Idempotency-Key": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


def test_a_time_says_its_zone(there):
    body = {"reference": "T", "from_warehouse": "MAIN", "to_warehouse": "EAST"}
    body |= {"lines": ORDER["lines"], "mode": "dispatch", "expected_at": "2027-01-01T08:00:00"}
    answer = there.post("/transfers", body)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [
            {
                "pointer": "/expected_at",
                "message": "Say in which zone, such as 2026-11-23T08:00:00Z.",
            }
        ],
    )
    body["expected_at"] += "+01:00"
    assert there.post("/transfers", body).status_code == 201


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/stock?limit=1&limit=2", "The parameter limit must be given once."),
        ("/movements?from=2026-11-23T08:00:00+01:00", "a + of its zone is written %2B"),
        ("/stock/A?foo=1", "There is no parameter 'foo'; this address has none."),
        ("/reservations/R?foo=1", "this address has none"),
        ("/orders/O?foo=1", "this address has none"),
        ("/shipments/S?foo=1", "this address has none"),
        ("/purchase-orders/P?foo=1", "this address has none"),
        ("/return-orders/R?foo=1", "this address has none"),
        ("/transfer-orders/T?foo=1", "this address has none"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(there, path, words):
    answer = there.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    assert words in answer.json()["detail"]


def test_words_that_contradict_are_refused(there):
    both = there.post("/reservations", ORDER | {"allow_partial": True, "backorder": True})
    assert (both.status_code, both.json()["code"]) == (422, "invalid_lines")
    line = {"sku": "A", "warehouse": "MAIN", "delta": 1}
    why = {"reference": "X", "reason": "a\nb", "lines": [line]}
    answer = there.post("/adjustments", why)
    assert (answer.status_code, answer.json()["code"]) == (422, "reason_required")


def test_another_host_is_refused_as_a_program_can_read(settings):
    settings.ALLOWED_HOSTS, settings.DEBUG = ["shop.example"], False
    answer = Client().get("/api/v1/stock/A", headers={"Host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "unknown_host"
    page = Client().get("/floor/", headers={"Host": "evil.example"})
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_every_answer_has_the_id_of_its_request(there):
    refused = there.get("/stock/NOPE")
    assert refused["X-Request-ID"] == refused.json()["request_id"]
    assert there.get("/stock/A")["X-Request-ID"] != refused["X-Request-ID"]
    assert there.client.get("/api/v1/nowhere")["X-Request-ID"]


def test_the_newest_of_a_product_over_all_of_its_warehouses():
    stock({("A", "MAIN"): 1, ("A", "EAST"): 1, ("B", "MAIN"): 1})
    warehouse("WEST")
    for place in ("MAIN", "EAST", "WEST", "EAST", "MAIN"):
        do(receive, reference=place, lines=[PlacedLine("A", place, 1)])
    of_a = [row for row in listings.movements(limit=99) if row[2] == "A"]
    assert len(of_a) == 7
    for options in ({}, {"within": ["EAST", "WEST"]}, {"warehouse": "EAST"}, {"before": of_a[2][0]},
                    {"reference": "EAST"}, {"type": "ship"}, {"since": of_a[3][12]}):  # fmt: skip
        every = listings.movements(limit=99, **options)
        for limit in (2, 99):
            found = listings.movements(sku="A", limit=limit, **options)
            assert found == [row for row in every if row[2] == "A"][:limit]
