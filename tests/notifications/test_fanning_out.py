"""Events become deliveries: of the right types and warehouses, once, in order, without a gap."""

import json
import threading

import pytest
from django.db import connection

from inventory_site.core.db import unit_of_work
from notifications import feed, outbox
from notifications.models import Delivery, Endpoint
from notifications.outbox import Event
from notifications.services import delivering, dispatching, endpoints, fanning_out
from notifications.services.fanning_out import WEBHOOKS
from notifications.services.messages import body_of
from tests.factories import TESTER, do
from tests.notifications.receiving import fan_out, happen, statuses

pytestmark = pytest.mark.usefixtures("committed_db")


def made(name="shop", **more) -> Endpoint:
    do(dispatching.open_reader, name="webhooks")
    return do(endpoints.create, name=name, url="https://shop.example/", **more).endpoint


def told(endpoint) -> list[str]:
    own = Delivery.objects.filter(endpoint=endpoint).order_by("sequence")
    return list(own.values_list("event__reference", flat=True))


def sequences(endpoint) -> list[int]:
    own = Delivery.objects.filter(endpoint=endpoint).order_by("event__position", "event__id")
    return list(own.values_list("sequence", flat=True))


def test_types_are_matched_exactly_by_their_family_or_not_at_all():
    every = made("every")
    exact = made("exact", types=["stock.moved", "order.placed"])
    family = made("family", types=["stock.*"])
    for type_ in ("stock.moved", "stock.received", "order.placed", "stockings.sold"):
        happen(type_, type=type_)
    fan_out()
    assert told(every) == ["stock.moved", "stock.received", "order.placed", "stockings.sold"]
    assert told(exact) == ["stock.moved", "order.placed"]
    assert told(family) == ["stock.moved", "stock.received"]
    assert sequences(every) == [1, 2, 3, 4]
    assert sequences(exact) == [1, 2]


def test_a_webhook_of_some_warehouses_is_told_of_their_levels_alone():
    east = made(warehouses=["EAST"])
    happen(
        ("BOTH", ("A", "EAST"), ("A", "MAIN")), ("MAIN", ("A", "MAIN")), "NOWHERE",
        details={"secret": 1},
    )  # fmt: skip
    fan_out()
    assert told(east) == ["BOTH"]
    (message,) = do(delivering.pending, endpoint=east.pk)
    data = json.loads(body_of(message=message, warehouses=["EAST"]))["data"]
    assert [x["warehouse"] for x in data["levels"]] == ["EAST"]
    assert data["details"] == {}


def test_the_same_events_again_make_nothing():
    shop = made()
    happen("A", "B")
    fan_out()
    events = feed.read()
    do(fanning_out.fan_out, events=events)
    do(fanning_out.fan_out, events=events)
    assert sequences(shop) == [1, 2]
    assert Endpoint.objects.get().last_sequence == 2


def test_what_happened_before_it_was_made_is_not_told():
    do(dispatching.open_reader, name="webhooks")
    happen("BEFORE")
    shop = made()
    happen("AFTER")
    fan_out()
    assert told(shop) == ["AFTER"]


def test_one_that_was_switched_off_collects_nothing_and_one_that_failed_does(monkeypatch):
    off, failed = made("off"), made("failed")
    do(endpoints.disable, endpoint=off.pk, actor=TESTER)
    Endpoint.objects.filter(pk=failed.pk).update(enabled=False, collects_to=3)
    happen("A", "B")
    fan_out()
    happen("C", "D", "E")
    fan_out()
    assert told(off) == []
    assert told(failed) == ["A", "B", "C"]
    do(endpoints.enable, endpoint=off.pk)
    do(endpoints.enable, endpoint=failed.pk)
    happen("F")
    fan_out()
    assert told(off) == ["F"]
    assert told(failed) == ["A", "B", "C", "F"]
    assert sequences(failed) == [1, 2, 3, 4]


def test_sequences_have_no_gap_while_many_write_test_and_read():
    shops = [made(f"shop-{n}") for n in range(3)]
    faults = []

    def work(step):
        try:
            for n in range(12):
                step(n)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    def write(n):
        with unit_of_work():
            outbox.record(events=[Event("stock.moved", f"R{n}", "tester", [])])

    def read(_):
        do(dispatching.advance, reader=WEBHOOKS, limit=3)

    def test(n):
        do(endpoints.send_test, endpoint=shops[n % 3].pk)

    threads = [threading.Thread(target=work, args=[x]) for x in (write, write, read, read, test)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    fan_out()
    assert faults == []
    for shop in shops:
        assert sorted(statuses(shop)) == list(range(1, 29))
        real = Delivery.objects.filter(endpoint=shop, event__isnull=False)
        assert real.count() == 24
        assert sequences(shop)[:24] == sorted(sequences(shop)[:24])
