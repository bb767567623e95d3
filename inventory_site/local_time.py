"""Times in the back office are those of the warehouse: of the person's first one."""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inventory_site.core.roles import staff
from warehouse.models import Warehouse

KNOWN_SECONDS = 60.0  # how long the zones of the warehouses are believed

View = Callable[[HttpRequest], HttpResponse]


class _Zones:
    """Codes and zones of all warehouses, in the order of their priority, as this process knows them."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.zones: dict[str, str] = {}

    def first(self, within: frozenset[str] | None) -> str:
        if time.monotonic() - self.read_at > KNOWN_SECONDS:
            ordered = Warehouse.objects.order_by("priority", "code")
            self.zones = dict(ordered.values_list("code", "time_zone"))
            self.read_at = time.monotonic()
        mine = (zone for code, zone in self.zones.items() if within is None or code in within)
        return next(mine, "UTC")


zones = _Zones()


def in_the_warehouse(get_response: View) -> View:
    """Middleware: whoever is signed in sees the back office in their warehouse's time."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(ZoneInfo(zones.first(staff(request.user).within))):
            return get_response(request)

    return respond
