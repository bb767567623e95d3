"""What the house knows after its events were read, as the dispatcher reads them."""

from inventory_site.core.db import in_unit_of_work
from notifications.alerting import check, watches
from notifications.models import Alert
from notifications.services import dispatching
from notifications.services.watching import ALERTS
from tests.factories import do


def after_events() -> dict[str, list[str]]:
    """Titles of the alerts that stand, by rule, once every event so far has been read."""
    do(dispatching.open_reader, name="alerts")
    while do(dispatching.advance, reader=ALERTS):
        pass
    return standing()


def after_a_look_everywhere(now=None) -> dict[str, list[str]]:
    for watch in watches():
        in_unit_of_work(lambda watch=watch: check(watch=watch, now=now))
    return standing()


def standing() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for rule, title in (
        Alert.objects.filter(resolved_at=None)
        .order_by("rule", "subject")
        .values_list("rule", "title")
    ):
        told.setdefault(rule, []).append(title)
    return told
