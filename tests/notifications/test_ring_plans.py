"""A sweep every two seconds costs what is due, whatever was told before."""

import re

import pytest
from django.db import connection

from notifications.models import Alert, Ring
from notifications.services import channel_statements as sql
from notifications.services import reviewing, ringing
from tests.notifications.alarms import DAY, NOW, channel, ring, stand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]


@pytest.fixture
def history():
    """2,000 alerts that are over and 4,000 times told, 300 that stand and were told; a few that wait."""
    channels = [channel("A"), channel("B", "b@shop.example")]
    over = [
        Alert(
            rule="low_stock", subject=f"S{n % 500}", severity="warning", title="t", status="resolved",
            resolved_at=NOW - DAY, rings_at=NOW - DAY,
        )
        for n in range(2000)
    ]  # fmt: skip
    made = Alert.objects.bulk_create(over)
    Ring.objects.bulk_create(
        Ring(alert=a, channel=c, due_at=NOW - DAY, sent_at=NOW - DAY, message="m")
        for a in made
        for c in channels
    )
    stand(*(f"T{n}" for n in range(300)))
    ring()
    Ring.objects.filter(sent_at=None).update(sent_at=NOW)
    stand(*(f"T{n}" for n in range(305)))
    ring()
    with connection.cursor() as cursor:
        for table in ("alert", "ring", "channel"):
            cursor.execute(f"ANALYZE notifications_{table}")


def plan(statement: str) -> str:
    """As it is run: prepared once, for any parameters."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    numbered = re.sub(r"%\((\w+)\)s", number, statement)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_statements_read_what_waits_by_its_index(history):
    for statement, index in (
        (ringing.TAKE, "alert_to_ring"),
        (ringing.LAST_TOLD, "alert_history"),
        (sql.DUE, "ring_due"),
        (sql.LEASE, "ring_due"),
        (sql.DROP, "ring_due"),
        (sql.HOLD, "ring_due"),
        (reviewing.DOUBTFUL, "ring_due"),
        (sql.BEGUN, "ring_due"),
        (sql.GATHER, "ring_due"),
        (sql.READ, "ring_due"),
        (sql.SENT, "ring_due"),
    ):
        told = plan(statement)
        assert index in told or "one_ring_waits" in told, told
        assert "Seq Scan on notifications_ring" not in told, told
        assert "Seq Scan on notifications_alert" not in told, told
