"""Reservations over HTTP, in the shapes that clients rely on."""

from hashlib import sha256

import pytest

from tests.factories import counters, do, item, stock
from warehouse.lines import ExpectedLine
from warehouse.models import LostDemand, Product, Reservation
from warehouse.services.inbound import expect

pytestmark = pytest.mark.django_db

ORDER = {"reference": "ORDER-1001", "lines": [{"sku": "85123A", "quantity": 2}], "expires_in": 900}


def test_reserve_answers_in_the_promised_shape(shop):
    stock({("85123A", "MAIN"): 5})
    answer = shop.post("/reservations", ORDER)
    assert answer.status_code == 201
    assert answer["Location"] == "/api/v1/reservations/ORDER-1001"
    body = answer.json()
    assert body["expires_at"].endswith("Z")
    assert body | {"expires_at": None} == {
        "reference": "ORDER-1001",
        "status": "active",
        "expires_at": None,
        "lines": [
            {
                "sku": "85123A", "warehouse": "MAIN", "quantity": 2, "shipped": 0, "released": 0,
                "backordered": 0,
            }
        ],
        "short": [],
    }  # fmt: skip
    assert shop.get("/reservations/ORDER-1001").json() == body


def test_the_same_request_again_is_200_and_another_one_409(shop):
    stock({("85123A", "MAIN"): 5})
    shop.post("/reservations", ORDER)
    again = shop.post("/reservations", ORDER)
    assert again.status_code == 200
    other = shop.post("/reservations", ORDER | {"lines": [{"sku": "85123A", "quantity": 1}]})
    assert (other.status_code, other.json()["code"]) == (409, "reference_conflict")
    assert counters("85123A") == (5, 2, 0, 0)


def test_another_expiry_is_another_request(shop):
    stock({("A", "MAIN"): 5})
    order = {"reference": "O", "lines": [{"sku": "A", "quantity": 2}], "expires_in": 900}
    shop.post("/reservations", order)
    for other in (60, None):
        answer = shop.post("/reservations", order | {"expires_in": other})
        assert (answer.status_code, answer.json()["code"]) == (409, "reference_conflict")
    twice = {
        "reservations": [order | {"reference": "T"}, order | {"reference": "T", "expires_in": 60}]
    }
    results = shop.post("/reservations/batch", twice).json()["results"]
    assert [result["status"] for result in results] == [201, 409]
    assert shop.post("/reservations", order).status_code == 200


def test_a_reservation_of_an_earlier_version_is_known_again(shop):
    stock({("A", "MAIN"): 5})
    order = {"reference": "O", "lines": [{"sku": "A", "quantity": 2}], "expires_in": 900}
    shop.post("/reservations", order)
    told = ([("A", 2)], None, "most_available", False, False)
    Reservation.objects.update(fingerprint=sha256(repr(told).encode()).hexdigest())
    assert shop.post("/reservations", order).status_code == 200
    other = shop.post("/reservations", order | {"lines": [{"sku": "A", "quantity": 1}]})
    assert other.json()["code"] == "reference_conflict"


def test_what_is_short_is_named_line_by_line_and_recorded(shop):
    stock({("A", "MAIN"): 1, ("B", "MAIN"): 9, ("C", "MAIN"): 0})
    do(expect, reference="PO", lines=[ExpectedLine("C", "MAIN", 5)], expected_at=None)
    lines = [{"sku": "B", "quantity": 2}, {"sku": "A", "quantity": 2}, {"sku": "C", "quantity": 1}]
    answer = shop.post("/reservations", {"reference": "O", "lines": lines})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["status"]) == ("insufficient_stock", 409)
    assert body["request_id"]
    told = [(e["pointer"], e["sku"], e["requested"], e["available"]) for e in body["errors"]]
    assert told == [("/lines/1", "A", 2, 1), ("/lines/2", "C", 1, 0)]
    assert body["errors"][0]["next_inbound"] is None
    assert body["errors"][0]["held"] == [{"warehouse": "MAIN", "on_hand": 1, "available": 1}]
    assert set(LostDemand.objects.values_list("product__sku", flat=True)) == {"A", "C"}
    assert counters("B") == (9, 0, 0, 0)


