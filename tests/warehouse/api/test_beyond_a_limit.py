"""What a key limited to EAST sets off elsewhere is done, and not told."""

import pytest

from tests.factories import counters, do, stock, warehouse
from tests.warehouse.api.test_warehouse_limits import OWN, order
from warehouse.lines import ReserveLine
from warehouse.services.reservations import reserve
from warehouse.services.transfers import TransferLine, transfer
from warehouse.whereabouts import bin_view, product_view

pytestmark = pytest.mark.django_db


def test_settling_beyond_the_own_warehouse_is_done_and_not_told(new_shop):
    stock({("A", "EAST"): 5, ("A", "FARAWAY"): 0})
    do(reserve, reference="HURT", lines=[ReserveLine("A", 5)])
    stock({("A", "FARAWAY"): 3})
    east = new_shop(warehouses=["EAST"])
    body = {"reference": "C", "lines": [OWN | {"counted": 1}]}
    counted = east.post("/counts", body).json()
    assert [x["warehouse"] for x in counted["levels"]] == ["EAST"]
    assert [(x["reference"], x["resourced"]) for x in counted["affected"]] == [("HURT", 3)]
    assert "FARAWAY" not in str(counted)
    assert counters("A", "FARAWAY") == (3, 3, 0, 0)


def test_an_order_that_waits_elsewhere_is_served_and_not_told(new_shop):
    stock({("A", "FARAWAY"): 1})
    do(reserve, reference="WAITS", lines=[ReserveLine("A", 3)], backorder=True)
    east = new_shop(warehouses=["EAST"])
    warehouse("EAST")
    answer = east.post("/receipts", {"reference": "R", "lines": [OWN | {"quantity": 5}]})
    assert answer.json()["filled"] == []
    assert "FARAWAY" not in answer.content.decode()
    assert counters("A", "EAST") == (5, 2, 0, 0)


def test_a_promise_of_a_limited_key_stays_where_the_key_may_go(new_shop):
    stock({("A", "EAST"): 5, ("A", "FARAWAY"): 50})
    east = new_shop(warehouses=["EAST"])
    east.post("/reservations", order("MINE", 5))
    east.post("/counts", {"reference": "C", "lines": [OWN | {"counted": 2}]})
    (line,) = east.get("/reservations/MINE").json()["lines"]
    assert (line["warehouse"], line["backordered"]) == ("EAST", 3)
    assert east.post("/reservations/MINE/ship").status_code == 200
    assert east.post("/reservations/MINE/release").json()["status"] == "released"
    assert counters("A", "FARAWAY") == (50, 0, 0, 0)


def test_the_bin_at_the_far_end_of_a_transfer_is_not_told(new_shop):
    stock({("A", "FARAWAY"): 5}, bin="SECRET-1")
    warehouse("EAST")
    way = [TransferLine("A", 2, "SECRET-1")]
    do(transfer, reference="T", from_warehouse="FARAWAY", to_warehouse="EAST", lines=way)
    for within, told in ((["EAST"], None), (["EAST", "FARAWAY"], "SECRET-1"), ([], "SECRET-1")):
        found = new_shop(warehouses=within).get("/movements?reference=T&warehouse=EAST").json()
        assert [x["bin_from"] for x in found["movements"]] == [told]
    for within, told in ((["EAST"], None), (None, "SECRET-1")):
        seen = product_view(sku="A", within=within)
        assert [x.bin_from for x in seen.movements if x.warehouse == "EAST"] == [told]
        place = seen.movements[0].bin_to or seen.bins[-1].code
        shown = bin_view(warehouse="EAST", code=place, within=within)
        assert [x.bin_from for x in shown.movements] == [told]
