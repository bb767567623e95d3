"""Every address against its own documentation: thousands of requests, made of the OpenAPI document.

The engine, PostgreSQL and Valkey are real; what is sent is the same in each run.
"""

import json
import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    AnalysisConfig,
    ChecksConfig,
    ConstantsConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from inventory_site.core import auth
from inventory_site.core.models import ApiKey
from inventory_site.wsgi import application
from tests.emptying import empty
from tests.site.contract import PLACE
from tests.site.fuzzed import NEVER_COLLIDES, a_shop, make_possible, operation_of
from warehouse.services.proof import verify_ledger

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))

# What is valid by its shape may still name a SKU that does not exist (404, 422) or collide (409).
CONFIG = SchemathesisConfig(
    seed=1,
    projects=ProjectsConfig(
        default=ProjectConfig(
            # What else our code names would make other requests of each change to it.
            analysis=AnalysisConfig(constants=ConstantsConfig(enabled=False)),
            generation=GenerationConfig(
                max_examples=EXAMPLES, deterministic=True, with_security_parameters=False
            ),
            checks=ChecksConfig(
                positive_data_acceptance=PositiveDataAcceptanceConfig(
                    expected_statuses=["2xx", 304, 403, 404, 409, 422]
                )
            ),
        )
    ),
)


# As published; that these are all is proven beside it.
OPERATIONS = [
    told["operationId"]
    for methods in json.loads(PLACE.read_text())["paths"].values()
    for told in methods.values()
]


ready: dict[str, str] = {}
answers: Counter[tuple[str, int]] = Counter()  # to the operation that is being asked


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case, kwargs: Any) -> None:
    make_possible(case, ready)


@schemathesis.hook
def after_call(context: Any, case: schemathesis.Case, response: Any) -> None:
    answers[operation_of(case), response.status_code] += 1


@pytest.fixture(scope="module")
def api(django_db_setup, django_db_blocker):
    """What is documented; and numbers begin anew, so that they are the same ones in each run."""
    with django_db_blocker.unblock():
        empty()
        return schemathesis.openapi.from_wsgi("/api/schema/", application, config=CONFIG)


@pytest.fixture
def headers(committed_db, valkey, api, settings):
    """A shop's key, and what can be done there. In the end the books are proven: nothing that was sent has
    brought them out of order, and it was work that was sent, not refusals alone."""
    settings.API_RATE_LIMIT = settings.API_OPEN_RESERVATIONS = 0
    auth.forget_known()
    ready.update(a_shop())
    _, secret = ApiKey.objects.create_key(name="fuzz", scopes=list(auth.SCOPES))
    answers.clear()
    yield {"Authorization": f"Api-Key {secret}"}
    assert verify_ledger() == []
    _assert_it_was_work()


def _assert_it_was_work() -> None:
    """Some of it succeeded; and what can collide did."""
    statuses = {status for _, status in answers}
    ((operation, _), *_) = answers
    assert any(status < 300 for status in statuses), f"nothing ever succeeded: {answers}"
    if EXAMPLES >= 30 and operation.startswith("post") and operation not in NEVER_COLLIDES:
        assert 409 in statuses, f"nothing ever collided: {answers}"


def may_be_refused(case: schemathesis.Case) -> bool:
    """Whether the query is wrong in a way that no schema can say: a cursor is one that an earlier answer
    gave, `sku` stands alone, text is printable, and a time is not at the end of all times."""
    query = dict(case.query or {})
    alone = {"sku"} if case.path.endswith("/stock") else set()
    given = [
        str(part)
        for value in query.values()
        for part in (value if isinstance(value, list) else [value])
    ]
    return (
        bool(({"cursor", "after"} | alone) & set(query))
        or not all(value.isprintable() for value in given)
        or any(value.startswith(("0001", "9999")) for value in given)
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_as_documented(api, operation, headers):
    """Its requests are thought out here. As Schemathesis collects tests, each process of a run would think
    out those of every address: three seconds of each."""
    (found,) = api.include(operation_id=operation).get_all_operations()
    ask = build_operation_test(
        config=api.config,
        operation=found.ok(),
        test_func=_is_answered_as_documented,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    ask(headers=headers)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
def _is_answered_as_documented(case, headers):
    excluded = [positive_data_acceptance] if may_be_refused(case) else []
    if case.path.endswith("/batch"):  # what is wrong in one item is told in its own result
        excluded.append(negative_data_rejection)
    case.call_and_validate(headers=headers, excluded_checks=excluded)