def test_what_is_not_sold_any_more_is_refused_as_that_and_is_no_lost_demand(shop):
    stock({(sku, "MAIN"): 9 for sku in "ABC"})
    Product.objects.filter(sku__in="BC").update(active=False)
    lines = [{"sku": sku, "quantity": 2} for sku in ("B", "A", "C")]
    for more in ({}, {"backorder": True}):
        answer = shop.post("/reservations", {"reference": "O", "lines": lines} | more)
        assert (answer.status_code, answer.json()["code"]) == (409, "product_inactive")
        told = [(error["pointer"], error["sku"]) for error in answer.json()["errors"]]
        assert told == [("/lines/0", "B"), ("/lines/2", "C")]
    assert not LostDemand.objects.exists()
    assert counters("A") == (9, 0, 0, 0)


def test_partial_reservations_say_what_is_missing(shop):
    stock({("A", "MAIN"): 1})
    order = {"reference": "O", "lines": [{"sku": "A", "quantity": 3}], "allow_partial": True}
    order["expires_in"] = 60
    body = shop.post("/reservations", order).json()
    assert body["lines"][0]["quantity"] == 1
    assert body["short"] == [{"sku": "A", "requested": 3, "available": 1}]
    assert shop.get("/reservations/O").json() == body
    for step, sent in (("extend", {"expires_in": 30}), ("ship", {})):
        assert "short" not in shop.post(f"/reservations/O/{step}", sent).json()  # not read again
    assert shop.get("/reservations/O").json()["short"] == body["short"]


@pytest.mark.parametrize("batch", [False, True])
def test_a_part_of_an_order_that_names_an_unknown_sku_is_not_granted(shop, batch):
    stock({("A", "MAIN"): 2})
    lines = [{"sku": "A", "quantity": 1}, {"sku": "NOPE", "quantity": 2}]
    orders = [{"reference": "O", "lines": lines, "allow_partial": True}]
    for _again in range(2):
        if batch:
            other = {"reference": "P", "lines": [{"sku": "A", "quantity": 2}]}
            results = shop.post("/reservations/batch", {"reservations": [*orders, other]}).json()
            problem, status = results["results"][0]["problem"], results["results"][1]["status"]
            assert status in (200, 201)
        else:
            problem = shop.post("/reservations", orders[0]).json()
        assert (problem["code"], problem["errors"][0]["sku"]) == ("unknown_sku", "NOPE")
    assert not LostDemand.objects.exists()
    assert counters("A") == (2, 2 if batch else 0, 0, 0)


def test_unknown_skus_and_warehouses_are_named(shop):
    stock({("A", "MAIN"): 1})
    lines = [{"sku": "A", "quantity": 1}, {"sku": "NOPE", "quantity": 1}]
    unknown = shop.post("/reservations", {"reference": "O", "lines": lines})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_sku")
    assert unknown.json()["errors"] == [{"pointer": "/lines/1", "sku": "NOPE"}]
    elsewhere = {"reference": "O", "lines": lines[:1], "warehouse": "MOON"}
    answer = shop.post("/reservations", elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_warehouse")
    assert shop.get("/reservations/NEVER").json()["code"] == "reservation_not_found"


def test_extend_release_and_ship(shop):
    stock({("A", "MAIN"): 10})
    order = {"reference": "O 1/x", "lines": [{"sku": "A", "quantity": 6}], "expires_in": 60}
    created = shop.post("/reservations", order | {"reference": "O-1"}).json()
    later = shop.post("/reservations/O-1/extend", {"expires_in": 9000}).json()
    assert later["expires_at"] > created["expires_at"]
    part = shop.post("/reservations/O-1/release", {"lines": [{"sku": "A", "quantity": 1}]}).json()
    assert part["lines"][0]["released"] == 1
    ship = {"lines": [{"sku": "A", "warehouse": "MAIN", "quantity": 2, "bin": "A-01-01"}]}
    assert shop.post("/reservations/O-1/ship", ship).json()["status"] == "active"
    done = shop.post("/reservations/O-1/ship").json()
    assert (done["status"], done["lines"][0]["shipped"]) == ("fulfilled", 5)
    closed = shop.post("/reservations/O-1/release")
    assert (closed.status_code, closed.json()["code"]) == (409, "reservation_closed")
    assert counters("A") == (5, 0, 0, 0)


def test_a_batch_has_a_result_for_each_order(shop):
    stock({("A", "MAIN"): 3})
    orders = [
        {"reference": f"B{n}", "lines": [{"sku": "A", "quantity": quantity}]}
        for n, quantity in enumerate((2, 2, 1))
    ]
    answer = shop.post("/reservations/batch", {"reservations": orders})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(r["reference"], r["status"]) for r in results] == [
        ("B0", 201), ("B1", 409), ("B2", 201),
    ]  # fmt: skip
    assert results[0]["reservation"]["status"] == "active"
    assert results[1]["problem"]["code"] == "insufficient_stock"
    assert counters("A") == (3, 3, 0, 0)


