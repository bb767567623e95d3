"""Each action on many documents: nothing before somebody has said yes, once after, once when sent twice."""

import pytest
from django.contrib.auth import get_user_model

from inventory_site.core.roles import PICKER
from notifications.models import OutboxEvent
from orders import models as papers
from orders.services import purchasing, transferring
from orders.services.purchasing import PurchaseLine, draft
from orders.services.returning import ReturnedLine, expect_return
from orders.services.shipping import ship_order
from orders.services.transferring import WantedLine
from tests.factories import do, stock, warehouse
from tests.orders.counted import claimed as counting
from tests.orders.counted import hand_in, opened, task
from tests.orders.making import order
from tests.orders.picking_world import claimed, planned
from tests.orders.shipped import supplied
from tests.site.every_address import actions
from tests.site.staff import person
from warehouse.models import Bin

pytestmark = pytest.mark.django_db


def sold(**more):
    order("O", A=1, **more)
    return papers.SalesOrder.objects.get()


def sent():
    sold()
    do(ship_order, reference="O", lines=None)
    return papers.SalesOrder.objects.get()


def bought(*, send=False):
    supplied("A")
    do(draft, reference="B", supplier="ACME", warehouse="MAIN", lines=[PurchaseLine("A", 2)])
    if send:
        do(purchasing.send, reference="B")
    return papers.PurchaseOrder.objects.get()


def announced():
    do(expect_return, reference="R", warehouse="MAIN", lines=[ReturnedLine("A", 1)])
    return papers.ReturnOrder.objects.get()


def wanted():
    warehouse("EAST")
    lines = [WantedLine("A", 1)]
    do(transferring.request, reference="T", source="MAIN", destination="EAST", lines=lines)
    return papers.TransferOrder.objects.get()


def counted():
    reference = opened()
    for who in ("kim", "lee"):
        hand_in(reference, who, A=5)
    return task(reference)


def begun():
    reference = opened()
    counting(reference)
    return task(reference)


def walked():
    order("O", A=1)
    reference = claimed(person("anna", PICKER).pk, orders=["O"])
    return papers.PickList.objects.get(reference=reference)


def waiting():
    order("O", A=1)
    return papers.PickList.objects.get(reference=planned(orders=["O"])[0])


# What it is done to, and what its page asks.
ACTIONS = {
    ("orders_salesorder", "confirm_drafts"): (lambda: sold(draft=True), "Confirm (promise stock"),
    ("orders_salesorder", "cancel_orders"): (sold, "Cancel what has not left?"),
    ("orders_salesorder", "close_orders"): (sent, "Close (nothing more will leave)?"),
    ("orders_purchaseorder", "send_drafts"): (bought, "Send to the supplier (inbound"),
    ("orders_purchaseorder", "close_short"): (lambda: bought(send=True), "Close short (the rest"),
    ("orders_purchaseorder", "cancel_orders"): (bought, "Cancel (nothing has come yet)?"),
    ("orders_returnorder", "receive_returns"): (announced, "All came: start the clock?"),
    ("orders_returnorder", "cancel_returns"): (announced, "Cancel (it will not come)?"),
    ("orders_transferorder", "dispatch_transfers"): (wanted, "Dispatch (the lorry leaves"),
    ("orders_transferorder", "cancel_transfers"): (wanted, "Cancel (it has not left)?"),
    ("orders_counttask", "approve"): (counted, "Approve: book the differences?"),
    ("orders_counttask", "count_again"): (counted, "Have it counted again?"),
    ("orders_counttask", "hand_back"): (begun, "Take it from whoever claimed it?"),
    ("orders_counttask", "cancel"): (begun, "Cancel (nothing is booked)?"),
    ("orders_picklist", "hand_back"): (walked, "Hand back to everybody?"),
    ("orders_picklist", "give"): (walked, "Give to ben?"),
    ("orders_picklist", "cancel_lists"): (waiting, "Cancel (nothing of it is picked)?"),
}


def as_it_is(row):
    """All that an action may change: the row, what was told of it, and what was opened or moved."""
    model = type(row)
    return (
        model.objects.filter(pk=row.pk).values().get(),
        OutboxEvent.objects.count(),
        list(papers.CountTask.objects.order_by("pk").values_list("reference", "status")),
    )


@pytest.fixture
def boss(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    stock({("A", "MAIN"): 9})
    return client


def test_every_action_is_known_here():
    assert set(ACTIONS) == {(kind, name) for kind, name in actions() if kind.startswith("orders_")}


@pytest.mark.parametrize(("kind", "action"), ACTIONS)
def test_it_is_asked_about_then_done_and_done_once(boss, kind, action):
    make, question = ACTIONS[kind, action]
    row = make()
    told = {"action": action, "_selected_action": [row.pk], "to": person("ben", PICKER).pk}
    address = f"/admin/{kind.replace('_', '/')}/"
    before = as_it_is(row)
    asked = boss.post(address, told)
    words = asked.content.decode()
    assert question in words
    assert f"<li>{row}</li>" in words
    assert as_it_is(row) == before
    agreed = {
        **asked.context["carried"], "_selected_action": asked.context["ticked"], "confirmed": "1",
    }  # fmt: skip
    boss.post(address, agreed)
    after = as_it_is(row)
    assert after != before
    assert boss.post(address, agreed, follow=True).status_code == 200
    assert as_it_is(row) == after


def test_whom_lists_go_to_is_said_before_anybody_is_asked(boss):
    row = walked()
    for to in ("", "x", "999999"):
        told = {"action": "give", "_selected_action": [row.pk], "to": to}
        page = boss.post("/admin/orders/picklist/", told, follow=True).content.decode()
        assert "Choose beside the action to whom the lists are given." in page
        assert "Yes, do it" not in page


@pytest.mark.parametrize("action", ["bin_sheet", "bin_roll"])
def test_labels_are_printed_at_once(boss, action):
    told = {"action": action, "_selected_action": [Bin.objects.get(code="A-01-01").pk]}
    answer = boss.post("/admin/warehouse/bin/", told)
    assert answer["Content-Type"] == "application/pdf"
