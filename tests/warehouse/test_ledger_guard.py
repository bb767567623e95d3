"""What the database refuses whoever asks, and what verify_ledger finds when even that was got round."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import do, item, stock
from warehouse.lines import AdjustLine, PlacedLine, ReserveLine
from warehouse.models import Bin, StockMovement
from warehouse.services.movements import adjust, damage, receive
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


MOVEMENT = """
    INSERT INTO warehouse_stockmovement
           (item_id, type, quantity, bin_to_id, on_hand_after, reference, reason, notes, actor, occurred_at)
    SELECT id, {type}, {quantity}, (SELECT min(bin_id) FROM warehouse_binstock), {after}, 'X', '', '',
           'sql', now()
      FROM warehouse_inventoryitem"""


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"type": "'receive'", "quantity": 5, "after": 999}, "ledger_continues"),
        ({"type": "'receive'", "quantity": 5, "after": "on_hand"}, "ledger_continues"),
        ({"type": "'receive'", "quantity": 5, "after": "on_hand + 5"}, "ledger_is_on_hand"),
        ({"type": "'banana'", "quantity": 5, "after": "on_hand + 5"}, "movement_type_known"),
    ],
)
def test_a_movement_that_does_not_follow_is_refused(row, constraint):
    stock({("A", "MAIN"): 5})
    with pytest.raises(IntegrityError) as refused:
        run(MOVEMENT.format(**row))
    assert refused.value.__cause__.diag.constraint_name == constraint


LAST = "id = (SELECT max(id) FROM warehouse_stockmovement)"
WRITTEN = "a movement is as it was written, and so is the one before"
LIES = [
    (
        "UPDATE warehouse_stockmovement SET quantity = 6 WHERE reference = 'OPENING'",
        "on hand is the sum of movements",
    ),
    (
        f"UPDATE warehouse_stockmovement SET on_hand_after = 4 WHERE {LAST}",
        "the last movement resulted in on hand",
    ),
    (
        "UPDATE warehouse_stockmovement SET on_hand_after = 4",
        "each movement continues the one before",
    ),
    *(
        (f"UPDATE warehouse_stockmovement SET {told} WHERE type = 'damage'", WRITTEN)
        for told in (
            "reason = 'dry'",
            "notes = 'x'",
            "actor = 'nobody'",
            "user_id = 7",
            "occurred_at = occurred_at - interval '1 day'",
            "recorded_at = recorded_at - interval '1 day'",
            "digest = NULL",
        )
    ),
    ("DELETE FROM warehouse_stockmovement WHERE reference IN ('D', 'ADJ')", WRITTEN),
    (
        "DELETE FROM warehouse_stockmovement WHERE reference IN ('LATE-D', 'LATE-ADJ')",
        "what an event told stands in the ledger",
    ),
    (
        "UPDATE notifications_outboxevent SET type = 'x', reference = 'y'",
        "a movement was told by an event of its kind",
    ),
    (
        "UPDATE notifications_outboxevent SET type = 'stock.moved' WHERE reference = 'D'",
        "a movement was told by an event of its kind",
    ),
    (
        "UPDATE warehouse_binstock SET quantity = 4",
        "a bin holds the sum of its movements",
    ),
    ("UPDATE warehouse_inventoryitem SET on_hand = 4", "on hand is the sum of bins"),
    (
        "UPDATE warehouse_inventoryitem SET unsellable = 1",
        "unsellable is what quarantine bins hold",
    ),
    (
        "UPDATE warehouse_inventoryitem SET reserved = 1",
        "reserved is the open part of active reservations",
    ),
    ("UPDATE warehouse_inventoryitem SET inbound = 3", "inbound is what is still expected"),
    (
        "ALTER TABLE warehouse_inventoryitem DROP CONSTRAINT item_promised_is_there;"
        "UPDATE warehouse_inventoryitem SET reserved = 6",
        "nothing is promised twice or below zero",
    ),
    ("UPDATE warehouse_reservation SET status = 'released'", "a closed reservation holds nothing"),
    (
        "UPDATE warehouse_reservationline SET shipped = 1",
        "what a reservation shipped left the shelf",
    ),
    ("DELETE FROM notifications_outboxevent", "each change left its event"),
    (
        "INSERT INTO notifications_outboxevent"
        " (position, type, reference, actor, levels, details, warehouses, occurred_at)"
        " SELECT position, type, reference, actor, levels, details, warehouses, occurred_at"
        "   FROM notifications_outboxevent WHERE reference = 'D'",
        "an event tells of a change once",
    ),
    (
        "UPDATE notifications_outboxevent SET reference = 'y' WHERE type = 'reservation.created'",
        "each reservation was told of once",
    ),
    (
        "UPDATE notifications_outboxevent"
        "   SET levels = jsonb_set(levels, '{0,reserved}', '3') WHERE reference = 'LATE-ADJ'",
        "the last event told the present level",
    ),
]


def test_each_check_is_known_to_find_something():
    assert {invariant for _, invariant in LIES} == set(CHECKS)


def written_off_and_found(reference):
    """Two units are written off and put back: what cancels out, and no counter shows."""
    do(damage, reference=f"{reference}D", reason="wet", lines=[PlacedLine("A", "MAIN", 2)])
    do(
        adjust,
        reference=f"{reference}ADJ",
        reason="found",
        lines=[AdjustLine("A", "MAIN", delta=2)],
    )


@pytest.mark.parametrize(("sql", "invariant"), LIES)
def test_verify_ledger_finds_what_a_superuser_did(sql, invariant):
    stock({("A", "MAIN"): 5})
    do(reserve, reference="ORDER", lines=[ReserveLine("A", 2)])
    written_off_and_found("")
    do(receive, reference="MORE", lines=[PlacedLine("A", "MAIN", 1)])
    do(damage, reference="LESS", reason="wet", lines=[PlacedLine("A", "MAIN", 1)])
    written_off_and_found("LATE-")
    assert verify_ledger() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")
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


def test_movements_from_before_there_were_digests_are_taken_as_they_are():
    stock({("A", "MAIN"): 5})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE warehouse_stockmovement SET digest = NULL, reason = 'of old'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verify_ledger() == []
    do(receive, reference="MORE", lines=[PlacedLine("A", "MAIN", 1)])
    assert verify_ledger() == []
