"""A request that has to wait for another transaction is told so in time, and when to come back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from inventory_site.core import auth
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


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("warehouse_inventoryitem", "/stock?limit=1"),
        ("warehouse_stockmovement", "/movements"),
        ("notifications_outboxevent", "/changes"),
        ("warehouse_reservation", "/reservations/R"),
        ("orders_salesorder", "/orders"),
        ("core_apikey", "/stock"),
    ],
)
def test_a_table_that_is_being_changed_is_503_for_who_reads_it_too(patient_shop, table, path):
    auth.forget_known()
    with another(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"):
        answer = patient_shop.get(path)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "1"


def test_a_reservation_waits_no_longer_for_the_count_of_its_quota(patient_shop):
    with another("LOCK TABLE warehouse_reservation IN ACCESS EXCLUSIVE MODE"):
        answer = patient_shop.post("/reservations", ORDER)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "1"


def test_a_statement_that_takes_too_long_is_503(patient_shop):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 200")
    with another("LOCK TABLE warehouse_stockmovement IN ACCESS EXCLUSIVE MODE"):
        answer = patient_shop.get("/movements")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


@pytest.mark.parametrize(
    "sql",
    ["SELECT FROM core_apikey FOR UPDATE", "LOCK TABLE core_apikey IN SHARE MODE"],
)
def test_to_note_that_a_key_was_used_holds_no_request_up(patient_shop, sql):
    ApiKey.objects.update(last_used_at=None)
    auth.forget_known()
    with another(sql):
        began = time.monotonic()
        assert patient_shop.get("/stock").status_code == 200
        assert time.monotonic() - began < WAIT
    assert ApiKey.objects.get().last_used_at is None
    auth.forget_known()
    patient_shop.get("/stock")
    assert ApiKey.objects.get().last_used_at is not None


@WRITES
def test_a_key_whose_request_is_still_at_work_is_409(patient_shop, path, body):
    claim = "INSERT INTO core_idempotencykey (api_key_id, key, fingerprint) VALUES (%s, 'k', '')"
    with another(claim, ApiKey.objects.get().pk):
        answer = patient_shop.post(path, body, key="k")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
    assert answer["Retry-After"] == "1"
    assert counters("A") == (5, 0, 0, 0)
    assert patient_shop.post(path, body, key="k").status_code == 201
