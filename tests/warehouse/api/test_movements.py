"""Receipts, returns, transfers, adjustments, damages and counts over HTTP."""

import pytest

from tests.factories import counters, do, stock
from warehouse.errors import TooLarge
from warehouse.lines import ExpectedLine, ReserveLine
from warehouse.services.inbound import expect
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

PLACE = {"sku": "A", "warehouse": "MAIN"}


def test_each_movement_answers_with_the_levels_that_resulted(shop):
    stock({("A", "MAIN"): 10, ("A", "EAST"): 0})
    moves = [
        ("/receipts", {"lines": [PLACE | {"bin": "A-01-01", "quantity": 5}]}, (15, 0, 0, 0)),
        ("/returns", {"lines": [PLACE | {"quantity": 1, "disposition": "restock"}]}, (16, 0, 0, 0)),
        ("/returns", {"lines": [PLACE | {"quantity": 2, "disposition": "quarantine"}]}, (18, 0, 2, 0)),
        ("/returns", {"lines": [PLACE | {"quantity": 3, "disposition": "scrap"}]}, (18, 0, 2, 0)),
        ("/adjustments", {"reason": "found", "lines": [PLACE | {"delta": 2}]}, (20, 0, 2, 0)),
        (
            "/adjustments",
            {"reason": "recount", "lines": [PLACE | {"set_to": 19, "expected_on_hand": 20}]},
            (19, 0, 2, 0),
        ),
        ("/damages", {"reason": "wet", "lines": [PLACE | {"quantity": 4}]}, (15, 0, 2, 0)),
        ("/counts", {"lines": [PLACE | {"bin": "A-01-01", "counted": 12}]}, (14, 0, 2, 0)),
    ]  # fmt: skip
    for number, (path, body, expected) in enumerate(moves):
        answer = shop.post(path, {"reference": f"M{number}"} | body)
        assert answer.status_code == 201, answer.json()
        (level,) = answer.json()["levels"]
        assert counters("A") == expected
        assert (level["on_hand"], level["unsellable"]) == (expected[0], expected[2])


def test_a_transfer_is_dispatched_and_received_under_its_reference(shop):
    stock({("A", "MAIN"): 10, ("A", "EAST"): 0})
    body = {
        "reference": "T", "from_warehouse": "MAIN", "to_warehouse": "EAST", "mode": "dispatch",
        "lines": [{"sku": "A", "quantity": 4}], "expected_at": "2026-12-01T08:00:00Z",
    }  # fmt: skip
    assert shop.post("/transfers", body).status_code == 201
    assert (counters("A"), counters("A", "EAST")) == ((6, 0, 0, 0), (0, 0, 0, 4))
    east = {"sku": "A", "warehouse": "EAST"}
    more = shop.post("/receipts", {"reference": "T", "lines": [east | {"quantity": 5}]})
    assert (more.status_code, more.json()["code"]) == (409, "over_receipt")
    shop.post("/receipts", {"reference": "T", "lines": [east | {"quantity": 4}]})
    assert counters("A", "EAST") == (4, 0, 0, 0)


def test_a_set_without_the_quantity_it_replaces_or_with_a_wrong_one_is_refused(shop):
    stock({("A", "MAIN"): 10})
    body = {"reference": "S", "reason": "x", "lines": [PLACE | {"set_to": 3}]}
    blind = shop.post("/adjustments", body)
    assert (blind.status_code, blind.json()["code"]) == (422, "invalid_lines")
    body["lines"] = [PLACE | {"set_to": 3, "expected_on_hand": 9}]
    stale = shop.post("/adjustments", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "stock_changed")
    assert (
        stale.json()["errors"][0] | {"pointer": "/lines/0", "on_hand": 10}
        == (stale.json()["errors"][0])
    )


def test_a_difference_that_names_what_it_saw_is_refused_where_that_has_changed(shop):
    stock({("A", "MAIN"): 10})
    line = PLACE | {"delta": 3}
    body = {"reference": "S", "reason": "x", "lines": [line | {"expected_on_hand": 9}]}
    stale = shop.post("/adjustments", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "stock_changed")
    assert stale.json()["errors"][0]["on_hand"] == 10
    assert counters("A") == (10, 0, 0, 0)
    body["lines"] = [line | {"expected_on_hand": 10}]
    assert shop.post("/adjustments", body).status_code == 201
    assert counters("A") == (13, 0, 0, 0)


