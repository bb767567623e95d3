"""Orders over HTTP: from the cart to the parcel, with keys that may not see everything."""

import pytest

from tests.factories import counters, item, stock
from tests.orders.printed import pages
from tests.warehouse.statements import sent_by, shelves, skus

pytestmark = pytest.mark.django_db

ORDER = {
    "reference": "ORDER-1",
    "lines": [{"sku": "A", "quantity": 2}],
    "priority": 2,
    "ship_by": "2026-11-24T16:00:00Z",
    "carrier": "DHL",
    "ship_to_name": "Ada",
    "ship_to_address": "1 Street\nTown",
    "notes": "ring twice",
}


def test_an_order_is_placed_in_the_promised_shape(shop):
    stock({("A", "MAIN"): 1})
    answer = shop.post("/orders", ORDER)
    assert answer.status_code == 201
    assert answer["Location"] == "/api/v1/orders/ORDER-1"
    body = answer.json()
    assert shop.get("/orders/ORDER-1").json() == body
    assert body.pop("placed_at").endswith("Z")
    assert body.pop("updated_at").endswith("Z")
    assert body == ORDER | {
        "status": "backordered",
        "reservation": "ORDER-1",
        "warehouse": None,
        "lines": [
            {
                "sku": "A", "name": "Product A", "quantity": 2, "cancelled": 0, "shipped": 0,
                "backordered": 1,
                "promises": [{"warehouse": "MAIN", "reserved": 1, "backordered": 1}],
            }
        ],
        "shipments": [],
    }  # fmt: skip


def test_the_same_order_again_is_200_and_another_one_409(shop):
    stock({("A", "MAIN"): 5})
    shop.post("/orders", ORDER)
    assert shop.post("/orders", ORDER).status_code == 200
    other = shop.post("/orders", ORDER | {"notes": ""})
    assert (other.status_code, other.json()["code"]) == (409, "reference_conflict")
    first = shop.post("/orders", ORDER | {"reference": "B"}, key="K")
    again = shop.post("/orders", ORDER | {"reference": "B"}, key="K")
    assert (again.content, again["Idempotent-Replay"]) == (first.content, "true")
    assert item("A").reserved == 4


def test_from_the_cart_to_the_parcel(shop):
    stock({("A", "MAIN"): 9})
    cart = {"reference": "CART", "lines": ORDER["lines"], "expires_in": 900}
    shop.post("/reservations", cart)
    assert shop.post("/orders", ORDER | {"reservation": "CART"}).json()["reservation"] == "CART"
    refused = shop.post("/reservations/CART/ship")
    assert (refused.status_code, refused.json()["code"]) == (409, "reservation_owned")
    body = {"lines": [{"sku": "A", "quantity": 1}], "tracking_number": "T1"}
    sent = shop.post("/orders/ORDER-1/ship", body)
    assert sent.status_code == 201
    (parcel,) = sent.json()["shipments"]
    assert (parcel["carrier"], parcel["lines"][0]["quantity"]) == ("DHL", 1)
    assert shop.get(f"/shipments/{parcel['reference']}").json() == parcel
    assert shop.get("/shipments?order=ORDER-1").json() == {"shipments": [parcel], "next": None}
    assert shop.get("/shipments?order=OTHER").json()["shipments"] == []
    slip = shop.get(f"/shipments/{parcel['reference']}/packing-slip")
    assert slip["Content-Type"] == "application/pdf"
    assert "ring twice" in pages(slip.content)[0]
    assert shop.post("/orders/ORDER-1/close").json()["status"] == "closed"
    assert counters("A") == (8, 0, 0, 0)


def test_a_batch_has_a_result_for_each(shop):
    stock({("A", "MAIN"): 5})
    orders = [
        ORDER,
        ORDER | {"reference": "X", "lines": [{"sku": "NO", "quantity": 1}]},
        ORDER,
    ]
    results = shop.post("/orders/batch", {"orders": orders}).json()["results"]
    assert [x["status"] for x in results] == [201, 422, 200]
    assert results[1]["problem"]["code"] == "unknown_sku"
    many = {"orders": [ORDER | {"reference": f"R{n}"} for n in range(101)]}
    assert shop.post("/orders/batch", many).status_code == 422


