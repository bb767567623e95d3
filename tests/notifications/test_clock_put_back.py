"""A clock that is put back by a day makes nothing rest, or wait, for a day longer."""

import pytest
from django.db import connection

from notifications.couriers import Ways
from notifications.models import Delivery
from notifications.services import delivering
from tests.factories import do
from tests.notifications.receiving import deliver, fan_out, fresh, happen, statuses, subscribed

pytestmark = pytest.mark.usefixtures("committed_db")


def earlier(hours):
    """The database's clock goes on, so what was written is as late as it would be, had that been put back."""
    with connection.cursor() as cursor:
        shift = [f"{hours} hours"]
        cursor.execute(
            "UPDATE notifications_endpoint SET rests_from = rests_from + %s::interval,"
            " rests_until = rests_until + %s::interval", shift * 2,
        )  # fmt: skip
        cursor.execute("UPDATE notifications_delivery SET due_at = due_at + %s::interval", shift)


def test_a_clock_that_is_put_back_makes_no_rest_longer(receiver):
    shop = subscribed(receiver)
    receiver.answer = 500
    happen(*((f"R{n}", f"S{n}") for n in range(3)))
    fan_out()
    assert deliver(shop, Ways(schedule=(60.0,) * 9)) == 3
    assert fresh(shop).status == "resting"
    assert do(delivering.call_couriers) == []
    earlier(24)
    receiver.answer = 204
    assert fresh(shop).status == "failing"
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 3
    assert set(statuses(shop).values()) == {"delivered"}


def test_what_waits_its_turn_is_not_taken_for_that(receiver):
    """Ten hours to go, as is usual after seven attempts: no clock was put back."""
    shop = subscribed(receiver)
    happen(("A", "A"))
    fan_out()
    Delivery.objects.update(attempts=7)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET due_at = now() + interval '10 hours'")
        cursor.execute("UPDATE notifications_endpoint SET looked_to = last_sequence")
    assert do(delivering.call_couriers) == []
    assert deliver(shop) == 0
    earlier(24)
    assert do(delivering.call_couriers) == [shop.pk]
    assert deliver(shop) == 1
