"""Levels, the ledger and the change feed over HTTP."""

import pytest
from django.core.cache import cache

from inventory_site.core.redis import contact
from notifications.models import OutboxEvent
from tests.factories import do, stock
from warehouse.lines import PlacedLine
from warehouse.models import Product
from warehouse.services.levels import refresh_products
from warehouse.services.movements import damage

pytestmark = pytest.mark.django_db


def test_levels_in_total_and_per_warehouse(shop):
    stock({("85123A", "MAIN"): 5, ("85123A", "EAST"): 2})
    shop.post("/reservations", {"reference": "O", "lines": [{"sku": "85123A", "quantity": 3}]})
    body = shop.get("/stock/85123a").json()
    told = {name: body[name] for name in ("sku", "on_hand", "reserved", "available", "inbound")}
    assert told == {"sku": "85123A", "on_hand": 7, "reserved": 3, "available": 4, "inbound": 0}
    main = next(x for x in body["warehouses"] if x["warehouse"] == "MAIN")
    assert (main["on_hand"], main["available"], main["bin"]) == (5, 2, "A-01-01")


def test_unknown_skus_are_404_and_all_of_them_named(shop):
    stock({("A", "MAIN"): 5})
    assert shop.get("/stock/NOPE").json()["code"] == "sku_not_found"
    answer = shop.get("/stock?sku=A&sku=X1&sku=X2")
    assert answer.status_code == 404
    assert [error["sku"] for error in answer.json()["errors"]] == ["X1", "X2"]


def test_many_in_the_order_asked_and_all_page_by_page(shop):
    stock({(sku, "MAIN"): 1 for sku in ("C", "A", "B")})
    asked = shop.get("/stock?sku=C&sku=A").json()["stock"]
    assert [one["sku"] for one in asked] == ["C", "A"]
    first = shop.get("/stock?limit=2").json()
    rest = shop.get(f"/stock?limit=2&cursor={first['next']}").json()
    assert [one["sku"] for one in first["stock"] + rest["stock"]] == ["A", "B", "C"]
    assert rest["next"] is None


@pytest.mark.parametrize("path", ["/stock/A", "/stock?sku=A", "/stock"])
def test_levels_say_whether_the_product_is_sold(shop, path):
    stock({("A", "MAIN"): 5})

    def sold():
        body = shop.get(path).json()
        return body.get("stock", [body])[0]["active"]

    assert (sold(), sold()) == (True, True)
    Product.objects.update(active=False)
    refresh_products(skus=["A"])
    assert (sold(), sold()) == (False, False)


