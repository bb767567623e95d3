"""The OpenAPI document: valid, complete, and the same for every address."""

import json
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

HTTP = ("get", "post")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    from inventory_site.documentation import schema_text

    return json.loads(schema_text())


@pytest.fixture
def operations(document) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": told
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in HTTP
    }


@pytest.fixture
def writing(operations):
    return {name: told for name, told in operations.items() if name.startswith("post ")}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    return (
        set().union(*(references(inner) for inner in value)) if isinstance(value, list) else set()
    )


def test_it_is_valid_openapi(document):
    validate_schema(document)


def test_it_is_served_as_openapi_3_1(client):
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere_and_every_part_is_referred_to(document):
    kept = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "examples")
        for name in document["components"][kind]
    }
    assert references(document) - kept == set()
    assert kept - references(document) == set()


def test_every_schema_is_one_of_json_schema(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_operation_ids_are_unique_and_made_of_words(operations):
    ids = [told["operationId"] for told in operations.values()]
    assert len(ids) == len(set(ids)) > 15
    assert [name for name in ids if not name.isidentifier() or name[-1].isdigit()] == []


def test_every_operation_wants_a_key(document, operations):
    scheme = document["components"]["securitySchemes"]["ApiKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert {name: x.get("security") for name, x in operations.items()} == {
        name: [{"ApiKey": []}] for name in operations
    }


def test_every_post_wants_an_idempotency_key(writing):
    for name, told in writing.items():
        named = {parameter["name"]: parameter for parameter in told["parameters"]}
        assert named["Idempotency-Key"]["required"], name
        assert named["Idempotency-Key"]["in"] == "header", name


def test_every_operation_says_what_it_is_for(operations):
    for name, told in operations.items():
        assert told["summary"], name
        assert told["description"], name


def test_every_body_has_an_example_that_its_own_schema_takes(document, writing):
    for name, told in writing.items():
        content = told["requestBody"]["content"]["application/json"]
        validator = Draft202012Validator(content["schema"] | {"components": document["components"]})
        assert content["examples"], name
        for example in content["examples"].values():
            validator.validate(example["value"])


def test_bodies_take_no_field_that_they_do_not_name(document):
    bodies = {
        n: s for n, s in document["components"]["schemas"].items() if n.endswith("BodyRequest")
    }
    assert len(bodies) > 10
    assert [name for name, schema in bodies.items() if schema["additionalProperties"]] == []


def test_every_refusal_is_a_problem_and_the_usual_ones_are_named(operations, writing):
    for name, told in operations.items():
        refused = {status: answer for status, answer in told["responses"].items() if status >= "4"}
        usual = {"400", "401", "403", "429", "500", "503"}
        if name in writing:
            usual |= {"409", "413", "415", "422"}
        if "{" in name:
            usual.add("404")
        assert usual <= set(refused), name
        for answer in refused.values():
            assert list(answer["content"]) == ["application/problem+json"], name


def test_the_headers_of_answers_are_told(operations, writing):
    for name, told in operations.items():
        headers = {status: set(x.get("headers", ())) for status, x in told["responses"].items()}
        done = {status: found for status, found in headers.items() if status < "3"}
        assert "WWW-Authenticate" in headers["401"], name
        assert "Allow" in headers["405"], name
        assert "Retry-After" in headers["429"] & headers["503"], name
        assert all({"RateLimit", "RateLimit-Policy"} <= found for found in done.values()), name
        assert all("ETag" in found for found in done.values()) == ("304" in headers), name
        assert all("Idempotent-Replay" in found for found in done.values()) == (name in writing)
    located = [
        name
        for name, told in writing.items()
        if any("Location" in x.get("headers", ()) for x in told["responses"].values())
    ]
    assert located == ["post /api/v1/orders", "post /api/v1/reservations"]


def test_a_problem_says_what_each_of_its_faults_has(document):
    problem = document["components"]["schemas"]["Problem"]["properties"]["errors"]
    fault = document["components"]["schemas"][problem["items"]["$ref"].rpartition("/")[2]]
    assert fault["required"] == ["pointer"]
    assert {"sku", "requested", "available", "next_inbound", "held"} <= set(fault["properties"])
