"""The forecasts against figures worked out by hand, and against what their authors say of them."""

import math

import pytest

from warehouse.forecasting import (
    ALPHA,
    Demand,
    Forecast,
    Windows,
    of_weeks,
    order_quantity,
    reorder_point,
)


@pytest.mark.parametrize(
    ("weeks", "pattern", "method"),
    [
        ([10, 11, 9, 10, 12, 10, 9, 11], "smooth", "ses"),
        ([1, 30, 2, 1, 40, 1, 2, 25], "erratic", "ses"),
        ([0, 0, 5, 0, 0, 5, 0, 5], "intermittent", "sba"),
        ([0, 0, 1, 0, 0, 60, 0, 2], "lumpy", "sba"),
        ([5, 0, 5, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0], "intermittent", "tsb"),
    ],
)
def test_the_class_of_demand_decides_the_method(weeks, pattern, method):
    forecast = of_weeks(weeks).forecast()
    assert (forecast.pattern, forecast.method) == (pattern, method)


def test_croston_by_hand_and_its_bias_taken_out():
    demand = of_weeks([0, 0, 6, 0, 12])
    size = 6 + ALPHA * (12 - 6)
    interval = 3 + ALPHA * (2 - 3)
    assert demand.size == pytest.approx(size)
    assert demand.interval == pytest.approx(interval)
    assert demand.mean("sba") == pytest.approx((1 - ALPHA / 2) * size / interval)


def test_steady_demand_is_expected_as_it_was_and_without_error():
    forecast = of_weeks([7] * 20).forecast()
    assert (forecast.mean, forecast.deviation) == (7, 0)


def test_what_nobody_asks_for_any_more_dies_away_by_tsb_and_not_by_sba():
    demand = of_weeks([4, 0, 4, 0, 4, 0, 4] + [0] * 26)
    assert demand.mean("tsb") < 0.05
    assert demand.mean("sba") > 1
    assert demand.forecast().method == "tsb"


def test_a_short_past_says_nothing():
    assert of_weeks([1, 2, 3]).forecast() is None
    assert Demand().forecast() is None


def forecast(mean, deviation, pattern="smooth", method="ses"):
    return Forecast(mean=mean, deviation=deviation, pattern=pattern, method=method, weeks=30)


def test_the_normal_reorder_point_by_hand():
    given = {"forecast": forecast(100, 20), "windows": Windows(4), "lead_weeks": 4}
    assert reorder_point(**given, service=0.5) == 400
    # 400 + 1.6449 * 20 * 2 = 465.8; with an uncertain lead time 400 + 1.6449 * sqrt(1600 + 2500) = 505.3
    assert reorder_point(**given, service=0.95) == 466
    assert reorder_point(**given, service=0.95, lead_deviation=0.5) == 506


def test_intermittent_demand_is_covered_by_what_was_seen():
    windows, history = Windows(2), []
    for units in [0, 0, 9, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 1]:
        history.append(units)
        windows.observe(history)
    sba = forecast(3, 12, pattern="lumpy", method="sba")
    assert windows.sums == sorted(sum(history[n : n + 2]) for n in range(len(history) - 1))
    assert reorder_point(forecast=sba, windows=windows, lead_weeks=2, service=0.95) == 50
    assert reorder_point(forecast=sba, windows=windows, lead_weeks=2, service=0.75) == 9
    assert reorder_point(forecast=sba, windows=windows, lead_weeks=2, service=0.1) == 6  # the mean


@pytest.mark.parametrize("service", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_more_service_never_takes_less_stock(service):
    demand = of_weeks([3, 0, 8, 1, 0, 0, 12, 4, 2, 0, 1, 9, 3, 0, 5, 7])
    windows, history = Windows(3), []
    for units in demand.history:
        history.append(units)
        windows.observe(history)
    given = {"forecast": demand.forecast(), "windows": windows, "lead_weeks": 2.5}
    points = [reorder_point(**given, service=s) for s in (service - 0.01, service)]
    assert points == sorted(points)


def test_quantities_are_whole_packs_and_never_nothing():
    assert order_quantity(forecast=forecast(10, 1), cover_weeks=4) == 40
    assert order_quantity(forecast=forecast(10, 1), cover_weeks=4, pack=12) == 48
    assert order_quantity(forecast=forecast(0, 0), cover_weeks=4, pack=6) == 6
    assert not math.isnan(of_weeks([0] * 10).forecast().mean)
