"""Goods that lie, as the report lists them: counted from what the ledger says, with value, age and place."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import do
from tests.reports.asked import rows
from tests.warehouse.histories import NOW, leave, sold
from tests.warehouse.statements import sent_by
from warehouse.dead_stock import dead_stock_summary
from warehouse.lines import AdjustLine, PlacedLine, TransferLine
from warehouse.models import Product
from warehouse.services.movements import adjust, receive
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


def ago(days):
    return NOW - timedelta(days=days)


COLUMNS = ("sku", "warehouse", "bin", "on_hand", "value", "idle_days", "sold")


def found(days=90, **given):
    """Rows of the report, each by its columns."""
    return [
        dict(zip(COLUMNS, row, strict=True))
        for row in rows("dead-stock", *COLUMNS, idle=days, **given)
    ]


def skus(days=90, **given):
    return [one["sku"] for one in found(days, **given)]


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
    assert [old[one] for one in COLUMNS[:4]] == ["OLD", "MAIN", "A-01-01", 40]
    assert (old["value"], dear["value"]) == (Decimal("100.0000"), Decimal("500.0000"))
    assert (old["idle_days"], dear["idle_days"]) == (210, 212)  # since the sale; since it came
    assert (dear["sold"], old["sold"]) == (None, (NOW - timedelta(days=210, hours=9)).date())
    assert skus(180, now=ago(31)) == ["DEAR"]
    assert [one["idle_days"] for one in found(now=ago(-10))] == [222, 220]


def test_a_value_that_is_not_known_comes_last():
    sold("UNKNOWN", [0] * 30, left=900)
    sold("CHEAP", [0] * 30, left=1)
    Product.objects.filter(sku="CHEAP").update(unit_cost="0.01")
    assert [(one["sku"], one["value"] is None) for one in found()] == [
        ("CHEAP", False),
        ("UNKNOWN", True),
    ]


def test_goods_that_came_lately_are_not_dead_though_the_last_sale_was_long_ago():
    sold("A", [5] + [0] * 40, left=0)
    put("A", 5, 20)
    assert skus() == []
    assert skus(now=ago(-71)) == ["A"]


def test_goods_are_no_newer_for_having_been_moved_or_counted():
    sold("A", [0] * 30, left=5)
    line = TransferLine("A", 5, "A-01-01", "RECEIVING")
    ways = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
    do(transfer, reference="M", lines=[line], now=ago(10), **ways)
    found_more = [AdjustLine("A", "MAIN", delta=1, bin="RECEIVING")]
    do(adjust, reference="C", reason="found", lines=found_more, now=ago(5))
    (one,) = found()
    assert (one["bin"], one["on_hand"]) == ("RECEIVING", 6)


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
    assert skus(warehouse="MAIN") == ["A", "B"]
    assert (skus(limit=1), skus(limit=1, skip=2)) == (["A"], ["B"])
    told = dead_stock_summary(days=90, now=NOW)
    assert [(x.warehouse, x.items, x.units, x.value, x.unvalued) for x in told] == [
        ("EAST", 1, 6, 18, 0),
        ("MAIN", 2, 5, 12, 1),
    ]
    assert [x.warehouse for x in dead_stock_summary(days=90, now=NOW, within={"MAIN"})] == ["MAIN"]


def test_it_is_one_statement_whatever_there_is():
    sold("A", [0] * 30)
    assert len(sent_by(found)) == 2  # the warehouses that one may ask about, and the report
    assert len(sent_by(dead_stock_summary, days=90, now=NOW)) == 1