def test_a_batch_has_no_more_lines_than_one_lock_should_hold(shop):
    stock({("A", "MAIN"): 5})
    lines = [{"sku": "A", "quantity": 1}] * 501
    for path, orders in (("/reservations/batch", "reservations"), ("/orders/batch", "orders")):
        body = {orders: [{"reference": f"B{n}", "lines": lines} for n in range(20)]}
        answer = shop.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_lines")
        assert "10020" in answer.json()["detail"]
    assert counters("A") == (5, 0, 0, 0)


def test_a_warehouse_limit_sources_only_from_there_and_hides_the_rest(shop, new_shop):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    east = new_shop(warehouses=["EAST"])
    order = {"reference": "E", "lines": [{"sku": "A", "quantity": 6}]}
    assert east.post("/reservations", order).json()["errors"][0]["available"] == 5
    named = east.post("/reservations", order | {"warehouse": "MAIN"})
    assert (named.status_code, named.json()["code"]) == (403, "warehouse_not_allowed")
    shop.post("/reservations", {"reference": "M", "lines": order["lines"]})
    for answer in (east.get("/reservations/M"), east.post("/reservations/M/release")):
        assert (answer.status_code, answer.json()["code"]) == (403, "warehouse_not_allowed")
    assert item("A", "MAIN").reserved + item("A", "EAST").reserved == 6


def test_a_reservation_that_did_not_change_is_304(shop):
    stock({("A", "MAIN"): 3})
    shop.post("/reservations", {"reference": "O", "lines": [{"sku": "A", "quantity": 1}]})
    tag = shop.get("/reservations/O")["ETag"]
    assert shop.get("/reservations/O", **{"If-None-Match": tag}).status_code == 304
    shop.post("/reservations/O/ship")
    assert shop.get("/reservations/O", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("reference", ["2026/1001", "a b/%41?c#d", "ship", "Größe/ship/1"])
def test_a_reference_may_hold_a_slash(shop, reference):
    stock({("A", "MAIN"): 5})
    made = shop.post(
        "/reservations",
        {"reference": reference, "lines": [{"sku": "A", "quantity": 3}], "expires_in": 60},
    )
    address = made["Location"].removeprefix("/api/v1")
    assert shop.get(address).json()["reference"] == reference
    assert shop.post(f"{address}/extend", {"expires_in": 60}).status_code == 200
    part = {"lines": [{"sku": "A", "quantity": 1}]}
    assert shop.post(f"{address}/ship", part).json()["lines"][0]["shipped"] == 1
    assert shop.post(f"{address}/release").json()["status"] == "released"


def test_what_is_not_there_yet_is_promised_where_the_order_may_wait(shop):
    stock({("A", "MAIN"): 1})
    order = {"reference": "O", "lines": [{"sku": "A", "quantity": 3}], "backorder": True}
    made = shop.post("/reservations", order)
    assert (made.status_code, made.json()["lines"][0]["backordered"]) == (201, 2)
    again = shop.post("/reservations", order)
    assert (again.status_code, again.json()) == (200, made.json())
    other = shop.post("/reservations", order | {"backorder": False})
    assert (other.status_code, other.json()["code"]) == (409, "reference_conflict")
    never = order | {"reference": "N", "lines": [{"sku": "NONE", "quantity": 1}]}
    assert shop.post("/reservations", never).json()["code"] == "unknown_sku"


def test_a_partial_reservation_is_answered_again_as_it_was(shop):
    stock({("A", "MAIN"): 3})
    order = {"reference": "O", "lines": [{"sku": "A", "quantity": 5}], "allow_partial": True}
    first = shop.post("/reservations", order)
    stock({("A", "MAIN"): 9})
    again = shop.post("/reservations", order)
    assert (again.status_code, again.json()) == (200, first.json())
    assert LostDemand.objects.get().available == 3
