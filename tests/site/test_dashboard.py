"""The manager's morning: each number is that of the list behind it, in the person's own warehouses."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.core.models import StaffAccess
from orders.services.returning import ReturnedLine, expect_return, receive_return
from tests.factories import do, stock
from tests.orders.making import order
from tests.orders.shipped import shipped_order
from warehouse.errors import InsufficientStock
from warehouse.lines import ReserveLine
from warehouse.models import InventoryItem, Product
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

COUNTED = (
    "Orders to pick", "Orders that wait for stock", "Out of stock", "Under reorder point", "Returns waiting",
)  # fmt: skip


@pytest.fixture
def house(db):
    """Something to tell in both warehouses, and more of it in MAIN."""
    cache.clear()
    for code, few in (("MAIN", 3), ("EAST", 1)):
        stock({(f"{code}-{n}", code): 9 for n in range(6)})
        for n in range(few):
            order(f"O-{code}-{n}", warehouse=code, **{f"{code}-{n}": 2})
            order(f"W-{code}-{n}", warehouse=code, **{f"{code}-5": 20})
        shipped_order(f"S-{code}", {f"{code}-3": 4}, code=code)
        do(expect_return, reference=f"R-{code}", order=f"S-{code}", warehouse=code,
           lines=[ReturnedLine(f"{code}-3", 2)])  # fmt: skip
        do(receive_return, reference=f"R-{code}")
        do(
            set_reorder_batch,
            settings=[ReorderSetting(f"{code}-{n}", code, 7, 5) for n in range(few)],
        )
    Product.objects.update(unit_cost=2)


@pytest.fixture
def manager(client, settings):
    settings.SESSION_COOKIE_AGE = 365 * 24 * 3600  # some tests look from a later day
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def cards(client):
    return {card.title: card for card in client.get("/admin/").context["cards"]}


def test_each_number_is_that_of_the_list_behind_it(house, manager):
    told = cards(manager)
    for title in COUNTED:
        listed = manager.get(told[title].link).context["cl"].result_count
        assert told[title].figure == f"{listed:,}", title
    assert [told[title].figure for title in COUNTED] == ["4", "4", "2", "4", "2"]
    assert told["Returns waiting"].words.endswith("8 at cost")


def test_it_is_of_the_own_warehouses_alone(house, client):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    StaffAccess.objects.create(user=clerk, warehouses=["EAST"])
    client.force_login(clerk)
    told = cards(client)
    assert [told[title].figure for title in COUNTED] == ["1", "1", "1", "1", "1"]
    assert "Failed deliveries" not in told, "what belongs to no warehouse is not theirs"
    page = client.get("/admin/").content.decode()
    assert "MAIN-3" not in page
    assert "EAST-3" in page


def test_it_agrees_with_the_items_and_with_what_was_refused(house, manager):
    with pytest.raises(InsufficientStock):
        do(reserve, reference="BIG", lines=[ReserveLine("MAIN-4", 15)])
    told = cards(manager)
    assert told["Oversells prevented"].figure == "6"
    assert "12.00 at cost" in told["Oversells prevented"].words
    low = [
        item for item in InventoryItem.objects.all()
        if item.reorder_point > 0
        and item.on_hand - item.unsellable - item.reserved + item.inbound <= item.reorder_point
    ]  # fmt: skip
    assert told["Under reorder point"].figure == str(len(low))


def test_what_lies_dead_is_worth_what_its_page_says(house, manager, monkeypatch):
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: later)
    value = cards(manager)["Dead stock"].figure
    figures = dict(manager.get("/admin/reports/dead-stock/").context["figures"])
    assert value == figures["value at unit cost"]
    assert value != "0.00"


def test_dead_stock_is_believed_for_a_while_and_says_since_when(house, manager, monkeypatch):
    first = timezone.now().replace(hour=11, minute=58)
    monkeypatch.setattr(timezone, "now", lambda: first)
    assert cards(manager)["Dead stock"].words.endswith("as of 11:58")
    monkeypatch.setattr(timezone, "now", lambda: first + timedelta(minutes=4))
    assert cards(manager)["Dead stock"].words.endswith("as of 11:58")


def test_an_empty_house_is_shown_as_well(manager):
    cache.clear()
    told = cards(manager)
    assert [told[title].figure for title in COUNTED] == ["0"] * 5
    assert told["Lines picked an hour, today"].figure == "-"


def test_it_costs_as_many_statements_for_many_as_for_few(house, manager):
    def cost():
        with CaptureQueriesContext(connection) as sent:
            manager.get("/admin/")
        return len(sent)

    cost()
    few = cost()
    stock({(f"MORE-{n}", "MAIN"): 1 for n in range(30)})
    order("MORE", **{f"MORE-{n}": 1 for n in range(30)})
    assert cost() == few
    assert few <= 30
