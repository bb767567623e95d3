"""The product advises for goods of the real year what the back-test plans and the forecast says by hand."""

import math
from collections import Counter

import pytest

from tests.factories import do, item
from tests.warehouse.histories import NOW, sold, supplied
from warehouse.forecasting import Windows, of_weeks, order_quantity, reorder_point
from warehouse.models import ReorderAdvice
from warehouse.policy import COVER_WEEKS, SERVICE
from warehouse.services.advising import advise
from warehouse.simulation.backtest import Known, suggested
from warehouse.simulation.year import Order, happenings

KNOWN = ("85123A", "22423", "47566")  # a heart that hangs, a cakestand, a bunting
LEAD_DAYS = 12


def weeks_of(folder):
    """Units asked for, week by week, of the first 8,000 orders."""
    asked = {sku: Counter() for sku in KNOWN}
    first = last = None
    for happening in happenings(folder, orders=8000):
        if isinstance(happening, Order):
            last = happening.at.date()
            first = first or last
            for sku, units, _ in happening.lines:
                if sku in asked:
                    asked[sku][(last - first).days // 7] += units
    return {sku: [asked[sku][n] for n in range((last - first).days // 7)] for sku in KNOWN}


@pytest.mark.django_db
def test_goods_of_the_real_year_are_advised_what_the_forecast_says_by_hand(year):
    real = weeks_of(year)
    supplied(*KNOWN, days=LEAD_DAYS)
    for sku, weeks in real.items():
        sold(sku, weeks)
    do(advise, now=NOW)
    for sku, weeks in real.items():
        assert len(weeks) > 20
        told = ReorderAdvice.objects.get(item=item(sku))
        demand, lead_weeks = of_weeks(weeks), (LEAD_DAYS + 1) / 7
        windows, history = Windows(math.ceil(lead_weeks)), []
        for units in weeks:
            history.append(units)
            windows.observe(history)
        given = {"forecast": demand.forecast(), "windows": windows, "lead_weeks": lead_weeks}
        point = reorder_point(**given, service=SERVICE[told.abc])
        quantity = order_quantity(forecast=demand.forecast(), cover_weeks=COVER_WEEKS[told.abc])
        assert (told.point, told.quantity) == (point, quantity)
        assert suggested()(Known(demand=demand, cls=told.abc, **given)) == (point, quantity)
