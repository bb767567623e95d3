"""The back office in the warehouse's time: shown, and entered."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core.models import StaffAccess
from inventory_site.local_time import zones
from orders.models import SalesOrder
from tests.factories import stock
from tests.orders.making import order
from warehouse.models import Warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(client):
    stock({("A", "EAST"): 9, ("A", "MAIN"): 9})
    Warehouse.objects.filter(code="EAST").update(time_zone="Asia/Tokyo", priority=2)
    Warehouse.objects.filter(code="MAIN").update(time_zone="America/New_York", priority=1)
    zones.read_at = float("-inf")
    order("O-1", A=1)
    SalesOrder.objects.update(placed_at=datetime(2026, 11, 26, 20, 30, tzinfo=UTC))
    client.force_login(get_user_model().objects.create_superuser("boss"))
    yield client
    zones.read_at, zones.zones = float("inf"), {}


def page(client, path="/admin/orders/salesorder/"):
    return client.get(path).content.decode()


def test_times_are_those_of_the_first_warehouse(house):
    shown = page(house)
    assert "3:30 p.m." in shown
    assert ">America/New_York</span>" in shown, "and the page says whose they are"


def test_a_limited_person_sees_their_own_zone(house):
    boss = get_user_model().objects.get()
    boss.is_superuser = False
    boss.is_staff = True
    boss.save()
    boss.user_permissions.set(
        boss.user_permissions.model.objects.filter(codename="view_salesorder")
    )
    StaffAccess.objects.create(user=boss, warehouses=["EAST"])
    SalesOrder.objects.update(warehouse=Warehouse.objects.get(code="EAST"))
    assert "Nov. 27, 2026, 5:30 a.m." in page(house)


def test_a_time_that_is_entered_is_of_the_zone_that_is_named(house):
    form = page(house, "/admin/orders/salesorder/add/")
    assert "America/New_York" in form
    action = form.split('name="action_id" value="')[1].split('"')[0]
    house.post(
        "/admin/orders/salesorder/add/",
        {
            "action_id": action, "reference": "O-2", "lines": "A 1", "strategy": "most_available",
            "priority": "5", "ship_by_0": "2026-12-01", "ship_by_1": "10:00",
        },
    )  # fmt: skip
    assert SalesOrder.objects.get(reference="O-2").ship_by == datetime(2026, 12, 1, 15, tzinfo=UTC)
