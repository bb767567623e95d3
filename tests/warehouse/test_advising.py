"""Advice on reorder settings: what an item's own past calls for, beside how it is set."""

import threading

import pytest
from django.db import connection

from tests.factories import do, item
from tests.warehouse.histories import (
    NOW,
    WEEK,
    delivered,
    kept,
    leave,
    refused,
    settings,
    sold,
    supplied,
)  # fmt: skip
from tests.warehouse.statements import sent_by
from warehouse.forecasting import Windows, of_weeks, order_quantity, reorder_point
from warehouse.models import Decision, InventoryItem, Product, ReorderAdvice
from warehouse.services.advising import advise
from warehouse.services.deciding import decline
from warehouse.services.replenishment import set_reorder

EVEN = [10, 12, 9, 11, 10, 8, 12, 10, 11, 9]
SELDOM = [0, 0, 9, 0, 0, 0, 0, 30, 0, 0, 0, 0, 0, 1, 0, 0]

db = pytest.mark.django_db


def advice(sku="A", code="MAIN"):
    return ReorderAdvice.objects.get(item=item(sku, code), decided_at=None)


def figures(**more):
    told = {"items": 1, "made": 0, "superseded": 0, "kept": 0, "as_set": 0, "declined": 0,
            "too_new": 0, "never_moved": 0, "inactive": 0} | more  # fmt: skip
    review = do(advise, now=NOW)
    return {name: getattr(review, name) for name in told} == told or review


@db
@pytest.mark.parametrize("weeks", [EVEN, SELDOM])
def test_advice_is_what_the_forecast_says_by_hand(weeks):
    supplied("A", days=13)
    sold("A", weeks)
    Product.objects.update(pack_size=6)
    assert figures(made=1) is True
    forecast = of_weeks(weeks).forecast()
    windows, history = Windows(2), []
    for units in weeks:
        history.append(units)
        windows.observe(history)
    told = advice()
    assert told.point == reorder_point(
        forecast=forecast, windows=windows, lead_weeks=14 / 7, service=0.98
    )
    assert told.quantity == order_quantity(forecast=forecast, cover_weeks=2, pack=6)
    assert (told.weekly_mean, told.weekly_deviation) == (forecast.mean, forecast.deviation)
    assert (told.pattern, told.method) == (forecast.pattern, forecast.method)
    assert (told.abc, told.service, told.weeks) == ("A", 0.98, len(weeks))
    assert (told.old_point, told.old_quantity, told.lead_days, told.deliveries) == (0, 0, 13, 0)
    assert settings("A") == (0, 0)  # nothing applies by itself


@db
def test_lost_demand_counts():
    sold("A", EVEN)
    do(advise, now=NOW)
    ignored = advice().point
    for week in (1, 2, 3):
        refused("A", 25, weeks_ago=week)
    do(advise, now=NOW)
    assert advice().point > ignored * 1.5
    assert advice().lost_units == 75
    assert advice().why.endswith("; 75 lost units counted in")


@db
def test_a_supplier_that_is_late_raises_the_point():
    supplied("A", "B", days=7)
    sold("A", EVEN)
    sold("B", [0])
    do(advise, now=NOW)
    stated = advice().point
    assert "lead time 7 days as stated" in advice().why
    delivered("B", [14, 20, 26])
    do(advise, now=NOW)
    assert advice().point > 2 * stated
    assert "lead time 20 ± 6 days from 3 deliveries" in advice().why


@db
def test_no_advice_knows_what_is_still_to_come():
    supplied("A", days=7)
    sold("A", EVEN)
    do(advise, now=NOW)
    before = advice()
    leave("A", 500, NOW)
    leave("A", 400, NOW + WEEK)
    delivered("A", [300, 300, 300])
    ReorderAdvice.objects.all().delete()
    do(advise, now=NOW)
    same = advice()
    same.pk = before.pk
    assert {f.attname: getattr(same, f.attname) for f in ReorderAdvice._meta.fields} == {
        f.attname: getattr(before, f.attname) for f in ReorderAdvice._meta.fields
    }


@db
def test_safety_stock_is_left_alone_and_the_point_lies_above_it():
    sold("A", EVEN)
    do(advise, now=NOW)
    without = advice().point
    InventoryItem.objects.update(safety_stock=40)
    assert figures(made=1, superseded=1) is True
    assert (advice().point, advice().safety_stock) == (without + 40, 40)
    assert "40 of safety stock on top" in advice().why


@db
def test_too_short_a_past_says_nothing_and_is_counted():
    sold("NEW", EVEN[:7])
    kept(("NEVER", "MAIN"))
    sold("GONE", EVEN)
    Product.objects.filter(sku="GONE").update(active=False)
    assert figures(items=3, too_new=1, never_moved=1, inactive=1) is True
    assert ReorderAdvice.objects.count() == 0


@db
def test_what_is_not_sold_any_more_loses_its_advice():
    sold("A", EVEN)
    do(advise, now=NOW)
    Product.objects.update(active=False)
    assert figures(inactive=1, superseded=1) is True
    assert ReorderAdvice.objects.get().decision == Decision.SUPERSEDED


@db
def test_what_nobody_asks_for_any_more_need_not_be_watched():
    sold("A", [0] * 20)
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=10, reorder_quantity=5)
    assert figures(made=1) is True
    assert (advice().point, advice().old_point) == (0, 10)
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=0, reorder_quantity=5)
    assert figures(as_set=1, superseded=1) is True


@db
def test_small_changes_are_not_worth_a_look_and_repetition_makes_nothing_new():
    sold("A", EVEN)
    do(advise, now=NOW)
    first = advice()
    assert figures(kept=1) is True
    assert advice() == first
    close = {"reorder_point": first.point - 1, "reorder_quantity": first.quantity + 1}
    do(set_reorder, sku="A", warehouse="MAIN", **close)
    assert figures(as_set=1, superseded=1) is True
    assert ReorderAdvice.objects.get().decision == Decision.SUPERSEDED


@db
def test_what_was_declined_is_not_advised_again_until_something_changes():
    sold("A", EVEN)
    do(advise, now=NOW)
    do(decline, advice=[advice().pk])
    assert figures(declined=1) is True
    refused("A", 60, weeks_ago=1)
    assert figures(made=1) is True
    do(decline, advice=[advice().pk])
    do(set_reorder, sku="A", warehouse="MAIN", reorder_point=1, reorder_quantity=1)
    assert figures(made=1) is True


@db
@pytest.mark.parametrize("n", [1, 30])
def test_five_statements_whatever_the_number_of_items(n):
    for place in range(n):
        sold(f"S{place}", EVEN[:9])
    assert len(sent_by(do, advise, now=NOW)) == 5
    assert ReorderAdvice.objects.count() == n
    assert len(sent_by(do, advise, now=NOW)) == 5


@pytest.mark.usefixtures("committed_db", "valkey")
def test_two_at_once_advise_each_item_once():
    for sku in "ABC":
        sold(sku, EVEN)
    reviews = []

    def work():
        reviews.append(do(advise, now=NOW))
        connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted((review.made, review.kept) for review in reviews) == [(0, 3), (3, 0)]
    assert ReorderAdvice.objects.count() == 3
