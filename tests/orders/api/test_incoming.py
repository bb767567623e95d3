"""Purchase orders, returns and transfers over HTTP, and keys that may not see everything."""

import pytest

from tests.factories import counters, do, stock, warehouse
from tests.orders.shipped import shipped_order, supplied
from tests.warehouse.statements import sent_by
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

pytestmark = pytest.mark.django_db

ORDER = {
    "reference": "PO-1",
    "supplier": "ACME",
    "warehouse": "MAIN",
    "lines": [{"sku": "A", "quantity": 10, "unit_cost": "2.5"}],
}
WAY = {
    "reference": "TR-1",
    "source": "MAIN",
    "destination": "EAST",
    "lines": [{"sku": "A", "quantity": 4}],
}


@pytest.fixture
def supplier(db):
    stock({("A", "MAIN"): 5, ("A", "EAST"): 1})
    return supplied("A")


def test_a_purchase_order_from_draft_to_received(shop, supplier):
    drafted = shop.post("/purchase-orders", ORDER)
    assert drafted.status_code == 201
    body = drafted.json()
    assert shop.get("/purchase-orders/PO-1").json() == body
    assert body["created_at"].endswith("Z")
    assert body["lines"] == [
        {
            "sku": "A", "name": "Product A", "quantity": 10, "received": 0, "damaged": 0,
            "unit_cost": "2.5000", "left": 10,
        }
    ]  # fmt: skip
    lines = [{"sku": "A", "quantity": 12}]
    assert shop.post("/purchase-orders/PO-1/lines", {"lines": lines}).status_code == 200
    sent = shop.post("/purchase-orders/PO-1/send", {"expected_at": "2026-12-01T08:00:00Z"})
    assert sent.json()["expected_at"] == "2026-12-01T08:00:00Z"
    part = [{"sku": "A", "quantity": 5, "damaged": 1}]
    came = shop.post("/purchase-orders/PO-1/receive", {"lines": part}).json()
    assert came["order"]["status"] == "partly_received"
    assert [notice["kind"] for notice in came["notices"]] == ["under", "damaged"]
    over = {"lines": [{"sku": "A", "quantity": 8}], "accept_over": False}
    refused = shop.post("/purchase-orders/PO-1/receive", over)
    assert (refused.status_code, refused.json()["code"]) == (409, "over_delivery")
    assert shop.post("/purchase-orders/PO-1/close").json()["status"] == "closed_short"
    assert counters("A") == (10, 0, 1, 0)
    assert [x["status"] for x in shop.get("/purchase-orders").json()["purchase_orders"]] == [
        "closed_short"
    ]


def test_a_receipt_sent_twice_counts_once(shop, supplier):
    shop.post("/purchase-orders", ORDER)
    shop.post("/purchase-orders/PO-1/send")
    body = {"lines": [{"sku": "A", "quantity": 4}]}
    first = shop.post("/purchase-orders/PO-1/receive", body, key="K")
    again = shop.post("/purchase-orders/PO-1/receive", body, key="K")
    assert (again.content, again["Idempotent-Replay"]) == (first.content, "true")
    assert counters("A") == (9, 0, 0, 6)


def test_suggestions_become_drafts(shop, supplier):
    stock({("B", "MAIN"): 0})
    settings = [ReorderSetting(sku, "MAIN", 9, 20) for sku in ("A", "B")]
    do(set_reorder_batch, settings=settings)
    told = shop.post("/purchase-orders/from-suggestions", {"warehouse": "MAIN"}).json()
    assert [x["lines"][0]["sku"] for x in told["purchase_orders"]] == ["A"]
    assert told["without_supplier"] == ["B"]
    again = shop.post("/purchase-orders/from-suggestions", {}).json()
    assert again["purchase_orders"] == []


def test_a_return_from_announced_to_sellable(shop, supplier):
    shipped_order("O-1", {"A": 3})
    body = {"warehouse": "MAIN", "order": "O-1", "lines": [{"sku": "A", "quantity": 2}]}
    reference = shop.post("/return-orders", body).json()["reference"]
    assert shop.post(f"/return-orders/{reference}/receive").json()["status"] == "received"
    lines = [{"sku": "A", "quantity": 1, "disposition": word} for word in ("restock", "scrap")]
    graded = shop.post(f"/return-orders/{reference}/grade", {"lines": lines}).json()
    assert (graded["status"], graded["order"]) == ("graded", "O-1")
    assert counters("A") == (3, 0, 0, 0)
    too_much = shop.post("/return-orders", body)
    assert (too_much.status_code, too_much.json()["code"]) == (409, "too_much_returned")
    assert too_much.json()["errors"][0]["returned"] == 2
    listed = shop.get("/return-orders?order=O-1&status=graded").json()
    assert [one["reference"] for one in listed["return_orders"]] == [reference]


