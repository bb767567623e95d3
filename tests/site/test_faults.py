"""Faults of the world around: a full disk, a clock that jumps."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from inventory_site.core.models import ApiKey, IdempotencyKey
from tests.factories import counters, do, stock
from warehouse import tasks
from warehouse.lines import ReserveLine
from warehouse.models import Reservation
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")

FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON warehouse_reservation EXECUTE FUNCTION full_disk();
"""


def order(client, secret):
    return client.post(
        "/api/v1/reservations",
        {"reference": "R", "lines": [{"sku": "A", "quantity": 1}]},
        content_type="application/json",
        headers={"Authorization": f"Api-Key {secret}", "Idempotency-Key": "one"},
    )


@pytest.fixture
def full_disk():
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS full_disk CASCADE")


def test_on_a_full_disk_an_order_is_refused_for_now_and_its_key_stays_free(client, full_disk):
    stock({("A", "MAIN"): 5})
    _, secret = ApiKey.objects.create_key(name="shop", scopes=["reservations:write"], warehouses=[])
    refused = order(client, secret)
    assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert not IdempotencyKey.objects.exists()
    assert counters("A") == (5, 0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION full_disk CASCADE")
    assert order(client, secret).status_code == 201
    assert counters("A") == (5, 1, 0, 0)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_promises_run_out_by_the_clock_of_the_database_alone(jump):
    stock({("A", "MAIN"): 5})
    do(reserve, reference="OVER", lines=[ReserveLine("A", 1)], expires_in=3600)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_reservation SET expires_at = now() - interval '1 s'")
    do(reserve, reference="LASTS", lines=[ReserveLine("A", 1)], expires_in=3600)
    with time_machine.travel(datetime.now(tz=UTC) + jump):
        do(reserve, reference="MADE THEN", lines=[ReserveLine("A", 1)], expires_in=3600)
        assert tasks.expire_reservations() == 1
    assert dict(Reservation.objects.values_list("reference", "status")) == {
        "OVER": "expired",
        "LASTS": "active",
        "MADE THEN": "active",
    }
    ends = Reservation.objects.filter(status="active").values_list("expires_at", flat=True)
    assert max(ends) - min(ends) < timedelta(minutes=5)