@pytest.mark.parametrize("path", ["/stock/A", "/stock?sku=A", "/stock", "/stock?limit=1"])
def test_what_did_not_change_is_304(shop, path):
    stock({("A", "MAIN"): 5})
    tag = shop.get(path)["ETag"]
    unchanged = shop.get(path, **{"If-None-Match": f'"x", W/{tag}'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    do(damage, reference="D", reason="x", lines=[PlacedLine("A", "MAIN", 1)])
    cache.clear()
    changed = shop.get(path, **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_the_cache_follows_every_change(shop, django_capture_on_commit_callbacks):
    stock({("A", "MAIN"): 5})
    shop.get("/stock/A")
    with django_capture_on_commit_callbacks(execute=True):
        shop.post("/reservations", {"reference": "O", "lines": [{"sku": "A", "quantity": 2}]})
    assert shop.get("/stock/A").json()["available"] == 3


def test_without_redis_levels_come_from_postgresql(shop, settings):
    stock({("A", "MAIN"): 5})
    contact.away_until = float("inf")
    assert shop.get("/stock/A").json()["on_hand"] == 5
    answer = shop.post("/reservations", {"reference": "O", "lines": [{"sku": "A", "quantity": 2}]})
    assert answer.status_code == 201
    assert shop.get("/stock/A").json()["available"] == 3


def test_a_key_sees_its_warehouses_only(new_shop):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 2})
    east = new_shop(warehouses=["EAST"])
    body = east.get("/stock/A").json()
    assert (body["on_hand"], [x["warehouse"] for x in body["warehouses"]]) == (2, ["EAST"])
    assert east.get("/stock").json()["stock"][0]["on_hand"] == 2
    assert [x["code"] for x in east.get("/warehouses").json()["warehouses"]] == ["EAST"]
    assert {x["warehouse"] for x in east.get("/bins").json()["bins"]} == {"EAST"}
    assert {x["warehouse"] for x in east.get("/movements").json()["movements"]} == {"EAST"}
    OutboxEvent.objects.update(position=1)  # as if the transaction of this test had ended
    levels = [x for event in east.get("/changes").json()["events"] for x in event["levels"]]
    assert {x["warehouse"] for x in levels} == {"EAST"}
    for path in ("/bins?warehouse=MAIN", "/movements?warehouse=MAIN"):
        assert east.get(path).status_code == 403


def test_the_ledger_by_filter_newest_first(shop):
    stock({("A", "MAIN"): 5, ("B", "MAIN"): 5})
    do(damage, reference="D-1", reason="wet", lines=[PlacedLine("A", "MAIN", 2)])
    found = shop.get("/movements?sku=a").json()["movements"]
    assert [(m["type"], m["quantity"], m["on_hand_after"]) for m in found] == [
        ("damage", -2, 3), ("receive", 5, 5),
    ]  # fmt: skip
    assert found[0]["reason"] == "wet"
    assert len(shop.get("/movements?type=damage&reference=D-1").json()["movements"]) == 1
    assert shop.get("/movements?from=2999-01-01T00:00:00Z").json()["movements"] == []
    first = shop.get("/movements?limit=2").json()
    rest = shop.get(f"/movements?limit=2&cursor={first['next']}").json()
    assert len({m["id"] for m in first["movements"] + rest["movements"]}) == 3


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/movements?type=theft", "invalid_query"),
        ("/movements?from=yesterday", "invalid_query"),
        ("/movements?colour=red", "invalid_query"),
        ("/movements?limit=0", "invalid_query"),
        ("/movements?limit=9999", "invalid_query"),
        ("/stock?cursor=AAAA", "invalid_cursor"),
        ("/stock?cursor=WyJcdWQ4MDAiXQ", "invalid_cursor"),
        ("/products?cursor=WyJcdWQ4MDAiXQ", "invalid_cursor"),
        ("/warehouses?cursor=WyJcdWQ4MDAiXQ", "invalid_cursor"),
        ("/stock?" + "&" * 1001, "invalid_query"),
        ("/orders?" + "&" * 1001, "invalid_query"),
        ("/changes?after=WzEsMl0x", "invalid_cursor"),
        ("/products?cursor=WzFd", "invalid_cursor"),
    ],
)
def test_parameters_that_cannot_be_used_are_named(shop, path, code):
    answer = shop.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_products_with_their_barcodes(shop):
    stock({("A", "MAIN"): 5})
    product = Product.objects.get(sku="A")
    product.barcodes.create(code="5012345678900")
    (told,) = shop.get("/products").json()["products"]
    assert (told["sku"], told["barcodes"], told["active"]) == ("A", ["5012345678900"], True)


def test_the_change_feed_tells_every_event_once_with_its_levels(shop):
    stock({("A", "MAIN"): 5})
    shop.post("/reservations", {"reference": "O", "lines": [{"sku": "A", "quantity": 2}]})
    OutboxEvent.objects.update(position=1)  # as if the transaction of this test had ended
    first = shop.get("/changes?limit=1").json()
    rest = shop.get(f"/changes?after={first['next']}").json()
    types = [event["type"] for event in first["events"] + rest["events"]]
    assert types == ["stock.received", "reservation.created"]
    level = rest["events"][0]["levels"][0]
    assert (level["sku"], level["warehouse"], level["available"]) == ("A", "MAIN", 3)
    end = shop.get(f"/changes?after={rest['next']}").json()
    assert end == {"events": [], "next": rest["next"]}


def test_a_limited_key_goes_on_behind_what_it_may_not_see(shop, new_shop):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 5})
    OutboxEvent.objects.update(position=1)
    east = new_shop(name="east", warehouses=["EAST"])
    seen = east.get("/changes").json()["next"]
    do(damage, reference="D", reason="x", lines=[PlacedLine("A", "MAIN", 1)])
    OutboxEvent.objects.update(position=1)
    end = shop.get(f"/changes?after={seen}").json()["next"]
    assert end != seen
    assert east.get(f"/changes?after={seen}").json() == {"events": [], "next": end}
