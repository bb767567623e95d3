"""When an alert is told: windows that gather, quiet hours, days on which the clock is changed."""

from datetime import UTC, datetime, time, timedelta

import pytest

from notifications.services.ring_times import Timing, due_at, quiet_end, window_end

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NIGHT = Timing(quiet_from=time(22), quiet_until=time(7), time_zone=BERLIN)
NOON = Timing(quiet_from=time(12), quiet_until=time(13), time_zone=BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "zone", "now", "end"),
    [
        (0, "UTC", "2026-06-01 10:05", "2026-06-01 10:05"),
        (15, "UTC", "2026-06-01 10:05", "2026-06-01 10:15"),
        (15, "UTC", "2026-06-01 10:15", "2026-06-01 10:15"),
        (60, "UTC", "2026-06-01 23:59:59", "2026-06-02 00:00"),
        (7, "UTC", "2026-06-01 23:58", "2026-06-02 00:00"),  # 1,440 is no multiple of 7
        (1440, BERLIN, "2026-06-01 10:00", "2026-06-01 22:00"),
        (480, BERLIN, "2026-06-01 10:00", "2026-06-01 14:00"),
        (60, "Asia/Kathmandu", "2026-06-01 10:00", "2026-06-01 10:15"),  # its hours begin at :15
        (1440, BERLIN, "2026-03-29 12:00", "2026-03-29 22:00"),  # a day of 23 hours
        (1440, BERLIN, "2026-10-25 12:00", "2026-10-25 23:00"),  # and one of 25
        (60, "Nowhere/At_All", "2026-06-01 10:05", "2026-06-01 11:00"),
        (60, "../etc/passwd", "2026-06-01 10:05", "2026-06-01 11:00"),
    ],
)
def test_windows_end_at_the_same_hours_for_all(minutes, zone, now, end):
    assert window_end(timing=Timing(minutes, time_zone=zone), at=at(now)) == at(end)


@pytest.mark.parametrize(
    ("timing", "now", "end"),
    [
        (Timing(), "2026-06-01 03:00", "2026-06-01 03:00"),
        (NIGHT, "2026-06-01 19:59", "2026-06-01 19:59"),
        (NIGHT, "2026-06-01 20:00", "2026-06-02 05:00"),
        (NIGHT, "2026-06-02 01:00", "2026-06-02 05:00"),
        (NIGHT, "2026-06-02 05:00", "2026-06-02 05:00"),
        (NIGHT, "2026-12-01 21:00", "2026-12-02 06:00"),
        (NIGHT, "2026-03-28 23:00", "2026-03-29 05:00"),  # summer time begins in this night
        (NIGHT, "2026-10-24 23:00", "2026-10-25 06:00"),  # and ends in that one
        (NOON, "2026-06-01 10:30", "2026-06-01 11:00"),
        (NOON, "2026-06-01 11:00", "2026-06-01 11:00"),
        (Timing(quiet_from=time(9), quiet_until=time(9)), "2026-06-01 09:00", "2026-06-01 09:00"),
    ],
)
def test_quiet_hours_end_in_local_time(timing, now, end):
    assert quiet_end(timing=timing, at=at(now)) == at(end)


def test_an_end_that_does_not_exist_or_comes_twice():
    early = Timing(quiet_from=time(22), quiet_until=time(2, 30), time_zone=BERLIN)
    assert quiet_end(timing=early, at=at("2026-03-29 00:30")) == at(
        "2026-03-29 01:30"
    )  # 03:30 there
    late = Timing(quiet_from=time(22), quiet_until=time(1, 30), time_zone=NEW_YORK)
    first, second = at("2026-11-01 05:30"), at("2026-11-01 06:30")
    assert quiet_end(timing=late, at=first - timedelta(minutes=5)) == first
    assert quiet_end(timing=late, at=second - timedelta(minutes=5)) == second


def test_urgent_waits_for_nothing():
    now = at("2026-06-01 23:00")
    timing = Timing(60, time(22), time(7), "UTC")
    assert due_at(timing=timing, now=now, urgent=True) == now
    assert due_at(timing=timing, now=now, urgent=False) == at("2026-06-02 07:00")


def test_a_window_that_ends_in_quiet_hours_is_told_after_them():
    timing = Timing(60, time(12), time(13), "UTC")
    assert due_at(timing=timing, now=at("2026-06-01 11:30"), urgent=False) == at("2026-06-01 13:00")


def test_what_was_told_lately_waits_until_a_day_is_over_and_no_window_more():
    timing, before = Timing(60), at("2026-06-02 11:00:05")
    due = due_at(timing=timing, now=at("2026-06-02 10:05"), urgent=False, not_before=before)
    assert due == before
    assert (
        due_at(timing=timing, now=at("2026-06-02 10:05"), urgent=True, not_before=before) == before
    )


def test_through_a_whole_year_quiet_hours_end_within_a_day_and_outside_of_themselves():
    moment = at("2026-01-01 00:10")
    for _ in range(366 * 24):
        end = quiet_end(timing=NIGHT, at=moment)
        assert moment <= end <= moment + timedelta(hours=10, minutes=1)
        assert quiet_end(timing=NIGHT, at=end) == end
        moment += timedelta(hours=1)
