"""Documents made in the back office: pasted lines, faults in plain words, made once however often sent."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from inventory_site.core.models import StaffAccess
from orders.models import PurchaseOrder, ReturnOrder, SalesOrder, TransferOrder
from tests.factories import SupplierFactory, counters, stock

pytestmark = pytest.mark.django_db

SENT = {
    "salesorder": {
        "reference": "ORDER-7", "strategy": "most_available", "priority": "5", "ship_to_name": "Ada",
    },
    "purchaseorder": {"supplier": "ACME", "warehouse": "MAIN"},
    "returnorder": {"warehouse": "MAIN", "reason": "too small"},
    "transferorder": {"source": "MAIN", "destination": "EAST"},
}  # fmt: skip
MODELS = {
    "salesorder": SalesOrder,
    "purchaseorder": PurchaseOrder,
    "returnorder": ReturnOrder,
    "transferorder": TransferOrder,
}
PASTED = "a 1\t2\n\nB; 3 \n"


@pytest.fixture
def house():
    stock({("A 1", "MAIN"): 10, ("B", "MAIN"): 10, ("B", "EAST"): 1})
    SupplierFactory(code="ACME")


@pytest.fixture
def manager(client, house):
    person = get_user_model().objects.create_user(
        "ada", password="a-long-password-7", is_staff=True
    )
    person.is_superuser = True
    person.save()
    client.force_login(person)
    return client


def send(client, kind, **changed):
    fields = {"action_id": str(uuid.uuid4()), "lines": PASTED, **SENT[kind], **changed}
    return client.post(reverse(f"admin:orders_{kind}_add"), fields)


@pytest.mark.parametrize("kind", SENT)
def test_a_document_is_made_from_pasted_lines(manager, kind):
    opened = manager.get(reverse(f"admin:orders_{kind}_add"))
    assert opened.status_code == 200
    answer = send(manager, kind)
    made = MODELS[kind].objects.get()
    assert answer.url == reverse(f"admin:orders_{kind}_change", args=[made.pk])
    assert manager.get(answer.url).status_code == 200
    assert [line.product.sku for line in made.lines.all()] == ["A 1", "B"]


@pytest.mark.parametrize("kind", SENT)
def test_sent_twice_it_is_made_once(manager, kind):
    number = str(uuid.uuid4())
    first, second = (send(manager, kind, action_id=number) for _ in range(2))
    assert first.url == second.url
    assert MODELS[kind].objects.count() == 1


def test_an_order_promises_stock_and_a_draft_does_not(manager):
    send(manager, "salesorder", reference="D", draft="on")
    assert counters("B")[1] == 0
    send(manager, "salesorder")
    assert (counters("A 1")[1], counters("B")[1]) == (2, 3)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("B\t0", "Line 1, “B"),
        ("B\t2\nnothing", "Line 2, “nothing”"),
        ("NO-SUCH, 2", "NO-SUCH"),
        ("", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(manager, lines, told):
    answer = send(manager, "salesorder", lines=lines)
    assert answer.status_code == 200
    assert told in answer.content.decode().replace("&quot;", '"')
    assert SalesOrder.objects.count() == 0


def test_a_transfer_to_itself_is_refused(manager):
    answer = send(manager, "transferorder", destination="MAIN")
    assert "another warehouse" in answer.content.decode()
    assert TransferOrder.objects.count() == 0


def test_who_may_not_make_one_is_turned_away(client, house):
    person = get_user_model().objects.create_user("kim", is_staff=True)
    person.groups.add(Group.objects.get_or_create(name="picker")[0])
    client.force_login(person)
    for kind in SENT:
        assert send(client, kind).status_code in (302, 403)
        assert MODELS[kind].objects.count() == 0


def test_only_the_persons_own_warehouses_are_offered(client, house):
    person = get_user_model().objects.create_user("eve", is_staff=True)
    person.groups.add(Group.objects.get_or_create(name="operations manager")[0])
    StaffAccess.objects.create(user=person, warehouses=["EAST"])
    client.force_login(person)
    page = client.get(reverse("admin:orders_purchaseorder_add")).content.decode()
    assert "EAST" in page
    assert "MAIN" not in page
    assert send(client, "purchaseorder").status_code == 200
    assert PurchaseOrder.objects.count() == 0
