"""Orders in the back office: shown and searched, changed by actions alone, by managers alone."""

import pytest
from django.contrib.auth.models import Permission, User

from orders.services.shipping import ship_order
from tests.factories import do, stock
from tests.orders.making import order, status

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/salesorder/"


@pytest.fixture
def office(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def act(client, action, *references):
    from orders.models import SalesOrder

    ids = list(SalesOrder.objects.filter(reference__in=references).values_list("id", flat=True))
    data = {"action": action, "_selected_action": ids, "confirmed": len(ids)}
    return client.post(LIST, data, follow=True)


def test_orders_are_listed_filtered_searched_and_shown(office):
    stock({("A", "MAIN"): 1})
    order("O-1", A=1, ship_to_name="Ada")
    order("O-2", A=1)
    page = office.get(LIST, {"status__exact": "backordered"}).content.decode()
    assert "O-2" in page
    assert "O-1" not in page
    assert "O-1" in office.get(LIST, {"q": "Ada"}).content.decode()
    (parcel,) = do(ship_order, reference="O-1")
    from orders.models import SalesOrder

    shown = office.get(f"{LIST}{SalesOrder.objects.get(reference='O-1').pk}/change/")
    assert parcel.reference in shown.content.decode()
    assert 'name="_save"' not in shown.content.decode()


def test_actions_confirm_cancel_and_close_and_say_what_is_refused(office):
    stock({("A", "MAIN"): 9})
    order("D", A=1, draft=True)
    order("O", A=1)
    page = act(office, "confirm_drafts", "D", "O").content.decode()
    assert "1 confirmed." in page
    assert "O is allocated, no draft any more." in page
    assert "2 cancelled." in act(office, "cancel_orders", "D", "O").content.decode()
    assert (status("D"), status("O")) == ("cancelled", "cancelled")
    assert "not been shipped" not in act(office, "close_orders").content.decode()


def test_only_managers_decide(client):
    stock({("A", "MAIN"): 9})
    order("O", A=1)
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_salesorder"))
    client.force_login(clerk)
    assert client.get(LIST).status_code == 200
    act(client, "cancel_orders", "O")
    assert status("O") == "allocated"


def test_the_packing_slip_is_printed_from_here(office, client):
    stock({("A", "MAIN"): 9})
    order("O", A=1)
    (parcel,) = do(ship_order, reference="O")
    address = f"/admin/orders/shipment/{parcel.reference}/packing-slip"
    assert address in office.get("/admin/orders/shipment/").content.decode()
    answer = office.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert office.get("/admin/orders/shipment/SHIP-0/packing-slip").status_code == 404
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get(address).status_code == 404
