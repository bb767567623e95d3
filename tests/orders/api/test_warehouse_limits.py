"""Every address of documents, for a key that is limited to another warehouse than theirs."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from orders.models import Shipment
from orders.services.counting import CountPlace, open_tasks
from orders.services.placing import NewLine, NewOrder, place
from orders.services.purchasing import PurchaseLine, draft
from orders.services.returning import ReturnedLine, expect_return
from orders.services.shipping import ship_order
from orders.services.transferring import WantedLine, request
from tests.factories import SupplierFactory, counters, do, stock, warehouse

pytestmark = pytest.mark.django_db

LINE = [{"sku": "A", "quantity": 1}]
ORDER = {"reference": "N", "warehouse": "FARAWAY", "lines": LINE}
BOUGHT = {"reference": "N", "supplier": "ACME", "warehouse": "FARAWAY", "lines": LINE}
BACK = {"reference": "N", "warehouse": "FARAWAY", "lines": LINE}
WAY = {"reference": "N", "source": "FARAWAY", "destination": "THIRD", "lines": LINE}
GRADED = {"lines": [LINE[0] | {"disposition": "restock"}]}
REFUSED = 403

# For each address: body, and the status; a list is answered, and holds nothing.
CASES = {
    ("get", "orders"): (None, 200),
    ("post", "orders"): (ORDER, REFUSED),
    ("post", "orders/batch"): ({"orders": [ORDER]}, 200),
    ("get", "orders/<path:reference>"): (None, REFUSED),
    ("post", "orders/<path:reference>/cancel"): ({}, REFUSED),
    ("post", "orders/<path:reference>/confirm"): ({}, REFUSED),
    ("post", "orders/<path:reference>/ship"): ({}, REFUSED),
    ("post", "orders/<path:reference>/close"): ({}, REFUSED),
    ("get", "shipments"): (None, 200),
    ("get", "shipments/<str:reference>"): (None, REFUSED),
    ("get", "shipments/<str:reference>/packing-slip"): (None, REFUSED),
    ("get", "purchase-orders"): (None, 200),
    ("post", "purchase-orders"): (BOUGHT, REFUSED),
    ("post", "purchase-orders/from-suggestions"): ({"warehouse": "FARAWAY"}, REFUSED),
    ("get", "purchase-orders/<path:reference>"): (None, REFUSED),
    ("post", "purchase-orders/<path:reference>/lines"): ({"lines": LINE}, REFUSED),
    ("post", "purchase-orders/<path:reference>/send"): ({}, REFUSED),
    ("post", "purchase-orders/<path:reference>/receive"): ({}, REFUSED),
    ("post", "purchase-orders/<path:reference>/close"): ({}, REFUSED),
    ("post", "purchase-orders/<path:reference>/cancel"): ({}, REFUSED),
    ("get", "return-orders"): (None, 200),
    ("post", "return-orders"): (BACK, REFUSED),
    ("get", "return-orders/<path:reference>"): (None, REFUSED),
    ("post", "return-orders/<path:reference>/receive"): ({}, REFUSED),
    ("post", "return-orders/<path:reference>/grade"): (GRADED, REFUSED),
    ("post", "return-orders/<path:reference>/cancel"): ({}, REFUSED),
    ("get", "transfer-orders"): (None, 200),
    ("post", "transfer-orders"): (WAY, REFUSED),
    ("get", "transfer-orders/<path:reference>"): (None, REFUSED),
    ("post", "transfer-orders/<path:reference>/dispatch"): ({}, REFUSED),
    ("post", "transfer-orders/<path:reference>/receive"): ({}, REFUSED),
    ("post", "transfer-orders/<path:reference>/cancel"): ({}, REFUSED),
    ("get", "count-tasks"): (None, 200),
    ("post", "count-tasks"): ({"places": [{"warehouse": "FARAWAY", "sku": "A"}]}, REFUSED),
}


def addresses():
    """Method and route of every address of documents."""
    for resolver in get_resolver().url_patterns:
        if not isinstance(resolver, URLResolver) or str(resolver.pattern) != "api/v1/":
            continue
        for pattern in resolver.url_patterns:
            assert isinstance(pattern, URLPattern)
            view = pattern.callback.cls
            if view.__module__.startswith("orders."):
                yield from (
                    (m, str(pattern.pattern)) for m in view.http_method_names if hasattr(view, m)
                )


def test_the_matrix_knows_every_address():
    assert set(addresses()) == set(CASES)


@pytest.fixture
def elsewhere(new_shop):
    """A key for EAST in a house whose documents are all FARAWAY's; the document of each topic."""
    for code in ("EAST", "THIRD"):
        warehouse(code)
    stock({("A", "FARAWAY"): 40})
    SupplierFactory(code="ACME")
    line = [NewLine("A", 3)]
    do(place, order=NewOrder(reference="SENT", lines=line, warehouse="FARAWAY"))
    do(ship_order, reference="SENT")
    do(place, order=NewOrder(reference="ORDER", lines=line, warehouse="FARAWAY"))
    do(draft, supplier="ACME", warehouse="FARAWAY", reference="BUY", lines=[PurchaseLine("A", 1)])
    do(expect_return, warehouse="FARAWAY", reference="BACK", lines=[ReturnedLine("A", 1)])
    do(request, source="FARAWAY", destination="THIRD", reference="WAY", lines=[WantedLine("A", 1)])
    do(open_tasks, places=[CountPlace("FARAWAY", "A-01-01")], reason="manual")

    return new_shop(warehouses=["EAST"]), {
        "orders": "ORDER",
        "shipments": Shipment.objects.get().reference,
        "purchase-orders": "BUY",
        "return-orders": "BACK",
        "transfer-orders": "WAY",
    }


@pytest.mark.parametrize(("method", "route"), CASES)
def test_a_key_of_another_warehouse(elsewhere, method, route):
    shop, documents = elsewhere
    body, status = CASES[method, route]
    before = counters("A", "FARAWAY")
    topic = route.split("/")[0]
    address = "/" + route.replace("<path:reference>", documents.get(topic, ""))
    address = address.replace("<str:reference>", documents.get(topic, ""))
    answer = shop.get(address) if method == "get" else shop.post(address, body)
    told = answer.content.decode()
    assert answer.status_code == status, told
    if status == REFUSED:
        assert answer.json()["code"] == "warehouse_not_allowed"
    if body is None or "FARAWAY" not in str(body):
        assert "FARAWAY" not in told
    assert documents.get(topic, "?") not in told or status == REFUSED
    assert counters("A", "FARAWAY") == before
