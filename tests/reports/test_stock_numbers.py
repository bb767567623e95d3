"""Reports of stock against a reckoning of their own in Python, over made-up pasts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import do
from tests.reports.asked import answered, asked, figures, rows
from tests.reports.past import ZONES, ledger, left_at, lived, midnight_after
from tests.warehouse.histories import NOW, leave, refused, sold, supplied
from warehouse.lines import ReserveLine
from warehouse.models import InventoryItem, LostDemand, Product
from warehouse.services.classifying import classify
from warehouse.services.proof import verify_ledger
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db

CENT = Decimal("0.0001")


def table(key, *columns, **given):
    return {
        (sku, code): rest for sku, code, *rest in rows(key, "sku", "warehouse", *columns, **given)
    }


@pytest.mark.parametrize("seed", range(6))
def test_stock_at_any_date_is_what_the_ledger_left_behind_then(seed):
    lived(seed)
    for back in range(0, 45, 3):
        day = NOW.date() - timedelta(days=back)
        found = table("stock-at-date", "on_hand", day=day)
        assert {key: units for key, (units,) in found.items()} == left_at(day), day
    assert verify_ledger() == []


def test_stock_at_the_end_of_today_is_what_is_on_hand():
    lived(7)
    held = InventoryItem.objects.filter(on_hand__gt=0).values_list(
        "product__sku", "warehouse__code", "on_hand"
    )
    found = table("stock-at-date", "on_hand")
    assert {key: units for key, (units,) in found.items()} == {(s, w): n for s, w, n in held}
    value = table("valuation", "on_hand")
    assert value == found
    assert figures("valuation")["units"] == sum(n for _, _, n in held)


def test_the_value_at_a_date_is_units_at_unit_cost_and_what_has_none_is_counted():
    lived(3)
    told = figures("stock-at-date")
    costs = dict(Product.objects.values_list("sku", "unit_cost"))
    left = left_at(NOW.date())
    assert told["value at unit cost"] == sum(n * (costs[sku] or 0) for (sku, _), n in left.items())
    assert told["items without a cost"] == sum(costs[sku] is None for sku, _ in left)
    assert told["items in stock"] == len(left)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_journal_is_the_ledger_of_the_period_in_each_warehouse_s_days(seed):
    lived(seed)
    since, until = NOW.date() - timedelta(days=20), NOW.date() - timedelta(days=5)
    before = {code: midnight_after(since - timedelta(days=1), code) for code in ZONES}
    after = {code: midnight_after(until, code) for code in ZONES}
    expected = [
        (one.item.product.sku, one.quantity, one.on_hand_after, one.reference, one.type)
        for one in reversed(ledger())
        if before[one.item.warehouse.code] <= one.occurred_at < after[one.item.warehouse.code]
    ]
    asked_for = {"since": since, "until": until}
    columns = ("sku", "quantity", "on_hand_after", "reference", "type")
    assert rows("movements", *columns, **asked_for) == expected
    told = figures("movements", **asked_for)
    assert told["units in"] - told["units out"] == sum(quantity for _, quantity, *_ in expected)
    chart = answered("movements", **asked_for).chart
    assert sum(count for _, count in chart) == len(expected)
    shipped = [x for x in expected if x[4] == "ship"]
    assert rows("movements", *columns, type="ship", **asked_for) == shipped


def mean_by_steps(sku, code, begin, end):
    """Mean units on hand, one stretch between two movements after the other."""
    level, at, area = 0, begin, Decimal(0)
    for one in ledger():
        if (one.item.product.sku, one.item.warehouse.code) != (sku, code):
            continue
        if one.occurred_at >= end:
            break
        if one.occurred_at > at:
            area += level * Decimal((one.occurred_at - at).total_seconds())
            at = one.occurred_at
        level = one.on_hand_after
    area += level * Decimal((end - at).total_seconds())
    return area / Decimal((end - begin).total_seconds())


@pytest.mark.parametrize("seed", [4, 5])
def test_turnover_is_cost_shipped_by_the_mean_value_of_stock(seed):
    lived(seed)
    since, until = NOW.date() - timedelta(days=25), NOW.date()
    found = {
        (row["subject"], row["warehouse"]): row
        for row in answered("turnover", since=since, until=until).rows
    }
    costs = dict(Product.objects.values_list("sku", "unit_cost"))
    for (sku, code), row in found.items():
        begin = midnight_after(since - timedelta(days=1), code)
        end = min(midnight_after(until, code), NOW)
        shipped = -sum(
            one.quantity
            for one in ledger()
            if (one.item.product.sku, one.item.warehouse.code) == (sku, code)
            and one.type == "ship"
            and begin <= one.occurred_at < end
        )
        assert row["shipped"] == shipped
        if costs[sku] is None:
            assert (row["cost"], row["turns"]) == (None, None)
            continue
        mean = mean_by_steps(sku, code, begin, end) * costs[sku]
        assert row["cost"] == shipped * costs[sku]
        assert abs(row["mean"] - mean) < CENT * 10
        if mean:
            days = Decimal((end - begin).total_seconds()) / 86400
            assert abs(row["turns"] - row["cost"] / mean * 365 / days) < CENT * 10
    by_class = answered("turnover", since=since, until=until, by="class").rows
    assert sum(x["shipped"] for x in by_class) == sum(x["shipped"] for x in found.values())


def test_classes_are_those_of_the_night_and_the_matrix_counts_them():
    sold("A", [50] * 20)
    sold("B", [5, 0] * 10)
    sold("C", [0] * 19 + [1])
    Product.objects.filter(sku="A").update(unit_cost=10)
    do(classify, now=NOW)
    found = answered("abc-xyz")
    assert [(x["sku"], x["class"]) for x in found.rows] == [("A", "AX"), ("B", "CZ"), ("C", "CZ")]
    assert {(line, column): count for line, column, count, _ in found.chart} == {
        ("A", "X"): 1,
        ("C", "Z"): 2,
    }
    assert rows("abc-xyz", "sku", **{"class": "AX"}) == ["A"]


def test_cover_is_available_by_what_is_shipped_a_day_and_too_short_below_the_lead_time():
    supplied("A", "B", "C", days=14)
    sold("A", [7] * 10, left=7)
    sold("B", [1] * 10, left=900)
    sold("C", [0] * 10, left=5)
    do(reserve, reference="HELD", lines=[ReserveLine("A", 2)])
    found = {x["sku"]: x for x in answered("days-of-cover").rows}
    assert float(found["A"]["a_day"]) == 0.75  # 21 in 28 days
    assert float(found["A"]["cover"]) == pytest.approx(5 / 0.75)
    assert found["A"]["too_short"] == "yes"
    assert (found["B"]["too_short"], found["C"]["cover"]) == ("", None)
    assert [x["sku"] for x in answered("days-of-cover").rows] == ["A", "B", "C"]
    chart = dict(answered("days-of-cover").chart)
    assert (chart["Up to 7 days"], chart["Longer"], sum(chart.values())) == (1, 1, 2)


def test_an_item_younger_than_the_period_counts_from_its_first_movement():
    sold("NEW", [14], left=10)  # received nine days ago
    (row,) = answered("days-of-cover", over=90).rows
    assert float(row["a_day"]) == pytest.approx(14 / (9 + 8 / 24), rel=0.001)


def test_lost_demand_leaves_out_what_was_promised_later_and_oversells_do_not():
    sold("A", [1], left=10)
    sold("B", [1], left=10)
    Product.objects.filter(sku="A").update(unit_cost="2")
    refused("A", 5, weeks_ago=1)
    refused("A", 3, weeks_ago=1, code=None, reference="LATER")
    refused("B", 4, weeks_ago=2)
    do(reserve, reference="LATER", lines=[ReserveLine("A", 3)])
    LostDemand.objects.filter(reference="LATER").update(requested=3, available=1)
    LostDemand.objects.filter(product__sku="B").update(requested=9, available=5)
    lost = answered("lost-demand").rows
    assert [(x["subject"], x["warehouse"], x["units"], x["money"]) for x in lost] == [
        ("A", "MAIN", 5, 10),
        ("B", "MAIN", 4, None),
    ]
    assert figures("lost-demand") == {"units lost": 9, "at unit cost": 10, "refusals": 2}
    weeks = rows("lost-demand", "subject", "units", by="week", sort="subject")
    assert weeks == [("2026-05-25", 4), ("2026-06-01", 5)]
    told = figures("oversells-prevented")
    assert (told["units not oversold"], told["at unit cost"]) == (11, 14)
    assert (told["orders told the truth"], told["units promised later"]) == (3, 2)


def test_a_refusal_that_named_no_warehouse_is_for_those_who_may_look_everywhere():
    sold("A", [1], left=10)
    refused("A", 3, weeks_ago=1, code=None)
    for key in ("lost-demand", "oversells-prevented"):
        assert answered(key).total == 1
        assert answered(key, within={"MAIN"}).total == 0
        assert answered(key, warehouse="MAIN").total == 0
    assert LostDemand.objects.count() == 1


def test_one_s_own_warehouses_are_all_that_is_looked_at():
    lived(1)
    for key in ("stock-at-date", "valuation", "movements", "turnover", "days-of-cover"):
        assert {x["warehouse"] for x in answered(key, within={"EAST"}).rows} <= {"EAST"}, key
        assert answered(key, within=set()).total == 0, key


def test_what_moves_later_changes_nothing_of_an_earlier_day():
    sold("A", [2, 2, 2], left=5)
    day = NOW.date() - timedelta(days=8)
    before = table("stock-at-date", "on_hand", day=day), table("valuation", "value", day=day)
    leave("A", 3, NOW - timedelta(days=1))
    after = table("stock-at-date", "on_hand", day=day), table("valuation", "value", day=day)
    assert before == after
    assert asked("stock-at-date", day=day)[1].until == day
