"""Changes within v1 only add. RECORD=1 writes down what is added, once nothing is broken."""

import json
import os
from copy import deepcopy
from typing import Any

import pytest

from inventory_site.documentation import schema_text
from tests.site.contract import PLACE, broken, in_lines, without_words

HINT = "something was added to the API: `make contract` writes it down"


@pytest.fixture
def now() -> dict[str, Any]:
    return without_words(json.loads(schema_text()))


def test_nothing_that_was_published_is_broken(now):
    assert broken(json.loads(PLACE.read_text()), now) == []


def test_what_was_added_is_written_down(now):
    if os.environ.get("RECORD"):
        assert not PLACE.exists() or broken(json.loads(PLACE.read_text()), now) == []
        PLACE.write_text(in_lines(now))
    assert json.loads(PLACE.read_text()) == now, HINT


def _operation(document, method="post", path="reservations"):
    return document["paths"][f"/api/v1/{path}"][method]


def _schema(document, name):
    return document["components"]["schemas"][name]


def _breaks():
    def gone(document):
        del document["paths"]["/api/v1/stock/{sku}"]

    def fewer_methods(document):
        del document["paths"]["/api/v1/orders"]["post"]

    def fewer_answers(document):
        del _operation(document)["responses"]["200"]

    def no_header(document):
        del _operation(document)["responses"]["201"]["headers"]["Location"]

    def no_parameter(document):
        _operation(document, "get", "movements")["parameters"].pop()

    def new_need(document):
        new = {"in": "query", "name": "region", "required": True, "schema": {"type": "string"}}
        _operation(document, "get", "products")["parameters"].append(new)

    def less_told(document):
        del _schema(document, "LevelShape")["properties"]["bin"]

    def maybe_missing(document):
        _schema(document, "StockShape")["required"].remove("on_hand")

    def maybe_null(document):
        _schema(document, "StockShape")["properties"]["on_hand"]["type"] = ["integer", "null"]

    def no_longer_taken(document):
        del _schema(document, "ReservationBodyRequest")["properties"]["backorder"]

    def needed(document):
        _schema(document, "ReservationBodyRequest")["required"].append("strategy")

    def fewer_choices(document):
        _schema(document, "StrategyEnum")["enum"].pop()

    def fewer_lines(document):
        _schema(document, "ReservationBodyRequest")["properties"]["lines"]["maxItems"] -= 1

    def never_null(document):
        _schema(document, "ReservationBodyRequest")["properties"]["expires_in"]["type"] = "integer"

    def other_default(document):
        _schema(document, "ReservationBodyRequest")["properties"]["allow_partial"]["default"] = True

    def other_name(document):
        _operation(document)["operationId"] = "reserve"

    return [x for x in locals().values() if callable(x)]


@pytest.mark.parametrize("change", _breaks(), ids=lambda change: change.__name__)
def test_what_breaks_a_client_is_found(now, change):
    changed = deepcopy(now)
    change(changed)
    assert broken(now, changed) != []


def test_what_is_added_breaks_nothing(now):
    more = deepcopy(now)
    more["paths"]["/api/v1/new"] = more["paths"]["/api/v1/products"]
    _operation(more)["responses"]["418"] = {}
    _operation(more)["responses"]["201"]["headers"]["Link"] = {"schema": {"type": "string"}}
    _operation(more)["parameters"].append({"in": "query", "name": "x", "schema": {}})
    body = _schema(more, "ReservationBodyRequest")["properties"]
    body |= {"region": {"type": "string"}}
    body["lines"]["maxItems"] += 1
    _schema(more, "StrategyEnum")["enum"].append("nearest")
    _schema(more, "StockShape")["properties"]["colour"] = {"type": "string"}
    assert broken(now, more) == []
