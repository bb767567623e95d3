"""Whatever is sent, the answer is a problem with a code, never a 5xx, and nothing has changed."""

import pytest
from django.test import Client

from tests.factories import counters, stock

pytestmark = pytest.mark.django_db

GOOD = {"reference": "R", "lines": [{"sku": "A", "quantity": 1}]}


def lines(**fields):
    return GOOD | {"lines": [GOOD["lines"][0] | fields]}


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "malformed", None),
        (b"\xff\xfe", 400, "malformed", None),
        (b'{"a": NaN}', 400, "malformed", None),
        (b'{"reference": "R", "reference": "S"}', 400, "malformed", None),
        (b'{"reference": "\\ud800"}', 400, "malformed", None),
        (b"[" * 100_000, 400, "malformed", None),
        (b'{"a": ' + b"9" * 5000 + b"}", 400, "malformed", None),
        ([], 422, "invalid_request", ""),
        ({}, 422, "invalid_request", "/reference"),
        (GOOD | {"colour": "red"}, 422, "invalid_request", "/colour"),
        (GOOD | {"reference": "a\u0000b"}, 422, "invalid_request", "/reference"),
        (GOOD | {"reference": "x" * 121}, 422, "invalid_request", "/reference"),
        (GOOD | {"reference": 7}, 422, "invalid_request", "/reference"),
        (GOOD | {"reference": "a\u202eb"}, 422, "invalid_reference", None),
        (GOOD | {"lines": []}, 422, "invalid_request", "/lines"),
        (GOOD | {"lines": "A"}, 422, "invalid_request", "/lines"),
        (GOOD | {"lines": [{"sku": "A", "quantity": 1}] * 1001}, 422, "invalid_request", "/lines"),
        (lines(quantity=0), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity=-1), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity=1.5), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity="1"), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity=True), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity=None), 422, "invalid_request", "/lines/0/quantity"),
        (lines(quantity=10**30), 422, "invalid_request", "/lines/0/quantity"),
        (lines(sku=""), 422, "invalid_request", "/lines/0/sku"),
        (lines(sku=None), 422, "invalid_request", "/lines/0/sku"),
        (lines(size="XL"), 422, "invalid_request", "/lines/0/size"),
        (GOOD | {"strategy": "psychic"}, 422, "invalid_request", "/strategy"),
        (GOOD | {"expires_in": 0}, 422, "invalid_request", "/expires_in"),
        (GOOD | {"expires_in": 10**9}, 422, "invalid_request", "/expires_in"),
        (GOOD | {"warehouse": "W" * 21}, 422, "invalid_request", "/warehouse"),
        (GOOD | {"allow_partial": "maybe"}, 422, "invalid_request", "/allow_partial"),
        (GOOD | {"allow_partial": "true"}, 422, "invalid_request", "/allow_partial"),
        (GOOD | {"allow_partial": 1}, 422, "invalid_request", "/allow_partial"),
    ],
)
def test_a_reservation_that_is_wrong_in_one_way(shop, body, status, code, pointer):
    stock({("A", "MAIN"): 5})
    answer = shop.post("/reservations", body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer["Content-Type"] == "application/problem+json"
    if pointer is not None:
        assert pointer in [error["pointer"] for error in told["errors"]]
    assert counters("A") == (5, 0, 0, 0)


def test_the_size_of_a_body_is_limited(shop, settings):
    answer = shop.post("/reservations", b'{"reference": "' + b"x" * settings.API_BODY_LIMIT + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_chunks_are_not_taken_from_a_server_that_does_not_say_where_they_end(shop):
    answer = shop.post("/reservations", GOOD, **{"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_only_json_is_read(shop):
    answer = shop.post("/reservations", "reference=R", **{"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_addresses_and_methods_that_do_not_exist(shop, client):
    nowhere = client.get("/api/v1/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    wrong = shop.get("/reservations")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in wrong["Allow"]


def test_too_many_requests_in_a_minute(shop, settings):
    settings.API_RATE_LIMIT = 3
    answers = [shop.get("/stock") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"default";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"default";r=2;t=')
    assert answers[3].json()["code"] == "rate_limited"
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


@pytest.mark.parametrize("path", ["/nothing", "/reservations/a%0Ab/ship", "/reservations/"])
def test_an_address_that_does_not_exist_is_a_problem_for_a_post_too(path):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/api/v1{path}", data="{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/stock/A%00B", "/reservations/A%00B", "/reservations/A%00B/ship"]
)
def test_nothing_has_a_nul_in_its_name(shop, path):
    answer = shop.post(path) if path.endswith("/ship") else shop.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_reference_is_trimmed_wherever_it_stands(shop):
    stock({("A", "MAIN"): 5})
    assert shop.post("/reservations", GOOD | {"reference": " R "}).status_code == 201
    for path in ("/reservations/R", "/reservations/%20R%20"):
        assert shop.get(path).json()["reference"] == "R"
    assert shop.post("/reservations/%20R/release").json()["status"] == "released"


@pytest.mark.parametrize("reference", ["batch", " batch ", "a/ship", "a/release", "a/b/extend"])
def test_a_reference_that_is_another_address_is_refused(shop, reference):
    stock({("A", "MAIN"): 5})
    one = shop.post("/reservations", GOOD | {"reference": reference})
    body = {"reservations": [GOOD, GOOD | {"reference": reference}]}
    two = shop.post("/reservations/batch", body)
    refused = two.json()["results"][1]
    assert (one.status_code, refused["status"], refused["reference"]) == (
        422,
        422,
        reference.strip(),
    )
    for told in (one.json(), refused["problem"]):
        assert told["code"] == "invalid_reference"
        assert told["errors"] == [{"pointer": "/reference"}]
    assert counters("A") == (5, 1, 0, 0)


BATCHES = [("reservations", "/reservations/batch"), ("orders", "/orders/batch")]


@pytest.mark.parametrize(("name", "path"), BATCHES)
def test_of_a_batch_each_that_is_not_valid_is_refused_by_itself(shop, name, path):
    stock({("A", "MAIN"): 5})
    wrong = [lines(quantity=0), {"reference": 7}, "R", lines(colour="red") | {"reference": "S"}]
    answer = shop.post(path, {name: [*wrong, GOOD]}, key="k")
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [422, 422, 422, 422, 201]
    assert [result["reference"] for result in results] == ["R", "", "", "S", "R"]
    assert {result["problem"]["code"] for result in results[:4]} == {"invalid_request"}
    told = [results[n]["problem"]["errors"][0]["pointer"] for n in range(4)]
    assert told == ["/lines/0/quantity", "/reference", "", "/lines/0/colour"]
    assert counters("A") == (5, 1, 0, 0)
    assert shop.post(path, {name: [*wrong, GOOD]}, key="k").json() == answer.json()
    (alone,) = shop.post(path, {name: wrong[:1]}).json()["results"]
    assert alone["status"] == 422


@pytest.mark.parametrize(("name", "path"), BATCHES)
@pytest.mark.parametrize("given", [[], "R", None, [GOOD] * 101])
def test_what_is_no_batch_is_refused_whole(shop, name, path, given):
    stock({("A", "MAIN"): 500})
    answer = shop.post(path, {name: given})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{name}"]
    assert counters("A") == (500, 0, 0, 0)
