"""A request that has to wait for another transaction is told so in time, and when to come back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from inventory_site.core.models import ApiKey
from tests.factories import counters, stock

WAIT = 0.3  # seconds of lock timeout

ORDER = {"reference": "R", "lines": [{"sku": "A", "quantity": 2}]}
RECEIPT = {"reference": "P", "lines": [{"sku": "A", "warehouse": "MAIN", "quantity": 3}]}
WRITES = pytest.mark.parametrize(
    ("path", "body"), [("/reservations", ORDER), ("/receipts", RECEIPT)]
)


@contextmanager
def another(sql: str, *params: object) -> Iterator[None]:
    """A transaction that has done this and does not end."""
    given = connection.get_connection_params()
    names = ("dbname", "host", "port", "user", "password")
    with psycopg.connect(**{name: given[name] for name in names if given.get(name)}) as other:
        other.execute(sql, params)
        yield
        other.rollback()


@pytest.fixture
def patient_shop(committed_db, new_shop):
    stock({("A", "MAIN"): 5})
    shop = new_shop()
    shop.get("/stock")
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(WAIT * 1000)}")
    return shop


@WRITES
def test_a_row_that_stays_locked_is_503_within_the_lock_timeout(patient_shop, path, body):
    with another("SELECT FROM warehouse_inventoryitem FOR UPDATE"):
        began = time.monotonic()
        answer = patient_shop.post(path, body, key="k")
        assert WAIT <= time.monotonic() - began < WAIT + 5
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "1"
    assert counters("A") == (5, 0, 0, 0)
    assert patient_shop.post(path, body, key="k").status_code == 201


@WRITES
def test_a_key_whose_request_is_still_at_work_is_409(patient_shop, path, body):
    claim = "INSERT INTO core_idempotencykey (api_key_id, key, fingerprint) VALUES (%s, 'k', '')"
    with another(claim, ApiKey.objects.get().pk):
        answer = patient_shop.post(path, body, key="k")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
    assert answer["Retry-After"] == "1"
    assert counters("A") == (5, 0, 0, 0)
    assert patient_shop.post(path, body, key="k").status_code == 201
