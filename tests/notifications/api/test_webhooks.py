"""Webhooks over the API: their secret is told once, and kept nowhere that can be read."""

import pytest
from django.utils.translation import get_language, override

from inventory_site.core.models import IdempotencyKey, SettingChange
from inventory_site.core.sealing import unseal
from notifications.api import webhooks as webhook_pages
from notifications.models import Delivery, Endpoint
from notifications.services import endpoints
from tests.factories import do

pytestmark = pytest.mark.django_db

HOOK = {"name": "shop", "url": "https://shop.example/hook", "types": ["stock.*"]}


@pytest.fixture
def hook(shop):
    return shop.post("/webhooks", HOOK).json()


def test_it_is_made_and_its_secret_told_once(shop):
    answer = shop.post("/webhooks", HOOK, key="make")
    made = answer.json()
    assert answer.status_code == 201
    assert made["secret"].startswith("whsec_")
    assert made["status"] == "healthy"
    kept = Endpoint.objects.get()
    assert unseal(kept.sealed_secret) == made["secret"]
    assert kept.actor == "api:shop"
    shown = shop.get(f"/webhooks/{kept.pk}").json()
    assert shown == {k: v for k, v in made.items() if k != "secret"} | {"pending": 0}
    assert shop.get("/webhooks").json() == {"webhooks": [shown]}