def test_a_transfer_from_request_to_received(shop, supplier):
    assert shop.post("/transfer-orders", WAY).status_code == 201
    assert shop.post("/transfer-orders/TR-1/dispatch").json()["status"] == "in_transit"
    lines = [{"sku": "A", "quantity": 2, "damaged": 1, "lost": 1}]
    part = shop.post("/transfer-orders/TR-1/receive", {"lines": lines}).json()
    assert (part["status"], part["lines"][0]["left"]) == ("partly_received", 1)
    assert shop.post("/transfer-orders/TR-1/receive").json()["status"] == "received"
    assert (counters("A"), counters("A", "EAST")) == ((1, 0, 0, 0), (4, 0, 1, 0))
    late = shop.post("/transfer-orders/TR-1/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_pages_lead_on_by_cursor(shop, supplier):
    for n in range(3):
        shop.post("/purchase-orders", ORDER | {"reference": f"PO-{n}"})
    first = shop.get("/purchase-orders?limit=2").json()
    assert [one["reference"] for one in first["purchase_orders"]] == ["PO-2", "PO-1"]
    rest = shop.get(f"/purchase-orders?limit=2&cursor={first['next']}").json()
    assert [one["reference"] for one in rest["purchase_orders"]] == ["PO-0"]
    assert rest["next"] is None
    for wrong in ("status=lost", "limit=0", "cursor=x", "colour=red"):
        assert shop.get(f"/purchase-orders?{wrong}").status_code == 400


@pytest.mark.parametrize("topic", ["purchase-orders", "return-orders", "transfer-orders"])
def test_what_is_not_there_is_404(shop, topic):
    for answer in (shop.get(f"/{topic}/NOPE"), shop.post(f"/{topic}/NOPE/cancel")):
        assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")


def test_a_limited_key_neither_sees_nor_changes_what_is_foreign(shop, new_shop, supplier):
    warehouse("WEST")
    shipped_order("O-1", {"A": 1})
    shop.post("/purchase-orders", ORDER)
    shop.post("/transfer-orders", WAY)
    back = {"reference": "R-1", "warehouse": "MAIN", "lines": [{"sku": "A", "quantity": 1}]}
    shop.post("/return-orders", back)
    limited = new_shop(warehouses=["WEST"])
    for topic, reference in (
        ("purchase-orders", "PO-1"),
        ("return-orders", "R-1"),
        ("transfer-orders", "TR-1"),
    ):
        assert limited.get(f"/{topic}/{reference}").status_code == 403
        assert limited.get(f"/{topic}?warehouse=MAIN").status_code == 403
        assert limited.get(f"/{topic}").json()[topic.replace("-", "_")] == []
        assert limited.post(f"/{topic}/{reference}/cancel").status_code == 403
    for address, body in (
        ("/purchase-orders", ORDER | {"reference": "N"}),
        ("/purchase-orders/from-suggestions", {"warehouse": "MAIN"}),
        ("/purchase-orders/PO-1/receive", {}),
        ("/return-orders", back | {"reference": "N"}),
        ("/transfer-orders", WAY | {"reference": "N"}),
        ("/transfer-orders/TR-1/dispatch", {}),
        ("/transfer-orders/TR-1/receive", {}),
    ):
        answer = limited.post(address, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "warehouse_not_allowed")
    foreign = back | {"reference": "N", "warehouse": "WEST", "order": "O-1"}
    assert limited.post("/return-orders", foreign).json()["code"] == "order_not_found"
    assert limited.get("/changes").json()["events"] == []


def test_a_list_is_one_statement_however_long(shop, supplier):
    for n in range(3):
        shop.post("/purchase-orders", ORDER | {"reference": f"PO-{n}"})
    shop.get("/purchase-orders")  # the key is known from here on
    assert len(sent_by(shop.get, "/purchase-orders")) == 1
    assert len(sent_by(shop.get, "/purchase-orders/PO-1")) == 1


@pytest.mark.parametrize(
    ("paper", "body", "code", "address"),
    [
        ("/purchase-orders", ORDER, "MAIN", "POST /purchase-orders/PO-1/receive"),
        ("/transfer-orders", WAY, "EAST", "POST /transfer-orders/TR-1/receive"),
    ],
)
def test_goods_do_not_come_past_their_document(shop, supplier, paper, body, code, address):
    shop.post(paper, body)
    line = {"sku": "A", "warehouse": code, "quantity": 4}
    before = counters("A", code)
    refused = shop.post("/receipts", {"reference": body["reference"], "lines": [line]})
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_owned")
    assert address in refused.json()["detail"]
    assert counters("A", code) == before
    assert shop.post("/receipts", {"reference": "GIFT", "lines": [line]}).status_code == 201


def test_goods_do_not_come_back_past_their_return(shop, supplier):
    paper = {"reference": "RET-1", "warehouse": "MAIN", "lines": [{"sku": "A", "quantity": 4}]}
    assert shop.post("/return-orders", paper).status_code == 201
    line = {"sku": "A", "warehouse": "MAIN", "quantity": 4, "disposition": "restock"}
    before = counters("A")
    refused = shop.post("/returns", {"reference": "RET-1", "lines": [line]})
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_owned")
    assert "POST /return-orders/RET-1/grade" in refused.json()["detail"]
    assert counters("A") == before
    assert shop.post("/returns", {"reference": "LOOSE", "lines": [line]}).status_code == 201
