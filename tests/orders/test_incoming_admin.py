"""The back office of purchase orders, returns and transfers: rows are shown, actions decide."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from inventory_site.core.models import StaffAccess
from orders.models import PurchaseOrder, ReturnOrder, TransferOrder
from orders.services.purchasing import PurchaseLine, draft
from orders.services.returning import ReturnedLine, expect_return
from orders.services.transferring import WantedLine, request
from tests.factories import counters, do, stock, warehouse
from tests.orders.shipped import supplied
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

pytestmark = pytest.mark.django_db

TOPICS = ("purchaseorder", "returnorder", "transferorder")


@pytest.fixture
def papers(db):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 1})
    supplied("A")
    lines = [PurchaseLine("A", 10)]
    do(draft, reference="PO-1", supplier="ACME", warehouse="MAIN", lines=lines)
    do(expect_return, reference="R-1", warehouse="MAIN", lines=[ReturnedLine("A", 1)])
    ways = {"source": "MAIN", "destination": "EAST"}
    do(request, reference="TR-1", lines=[WantedLine("A", 2)], **ways)


@pytest.fixture
def manager(client, papers):
    user = get_user_model().objects.create_superuser("manager", password="x")
    client.force_login(user)
    return client


def limited(client, *, role, within):
    """Somebody of the office who may look, with a role, in some warehouses."""
    user = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=user, warehouses=within)
    client.force_login(user)
    return client


def act(client, topic, action, *ids):
    told = {"action": action, "_selected_action": ids, "confirmed": len(ids)}
    return client.post(f"/admin/orders/{topic}/", told, follow=True)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("topic", TOPICS)
def test_rows_are_shown_and_cannot_be_edited(manager, topic):
    assert manager.get(f"/admin/orders/{topic}/").status_code == 200
    model = {"purchaseorder": PurchaseOrder, "returnorder": ReturnOrder}.get(topic, TransferOrder)
    page = manager.get(f"/admin/orders/{topic}/{model.objects.get().pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content


def test_a_purchase_order_is_sent_and_closed_short_in_the_services_own_words(manager):
    (order,) = PurchaseOrder.objects.all()
    assert told(act(manager, "purchaseorder", "close_short", order.pk)) == [
        "PO-1: PO-1 is draft; it cannot be closed short."
    ]
    assert told(act(manager, "purchaseorder", "send_drafts", order.pk)) == ["1 sent."]
    assert counters("A") == (5, 0, 0, 10)
    assert told(act(manager, "purchaseorder", "close_short", order.pk)) == ["1 closed short."]
    assert counters("A") == (5, 0, 0, 0)


def test_returns_and_transfers_are_led_on(manager):
    back, carried = ReturnOrder.objects.get(), TransferOrder.objects.get()
    assert told(act(manager, "returnorder", "receive_returns", back.pk)) == ["1 received."]
    assert told(act(manager, "returnorder", "cancel_returns", back.pk)) == [
        "R-1: R-1 is received; it cannot be cancelled."
    ]
    dispatched = act(manager, "transferorder", "dispatch_transfers", carried.pk)
    assert told(dispatched) == ["1 dispatched."]
    assert counters("A", "EAST") == (1, 0, 0, 2)


def test_drafts_are_made_of_suggestions_by_a_post_only(manager):
    stock({("LOOSE", "MAIN"): 0, ("B", "MAIN"): 0})
    supplied("B")
    settings = [ReorderSetting(sku, "MAIN", 5, 20) for sku in ("A", "B", "LOOSE")]
    do(set_reorder_batch, settings=settings)
    address = "/admin/orders/purchaseorder/draft-from-suggestions"
    assert b"Make drafts" in manager.get(address, follow=True).content
    assert PurchaseOrder.objects.count() == 1
    answer = manager.post(f"{address}/", {"_form_submitted": "true"})
    assert answer["HX-Redirect"] == "/admin/orders/purchaseorder/"
    page = manager.get("/admin/orders/purchaseorder/")
    assert told(page) == [
        "1 draft made; look and send.",
        "Without a supplier, so on no draft: LOOSE.",
    ]
    assert PurchaseOrder.objects.count() == 2  # A is on PO-1 already


def test_who_is_limited_sees_and_does_no_more_than_on_the_floor(client, papers):
    warehouse("WEST")
    clerk = limited(client, role="picker", within=["WEST"])
    for topic in TOPICS:
        assert clerk.get(f"/admin/orders/{topic}/").context["cl"].result_count == 0
    page = clerk.get("/admin/orders/purchaseorder/")
    assert b"draft-from-suggestions" not in page.content
    assert clerk.get("/admin/orders/purchaseorder/draft-from-suggestions/").status_code == 403
