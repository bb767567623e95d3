"""Of a request with several lines, every line that is at fault is named at once."""

import pytest

from tests.factories import counters, do, stock, warehouse
from warehouse.lines import ReserveLine
from warehouse.models import Bin
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

MAIN = {"warehouse": "MAIN"}
WHY = {"reference": "X", "reason": "x"}


def line(sku, quantity, **more):
    return {"sku": sku, "quantity": quantity} | more


@pytest.fixture
def held(shop):
    """Of A, B and C ten each, of which R holds three."""
    stock({(sku, "MAIN"): 10 for sku in "ABC"})
    warehouse("EAST")
    Bin.objects.create(warehouse=warehouse(), code="B-01", kind="pick")
    do(reserve, reference="R", lines=[ReserveLine(sku, 3) for sku in "ABC"])
    return shop


TOO_MANY = [line("A", 1, **MAIN), line("B", 99, **MAIN), line("C", 99, **MAIN)]


def of_main(**fields):
    """A line of MAIN for each of A, B and C, with the fields' values in their order."""
    each = zip(*fields.values(), strict=True)
    return [
        {"sku": s, **MAIN, **dict(zip(fields, v, strict=True))}
        for s, v in zip("ABC", each, strict=True)
    ]


SEEN = {"delta": (1, 1, 1), "expected_on_hand": (10, 9, 9)}
BACK = {"quantity": (1, 1, 1), "bin": ("QUARANTINE", "A-01-01", "A-01-01")}
AWAY = [line("A", 1), line("B", 2, from_bin="B-01"), line("C", 2, from_bin="B-01")]
MOVE = [
    line("A", 1, from_bin="A-01-01", to_bin="B-01"),
    line("B", 2),
    line("C", 2, from_bin="B-01", to_bin="b-01"),
]
EAST = {"reference": "X", "from_warehouse": "MAIN", "to_warehouse": "EAST"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/reservations/R/ship", {"lines": TOO_MANY}, "not_reserved"),
        ("/reservations/R/release", {"lines": TOO_MANY}, "not_reserved"),
        ("/damages", WHY | {"lines": TOO_MANY}, "not_enough_to_take"),
        ("/adjustments", WHY | {"lines": of_main(delta=(-1, -99, -99))}, "not_enough_to_take"),
        ("/adjustments", WHY | {"lines": of_main(**SEEN)}, "stock_changed"),
        (
            "/returns",
            {"reference": "X", "lines": of_main(**BACK, disposition=["quarantine"] * 3)},
            "wrong_bin_kind",
        ),
        ("/transfers", EAST | {"lines": AWAY}, "not_enough_in_bin"),
        ("/transfers", EAST | {"to_warehouse": "MAIN", "lines": MOVE}, "invalid_lines"),
    ],
)
def test_each_line_is_named_and_nothing_is_done(held, path, body, code):
    answer = held.post(path, body)
    told = answer.json()
    assert told["code"] == code
    assert [error["pointer"] for error in told["errors"]] == ["/lines/1", "/lines/2"]
    assert all("code" not in error for error in told["errors"])
    assert counters("A") == (10, 3, 0, 0)


def test_a_line_at_fault_in_another_way_says_in_which(held):
    lines = [line("A", 99), line("B", 1, bin="B-01"), line("C", 1), line("C", 1, bin="Z-99")]
    told = held.post("/reservations/R/ship", {"lines": lines}).json()
    assert told["code"] == "not_reserved"
    codes = [(error["pointer"], error.get("code")) for error in told["errors"]]
    assert codes == [
        ("/lines/0", None),
        ("/lines/1", "not_enough_in_bin"),
        ("/lines/3", "unknown_bin"),
    ]
    assert "R holds 3 of A, not 99." in told["detail"]
    assert "There is no bin Z-99 in MAIN." in told["detail"]


def test_a_line_that_finds_too_little_leaves_it_to_the_next(held):
    back = line("A", 10, **MAIN, disposition="quarantine")
    held.post("/returns", {"reference": "Q", "lines": [back]})
    lines = [line("A", 11, **MAIN), line("A", 9, **MAIN)]  # of the 20, ten are in pick bins
    told = held.post("/damages", WHY | {"lines": lines}).json()
    assert [error["pointer"] for error in told["errors"]] == ["/lines/0"]


def test_what_is_unknown_is_told_whichever_kind_it_is_of(held):
    lines = [
        line("NOPE", 1, **MAIN),
        line("A", 1, warehouse="MOON"),
        line("B", 1, **MAIN, bin="Z-99"),
    ]
    told = held.post("/receipts", {"reference": "X", "lines": lines}).json()
    assert told["code"] == "unknown_sku"
    assert told["errors"] == [
        {"pointer": "/lines/0", "sku": "NOPE"},
        {"pointer": "/lines/1", "warehouse": "MOON", "code": "unknown_warehouse"},
        {"pointer": "/lines/2", "warehouse": "MAIN", "bin": "Z-99", "code": "unknown_bin"},
    ]


def test_to_ship_from_a_bin_that_does_not_exist_is_refused_as_that(held):
    body = {"lines": [line("A", 1, bin=" z-99 ")]}
    answer = held.post("/reservations/R/ship", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_bin")
    empty = held.post("/reservations/R/ship", {"lines": [line("A", 1, bin="b-01")]})
    assert (empty.status_code, empty.json()["code"]) == (409, "not_enough_in_bin")


def test_a_sku_that_comes_to_too_much_is_named_at_its_first_line(held):
    lines = [line("A", 1), line("A", 1), line("B", 10_000_000), line("b", 1)]
    told = held.post("/reservations", {"reference": "S", "lines": lines}).json()
    assert told["code"] == "quantity_too_large"
    assert [(error["pointer"], error["sku"]) for error in told["errors"]] == [("/lines/2", "B")]


def test_a_set_without_what_it_replaces_is_named_at_that_field(held):
    lines = [{"sku": sku, **MAIN, "set_to": 1} for sku in "AB"]
    told = held.post("/adjustments", WHY | {"lines": lines}).json()
    assert told["code"] == "invalid_lines"
    pointers = [error["pointer"] for error in told["errors"]]
    assert pointers == ["/lines/0/expected_on_hand", "/lines/1/expected_on_hand"]


def test_an_order_names_each_line_that_cannot_leave(held):
    lines = [line("A", 1), line("B", 1), line("C", 1)]
    assert held.post("/orders", {"reference": "O", "lines": lines}).status_code == 201
    wanted = [line("A", 1), line("B", 2), line("NOPE", 1), line("C", 2)]
    told = held.post("/orders/O/ship", {"lines": wanted}).json()
    codes = [(error["pointer"], error.get("code", told["code"])) for error in told["errors"]]
    assert codes == [
        ("/lines/1", "not_reserved"),
        ("/lines/2", "not_on_order"),
        ("/lines/3", "not_reserved"),
    ]
