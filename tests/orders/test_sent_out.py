"""Which order goods come back of, where nobody says it."""

from datetime import UTC, datetime

from orders.queries.shipments import ShipmentLineView, ShipmentView
from orders.simulation.sent_out import REMEMBERED, SentOut

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def parcel(order: str, **lines: int) -> ShipmentView:
    told = [ShipmentLineView(sku, sku, units) for sku, units in lines.items()]
    return ShipmentView(1, "SHP-1", order, "MAIN", None, "", "", "tester", NOON, told)


def test_goods_come_back_from_the_latest_order_that_has_so_many_of_them():
    sent = SentOut()
    sent.left([parcel("1", A=6, B=1), parcel("2", A=2), parcel("1", A=4)])
    assert sent.back({"A": 2, "B": 1}) == {"A": "2", "B": "1"}
    assert sent.back({"A": 9, "B": 1}) == {"A": "1"}  # B is back already
    assert sent.back({"A": 2, "C": 1}) == {}


def test_orders_long_ago_are_forgotten():
    sent = SentOut()
    sent.left(parcel(str(number), A=1) for number in range(REMEMBERED + 1))
    found = [sent.back({"A": 1}).get("A") for _ in range(REMEMBERED + 1)]
    assert (found[0], found[-2:]) == (str(REMEMBERED), ["1", None])
