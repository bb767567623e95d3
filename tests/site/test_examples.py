"""The answers that the OpenAPI document shows are those that a shop gets. RECORD=1 writes them down anew."""

import json
import os
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from inventory_site.core import auth, examples
from inventory_site.documentation import schema_text
from tests.site.recorded import record, shape

HINT = "an answer has changed its shape: `make contract` records the examples anew"


@pytest.fixture
def document() -> dict[str, Any]:
    return json.loads(schema_text())


def test_every_example_has_the_shape_of_the_true_answer(committed_db, valkey, document, settings):
    auth.forget_known()
    found = record(document, settings)
    if os.environ.get("RECORD"):
        examples.PLACE.write_text(
            json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        )
        schema_text.cache_clear()
        examples._recorded.cache_clear()
    recorded = json.loads(examples.PLACE.read_text())
    assert recorded.keys() == found.keys(), HINT
    for operation, answers in found.items():
        assert shape(recorded[operation]) == shape(answers), f"{operation}: {HINT}"


def test_every_answer_of_json_has_an_example_that_its_own_schema_takes(document):
    for methods in document["paths"].values():
        for told in methods.values():
            for status, answer in told["responses"].items():
                for media, content in answer.get("content", {}).items():
                    if media.endswith("json"):
                        name = f"{told['operationId']} {status}"
                        _check(content, document["components"], name)


def _check(content: dict[str, Any], components: dict[str, Any], name: str) -> None:
    (example,) = content.get("examples", {}).values() or [None]
    if example is None:
        assert name.endswith("200"), f"{name} has no example"  # beside 201, of which there is one
        return
    if "$ref" in example:
        example = components["examples"][example["$ref"].rpartition("/")[2]]
    validator = Draft202012Validator(content["schema"] | {"components": components})
    validator.validate(example["value"])
