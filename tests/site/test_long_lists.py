"""Lists of more rows than anybody reads: counted so far, found by how a reference begins, done to no more."""

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core import office
from orders.models import SalesOrder
from tests.confirming import confirmed
from tests.factories import stock
from tests.orders.making import order
from warehouse.models import StockMovement

pytestmark = pytest.mark.django_db

MOVEMENTS, ORDERS = "/admin/warehouse/stockmovement/", "/admin/orders/salesorder/"
MORE = "there are more"


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def listed(client, address):
    return {row.reference for row in client.get(address).context["cl"].result_list}


def test_no_more_is_counted_than_pages_show(manager, monkeypatch):
    stock({(f"A-{n}", "MAIN"): 1 for n in range(4)})
    monkeypatch.setattr(office, "MOST_COUNTED", 4)
    assert MORE not in manager.get(MOVEMENTS).content.decode()
    monkeypatch.setattr(office, "MOST_COUNTED", 3)
    page = manager.get(MOVEMENTS)
    assert page.context["cl"].result_count == 3
    assert MORE in page.content.decode()
    assert StockMovement.objects.count() == 4


def test_nothing_is_done_to_rows_that_were_not_counted(manager, monkeypatch):
    stock({("A", "MAIN"): 9})
    for n in range(3):
        order(f"O-{n}", A=1)
    chosen = list(SalesOrder.objects.values_list("pk", flat=True))
    sent = {"action": "cancel_orders", "_selected_action": chosen, "select_across": "1"}
    monkeypatch.setattr(office, "MOST_COUNTED", 2)
    told = manager.post(ORDERS, sent, follow=True).content.decode()
    assert "filter them first" in told
    assert not SalesOrder.objects.filter(status="cancelled").exists()
    monkeypatch.setattr(office, "MOST_COUNTED", 3)
    confirmed(manager, ORDERS, sent, follow=True)
    assert SalesOrder.objects.filter(status="cancelled").count() == 3


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("WEB-1", {"WEB-1", "WEB-12"}),
        ("web-12", {"WEB-12"}),
        ("lovelace", {"WEB-1"}),
        ("EB-12", {"WEB-12"}),
        ("mug", {"WEB-1", "SHOP-1"}),
        ("WEB nobody", set()),
        ("   ", {"WEB-1", "WEB-12", "SHOP-1"}),
    ],
)
def test_a_document_is_found_by_its_start_or_else_by_any_part(manager, typed, found):
    stock({("MUG", "MAIN"): 9, ("JAR", "MAIN"): 9})
    order("WEB-1", MUG=1, ship_to_name="Ada Lovelace")
    order("WEB-12", JAR=1)
    order("SHOP-1", MUG=1)
    assert listed(manager, f"{ORDERS}?q={typed}") == found
