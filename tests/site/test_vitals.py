"""The health page: what waits, the books, the database, the cache; for managers of all warehouses."""

import pytest
from django.contrib.auth import get_user_model
from redis import Redis

from inventory_site.core.models import StaffAccess
from tests.factories import do, stock
from warehouse.services.watching import tell_of_drifts
from warehouse.tasks import verify_ledger_nightly

pytestmark = pytest.mark.usefixtures("committed_db", "valkey")

PAGE = "/admin/health/"


@pytest.fixture
def boss(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def cards(client):
    return {card.title: card for card in client.get(PAGE).context["vitals"].cards}


def test_it_tells_of_queues_books_database_and_cache(boss, settings):
    stock({("A", "MAIN"): 3})
    broker = Redis.from_url(settings.BROKER_AS_REDIS)
    broker.delete("delivery")
    broker.rpush("delivery", *["a task"] * 40)
    try:
        told = cards(boss)
    finally:
        broker.delete("delivery")
    assert 40 <= int(told["Queue: delivery"].figure) < 80  # what others nudge meanwhile among them
    assert told["Proof of the books"].words == "not run yet"
    assert "MiB" in told["Database"].figure
    assert {"Cache hits", "Events to read", "Webhooks to deliver"} <= set(told)
    verify_ledger_nightly()
    assert cards(boss)["Proof of the books"].figure == "clean"
    do(tell_of_drifts, drifts=[], took_ms=1500)
    assert "in 1.5 s" in cards(boss)["Proof of the books"].words


def test_statements_are_counted_and_tables_measured(boss):
    vitals = boss.get(PAGE).context["vitals"]
    assert vitals.statements
    assert any(table.name.startswith("warehouse_") for table in vitals.tables)


def test_without_redis_it_says_so(boss, settings):
    settings.BROKER_AS_REDIS = "redis://127.0.0.1:1/0"
    assert cards(boss)["Queues"].words == "Redis is away"


def test_it_is_not_for_others(client):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 302
    clerk.is_superuser = True
    clerk.save()
    StaffAccess.objects.create(user=clerk, warehouses=["MAIN"])
    assert client.get(PAGE).status_code == 200, "a superuser is limited to nothing"
