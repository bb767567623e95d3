"""When an alert is told of on a route: at once, at the end of a window, or when the quiet hours are over.

Windows and quiet hours are told in the local time of the route; days of 23 and of 25 hours have them too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """What a route says of times. `every_minutes`: 0 tells at once."""

    every_minutes: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    time_zone: str = "UTC"


def due_at(
    *, timing: Timing, now: datetime, urgent: bool, not_before: datetime | None = None
) -> datetime:
    """When what comes up now is to be told; what is urgent waits for neither window nor morning.

    `not_before`: until then it was told of already.
    """
    least = max(now, not_before or now)
    if urgent:
        return least
    return quiet_end(timing=timing, at=max(window_end(timing=timing, at=now), least))


def window_end(*, timing: Timing, at: datetime) -> datetime:
    """The end of the window that `at` lies in. Windows follow each other from local midnight on, the same
    for all alerts, so that those of one window come together; the day's last one ends with the day."""
    if not timing.every_minutes:
        return at
    zone = zone_of(timing.time_zone)
    clock = at.astimezone(zone).replace(tzinfo=None)
    midnight = datetime.combine(clock.date(), time.min)
    width = timing.every_minutes * MINUTE
    windows = -(-(clock - midnight) // width)
    return _next(min(midnight + windows * width, midnight + DAY), zone=zone, after=at)


def quiet_end(*, timing: Timing, at: datetime) -> datetime:
    """The end of the quiet hours, where `at` lies in them; otherwise `at`. They may go over midnight.

    An end that the clock jumps over is taken as far after the jump; of an hour that comes twice, the first
    that is still to come.
    """
    begin, end = timing.quiet_from, timing.quiet_until
    if begin is None or end is None or begin == end:
        return at
    zone = zone_of(timing.time_zone)
    local = at.astimezone(zone)
    clock = local.time()
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not quiet:
        return at
    day = local.date() if clock < end else local.date() + DAY
    return _next(datetime.combine(day, end), zone=zone, after=at)


def _next(clock: datetime, *, zone: tzinfo, after: datetime) -> datetime:
    """When clocks there show this; where they show it twice, the first time that is still to come."""
    shown = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return next((moment for moment in shown if moment >= after), after)


def zone_of(name: str) -> tzinfo:
    """The time zone of that name; UTC where this machine knows it no longer."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
