"""What the database refuses whoever asks, and what verify_ledger finds when even that was got round."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import do, item, stock
from warehouse.lines import ReserveLine
from warehouse.models import Bin, StockMovement
from warehouse.services.proof import CHECKS, verify_ledger
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE warehouse_stockmovement SET quantity = 1",
        "DELETE FROM warehouse_stockmovement",
        "TRUNCATE warehouse_stockmovement",
        "UPDATE warehouse_bin SET kind = 'quarantine'",
        "DELETE FROM warehouse_binstock",
    ],
)
def test_history_and_places_cannot_be_rewritten(sql):
    stock({("A", "MAIN"): 5})
    with pytest.raises(DatabaseError):
        run(sql)
    assert StockMovement.objects.count() == 1
    assert Bin.objects.get(code="A-01-01").kind == "pick"


@pytest.mark.parametrize(
    "change",
    [
        "on_hand = 6",
        "on_hand = -1",
        "reserved = 6",
        "reserved = -1",
        "unsellable = 1",
        "inbound = -1",
        "safety_stock = -1",
    ],
)
def test_counters_that_cannot_be_true_are_refused_at_commit(change):
    stock({("A", "MAIN"): 5})
    with pytest.raises(IntegrityError):
        run(f"UPDATE warehouse_inventoryitem SET {change}")


def test_a_bin_that_does_not_add_up_is_refused_at_commit():
    stock({("A", "MAIN"): 5})
    with pytest.raises(IntegrityError):
        run("UPDATE warehouse_binstock SET quantity = 4")


LIES = {
    "UPDATE warehouse_stockmovement SET quantity = quantity + 1": "on hand is the sum of movements",
    "UPDATE warehouse_stockmovement SET on_hand_after = 4": "each movement continues the one before",
    "UPDATE warehouse_binstock SET quantity = 4": "a bin holds the sum of its movements",
    "UPDATE warehouse_inventoryitem SET on_hand = 4": "on hand is the sum of bins",
    "UPDATE warehouse_inventoryitem SET unsellable = 1": "unsellable is what quarantine bins hold",
    "UPDATE warehouse_inventoryitem SET reserved = 1": "reserved is the open part of active reservations",
    "UPDATE warehouse_inventoryitem SET inbound = 3": "inbound is what is still expected",
    "UPDATE warehouse_reservation SET status = 'released'": "a closed reservation holds nothing",
    "UPDATE warehouse_reservationline SET shipped = 1": "what a reservation shipped left the shelf",
    "DELETE FROM notifications_outboxevent": "each change left its event",
}


@pytest.mark.parametrize(("sql", "invariant"), LIES.items())
def test_verify_ledger_finds_what_a_superuser_did(sql, invariant):
    stock({("A", "MAIN"): 5})
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 2)])
    assert verify_ledger() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert invariant in CHECKS
    assert invariant in [drift.invariant for drift in verify_ledger()]


def test_the_command_names_the_rows_and_ends_with_an_error():
    stock({("A", "MAIN"): 5})
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "The books are right" in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE warehouse_inventoryitem SET inbound = 3")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["clean"] is False
    assert told["drifts"][0]["subject"] == "A in MAIN"
    assert item("A").inbound == 3, "it reports and never heals"
