"""Goods that lie: counted from what the ledger says, with value, age and place."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import do
from tests.warehouse.histories import NOW, leave, sold
from tests.warehouse.statements import sent_by
from warehouse.dead_stock import dead_stock, dead_stock_summary
from warehouse.lines import AdjustLine, PlacedLine, TransferLine
from warehouse.models import Product
from warehouse.services.movements import adjust, receive
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


def ago(days):
    return NOW - timedelta(days=days)


def found(days=90, **given):
    return dead_stock(days=days, now=NOW, **given)


def skus(days=90, **given):
    return [one.sku for one in found(days, **given)]


def put(sku, units, days, code="MAIN"):
    line = PlacedLine(sku, code, units, "A-01-01")
    do(receive, reference=f"R-{sku}-{days}", lines=[line], now=ago(days))


def test_what_was_not_sold_in_that_time_is_listed_with_value_age_and_place():
    sold("OLD", [2] + [0] * 29, left=40)  # 30 weeks, sold in the first
    sold("LIVE", [2] + [0] * 28 + [1], left=40)
    sold("DEAR", [0] * 30, left=5)
    Product.objects.filter(sku="OLD").update(unit_cost="2.50")
    Product.objects.filter(sku="DEAR").update(unit_cost="100")
    dear, old = found()
    assert (old.sku, old.warehouse, old.bin, old.quantity) == ("OLD", "MAIN", "A-01-01", 40)
    assert (old.value, dear.value) == (Decimal("100.0000"), Decimal("500.0000"))
    assert (old.idle_days, dear.idle_days) == (210, 212)  # since the sale; since it came
    assert (dear.sold_at, old.sold_at) == (None, NOW - timedelta(days=210, hours=9))
    assert skus(211) == ["DEAR"]
    assert [one.idle_days for one in dead_stock(days=90, now=NOW + timedelta(days=10))] == [
        222,
        220,
    ]


def test_a_value_that_is_not_known_comes_last():
    sold("UNKNOWN", [0] * 30, left=900)
    sold("CHEAP", [0] * 30, left=1)
    Product.objects.filter(sku="CHEAP").update(unit_cost="0.01")
    assert [(one.sku, one.value is None) for one in found()] == [
        ("CHEAP", False),
        ("UNKNOWN", True),
    ]


def test_goods_that_came_lately_are_not_dead_though_the_last_sale_was_long_ago():
    sold("A", [5] + [0] * 40, left=0)
    put("A", 5, 20)
    assert skus() == []
    assert [one.sku for one in dead_stock(days=90, now=NOW + timedelta(days=71))] == ["A"]


def test_goods_are_no_newer_for_having_been_moved_or_counted():
    sold("A", [0] * 30, left=5)
    line = TransferLine("A", 5, "A-01-01", "RECEIVING")
    ways = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
    do(transfer, reference="M", lines=[line], now=ago(10), **ways)
    found_more = [AdjustLine("A", "MAIN", delta=1, bin="RECEIVING")]
    do(adjust, reference="C", reason="found", lines=found_more, now=ago(5))
    (one,) = found()
    assert (one.bin, one.quantity) == ("RECEIVING", 6)


def test_sold_out_and_sold_today_are_not_dead():
    sold("OUT", [5] + [0] * 30, left=0)
    sold("TODAY", [0] * 30)
    leave("TODAY", 1, NOW - timedelta(hours=1))
    assert skus() == []


def test_one_s_own_warehouses_pages_and_sums():
    sold("A", [0] * 30, left=4)
    sold("A", [0] * 30, left=6, code="EAST")
    sold("B", [0] * 30, left=1)
    Product.objects.filter(sku="A").update(unit_cost=3)
    assert skus(within={"EAST"}) == ["A"]
    assert (skus(limit=1), skus(limit=1, skip=2)) == (["A"], ["B"])
    told = dead_stock_summary(days=90, now=NOW)
    assert [(x.warehouse, x.items, x.units, x.value, x.unvalued) for x in told] == [
        ("EAST", 1, 6, 18, 0),
        ("MAIN", 2, 5, 12, 1),
    ]
    assert [x.warehouse for x in dead_stock_summary(days=90, now=NOW, within={"MAIN"})] == ["MAIN"]


def test_it_is_one_statement():
    sold("A", [0] * 30)
    assert len(sent_by(found)) == 1
    assert len(sent_by(dead_stock_summary, days=90, now=NOW)) == 1
