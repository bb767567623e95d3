"""Whoever is limited to a warehouse sees and moves what is there, and what may be moved at all."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from inventory_site.core.models import StaffAccess
from orders.errors import NotToMove, WrongBin
from orders.models import CountTask, PickList, SalesOrder, Shipment
from orders.pages.leading import DOCUMENTS
from orders.services.counting import CountPlace, open_tasks
from orders.services.moving import move_units
from orders.services.placing import NewLine, NewOrder, place
from orders.services.planning import plan
from orders.services.putting_away import put_away
from orders.services.shipping import ship_order
from tests.factories import do, stock
from warehouse.lines import Disposition, ReturnLine, TransferLine
from warehouse.services.movements import return_stock
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db

SHOWN = ("salesorder", "shipment", "picklist", "pickscan", "counttask")


@pytest.fixture
def papers(db):
    stock({("A", "MAIN"): 9, ("A", "EAST"): 1})
    for reference in ("SENT", "HERE"):
        do(
            place,
            order=NewOrder(
                reference, [NewLine("A", 2)], warehouse="MAIN", ship_to_name="Ada Lovelace"
            ),
        )
    do(ship_order, reference="SENT")
    do(plan, warehouse="MAIN", kind="single")
    do(open_tasks, places=[CountPlace("MAIN", "A-01-01")])
    assert all(m.objects.exists() for m in (SalesOrder, Shipment, PickList, CountTask))


@pytest.mark.parametrize("topic", SHOWN)
@pytest.mark.parametrize(("within", "seen"), [(["EAST"], False), (["MAIN"], True), ([], True)])
def test_the_back_office_shows_the_own_warehouses_alone(client, papers, topic, within, seen):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    clerk.groups.add(Group.objects.get_or_create(name="read-only")[0])
    StaffAccess.objects.create(user=clerk, warehouses=within)
    client.force_login(clerk)
    page = client.get(reverse(f"admin:orders_{topic}_changelist"))
    assert page.status_code == 200
    if topic != "pickscan":
        assert bool(page.context["cl"].result_count) is seen
    assert ("Ada Lovelace" in page.content.decode()) is (seen and topic == "salesorder")


def test_what_is_missing_is_decided_by_a_count(papers):
    to_missing = [TransferLine("A", 1, "A-01-01", "MISSING")]
    do(transfer, reference="M", from_warehouse="MAIN", to_warehouse="MAIN", lines=to_missing)
    for ends in (
        {"from_bin": "MISSING", "to_bin": "A-01-01"},
        {"from_bin": "A-01-01", "to_bin": "MISSING"},
    ):
        with pytest.raises(NotToMove, match="count"):
            do(move_units, warehouse="MAIN", sku="A", quantity=1, **ends)


def test_nothing_is_put_away_out_of_quarantine(papers):
    line = ReturnLine("A", "MAIN", 1, Disposition.QUARANTINE)
    do(return_stock, reference="R", lines=[line])
    with pytest.raises(WrongBin, match="Nothing waits in QUARANTINE"):
        do(put_away, warehouse="MAIN", sku="A", quantity=1, from_bin="QUARANTINE", to_bin="A-01-01")


def test_every_document_that_a_code_leads_to_has_its_page():
    assert all(reverse(name, kwargs={"reference": "X-1"}) for name in DOCUMENTS.values())
