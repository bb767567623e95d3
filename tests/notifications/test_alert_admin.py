"""Alerts in the back office: the worst first, decided about by managers, in their own warehouses."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory_site.core.models import StaffAccess
from inventory_site.core.roles import MANAGER
from notifications.alerting import Condition, Found, settle
from notifications.models import Alert
from tests.factories import do

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/alert/"


def see(rule, *conditions):
    do(settle, rule=rule, found=Found(conditions))


@pytest.fixture
def house():
    see(
        "low_stock",
        Condition("A in MAIN", "A is low in MAIN", warehouse="MAIN", details={"sku": "A"}),
        Condition("B in EAST", "B is low in EAST", warehouse="EAST"),
    )
    see("shortage_found", Condition("C", "C <b>is</b> short", severity="urgent", warehouse="MAIN"))
    see("channel_failing", Condition("mail", "Mail fails"))
    see("order_backordered", Condition("O-1", "O-1 waits"))
    see("order_backordered")


def person(client, *, group=MANAGER, within=()):
    user = get_user_model().objects.create_user("kim", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    StaffAccess.objects.create(user=user, warehouses=list(within))
    client.force_login(user)
    return client


def titles(client, ask=""):
    return [alert.title for alert in client.get(LIST + ask).context["cl"].result_list]


def act(client, action, *titles):
    chosen = list(Alert.objects.filter(title__in=titles).values_list("pk", flat=True))
    answer = client.post(LIST, {"action": action, "_selected_action": chosen}, follow=True)
    return answer.content.decode()


def test_what_stands_is_shown_the_worst_first(client, house):
    person(client)
    assert titles(client)[0] == "C <b>is</b> short"
    assert set(titles(client)[1:]) == {"A is low in MAIN", "B is low in EAST", "Mail fails"}
    assert titles(client, "?state=resolved") == ["O-1 waits"]
    assert len(titles(client, "?state=all")) == 5
    assert set(titles(client, "?rule=low_stock")) == {"A is low in MAIN", "B is low in EAST"}
    assert titles(client, "?q=B+in") == ["B is low in EAST"]


def test_markup_in_a_title_is_text(client, house):
    assert "C &lt;b&gt;is&lt;/b&gt; short" in person(client).get(LIST).content.decode()


def test_a_manager_decides_about_many(client, house):
    person(client)
    assert "2 acknowledged." in act(client, "acknowledge", "A is low in MAIN", "B is low in EAST")
    told = Alert.objects.get(title="A is low in MAIN")
    assert (told.status, told.decided_by) == ("acknowledged", "kim")
    assert "1 open again." in act(client, "reopen", "A is low in MAIN")
    assert "1 put off." in act(client, "snooze_a_week", "A is low in MAIN")
    page = client.get(f"{LIST}{told.pk}/change/").content.decode()
    assert "put off until" in page
    assert "Sku: A" in page


def test_who_is_no_manager_decides_nothing(client, house):
    person(client, group="picker")
    assert "This needs the role" in act(client, "acknowledge", "A is low in MAIN")
    assert not Alert.objects.filter(status="acknowledged").exists()


def test_alerts_of_other_warehouses_and_of_none_are_not_shown(client, house):
    person(client, within=["EAST"])
    assert titles(client) == ["B is low in EAST"]
    act(client, "acknowledge", "A is low in MAIN")
    assert not Alert.objects.filter(status="acknowledged").exists()


def bell(page):
    return page.split('class="bell"', 1)[1].split("</a>", 1)[0]


def test_the_bell_counts_what_is_open_in_the_own_warehouses(client, house):
    person(client)
    assert "4 open alerts" in bell(client.get("/admin/").content.decode())
    act(client, "acknowledge", "A is low in MAIN")
    assert "3 open alerts" in bell(client.get("/admin/").content.decode())
    StaffAccess.objects.update(warehouses=["EAST"])
    assert "1 open alert<" in bell(client.get("/admin/").content.decode())


def test_the_list_costs_as_much_for_many_as_for_few(client, house):
    person(client)

    def cost():
        with CaptureQueriesContext(connection) as sent:
            client.get(LIST)
        return len(sent)

    cost()
    few = cost()
    see("low_stock", *(Condition(f"S{n}", f"S{n} is low", warehouse="MAIN") for n in range(40)))
    assert cost() == few
