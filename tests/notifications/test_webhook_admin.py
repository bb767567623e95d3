"""Webhooks in the back office: made by managers, looked at by whoever may, the secret shown once."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language, override

from inventory_site.core.errors import Busy
from inventory_site.core.models import StaffAccess
from inventory_site.core.sealing import unseal
from notifications.models import Attempt, Delivery, Endpoint, OutboxEvent
from notifications.services import endpoints
from tests.factories import do

pytestmark = pytest.mark.django_db

LIST, LOG = "/admin/notifications/endpoint/", "/admin/notifications/delivery/"
SECRET = re.compile(r"whsec_[\w+/=]+")
GIVEN = {
    "name": "shop",
    "url": "https://shop.example/",
    "types": "stock.*, order.placed",
    "warehouses": "",
}


def person(name, *, manager, warehouses=()):
    made = get_user_model().objects.create_user(name, is_staff=True)
    looked_at = ("endpoint", "delivery", "attempt")
    actions = [f"{do_}_{model}" for model in looked_at for do_ in ("view", "add", "change")]
    made.user_permissions.set(Permission.objects.filter(codename__in=actions))
    if manager:
        made.groups.add(Group.objects.get_or_create(name="operations manager")[0])
    if warehouses:
        StaffAccess.objects.create(user=made, warehouses=list(warehouses))
    return made


@pytest.fixture
def manager(client):
    client.force_login(person("boss", manager=True))
    return client


def made(name="shop", **more):
    return do(endpoints.create, name=name, url="https://shop.example/", **more).endpoint


def act(client, page, action, *rows):
    told = {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": len(rows)}
    return client.post(page, told, follow=True)


def test_a_manager_makes_one_and_sees_its_secret_once(manager):
    answer = manager.post(f"{LIST}add/", GIVEN)
    kept = Endpoint.objects.get()
    assert SECRET.findall(answer.content.decode()) == [unseal(kept.sealed_secret)]
    assert (kept.types, kept.warehouses) == (["stock.*", "order.placed"], [])
    assert kept.since > 0
    for page in (LIST, f"{LIST}{kept.pk}/change/"):
        assert SECRET.findall(manager.get(page).content.decode()) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://10.0.0.1/", "10.0.0.1 is not a public address"),
        ("types", "stock", "stock.received or stock.*"),
        ("name", "other", "There is another webhook other."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(manager, field, value, words):
    made("other")
    answer = manager.post(f"{LIST}add/", GIVEN | {field: value})
    assert words in answer.content.decode()
    assert list(answer.context["adminform"].form.errors) == [field]
    assert Endpoint.objects.count() == 1


def test_what_the_service_refuses_at_last_is_said_above_what_was_typed(manager, monkeypatch):
    def refuse(**_):
        raise Busy("Somebody makes one of that name just now.")

    monkeypatch.setattr(endpoints, "create", refuse)
    answer = manager.post(f"{LIST}add/", GIVEN | {"name": "typed"})
    page = answer.content.decode()
    assert "Somebody makes one of that name just now." in page
    assert 'value="typed"' in page
    assert not Endpoint.objects.exists()


def test_it_is_changed_and_keeps_what_is_not_on_the_page(manager):
    shop = made()
    Endpoint.objects.update(last_sequence=7, rests_until="2099-01-01T00:00Z", failures=3)
    manager.post(f"{LIST}{shop.pk}/change/", GIVEN | {"url": "https://new.example/"})
    kept = Endpoint.objects.get()
    assert (kept.url, kept.types) == ("https://new.example/", ["stock.*", "order.placed"])
    assert (kept.last_sequence, kept.failures, kept.rests_until) == (7, 0, None)
    assert kept.sealed_secret == shop.sealed_secret


def test_what_a_manager_does_to_webhooks(manager):
    shop = made("<b>shop</b>")
    told = act(manager, LIST, "rotate", shop).content.decode()
    assert SECRET.findall(told) == [unseal(Endpoint.objects.get().sealed_secret)]
    assert "<b>shop" not in told
    assert "1 sent a test" in act(manager, LIST, "send_test", shop).content.decode()
    assert "1 switched off" in act(manager, LIST, "disable", shop).content.decode()
    assert "Switched off by boss." in manager.get(LIST).content.decode()
    assert "enable it first" in act(manager, LIST, "send_test", shop).content.decode()
    act(manager, LIST, "enable", shop)
    assert Endpoint.objects.get().enabled
    Delivery.objects.update(status="failed", attempts=10)
    act(manager, LIST, "replay_failed", shop)
    assert list(Delivery.objects.values_list("status", "attempts")) == [("pending", 0)]


def delivered(shop, many=1):
    for n in range(many):
        event = OutboxEvent.objects.create(
            position=1, type="stock.moved", reference=f"REF-{n}", actor="t", levels=[]
        )
        one = Delivery.objects.create(
            endpoint=shop, event=event, reference=f"REF-{n}", sequence=n + 1, status="failed"
        )
        Attempt.objects.create(
            delivery=one, duration_ms=5, status_code=500, error="it answered 500"
        )


def test_a_reference_is_looked_up_in_an_index_however_long_the_log_is(manager):
    shop = made()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_delivery (endpoint_id, reference, sequence, status, attempts)"
            " SELECT %s, 'ORDER-' || n, n, 'delivered', 1 FROM generate_series(1, 20000) n",
            [shop.pk],
        )
        cursor.execute("ANALYZE notifications_delivery")
    with CaptureQueriesContext(connection) as sent:
        page = manager.get(f"{LOG}?q=ORDER-17").content.decode()
    assert "ORDER-17" in page
    searched = [one["sql"] for one in sent if "'ORDER-17'" in one["sql"]]
    assert searched
    for sql in searched:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "delivery_reference" in plan, plan
        assert "Seq Scan on notifications_delivery" not in plan, plan


def test_the_log_is_searched_by_reference_and_sent_again(manager):
    shop = made()
    delivered(shop, 3)
    page = manager.get(f"{LOG}?q=REF-1").content.decode()
    assert "REF-1" in page
    assert "REF-2" not in page
    assert "it answered 500" in page
    one = Delivery.objects.get(sequence=2)
    assert "it answered 500" in manager.get(f"{LOG}{one.pk}/change/").content.decode()
    told = act(manager, LOG, "replay", one).content.decode()
    assert "1 to be sent again" in told
    assert list(Delivery.objects.order_by("id").values_list("status", flat=True)) == [
        "failed",
        "pending",
        "failed",
    ]


def test_more_than_are_sent_again_at_once_are_told_of(manager, monkeypatch):
    shop = made()
    for n in range(5):
        Delivery.objects.create(endpoint=shop, sequence=n + 1, status="failed", attempts=10)
    monkeypatch.setattr(endpoints, "MOST_REPLAYED", 3)
    page = act(manager, LOG, "replay", *Delivery.objects.all()).content.decode()
    assert "3 to be sent again" in page
    assert "2 more are not: send them again once these are through." in page
    assert (
        "more are not" not in act(manager, LOG, "replay", *Delivery.objects.all()).content.decode()
    )


def test_why_it_is_off_is_kept_in_the_language_of_the_site(monkeypatch):
    shop = made()
    monkeypatch.setattr(endpoints, "_", lambda words: f"{get_language()} {words}")
    with override("de"):
        do(endpoints.disable, endpoint=shop.pk)
    shop.refresh_from_db()
    assert shop.disabled_why == "en Switched off by tester."


def test_whoever_is_no_manager_looks_and_does_nothing(client):
    shop = made()
    delivered(shop)
    client.force_login(person("kim", manager=False))
    assert client.get(LIST).status_code == client.get(LOG).status_code == 200
    assert client.post(f"{LIST}add/", GIVEN).status_code == 403
    assert client.post(f"{LIST}{shop.pk}/change/", GIVEN).status_code == 403
    for action in ("rotate", "send_test", "disable", "enable", "replay_failed"):
        act(client, LIST, action, shop)
    act(client, LOG, "replay", Delivery.objects.get())
    kept = Endpoint.objects.get()
    assert (kept.enabled, kept.last_sequence, kept.old_secret_until) == (True, 0, None)
    assert Delivery.objects.get().status == "failed"


def test_a_manager_of_some_warehouses_sees_and_makes_their_webhooks_only(client):
    east = made("east", warehouses=["EAST"])
    for name, codes in (("main", ["MAIN"]), ("both", ["EAST", "MAIN"]), ("all", [])):
        delivered(made(name, warehouses=codes))
    delivered(east)
    client.force_login(person("lee", manager=True, warehouses=["EAST"]))
    assert list(client.get(LIST).context["cl"].result_list) == [east]
    assert [x.endpoint for x in client.get(LOG).context["cl"].result_list] == [east]
    foreign = Endpoint.objects.get(name="main")
    client.post(f"{LIST}{foreign.pk}/change/", GIVEN)
    act(client, LIST, "disable", foreign)
    act(client, LOG, "replay", Delivery.objects.get(endpoint=foreign))
    assert Endpoint.objects.get(name="main").enabled
    assert Delivery.objects.get(endpoint=foreign).status == "failed"
    refused = client.post(f"{LIST}add/", GIVEN | {"warehouses": "MAIN"})
    assert "Not allowed in warehouse MAIN" in refused.content.decode()
    client.post(f"{LIST}add/", GIVEN)
    assert Endpoint.objects.get(name="shop").warehouses == ["EAST"]


@pytest.mark.parametrize(("address", "most"), [(LIST, 10), (LOG, 10)])
def test_the_number_of_statements_does_not_depend_on_the_rows(
    manager, address, most, django_assert_max_num_queries
):
    for n in range(30):
        delivered(made(f"shop-{n}"), 1)
    with django_assert_max_num_queries(most):
        manager.get(address)
