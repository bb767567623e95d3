"""The back office of the stock shows a person their own warehouses alone."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from inventory_site.core.models import StaffAccess
from tests.factories import do, stock
from warehouse.lines import ExpectedLine, ReserveLine
from warehouse.services.inbound import expect
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

SHOWN = ("inventoryitem", "reservation", "stockmovement", "inboundline", "reordersuggestion")


@pytest.fixture
def house(db):
    stock({("A", "MAIN"): 9, ("A", "EAST"): 1})
    do(reserve, reference="HERE", lines=[ReserveLine("A", 2)], warehouse="MAIN")
    do(expect, reference="PO", lines=[ExpectedLine("A", "MAIN", 1)], expected_at=None)
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=50, reorder_quantity=1)


@pytest.mark.parametrize("topic", SHOWN)
@pytest.mark.parametrize(("within", "seen"), [(["EAST"], False), (["MAIN"], True), ([], True)])
def test_the_lists_show_the_own_warehouses_alone(client, house, topic, within, seen):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    StaffAccess.objects.create(user=clerk, warehouses=within)
    client.force_login(clerk)
    page = client.get(reverse(f"admin:warehouse_{topic}_changelist"))
    found = page.context["cl"].result_list
    if topic == "reservation":
        assert bool(found) is seen
    else:
        codes = {getattr(row, "item", row).warehouse.code for row in found}
        assert ("MAIN" in codes) is seen
        assert codes <= set(within or codes)
