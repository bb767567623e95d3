"""Pages of people, keys, channels, webhooks and reports by mail that somebody else's save has overtaken."""

import pytest
from django.urls import reverse

from inventory_site.core.models import SettingChange
from inventory_site.core.stale import SEEN
from tests.site.staff import person
from tests.site.two_houses import furnish, people

pytestmark = pytest.mark.django_db

# What each page is sent, less what somebody else changes meanwhile: a field, and its new value.
SENT = {
    "auth_user": (
        {"username": "helper-of-MAIN", "roles": "picker", "warehouses": "MAIN", "is_active": "on"},
        ("first_name", "Ada"),
    ),
    "core_apikey": ({"scopes": "stock:read", "warehouses": "MAIN"}, ("scopes", ["stock:write"])),
    "core_reportschedule": (
        {
            "report": "dead-stock", "form": "csv", "recipients": "a@shop.example", "rhythm": "weekly",
            "weekday": 0, "month_day": 1, "hour": 7, "time_zone": "UTC",
        },
        ("hour", 9),
    ),
    "notifications_channel": (
        {"name": "team", "kind": "email", "routes-TOTAL_FORMS": 0, "routes-INITIAL_FORMS": 0},
        ("enabled", False),
    ),
    "notifications_endpoint": (
        {"name": "hook-MAIN", "url": "https://shop.example/", "types": "", "warehouses": "MAIN"},
        ("types", ["stock.*"]),
    ),
}  # fmt: skip
MINE = {
    "auth_user": ("last_name", "Lovelace"),
    "core_apikey": ("scopes", "orders:read"),
    "core_reportschedule": ("hour", 11),
    "notifications_channel": ("name", "Room"),
    "notifications_endpoint": ("url", "https://other.example/"),
}


@pytest.fixture
def house(client):
    client.force_login(people()["M"])
    return furnish()["MAIN"]


@pytest.mark.parametrize("name", SENT)
def test_what_somebody_changed_meanwhile_is_told_and_not_undone(client, house, name):
    row, (sent, (field, theirs)), (mine, typed) = house[name], SENT[name], MINE[name]
    address = reverse(f"admin:{name}_change", args=[row.pk])
    seen = client.get(address).context["seen"]
    type(row).objects.filter(pk=row.pk).update(**{field: theirs})
    refused = client.post(address, sent | {mine: typed, SEEN: seen})
    assert refused.status_code == 200
    words = refused.content.decode()
    assert f"has changed {field.replace('_', ' ')} at" in words
    row.refresh_from_db()
    assert getattr(row, field) == theirs
    assert str(typed) in words, "what was typed is kept"
    again = sent | {mine: typed, SEEN: refused.context["seen"]}
    assert client.post(address, again).status_code == 302, "who has seen it may save"


def test_a_role_that_somebody_took_meanwhile_is_a_change_of_the_person(client, house):
    row = house["auth_user"]
    address = reverse("admin:auth_user_change", args=[row.pk])
    seen = client.get(address).context["seen"]
    row.groups.clear()
    assert SettingChange.objects.filter(topic="auth.user", subject_id=row.pk, id__gt=seen).exists()
    refused = client.post(address, SENT["auth_user"][0] | {SEEN: seen})
    assert "has changed role at" in refused.content.decode()
    assert not row.groups.exists()


def test_whoever_may_only_look_opens_the_page_all_the_same(client, house):
    client.force_login(person("reader-too", "read-only"))
    row = house["core_reportschedule"]
    assert client.get(reverse("admin:core_reportschedule_change", args=[row.pk])).status_code == 200
