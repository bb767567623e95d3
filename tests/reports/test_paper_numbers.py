"""Reports of documents against a reckoning of their own in Python."""

from datetime import timedelta
from decimal import Decimal
from statistics import mean, stdev

import pytest
from django.contrib.auth import get_user_model

from orders.models import CountEntry, PickLine, PickList, PickScan
from orders.services.purchasing import (
    ArrivedLine,
    PurchaseLine,
    close_short,
    draft,
    receive_purchase,
    send,
)
from orders.services.returning import ReturnedLine, expect_return, receive_return
from tests.factories import BinFactory, do, item, stock, warehouse
from tests.orders.counted import hand_in, opened
from tests.orders.picking_world import order, planned
from tests.orders.shipped import supplied
from tests.reports.asked import answered, figures, rows
from tests.warehouse.histories import NOW
from warehouse.lines import CountLine, PlacedLine
from warehouse.models import Product, Supplier, Warehouse
from warehouse.services.counting import count
from warehouse.services.movements import receive
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


def ago(days):
    return NOW - timedelta(days=days)


def bought(reference, cost, units, *, sent, came, sku="A", supplier="ACME", code="MAIN"):
    """A purchase order sent and received so many days ago: {days ago: units}."""
    lines = [PurchaseLine(sku, units, cost)]
    do(draft, reference=reference, supplier=supplier, warehouse=code, lines=lines)
    do(send, reference=reference, now=ago(sent))
    for days, arrived in came.items():
        do(receive_purchase, reference=reference, lines=[ArrivedLine(sku, arrived, "A-01-01")],
           now=ago(days))  # fmt: skip


@pytest.fixture
def bins(db):
    for code in ("MAIN", "EAST"):
        BinFactory(warehouse=warehouse(code), code="A-01-01")


def test_the_average_cost_is_of_all_that_was_received_up_to_that_day(bins):
    supplied("A", "B", unit_cost="1.00")
    opening = [PlacedLine("A", "MAIN", 10, "A-01-01"), PlacedLine("B", "MAIN", 3, "A-01-01")]
    do(receive, reference="OPENING", lines=opening, now=ago(60))
    bought("PO-1", Decimal("1.60"), 20, sent=50, came={40: 5, 20: 15})
    bought("PO-2", Decimal("3.10"), 10, sent=30, came={10: 10}, code="EAST")
    receipts = [(60, 10, "1.00"), (40, 5, "1.60"), (20, 15, "1.60"), (10, 10, "3.10")]
    for back in (61, 60, 45, 40, 21, 20, 10, 0):
        known = [(units, Decimal(cost)) for days, units, cost in receipts if days >= back]
        found = {x["warehouse"]: x for x in answered("valuation", day=ago(back).date(), q="A").rows}
        if not known:
            assert found == {}
            continue
        average = sum(n * cost for n, cost in known) / sum(n for n, _ in known)
        for row in found.values():
            assert abs(row["average"] - average) <= Decimal("0.00005"), back
            assert row["value"] == row["on_hand"] * row["average"]
    assert figures("valuation")["units"] == 43
    assert rows("valuation", "average", "source", q="B") == [(1, "receipts")]
    assert verify_ledger() == []


def test_what_was_never_received_has_its_unit_cost_and_what_has_none_is_counted(bins):
    stock({("A", "MAIN"): 4, ("B", "MAIN"): 5})
    Product.objects.filter(sku="A").update(unit_cost="2")
    later = NOW + timedelta(days=400)
    assert rows("valuation", "sku", "value", "source", now=later) == [
        ("A", 8, "receipts"),
        ("B", None, "not known"),
    ]
    told = figures("valuation", now=later)
    assert (told["value"], told["items of unknown cost"]) == (8, 1)


def test_lead_times_are_from_sending_to_the_first_receipt(bins):
    supplied("A", "B")
    Supplier.objects.update(lead_time_days=10)
    bought("P1", 1, 10, sent=100, came={92: 10})  # 8 days, whole and in time
    bought("P2", 1, 10, sent=90, came={76: 4, 70: 6})  # 14 days, late
    bought("P3", 1, 10, sent=50, came={42: 6})  # begun in time, the rest never came
    do(close_short, reference="P3")
    bought("P4", 1, 10, sent=3, came={})  # on the road, not due
    bought("P5", 1, 10, sent=5, came={2: 10})  # whole before it was due
    (row,) = answered("supplier-lead-times").rows
    took = [8, 14, 8, 3]
    assert (row["orders"], row["arrived"], row["due"]) == (5, 4, 4)
    assert float(row["took"]) == pytest.approx(mean(took))
    assert float(row["deviation"]) == pytest.approx(stdev(took), rel=1e-3)
    assert float(row["promised"]) == 10
    assert float(row["late_by"]) == pytest.approx(mean(took) - 10)
    assert float(row["on_time"]) == pytest.approx(50)
    assert float(row["filled"]) == pytest.approx(100 * 36 / 40)
    assert answered("supplier-lead-times", within={"EAST"}).total == 0
    assert answered("supplier-lead-times", days=60).rows[0]["orders"] == 3


