"""Orders by when they have to leave: days are those of whoever looks."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from orders.models import SalesOrder
from orders.queries.due import due

pytestmark = pytest.mark.django_db

# Thursday, 23:30 in London; the 12th in Warsaw already, and the afternoon of the 11th in Los Angeles.
NOW = datetime(2026, 6, 11, 22, 30, tzinfo=UTC)


def orders(**ship_by):
    SalesOrder.objects.bulk_create(
        SalesOrder(reference=name, status="allocated", ship_by=moment)
        for name, moment in ship_by.items()
    )


@pytest.fixture
def house(db):
    orders(
        late=datetime(2026, 6, 11, 22, 0, tzinfo=UTC),
        soon=datetime(2026, 6, 11, 22, 45, tzinfo=UTC),
        next_day=datetime(2026, 6, 12, 15, 0, tzinfo=UTC),
        sunday=datetime(2026, 6, 14, 12, 0, tzinfo=UTC),
        monday=datetime(2026, 6, 15, 12, 0, tzinfo=UTC),
        whenever=None,
    )


def found(when, zone):
    with timezone.override(zone):
        asked = SalesOrder.objects.filter(due(when=when, now=NOW))
    return set(asked.values_list("reference", flat=True))


@pytest.mark.parametrize(
    ("when", "zone", "names"),
    [
        ("overdue", "Europe/London", {"late"}),
        ("today", "Europe/London", {"late", "soon"}),
        ("today", "Europe/Warsaw", {"late", "soon", "next_day"}),
        ("week", "Europe/London", {"late", "soon", "next_day", "sunday"}),
        ("week", "America/Los_Angeles", {"late", "soon", "next_day", "sunday"}),
    ],
)
def test_a_day_ends_at_midnight_where_one_looks(house, when, zone, names):
    assert found(when, zone) == names


def test_what_has_left_is_due_no_more(house):
    for status in ("shipped", "closed", "cancelled"):
        SalesOrder.objects.filter(reference="late").update(status=status)
        assert found("overdue", "UTC") == set()


def test_the_list_is_narrowed_by_it(house, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client.force_login(get_user_model().objects.create_superuser("boss"))
    for ask, count in (("overdue", 1), ("today", 2), ("week", 4), ("nonsense", 6)):
        page = client.get(f"/admin/orders/salesorder/?due={ask}")
        assert page.context["cl"].result_count == count, ask