def test_a_draft_is_confirmed_and_cancelled_in_part(shop):
    stock({("A", "MAIN"): 5})
    assert shop.post("/orders", ORDER | {"draft": True}).json()["status"] == "draft"
    assert shop.post("/orders/ORDER-1/confirm").json()["status"] == "allocated"
    part = {"lines": [{"sku": "A", "quantity": 1}]}
    assert shop.post("/orders/ORDER-1/cancel", part).json()["lines"][0]["cancelled"] == 1
    too_much = shop.post("/orders/ORDER-1/cancel", {"lines": [{"sku": "A", "quantity": 2}]})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "not_on_order")
    assert too_much.json()["errors"][0]["pointer"] == "/lines/0"
    assert shop.post("/orders/ORDER-1/cancel").json()["status"] == "cancelled"
    closed = shop.post("/orders/ORDER-1/close")
    assert (closed.status_code, closed.json()["code"]) == (409, "wrong_state")


def test_orders_are_listed_page_by_page_and_by_status(shop):
    stock({("A", "MAIN"): 5})
    for n in range(5):
        shop.post("/orders", ORDER | {"reference": f"R{n}"})
    seen, cursor = [], ""
    while cursor is not None:
        page = shop.get(f"/orders?limit=2{cursor and '&cursor='}{cursor}").json()
        seen += [x["reference"] for x in page["orders"]]
        cursor = page["next"]
    assert seen == ["R4", "R3", "R2", "R1", "R0"]
    late = shop.get("/orders?status=backordered").json()["orders"]
    assert [x["reference"] for x in late] == ["R4", "R3", "R2"]
    assert shop.get("/orders?status=lost").status_code == 400


def test_a_key_for_one_warehouse_neither_sees_nor_changes_what_is_elsewhere(shop, new_shop):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 1})
    shop.post("/orders", ORDER)  # from MAIN
    (parcel,) = shop.post("/orders/ORDER-1/ship").json()["shipments"]
    shop.post("/orders", ORDER | {"reference": "ORDER-2"})
    east = new_shop(warehouses=["EAST"])
    assert east.get("/orders").json()["orders"] == []
    assert east.get("/shipments").json()["shipments"] == []
    for path in ("/orders/ORDER-1", f"/shipments/{parcel['reference']}"):
        assert (east.get(path).status_code, "Ada" in east.get(path).text) == (403, False)
    assert east.get(f"/shipments/{parcel['reference']}/packing-slip").status_code == 403
    for step in ("cancel", "ship", "close"):
        assert east.post(f"/orders/ORDER-2/{step}").status_code == 403
    assert east.post("/orders", ORDER).status_code == 403
    assert east.post("/orders/ORDER-2/ship", {"warehouse": "MAIN"}).status_code == 403
    own = east.post("/orders", ORDER | {"reference": "OWN"}).json()
    assert {x["warehouse"] for line in own["lines"] for x in line["promises"]} == {"EAST"}
    assert item("A", "EAST").reserved == 1


LINES = pytest.mark.parametrize("n", [1, 3, 100])


@LINES
def test_addresses_send_as_many_statements_for_any_number_of_lines(shop, n, monkeypatch):
    monkeypatch.setattr("inventory_site.core.auth.KNOWN_SECONDS", 3600)
    shelves(n)
    shop.get("/orders")
    body = ORDER | {"lines": [{"sku": sku, "quantity": 2} for sku in skus(n)]}
    part = {"lines": [{"sku": sku, "quantity": 1} for sku in skus(n)]}
    pinned = {
        "place": len(sent_by(shop.post, "/orders", body)),
        "look": len(sent_by(shop.get, "/orders/ORDER-1")),
        "list": len(sent_by(shop.get, "/orders")),
        "cancel": len(sent_by(shop.post, "/orders/ORDER-1/cancel", part)),
        "ship": len(sent_by(shop.post, "/orders/ORDER-1/ship")),
        "shipments": len(sent_by(shop.get, "/shipments")),
        "close": len(sent_by(shop.post, "/orders/ORDER-1/close")),
    }
    assert pinned == {
        "place": 9,
        "look": 3,
        "list": 4,
        "cancel": 21,
        "ship": 22,
        "shipments": 3,
        "close": 10,
    }