def test_the_same_request_again_is_answered_alike_and_keeps_no_secret_in_the_books(shop):
    first = shop.post("/webhooks", HOOK, key="make")
    again = shop.post("/webhooks", HOOK, key="make")
    assert first.content == again.content
    assert again["Idempotent-Replay"] == "true"
    assert Endpoint.objects.count() == 1
    assert "whsec_" not in IdempotencyKey.objects.get().body


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "https://10.0.0.1/", "https://[::1]/", "https://0x7f.1/", "shop",
        "https://user:word@shop.example/", "https://169.254.169.254/latest/meta-data/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused_with_its_reason(shop, url):
    answer = shop.post("/webhooks", HOOK | {"url": url})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_webhook_url"
    assert answer.json()["errors"] == [{"pointer": "/url"}]
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"types": ["stock"]}, "invalid_webhook"),
        ({"types": ["*"]}, "invalid_webhook"),
        ({"warehouses": [" "]}, "invalid_request"),
        ({"name": "  "}, "invalid_request"),
        ({"name": "a\nb"}, "invalid_webhook"),
        ({"more": 1}, "invalid_request"),
    ],
)
def test_what_cannot_be_made_is_refused(shop, body, code):
    answer = shop.post("/webhooks", HOOK | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_name_is_taken_once_and_there_are_fifty_at_most(shop, hook, monkeypatch):
    assert shop.post("/webhooks", HOOK).json()["code"] == "webhook_name_taken"
    monkeypatch.setattr(endpoints, "MOST", 1)
    assert shop.post("/webhooks", HOOK | {"name": "other"}).json()["code"] == "too_many_webhooks"


def test_it_is_changed_switched_off_and_on_again(shop, hook):
    path = f"/webhooks/{hook['number']}"
    changed = shop.post(f"{path}/change", {"name": "new", "types": [], "warehouses": ["east"]})
    told = changed.json()
    assert (told["name"], told["types"], told["warehouses"]) == ("new", [], ["EAST"])
    assert told["url"] == HOOK["url"]
    off = shop.post(f"{path}/disable").json()
    assert (off["status"], off["disabled_why"]) == ("off", "Switched off by api:shop.")
    assert shop.post(f"{path}/test").json()["code"] == "webhook_disabled"
    assert shop.post(f"{path}/enable").json()["status"] == "healthy"


def test_a_new_secret_leaves_the_old_one_valid_for_a_day(shop, hook):
    told = shop.post(f"/webhooks/{hook['number']}/rotate").json()
    kept = Endpoint.objects.get()
    assert unseal(kept.sealed_secret) == told["secret"] != hook["secret"]
    assert unseal(kept.sealed_old_secret) == hook["secret"]
    assert told["old_secret_until"] is not None


def test_the_log_is_read_page_by_page_and_failed_messages_are_sent_again(shop, hook):
    path = f"/webhooks/{hook['number']}"
    assert [shop.post(f"{path}/test").json() for _ in range(3)] == [
        {"sequence": n} for n in (1, 2, 3)
    ]
    Delivery.objects.filter(sequence=2).update(status="failed", attempts=10)
    page = shop.get(f"{path}/deliveries?limit=2").json()
    rest = shop.get(f"{path}/deliveries?limit=2&cursor={page['next']}").json()
    assert [x["sequence"] for x in page["deliveries"] + rest["deliveries"]] == [3, 2, 1]
    assert rest["next"] is None
    assert page["deliveries"][0] | {"created_at": "", "due_at": "", "message_id": ""} == {
        "sequence": 3, "message_id": "", "type": "webhook.test", "reference": "", "status": "pending",
        "attempts": 0, "created_at": "", "due_at": "", "done_at": None, "last_attempt": None,
    }  # fmt: skip
    failed = shop.get(f"{path}/deliveries?status=failed").json()["deliveries"]
    assert [x["sequence"] for x in failed] == [2]
    assert shop.post(f"{path}/replay").json() == {"replayed": 1, "left": 0}
    assert shop.post(f"{path}/replay", {"sequences": [1, 2]}).json() == {"replayed": 0, "left": 0}
    assert shop.get(f"{path}/deliveries?status=odd").json()["code"] == "invalid_query"


def test_a_webhook_that_is_not_there_is_404(shop):
    for number in (99, 2**63, 10**30):
        assert shop.get(f"/webhooks/{number}").json()["code"] == "webhook_not_found"
        assert shop.post(f"/webhooks/{number}/test").json()["code"] == "webhook_not_found"


def test_it_takes_a_scope_of_its_own(new_shop, hook):
    reader = new_shop(name="reader", scopes=["stock:read", "stock:write"])
    assert reader.get("/webhooks").json()["code"] == "missing_scope"
    assert reader.post("/webhooks", HOOK).json()["code"] == "missing_scope"


def test_a_limited_key_makes_webhooks_of_its_own_warehouses(new_shop):
    east = new_shop(warehouses=["EAST"])
    assert east.post("/webhooks", HOOK).json()["warehouses"] == ["EAST"]
    refused = east.post("/webhooks", HOOK | {"name": "b", "warehouses": ["MAIN"]})
    assert refused.json()["code"] == "warehouse_not_allowed"


def test_reading_takes_one_statement_however_many_there_are(shop, django_assert_num_queries):
    for n in range(10):
        do(endpoints.create, name=f"hook-{n}", url="https://shop.example/")
        do(endpoints.send_test, endpoint=Endpoint.objects.latest("id").pk)
    shop.get("/webhooks")
    with django_assert_num_queries(1):
        told = shop.get("/webhooks").json()["webhooks"]
    assert [x["pending"] for x in told] == [1] * 10
    with django_assert_num_queries(2):
        shop.get(f"/webhooks/{told[0]['number']}/deliveries")


def test_what_a_key_changes_is_on_record_under_its_name_and_no_secret_is(shop):
    made = shop.post("/webhooks", HOOK).json()
    change = SettingChange.objects.get(topic="notifications.endpoint")
    assert (change.actor, change.subject, change.action) == ("api:shop", "shop", "added")
    assert change.changes["types"] == [None, ["stock.*"]]
    assert change.changes["url"] == change.changes["sealed_secret"] == [None, "hidden"]
    assert made["secret"] not in str(change.changes)


def test_programs_are_answered_in_english_whatever_the_language_around(shop, monkeypatch):
    spoken = []
    monkeypatch.setattr(
        webhook_pages, "with_pending", lambda found: spoken.append(get_language()) or found
    )
    with override("de"):
        shop.get("/webhooks")
        assert get_language() == "de"
    assert spoken == [None], "no language: the words of the source"
