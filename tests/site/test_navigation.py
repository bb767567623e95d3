"""The navigation: by task, in the order of a day, and with no link that leads whoever sees it nowhere."""

import pytest
from django.test import RequestFactory

from inventory_site.navigation import NAVIGATION, shown
from tests.site.staff import person
from tests.site.two_houses import people

pytestmark = pytest.mark.django_db

GROUPS = [
    "Today", "Stock", "Orders", "Purchasing", "Returns", "Counts", "Alerts", "Reports", "Set-up",
]  # fmt: skip


def offered(user):
    """Titles and addresses that this person is shown."""
    request = RequestFactory().get("/admin/")
    request.user = user
    return {
        (str(group["title"]), str(item["title"])): item["link"]
        for group in shown(request)
        for item in group["items"]
    }


def test_its_groups_are_the_day_s_tasks():
    assert [str(group.title) for group in NAVIGATION] == GROUPS


def test_pages_show_it(client):
    client.force_login(people()["M"])
    context = client.get("/admin/").context
    assert [str(group["title"]) for group in context["sidebar_navigation"]] == GROUPS


def test_what_is_told_and_what_leaves_the_house_is_under_alerts():
    (alerts,) = (group for group in NAVIGATION if str(group.title) == "Alerts")
    assert [str(item.title) for item in alerts.items] == [
        "Alerts", "Rings", "Channels", "Webhooks", "Deliveries", "Backlog", "Set aside",
    ]  # fmt: skip


@pytest.mark.parametrize("letter", "MmVR")
def test_every_link_that_somebody_sees_opens(client, letter):
    user = people()[letter]
    client.force_login(user)
    found = offered(user)
    assert found
    opened = {title: client.get(address).status_code for title, address in found.items()}
    assert {title: status for title, status in opened.items() if status != 200} == {}


def test_whoever_is_limited_is_not_led_to_what_concerns_all():
    limited = offered(person("reader-of-main", "read-only", within=["MAIN"]))
    assert ("Alerts", "Alerts") in limited
    assert (
        not {("Alerts", "Channels"), ("Alerts", "Backlog"), ("Set-up", "Health")} & limited.keys()
    )


def test_the_menu_s_search_and_the_page_of_an_app_find_what_there_is(client):
    client.force_login(people()["M"])
    assert b"Stock movements" in client.get("/admin/search/?s=movem").content
    assert b"Stock movements" in client.get("/admin/warehouse/").content
    assert client.get("/admin/sessions/").status_code == 404


def test_a_page_marks_the_list_that_it_belongs_to():
    def marked(path):
        request = RequestFactory().get(path)
        request.user = everybody["M"]
        return [
            str(item["title"])
            for group in shown(request)
            for item in group["items"]
            if item["active"]
        ]

    everybody = people()
    assert marked("/admin/") == ["Dashboard"]
    assert marked("/admin/warehouse/bin/7/change/") == ["Bins"]
    assert marked("/admin/warehouse/binstock/") == ["Stock by bin"]
