"""Who claims at the moment at which another one did, and began a little sooner, gets nothing.

Its clock was read first, so the lease that it meets ends later than its own would; that is no sign of a clock
that was put back.
"""

import pytest
from django.db import connection

from notifications.services import delivering, sending
from tests.factories import do
from tests.notifications.alarms import channel, ring, stand
from tests.notifications.receiving import fan_out, happen, subscribed

pytestmark = pytest.mark.usefixtures("committed_db", "mail_server_known")


def a_moment_later(table):
    """As if whoever holds one had begun that much after the one who asks now."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET leased_until = leased_until + interval '20 ms'")


def test_for_a_webhook(receiver):
    shop = subscribed(receiver)
    happen(("A", "A"))
    fan_out()
    assert do(delivering.claim, endpoint=shop.pk)
    a_moment_later("notifications_endpoint")
    assert do(delivering.claim, endpoint=shop.pk) is None
    assert do(delivering.call_couriers) == []


def test_for_a_channel():
    ops = channel()
    stand("A")
    ring()
    assert do(sending.take, channel_id=ops.pk)
    a_moment_later("notifications_channel")
    assert do(sending.take, channel_id=ops.pk) is None
