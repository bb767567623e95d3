"""The demo has something to do on every page of the floor."""

from io import StringIO

import pytest
from django.core.management import call_command

from orders.models import PickList, PurchaseOrder, ReturnOrder, SalesOrder
from tests.factories import stock
from warehouse.models import Reservation
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.usefixtures("committed_db")


def make():
    call_command("demo_orders", stdout=StringIO())


def test_there_is_something_to_pick_to_receive_and_to_grade():
    small = ("--skus", "60", "--days", "12", "--until", "2026-03-02")
    call_command("demo_data", *small, stdout=StringIO())
    make()
    promised = Reservation.objects.filter(reference__startswith="DEMO-OPEN-", status="active")
    assert SalesOrder.objects.count() == promised.count() > 20
    assert set(PickList.objects.values_list("kind", flat=True)) == {"single", "batch", "wave"}
    assert PurchaseOrder.objects.filter(status="sent").exists()
    assert sorted(ReturnOrder.objects.values_list("status", flat=True)) == [
        "expected", "received", "received",
    ]  # fmt: skip
    before = PickList.objects.count()
    make()
    assert PickList.objects.count() == before
    assert verify_ledger() == []


def test_another_database_is_left_alone():
    stock({("A", "MAIN"): 1})
    make()
    assert not SalesOrder.objects.exists()