def test_a_bin_is_right_by_its_first_count_alone(bins):
    stock({("A", "MAIN"): 100, ("B", "MAIN"): 5})
    stock({("C", "MAIN"): 7}, bin="A-01-02")
    Product.objects.filter(sku="A").update(unit_cost="1.50")
    first = opened()
    hand_in(first, A=90, B=5)  # above the tolerance: counted again
    hand_in(first, "lee", A=100)
    hand_in(opened("A-01-02"), C=7)
    do(count, reference="BY-API", lines=[CountLine("C", "MAIN", 5, "A-01-02")])
    later = NOW + timedelta(days=400)
    found = {x["reference"]: x for x in answered("count-accuracy", now=later, days=500).rows}
    assert CountEntry.objects.filter(round=2).exists()
    assert len(found) == 3
    assert (found[first]["off"], found[first]["money"], found[first]["right"]) == (10, 15, "no")
    assert (found[first]["products"], found[first]["expected"]) == (2, 105)
    assert (found["BY-API"]["expected"], found["BY-API"]["off"]) == (7, 2)
    told = figures("count-accuracy", now=later, days=500)
    assert float(told["right at the first count"]) == pytest.approx(100 / 3)
    assert (told["units off"], told["units net"], told["money net"]) == (12, -12, -15)
    assert len(rows("count-accuracy", "bin", now=later, days=500, show="wrong")) == 2


def test_returns_wait_from_when_they_came_and_what_is_graded_waits_no_more(bins):
    stock({("A", "MAIN"): 10})
    Product.objects.filter(sku="A").update(unit_cost="4")
    for reference, days, units in (("R1", 1, 2), ("R2", 10, 3), ("R3", 40, 1)):
        do(expect_return, reference=reference, warehouse="MAIN", lines=[ReturnedLine("A", units)])
        do(receive_return, reference=reference, now=ago(days))
    do(expect_return, reference="R4", warehouse="MAIN", lines=[ReturnedLine("A", 9)])
    found = answered("returns-ageing")
    assert [(x["reference"], float(x["age"]), x["units"], x["value"]) for x in found.rows] == [
        ("R3", 40, 1, 4),
        ("R2", 10, 3, 12),
        ("R1", 1, 2, 8),
    ]
    assert [float(value) for _, value in found.chart] == [8, 0, 12, 0, 4]
    assert answered("returns-ageing", within={"EAST"}).total == 0


def test_an_hour_of_picking_is_made_of_gaps_that_are_no_pauses():
    stock({("A", "MAIN"): 50, ("B", "MAIN"): 50})
    Warehouse.objects.update(time_zone="Asia/Tokyo")
    order("O-1", A=5, B=5)
    (reference,) = planned("single")
    kim = get_user_model().objects.create_user("kim")
    PickList.objects.update(claimed_by=kim, claimed_at=ago(2))
    lines = list(PickLine.objects.filter(pick_list__reference=reference).order_by("id"))
    PickLine.objects.filter(pk=lines[1].pk).update(short=1)
    begin = ago(2)  # 18:00 in Tokyo
    for minute, line, units in ((0, 0, 1), (10, 0, 2), (20, 1, 1), (60, 1, 1), (70, 1, 3)):
        at = begin + timedelta(minutes=minute)
        PickScan.objects.create(pick_line=lines[line], quantity=units, user=kim, picked_at=at)
    PickScan.objects.create(
        pick_line=lines[1], quantity=9, user=kim, picked_at=begin, undone_at=NOW
    )
    next_day = begin + timedelta(hours=7)  # one in the morning
    PickScan.objects.create(pick_line=lines[0], quantity=1, user=kim, picked_at=next_day)
    found = answered("picker-productivity").rows
    second, first = found
    assert (str(first["day"]), str(second["day"])) == ("2026-06-08", "2026-06-09")
    assert (first["lines"], first["units"], first["shorts"]) == (2, 8, 1)
    assert float(first["hours"]) == pytest.approx(0.5)  # 10 + 10, a pause, 10 minutes
    assert float(first["lines_an_hour"]) == pytest.approx(4)
    assert (second["hours"], second["lines_an_hour"]) == (0, None)
    (whole,) = answered("picker-productivity", by="person").rows
    assert (whole["person"], whole["units"], whole["day"]) == ("kim", 9, None)
    assert item("A").on_hand == 50
