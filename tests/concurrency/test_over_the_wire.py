"""Requests as they come over the wire, to a real gunicorn: in chunks, broken off, with long addresses."""

import http.client
import json
import socket
import uuid
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.concurrency.clients import environment
from tests.concurrency.site import Site, gunicorn, new_key
from tests.factories import counters, stock

HELD = {"reference": "R", "lines": [{"sku": "A", "quantity": 10}]}
ONE = b'{"lines": [{"sku": "A", "quantity": 1}]}'


@pytest.fixture(scope="module")
def port(django_db_setup):
    with gunicorn(environment()) as port:
        yield port


@pytest.fixture
def site(committed_db, valkey, port):
    stock({("A", "MAIN"): 100})
    site = Site(port, new_key())
    assert site.post("/reservations", HELD).status == 201
    return site


def headers(site, **more):
    told = {"Authorization": f"Api-Key {site.secret}", "Idempotency-Key": uuid.uuid4().hex}
    return told | {"Content-Type": "application/json"} | more


def in_chunks(site, path, parts):
    """Status and answer of a POST whose body has no length, as any iterator of a client has none."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("POST", f"/api/v1{path}", iter(parts), headers(site), encode_chunked=True)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def raw(site, path, rest, **more):
    """What is answered to a request whose client says nothing more after `rest`."""
    lines = [f"POST /api/v1{path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers(site, **more).items()]
    with socket.create_connection(("127.0.0.1", site.port), 30) as wire:
        wire.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + rest)
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode()


@pytest.mark.parametrize(("step", "left"), [("ship", (99, 9, 0, 0)), ("release", (100, 9, 0, 0))])
def test_a_part_that_comes_in_chunks_stays_a_part(site, step, left):
    status, told = in_chunks(site, f"/reservations/R/{step}", [ONE[:9], ONE[9:]])
    assert (status, told["status"]) == (200, "active")
    assert counters("A") == left


def test_a_body_in_chunks_is_as_good_as_any(site):
    receipt = {"reference": "P", "lines": [{"sku": "A", "warehouse": "MAIN", "quantity": 3}]}
    body = json.dumps(receipt).encode()
    assert in_chunks(site, "/receipts", [bytes([one]) for one in body])[0] == 201
    order = json.dumps(HELD | {"reference": "S"}).encode()
    assert in_chunks(site, "/reservations", [order])[0] == 201
    assert in_chunks(site, "/reservations/S/release", [])[1]["status"] == "released"
    assert counters("A") == (103, 10, 0, 0)


def test_a_body_in_chunks_is_limited_too(site):
    status, told = in_chunks(
        site, "/receipts", [b" " * 65536] * (settings.API_BODY_LIMIT // 65536 + 1)
    )
    assert (status, told["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("rest", "more"),
    [
        (b"", {"Content-Length": len(ONE)}),
        (b"  ", {"Content-Length": len(ONE)}),
        (b"", {"Transfer-Encoding": "chunked"}),
        (b"2\r\n{}", {"Transfer-Encoding": "chunked"}),
        (b"x\r\n", {"Transfer-Encoding": "chunked"}),
    ],
)
def test_a_body_that_breaks_off_is_never_taken_for_an_empty_one(site, rest, more):
    answer = raw(site, "/reservations/R/release", rest, **more)
    assert counters("A") == (100, 10, 0, 0), answer
    assert answer.startswith("HTTP/1.1 400 ")


def test_200_skus_of_64_percent_encoded_characters_fit_into_an_address(site):
    skus = [f"{n:03}" + "#" * 61 for n in range(200)]
    stock({(sku, "MAIN"): 0 for sku in skus})
    answer = site.get("/stock?" + urlencode([("sku", sku) for sku in skus]))
    assert answer.status == 200, answer.body[:200]
    assert [one["sku"] for one in answer.json()["stock"]] == skus
    assert site.get("/stock?sku=" + "A" * 50_000).status == 414
