"""Which reports there are. Each app registers its own when the apps are ready."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inventory_site.core.reporting.definition import Place, Report

_reports: dict[str, Report] = {}
_read_places: list[Callable[[], Sequence[tuple[str, str, str]]]] = []


def register(*reports: Report) -> None:
    """Offer these reports from now on, after those that are there; one for each key, the last one counts."""
    _reports.update({one.key: one for one in reports})


def read_places_by(read: Callable[[], Sequence[tuple[str, str, str]]]) -> None:
    """How code, name and zone of every warehouse are read."""
    _read_places[:] = [read]


def reports() -> list[Report]:
    """All of them, in the order in which they are listed."""
    return list(_reports.values())


def report(key: str) -> Report | None:
    """The report of that key, None where there is none."""
    return _reports.get(key)


def places() -> list[Place]:
    """Every warehouse. One whose zone nobody knows has its days in UTC. One statement."""
    return [Place(code, name, _known(zone)) for code, name, zone in _read_places[0]()]


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
    return zone
