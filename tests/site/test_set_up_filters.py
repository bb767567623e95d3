"""Filters of alerts, deliveries, rings, people, keys and history, as a manager thinks of them."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from inventory_site.core.keys import make_key
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import MANAGER, PICKER, Staff
from notifications.models import Delivery, Endpoint, OutboxEvent, Ring
from tests.factories import do, warehouse
from tests.notifications.alarms import NOW, channel, ring, stand
from tests.reports.asked import csv_rows, file_of
from tests.site.staff import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

BOSS = Staff(0, "boss", frozenset({MANAGER}), None)
DAY = timedelta(days=1)


@pytest.fixture
def mail_server_known(settings):
    settings.EMAIL_HOST = "mail.shop.example"


@pytest.fixture
def boss(client):
    for code in ("MAIN", "EAST", "WEST"):
        warehouse(code)
    client.force_login(person("boss", MANAGER))
    return client


def listed(client, page, ask=""):
    rows = client.get(f"/admin/{page}/{ask}").context["cl"].result_list
    return sorted(str(row) for row in rows)


def offered(client, page, parameter):
    """The values of a filter."""
    filters = client.get(f"/admin/{page}/").context["cl"].filter_specs
    (one,) = (x for x in filters if getattr(x, "parameter_name", "") == parameter)
    return [value for value, _words in one.lookup_choices]


@pytest.mark.parametrize(
    "page", ["notifications/alert", "auth/user", "core/apikey", "core/settingchange"]
)
def test_the_limited_are_offered_their_own_warehouses_only(boss, client, page):
    assert offered(client, page, "warehouse") == ["EAST", "MAIN", "WEST"]
    client.force_login(person("limited", MANAGER, within=["EAST", "WEST"]))
    stand("A", warehouse="EAST")
    make = {"scopes": ["stock:read"], "warehouses": ["EAST"], "who": BOSS}
    do(make_key, name="till", **make)
    assert offered(client, page, "warehouse") == ["EAST", "WEST"]


def test_the_limited_cannot_ask_for_other_warehouses_either(boss, client):
    stand("A", title="A in MAIN", warehouse="MAIN")
    stand("B", rule="other", title="B in EAST", warehouse="EAST")
    assert listed(client, "notifications/alert", "?warehouse=MAIN") == ["A in MAIN"]
    client.force_login(person("limited", MANAGER, within=["EAST"]))
    assert listed(client, "notifications/alert", "?warehouse=MAIN") == []
    assert listed(client, "notifications/alert", "?warehouse=EAST") == ["B in EAST"]


def test_people_by_where_they_work_and_when_they_signed_in(boss, client):
    now = timezone.now()
    for name, within, days in (
        ("ann", ["MAIN"], 1), ("ben", ["EAST"], 20), ("cem", ["EAST", "MAIN"], 100), ("dee", ["EAST"], None),
    ):  # fmt: skip
        made = person(name, PICKER, within=within)
        get_user_model().objects.filter(pk=made.pk).update(
            last_login=None if days is None else now - days * DAY
        )
    page, role = "auth/user", "&role=picker"
    assert listed(client, page, f"?warehouse=MAIN{role}") == ["ann", "cem"]
    assert listed(client, page, f"?signed_in=7{role}") == ["ann"]
    assert listed(client, page, f"?signed_in=30{role}") == ["ann", "ben"]
    assert listed(client, page, f"?signed_in=not-90{role}") == ["cem", "dee"]
    assert listed(client, page, f"?signed_in=never{role}") == ["dee"]
    assert "boss" in listed(client, page, "?warehouse=MAIN"), "who works everywhere works there"


def test_keys_by_whether_they_work_and_whether_anybody_uses_them(boss, client):
    now = timezone.now()
    for name, more in {
        "used": {"last_used_at": now},
        "idle": {"last_used_at": now - 91 * DAY},
        "never": {"created": now - 91 * DAY},
        "ending": {"expiry_date": now + DAY, "last_used_at": now},
        "over": {"expiry_date": now - DAY},
    }.items():
        made = do(make_key, name=name, scopes=["stock:read"], warehouses=["MAIN"], who=BOSS)
        ApiKey.objects.filter(prefix=made.prefix).update(**more)
    ended = do(make_key, name="ended", scopes=["stock:read"], warehouses=["EAST"], who=BOSS)
    ApiKey.objects.filter(prefix=ended.prefix).update(revoked=True)
    expected = {
        "state=works": ["ending", "idle", "never", "used"], "state=unused": ["idle", "never"],
        "state=soon": ["ending"], "state=expired": ["over"], "state=revoked": ["ended"],
        "warehouse=EAST": ["ended"],
    }  # fmt: skip
    found = {ask: listed(client, "core/apikey", f"?{ask}") for ask in expected}
    assert found == expected


def test_deliveries_by_webhook_event_and_what_came_of_them(boss, client):
    hooks = [
        Endpoint.objects.create(name=name, url="https://x.example/", warehouses=codes, sealed_secret="x")
        for name, codes in (("erp", ["EAST"]), ("shop", []))
    ]  # fmt: skip
    for n, (hook, type_, status) in enumerate(
        [(0, "stock.moved", "failed"), (1, "order.placed", "pending"), (1, "stock.moved", "pending")], 1
    ):  # fmt: skip
        event = OutboxEvent.objects.create(
            position=n, type=type_, reference="R", actor="x", levels=[]
        )
        Delivery.objects.create(endpoint=hooks[hook], event=event, sequence=n, status=status)
    Delivery.objects.create(endpoint=hooks[1], sequence=9, status="delivered")
    page = "notifications/delivery"
    assert listed(client, page, f"?webhook={hooks[0].pk}") == ["1 to erp"]
    assert listed(client, page, "?topic=stock") == ["1 to erp", "3 to shop"]
    assert listed(client, page, "?topic=test") == ["9 to shop"]
    assert listed(client, page, "?status__exact=pending&topic=order") == ["2 to shop"]
    assert len(listed(client, page, "?webhook=x")) == 4
    client.force_login(person("limited", MANAGER, within=["EAST"]))
    assert offered(client, page, "webhook") == [str(hooks[0].pk)]


def test_rings_by_what_became_of_them(boss, client):
    channel()
    stand("A", "B", "C", "D")
    ring()
    for subject, more in {
        "A": {"sent_at": NOW},
        "B": {"dropped_at": NOW},
        "C": {"dropped_at": NOW, "refused": "Chat answered 400."},
    }.items():
        Ring.objects.filter(alert__subject=subject).update(**more)
    asked = {
        name: listed(client, "notifications/ring", f"?outcome={name}")
        for name in ("told", "dropped", "refused", "waits")
    }
    assert asked == {
        "told": ["A is low on Ops"], "dropped": ["B is low on Ops"],
        "refused": ["C is low on Ops"], "waits": ["D is low on Ops"],
    }  # fmt: skip


def test_history_by_who_and_what(boss, client):
    do(make_key, name="till", scopes=["stock:read"], warehouses=["MAIN"], who=BOSS)
    who = offered(client, "core/settingchange", "who")
    assert len(who) == 1
    assert "till: added" in listed(client, "core/settingchange", f"?who={who[0]}&done=added")
    assert listed(client, "core/settingchange", "?who=nobody") == []
    assert listed(client, "core/settingchange", "?done=removed") == []


@pytest.mark.parametrize(
    ("page", "cell"),
    [
        ("notifications/alert", "warning"), ("notifications/channel", "new"), ("auth/user", "active"),
        ("core/apikey", "works"),
    ],
)  # fmt: skip
def test_a_file_of_the_list_has_the_words_of_its_labels(boss, client, page, cell):
    channel()
    stand("A")
    do(make_key, name="till", scopes=["stock:read"], warehouses=["MAIN"], who=BOSS)
    told = csv_rows(file_of(client.get(f"/admin/{page}/", {"_file": "csv"})))
    assert cell in told[1]
