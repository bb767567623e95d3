"""Reorder settings in the list: set by one call, by managers, where they may; nobody's work is undone."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from inventory_site.core.models import StaffAccess
from inventory_site.core.roles import MANAGER
from notifications.models import OutboxEvent
from tests.factories import do, item, stock
from warehouse.models import InventoryItem
from warehouse.services.replenishment import set_reorder

pytestmark = pytest.mark.django_db

LIST = "/admin/warehouse/inventoryitem/"


@pytest.fixture
def house():
    stock({("A", "MAIN"): 9, ("B", "MAIN"): 5, ("C", "EAST"): 5})


def person(client, role=MANAGER, within=()):
    user = get_user_model().objects.create_user("kim", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=user, warehouses=list(within))
    client.force_login(user)
    return client


def form(client):
    """What the page would send as it was opened."""
    page = client.get(LIST)
    told = {"_save": "Save"}
    for bound in (page.context["cl"].formset.management_form, *page.context["cl"].formset.forms):
        for field in bound:
            told[field.html_name] = field.value()
            if field.field.show_hidden_initial:
                told[field.html_initial_name] = field.value()
    rows = {one.instance.product.sku: one.prefix for one in page.context["cl"].formset.forms}
    return told, rows


def save(client, told):
    return client.post(LIST, told, follow=True).content.decode()


def settings(sku, code="MAIN"):
    row = item(sku, code)
    return row.reorder_point, row.reorder_quantity, row.safety_stock


def test_many_rows_are_set_by_one_event(client, house):
    told, rows = form(person(client))
    told |= {f"{rows['A']}-reorder_point": 6, f"{rows['B']}-reorder_quantity": 30}
    before = OutboxEvent.objects.count()
    assert "2 items set." in save(client, told)
    assert (settings("A"), settings("B")) == ((6, 0, 0), (0, 30, 0))
    assert OutboxEvent.objects.count() == before + 1


def test_what_nobody_touched_is_left_as_somebody_else_set_it(client, house):
    told, rows = form(person(client))
    do(set_reorder, sku="B", warehouse="MAIN", reorder_point=8, reorder_quantity=9)
    told |= {f"{rows['A']}-reorder_point": 6}
    assert "1 item set." in save(client, told)
    assert settings("B") == (8, 9, 0)


def test_what_somebody_else_set_meanwhile_is_not_overwritten(client, house):
    told, rows = form(person(client))
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=8, reorder_quantity=9)
    told |= {f"{rows['A']}-reorder_point": 6}
    assert "by somebody else meanwhile" in save(client, told)
    assert settings("A") == (8, 9, 0)


@pytest.mark.parametrize("value", ["-1", "x", "", "99999999999"])
def test_what_is_no_quantity_is_refused_and_nothing_is_set(client, house, value):
    told, rows = form(person(client))
    told |= {f"{rows['A']}-reorder_point": value, f"{rows['B']}-reorder_point": 3}
    save(client, told)
    assert set(InventoryItem.objects.values_list("reorder_point", flat=True)) == {0}


def test_a_limited_manager_sets_what_is_theirs(client, house):
    told, rows = form(person(client, within=["EAST"]))
    assert set(rows) == {"C"}
    foreign = item("A").pk
    told[f"{rows['C']}-id"] = foreign
    told[f"{rows['C']}-reorder_point"] = 6
    save(client, told)
    assert settings("A") == (0, 0, 0)


def test_who_is_no_manager_edits_nothing(client, house):
    person(client, role="read-only")
    assert client.get(LIST).context["cl"].formset is None
    assert client.post(LIST, {"_save": "Save", "form-TOTAL_FORMS": 0}).status_code == 403


def test_counters_are_no_fields(client, house):
    told, rows = form(person(client))
    told |= {f"{rows['A']}-on_hand": 500, f"{rows['A']}-reserved": 3}
    save(client, told)
    assert (item("A").on_hand, item("A").reserved) == (9, 0)
