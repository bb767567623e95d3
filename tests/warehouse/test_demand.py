"""What was asked for by week, and how long suppliers took: from what really happened, and only before now."""

from datetime import timedelta

import pytest

from tests.factories import ProductFactory, do, item, stock
from tests.warehouse.histories import (
    MONDAY,
    NOW,
    WEEK,
    delivered,
    kept,
    leave,
    refused,
    sold,
    supplied,
)  # fmt: skip
from warehouse.demand import histories, span
from warehouse.lead_times import lead_times
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import Product
from warehouse.policy import LeadTime
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


def past(sku, code="MAIN"):
    found = histories(over=span(now=NOW))[item(sku, code).pk]
    return found.weeks, found.lost


def test_weeks_are_whole_and_the_running_one_is_not_looked_at():
    sold("A", [3, 0, 5])
    leave("A", 7, MONDAY + timedelta(hours=1))
    assert past("A") == ([3, 0, 5], 0)
    leave("A", 2, MONDAY - timedelta(seconds=1))
    leave("A", 1, MONDAY - WEEK)
    assert past("A") == ([3, 0, 8], 0)


def test_only_the_last_year_is_looked_at():
    sold("A", [9, 1] + [0] * 50 + [4])
    weeks, _ = past("A")
    assert weeks == [1] + [0] * 50 + [4]


def test_what_was_refused_was_asked_for():
    sold("A", [3, 0, 5])
    refused("A", 4, weeks_ago=2)
    assert past("A") == ([3, 4, 5], 4)


def test_an_item_begins_when_it_was_first_stocked_or_asked_for():
    kept(("A", "MAIN"), ("B", "MAIN"))
    assert histories(over=span(now=NOW)) == {}
    refused("A", 4, weeks_ago=3)
    assert past("A") == ([4, 0, 0], 4)
    line = PlacedLine("B", "MAIN", 5, "A-01-01")
    do(receive, reference="IN", lines=[line], now=NOW - 2 * WEEK)
    assert past("B") == ([0, 0], 0)


def test_a_refusal_without_a_warehouse_is_shared_as_the_items_ship():
    sold("A", [6, 0], code="MAIN")
    sold("A", [2, 0], code="EAST")
    refused("A", 5, weeks_ago=1, code=None)
    assert (past("A", "MAIN"), past("A", "EAST")) == (([6, 4], 4), ([2, 1], 1))
    refused("A", 3, weeks_ago=2, code=None, reference="L2")
    assert sum(past("A", "MAIN")[0]) + sum(past("A", "EAST")[0]) == 16


def test_a_refusal_without_a_warehouse_is_shared_evenly_where_nothing_ships():
    kept(("A", "MAIN"), ("A", "EAST"))
    refused("A", 5, weeks_ago=1, code=None)
    assert sorted([past("A", "MAIN")[0], past("A", "EAST")[0]]) == [[2], [3]]


def test_what_the_same_order_got_later_was_not_lost():
    sold("A", [1, 1])
    refused("A", 9, weeks_ago=1, reference="AGAIN")
    refused("A", 9, weeks_ago=1, reference="IN-PART")
    do(reserve, reference="AGAIN", lines=[ReserveLine("A", 9)])
    do(reserve, reference="IN-PART", lines=[ReserveLine("A", 4)])
    assert past("A") == ([1, 6], 5)


def lead(sku):
    return lead_times(now=NOW)[Product.objects.get(sku=sku).pk]


def test_lead_times_are_as_stated_until_there_are_three_deliveries():
    supplied("A", "B", days=7)
    Product.objects.filter(sku="B").update(lead_time_days=30)
    ProductFactory(sku="LOOSE")
    stock({("A", "MAIN"): 0})
    delivered("A", [9, 11])
    assert (lead("A"), lead("B"), lead("LOOSE")) == (LeadTime(7), LeadTime(30), LeadTime(14))


def test_what_a_product_took_tells_of_it_and_of_its_supplier_s_other_goods():
    supplied("A", "B", "OWN", days=7)
    Product.objects.filter(sku="OWN").update(lead_time_days=60)
    stock({("A", "MAIN"): 0, ("OWN", "MAIN"): 0})
    delivered("A", [9, 11, 13])
    delivered("OWN", [50, 50])
    assert lead("A") == LeadTime(11, 2, 3)
    assert lead("B") == LeadTime(11, 2, 3)
    assert lead("OWN") == LeadTime(60)
    delivered("OWN", [70], name="LATE")
    assert lead("OWN").deliveries == 3
    assert lead("B").deliveries == 3
    Product.objects.filter(sku="B").update(lead_time_days=60)
    assert (lead("B").deliveries, round(lead("B").days)) == (3, 57)


def test_what_comes_after_now_is_not_known():
    supplied("A", days=7)
    stock({("A", "MAIN"): 0})
    delivered("A", [9, 11, 400])
    assert lead("A") == LeadTime(7)
