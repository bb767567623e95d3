"""How it went: numbers that are those of a report, asked of the report itself, with the same days.

So each card and the report that it opens cannot disagree. Whoever may not read reports gets what a plain
list can tell as well, or nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.core.reporting.answering import answer
from inventory_site.core.reporting.asking import ask
from inventory_site.core.reporting.definition import Given, Kind, Report
from inventory_site.core.reporting.rights import reads
from inventory_site.core.reporting.wording import told
from inventory_site.core.roles import Staff
from notifications.admin.delivery import Card
from orders.reporting.counting import COUNT_ACCURACY
from orders.reporting.picking import PICKER_PRODUCTIVITY
from warehouse.dead_stock import PERIODS, DeadInWarehouse, dead_stock_summary
from warehouse.models import LostDemand
from warehouse.reporting.refused import OVERSELLS

COUNT_DAYS, REFUSED_DAYS, USUAL_DAYS = 30, 30, 7
RIGHT_ENOUGH = 97  # per cent of bins; fewer, and somebody should look at how stock goes astray
DEAD_SECONDS = 300  # for which the dead stock is believed: it changes by days, and is dear to find


class _Answered(NamedTuple):
    """A report's figures, in the order of the report: as they are, and as its page writes them."""

    values: Sequence[Any]
    words: Sequence[str]
    given: Given
    link: str


def cards(*, request: HttpRequest, who: Staff, now: datetime) -> list[Card]:
    """Those of the reports that this person may read, of their own warehouses."""
    if reads(who):
        return [_oversells(who, now), _dead(who, now), _picks(who, now), _accuracy(who, now)]
    return [_refusals(request, now)] if may_open(request, LostDemand) else []


def _oversells(who: Staff, now: datetime) -> Card:
    found = _answered(OVERSELLS, who, now, days=str(REFUSED_DAYS))
    units, money, *_others = found.words
    words = _("units refused in %(days)s days; %(value)s at cost") % {
        "days": REFUSED_DAYS, "value": money,
    }  # fmt: skip
    return Card(_("Oversells prevented"), units, words, False, found.link)


def _refusals(request: HttpRequest, now: datetime) -> Card:
    """The same for those who read no reports: as many as the list of refusals has rows."""
    since = now - timedelta(days=REFUSED_DAYS)
    shown = admin.site.get_model_admin(LostDemand).get_queryset(request)
    count = shown.filter(occurred_at__gte=since).count()
    link = reverse("admin:warehouse_lostdemand_changelist")
    return Card(
        _("Oversells prevented"), f"{count:,}", _("refusals in %(days)s days") % {"days": REFUSED_DAYS},
        False, f"{link}?{urlencode({'occurred_at__gte': since.isoformat()})}",
    )  # fmt: skip


def _dead(who: Staff, now: datetime) -> Card:
    found_at, summary = _dead_summary(now)
    mine = [one for one in summary if who.within is None or one.warehouse in who.within]
    words = _("at cost; %(count)s products unsold for %(days)s days, as of %(time)s") % {
        "count": f"{sum(one.items for one in mine):,}", "days": PERIODS[0],
        "time": f"{timezone.localtime(found_at):%H:%M}",
    }  # fmt: skip
    value = told(sum((one.value for one in mine), Decimal()), Kind.MONEY)
    link = reverse("report", args=["dead-stock"]) + f"?idle={PERIODS[0]}"
    return Card(_("Dead stock"), value, words, False, link)


def _dead_summary(now: datetime) -> tuple[datetime, list[DeadInWarehouse]]:
    """What lies dead in each warehouse, and when that was found."""
    found: tuple[datetime, list[DeadInWarehouse]] | None = cache.get_or_set(
        "dashboard:dead-as-of",
        lambda: (now, dead_stock_summary(days=PERIODS[0], now=now)),
        DEAD_SECONDS,
    )
    return found or (now, [])


def _picks(who: Staff, now: datetime) -> Card:
    today = _answered(PICKER_PRODUCTIVITY, who, now, days="1")
    day = today.given.until
    before = _answered(
        PICKER_PRODUCTIVITY, who, now,
        since=str(day - timedelta(days=USUAL_DAYS)), until=str(day - timedelta(days=1)),
    )  # fmt: skip
    return Card(
        _("Lines picked an hour, today"), today.words[3], _compared(today, before), False, today.link,
    )  # fmt: skip


def _compared(today: _Answered, before: _Answered) -> str:
    rate, usual = today.values[3], before.values[3]
    if usual is None:
        return _("nobody picked in the week before")
    words = _("%(rate)s an hour in the week before") % {"rate": before.words[3]}
    return words if rate is None else f"{(rate / usual - 1) * 100:+.0f} % · {words}"


def _accuracy(who: Staff, now: datetime) -> Card:
    found = _answered(COUNT_ACCURACY, who, now, days=str(COUNT_DAYS))
    bins, right = found.words[:2]
    share = found.values[1]
    words = _("of %(count)s bins, at the first count, in %(days)s days") % {
        "count": bins, "days": COUNT_DAYS,
    }  # fmt: skip
    return Card(
        _("Counts that agreed"), right, words, share is not None and share < RIGHT_ENOUGH, found.link
    )  # fmt: skip


def _answered(report: Report, who: Staff, now: datetime, **asked: str) -> _Answered:
    """The report's figures for these days, and its address with the same days. Two statements."""
    given = ask(report=report, data=asked, now=now, within=who.within).given
    assert given is not None, "what we ask can be answered"
    values = answer(report=report, given=given, limit=0).figures
    words = [told(value, one.kind) for one, value in zip(report.figures, values, strict=True)]
    days = urlencode({"since": given.since.isoformat(), "until": given.until.isoformat()})
    return _Answered(values, words, given, f"{reverse('report', args=[report.key])}?{days}")


def may_open(request: HttpRequest, model: Any) -> bool:
    """Whether this person may open the list of the model."""
    return bool(admin.site.get_model_admin(model).has_view_permission(request))