def test_a_count_below_what_is_promised_names_the_orders_it_hurts(shop):
    stock({("A", "MAIN"): 10})
    do(reserve, reference="OLD", lines=[ReserveLine("A", 4)])
    do(reserve, reference="NEW", lines=[ReserveLine("A", 4)])
    body = {"reference": "C", "lines": [PLACE | {"counted": 5}]}
    answer = shop.post("/counts", body).json()
    assert answer["affected"] == [
        {"reference": "NEW", "sku": "A", "warehouse": "MAIN", "resourced": 0, "backordered": 3}
    ]
    filled = shop.post("/receipts", {"reference": "P", "lines": [PLACE | {"quantity": 9}]}).json()
    assert filled["filled"][0]["reference"] == "NEW"
    assert counters("A") == (14, 8, 0, 0)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/damages", {"reason": "x", "lines": [PLACE | {"quantity": 11}]}, 409, "not_enough_to_take"),
        ("/damages", {"reason": " ", "lines": [PLACE | {"quantity": 1}]}, 422, "invalid_request"),
        ("/receipts", {"lines": [PLACE | {"quantity": 1, "bin": "Z-99"}]}, 422, "unknown_bin"),
        ("/receipts", {"lines": [{"sku": "A", "warehouse": "X", "quantity": 1}]}, 422, "unknown_warehouse"),
        ("/adjustments", {"reason": "x", "lines": [PLACE | {"delta": 0}]}, 422, "invalid_lines"),
        ("/counts", {"lines": [PLACE | {"counted": -1}]}, 422, "invalid_request"),
        ("/returns", {"lines": [PLACE | {"quantity": 1, "disposition": "eat"}]}, 422, "invalid_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(shop, path, body, status, code):
    stock({("A", "MAIN"): 10})
    answer = shop.post(path, {"reference": "R"} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert counters("A") == (10, 0, 0, 0)


WAY = {"reference": "T", "from_warehouse": "MAIN", "to_warehouse": "EAST"}
MOST = 10_000_000


@pytest.mark.parametrize("mode", ["immediate", "dispatch"])
@pytest.mark.parametrize(
    ("lines", "code", "errors"),
    [
        ([{"sku": "NOPE"}], "unknown_sku", [{"pointer": "/lines/0", "sku": "NOPE"}]),
        (
            [{"sku": "A"}, {"sku": "NOPE"}, {"sku": "A"}, {"sku": "nope"}],
            "unknown_sku",
            [{"pointer": "/lines/1", "sku": "NOPE"}, {"pointer": "/lines/3", "sku": "NOPE"}],
        ),
        (
            [{"sku": "A"}, {"sku": "A", "to_bin": "Z-99"}],
            "unknown_bin",
            [{"pointer": "/lines/1", "warehouse": "EAST", "bin": "Z-99"}],
        ),
        (
            [{"sku": "A", "from_bin": "Z-98", "to_bin": "Z-99"}],
            "unknown_bin",
            [
                {"pointer": "/lines/0", "warehouse": "MAIN", "bin": "Z-98"},
                {"pointer": "/lines/0", "warehouse": "EAST", "bin": "Z-99"},
            ],
        ),
    ],
)
def test_a_transfer_points_at_the_line_at_fault_once(shop, mode, lines, code, errors):
    stock({("A", "MAIN"): 10, ("A", "EAST"): 0})
    body = WAY | {"mode": mode, "lines": [{"quantity": 1} | line for line in lines]}
    answer = shop.post("/transfers", body).json()
    assert (answer["code"], answer["errors"]) == (code, errors)


def test_what_would_be_expected_beyond_measure_is_named_by_its_line():
    stock({("A", "MAIN"): 0, ("B", "MAIN"): 0})
    lines = [ExpectedLine("A", "MAIN", 1), ExpectedLine("A", "MAIN", 1)]
    lines += [ExpectedLine("B", "MAIN", MOST)] * 101
    with pytest.raises(TooLarge) as refusal:
        do(expect, reference="PO", lines=lines, expected_at=None)
    assert refusal.value.items == [{"line": 102, "sku": "B", "warehouse": "MAIN"}]


def test_a_dispatched_transfer_that_was_lost_is_cancelled(shop):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 0})
    sent = {"from_warehouse": "MAIN", "to_warehouse": "EAST", "mode": "dispatch"}
    shop.post("/transfers", sent | {"reference": "T/1", "lines": [{"sku": "A", "quantity": 3}]})
    body = {"outcome": "lost", "reason": "robbed"}
    answer = shop.post("/transfers/T%2F1/cancel", body, key="once")
    assert answer.status_code == 200
    assert {x["warehouse"]: x["inbound"] for x in answer.json()["levels"]} == {"MAIN": 0, "EAST": 0}
    assert shop.post("/transfers/T%2F1/cancel", body, key="once").json() == answer.json()
    again = shop.post("/transfers/T%2F1/cancel", body)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_expected")
    assert counters("A") == (2, 0, 0, 0)


def test_notes_are_taken_and_told(shop):
    stock({("A", "MAIN"): 5})
    body = {"reference": "D", "reason": "wet", "notes": "roof", "lines": [PLACE | {"quantity": 1}]}
    assert shop.post("/damages", body).status_code == 201
    (moved,) = shop.get("/movements?reference=D").json()["movements"]
    assert (moved["reason"], moved["notes"]) == ("wet", "roof")
