"""A product's page: where it is, who holds it, what is coming, how it sold; and no other warehouse's."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.core.models import StaffAccess
from tests.factories import do, stock
from warehouse.errors import InsufficientStock
from warehouse.lines import ExpectedLine, PlacedLine, ReserveLine
from warehouse.models import Product
from warehouse.services.inbound import expect
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship
from warehouse.story import story

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


def told(within=None):
    return story(product=Product.objects.get(sku="A").pk, now=timezone.now(), within=within)


@pytest.fixture
def house():
    stock({("A", "MAIN"): 0, ("A", "EAST"): 3})
    line = [PlacedLine("A", "MAIN", 10, "A-01-01")]
    do(receive, reference="OLD", lines=line, now=NOW - 20 * DAY)
    do(reserve, reference="SOLD", lines=[ReserveLine("A", 4)], warehouse="MAIN")
    do(ship, reference="SOLD", now=NOW - 10 * DAY)
    do(reserve, reference="HELD", lines=[ReserveLine("A", 2)], warehouse="MAIN", expires_in=60)
    do(expect, reference="PO", lines=[ExpectedLine("A", "MAIN", 7)], expected_at=NOW + DAY)
    with pytest.raises(InsufficientStock):
        do(reserve, reference="BIG", lines=[ReserveLine("A", 50)], warehouse="MAIN")


def test_where_it_is_who_holds_it_and_what_is_coming(house):
    found = told()
    assert [(item.warehouse, item.on_hand, item.available) for item in found.items] == [
        ("EAST", 3, 3), ("MAIN", 6, 4),
    ]  # fmt: skip
    assert {(bin.warehouse, bin.bin, bin.quantity) for bin in found.bins} == {
        ("EAST", "A-01-01", 3), ("MAIN", "A-01-01", 6),
    }  # fmt: skip
    assert [(one.reference, one.open, one.expires_at is None) for one in found.holders] == [
        ("HELD", 2, False)
    ]
    assert [(one.reference, one.quantity) for one in found.coming] == [("PO", 7)]
    assert found.movements[0].type == "ship"
    assert found.total("inbound") == 7


def test_stock_at_the_end_of_each_day_and_demand_of_each_week(house):
    found = told(within=["MAIN"])
    days = list(found.stock.values())
    assert (days[-1], days[-10], days[-11], days[-20], days[-21], days[-22]) == (6, 6, 6, 10, 10, 0)
    assert sum(shipped for shipped, _ in found.demand.values()) == 4
    assert sum(refused for _, refused in found.demand.values()) == 46


def test_another_warehouse_is_no_part_of_it(house):
    found = told(within=["EAST"])
    assert [item.warehouse for item in found.items] == ["EAST"]
    assert (found.holders, found.coming) == ([], [])
    assert {one.warehouse for one in found.movements} == {"EAST"}


def test_a_product_of_which_there_is_nothing():
    made = Product.objects.create(sku="NEW", name="New")
    found = story(product=made.pk, now=NOW)
    assert (found.items, found.bins, found.movements) == ([], [], [])
    assert set(found.stock.values()) == {0}


def page(client, **who):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True, **who)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(clerk)
    return f"/admin/warehouse/product/{Product.objects.get(sku='A').pk}/change/"


def test_the_page_shows_the_own_warehouses_and_offers_no_handling_to_who_may_not(house, client):
    address = page(client)
    shown = client.get(address).content.decode()
    assert "HELD" in shown
    assert "Write off" not in shown
    StaffAccess.objects.create(user=get_user_model().objects.get(), warehouses=["EAST"])
    shown = client.get(address).content.decode()
    assert "HELD" not in shown


def test_the_page_costs_as_many_statements_for_much_as_for_little(house, client):
    address = page(client)

    def cost():
        with CaptureQueriesContext(connection) as sent:
            client.get(address)
        return len(sent)

    cost()
    few = cost()
    for n in range(12):
        line = [PlacedLine("A", "MAIN", 9, "A-01-01")]
        do(receive, reference=f"P{n}", lines=line)
        do(reserve, reference=f"R{n}", lines=[ReserveLine("A", 1)], warehouse="MAIN")
    assert cost() == few
