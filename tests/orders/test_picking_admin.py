"""Pick lists in the back office: looked at, and handed back with the service's own words."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from inventory_site.core.roles import MANAGER, PICKER, READ_ONLY
from orders.models import PickList
from tests.orders.picking_world import claimed, orders, person, scan, shelve
from tests.site.staff import person as office_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed() -> PickList:
    shelve({("A", "A-01-01"): 5, ("B", "B-01-01"): 5})
    orders({"O1": {"A": 2}, "O2": {"B": 1}})
    anna = person("anna")
    reference = claimed(anna)
    scan(reference, anna)
    return PickList.objects.get()


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def test_lists_are_shown_with_their_progress(manager, listed):
    page = manager.get("/admin/orders/picklist/?q=O1").content.decode()
    assert listed.reference in page
    assert "1 of 3" in page
    page = manager.get(f"/admin/orders/picklist/{listed.pk}/change/").content.decode()
    assert all(word in page for word in ("A-01-01", "B-01-01", "O1", "O2"))
    assert manager.get("/admin/orders/pickscan/").status_code == 200


def test_the_number_of_statements_does_not_depend_on_the_lists(
    manager, listed, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        manager.get("/admin/orders/picklist/")


def test_a_manager_hands_a_list_back(manager, listed):
    told = {"action": "hand_back", "_selected_action": [listed.pk], "confirmed": 1}
    page = manager.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert "1 open for others." in page
    listed.refresh_from_db()
    assert (listed.status, listed.claimed_by_id) == ("open", None)
    PickList.objects.update(status="done")
    page = manager.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert f"{listed.reference} is done; there is nothing left to pick." in page


def test_a_manager_gives_lists_to_somebody(manager, listed):
    ben = person("ben")
    person("rita", role="receiver")
    page = manager.get("/admin/orders/picklist/").content.decode()
    assert f'<option value="{ben}">ben</option>' in page
    assert "rita" not in page
    told = {"action": "give", "_selected_action": [listed.pk], "confirmed": 1, "to": ben}
    page = manager.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert "1 given away." in page
    listed.refresh_from_db()
    assert (listed.status, listed.claimed_by_id) == ("claimed", ben)
    page = manager.post("/admin/orders/picklist/", told | {"to": ""}, follow=True).content.decode()
    assert "Choose beside the action to whom" in page
    PickList.objects.update(status="done")
    page = manager.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert f"{listed.reference} is done; there is nothing left to pick." in page


def test_who_is_no_manager_gives_nothing_away(client, listed):
    staff = get_user_model().objects.get(username="anna")
    staff.is_staff = True
    staff.save()
    staff.user_permissions.add(Permission.objects.get(codename="view_picklist"))
    client.force_login(staff)
    told = {"action": "give", "_selected_action": [listed.pk], "confirmed": 1, "to": person("ben")}
    page = client.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert 'value="give"' not in page
    listed.refresh_from_db()
    assert listed.claimed_by_id == staff.pk


def test_who_is_no_manager_is_offered_nobody_and_learns_no_name_by_number(client, listed):
    ben = person("ben")
    client.force_login(office_person("rosa", READ_ONLY))
    told = {"action": "give", "_selected_action": [listed.pk], "to": ben}
    for answer in (
        client.get("/admin/orders/picklist/"),
        client.post("/admin/orders/picklist/", told),
    ):
        assert answer.status_code == 200
        assert "ben" not in re.findall(r"\w+", answer.content.decode())


def test_lists_are_given_to_those_who_pick_in_a_warehouse_of_the_managers_own(client, listed):
    eva = office_person("eva", PICKER, within=["EAST", "WEST"])
    mia = office_person("mia", PICKER, within=["EAST", "MAIN"])
    client.force_login(office_person("max", MANAGER, within=["MAIN"]))
    page = client.get("/admin/orders/picklist/").content.decode()
    assert f'<option value="{mia.pk}">mia</option>' in page
    assert "eva" not in re.findall(r"\w+", page)
    told = {"action": "give", "_selected_action": [listed.pk], "to": eva.pk}
    page = client.post("/admin/orders/picklist/", told, follow=True).content.decode()
    assert "Choose beside the action to whom" in page


def test_scans_are_asked_for_by_whom_of_those_that_one_sees(manager, listed):
    ben = get_user_model().objects.get(pk=person("ben"))
    page = manager.get("/admin/orders/pickscan/").content.decode()
    assert "?by=anna" in page
    assert "?by=ben" not in page
    for name, rows in (("anna", 1), (ben.username, 0)):
        found = manager.get("/admin/orders/pickscan/", {"by": name}).context["cl"].queryset
        assert found.count() == rows
