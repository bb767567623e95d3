"""The manager's morning: what needs somebody, each number with the list behind it, and how it went.

A number is counted by the very list that it opens, so that the two agree, also for somebody who is limited
to some warehouses.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.cache import cache
from django.db.models import Count, DecimalField, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site import first_run
from inventory_site.core.charts import Chart, Series, chart
from inventory_site.core.roles import Staff, staff
from notifications.services.backlog import backlog
from orders.models import ReturnOrder, SalesOrder
from orders.queries.performance import Picks, count_accuracy, picks
from warehouse import flow
from warehouse.dead_stock import PERIODS, DeadInWarehouse, dead_stock_summary
from warehouse.models import InventoryItem, LostDemand, ReorderSuggestion

FLOW_DAYS, COUNT_DAYS, LOST_DAYS, USUAL_DAYS = 14, 30, 30, 7
DEAD_SECONDS = 300  # for which the dead stock is believed: it changes by days, and is dear to find


class Card(NamedTuple):
    """One number, what it says, and the list behind it. `bad`: somebody should look at it."""

    title: str
    figure: str
    words: str
    link: str
    bad: bool = False


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's hook for the first page: cards, charts and tables of the person's warehouses."""
    who, now = staff(request.user), timezone.now()
    context |= {
        "title": _("Today in the warehouse"),
        "first_steps": first_run.steps() if who.is_manager and who.within is None else (),
        "cards": _cards(request, who, now),
        "flow_chart": _flow(who.within, now),
        "value_chart": _value(who.within),
        "movers": flow.top_movers(days=FLOW_DAYS, now=now, within=who.within),
        "cover": flow.least_cover(within=who.within),
    }
    return context


def _cards(request: HttpRequest, who: Staff, now: datetime) -> list[Card]:
    makers: Sequence[Callable[[], Card]] = (
        lambda: _to_pick(request, now),
        lambda: _backorders(request),
        lambda: _out(request),
        lambda: _low(request),
        lambda: _returns(request, now),
        lambda: _refused(request, now),
        lambda: _dead(who.within, now),
        lambda: _picks(who.within, now),
        lambda: _accuracy(who.within, now),
        *((_failed,) if who.within is None else ()),
    )
    return [make() for make in makers]


def _to_pick(request: HttpRequest, now: datetime) -> Card:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = _behind(request, SalesOrder, status="allocated").aggregate(
        all=Count("pk"), due=Count("pk", filter=Q(ship_by__lt=midnight + timedelta(days=1)))
    )
    words = _("%(due)s due today") % {"due": f"{found['due']:,}"}
    return Card(
        _("Orders to pick"), f"{found['all']:,}", words,
        _list("orders_salesorder", "status__exact=allocated"),
        found["due"] > 0,
    )  # fmt: skip


def _backorders(request: HttpRequest) -> Card:
    found = _behind(request, SalesOrder, status="backordered").aggregate(
        all=Count("pk"), since=Min("placed_at")
    )
    words = (
        _("the oldest for %(age)s") % {"age": timesince(found["since"])} if found["since"] else ""
    )
    return Card(
        _("Orders that wait for stock"), f"{found['all']:,}", words or _("nothing waits"),
        _list("orders_salesorder", "status__exact=backordered"), found["all"] > 0,
    )  # fmt: skip


def _out(request: HttpRequest) -> Card:
    count = _items(request).out_of_stock().count()
    watched = _items(request).out_of_stock().filter(reorder_point__gt=0).count()
    words = _("%(count)s of them with a reorder point") % {"count": f"{watched:,}"}
    return Card(
        _("Out of stock"), f"{count:,}", words, _list("warehouse_inventoryitem", "stock=out"), watched > 0
    )  # fmt: skip


def _low(request: HttpRequest) -> Card:
    count = _items(request).low().count()
    open_ = _behind(request, ReorderSuggestion, closed_at=None).count()
    words = ngettext("%(n)s suggestion to order", "%(n)s suggestions to order", open_)
    return Card(
        _("Under reorder point"), f"{count:,}", words % {"n": f"{open_:,}"},
        _list("warehouse_inventoryitem", "stock=low"), count > 0,
    )  # fmt: skip


def _returns(request: HttpRequest, now: datetime) -> Card:
    left = (
        F("lines__received")
        - F("lines__restocked")
        - F("lines__quarantined")
        - F("lines__scrapped")
    )
    found = _behind(request, ReturnOrder, status="received").aggregate(
        all=Count("pk", distinct=True),
        since=Min("received_at"),
        value=Coalesce(Sum(left * F("lines__product__unit_cost")), 0, output_field=_money()),
    )
    words = _("nothing lies on the bench")
    if found["since"]:
        words = _("the oldest for %(age)s; %(value)s at cost") % {
            "age": timesince(found["since"], now), "value": f"{found['value']:,.0f}",
        }  # fmt: skip
    late = found["since"] is not None and now - found["since"] > timedelta(days=2)
    return Card(
        _("Returns waiting"), f"{found['all']:,}", words,
        _list("orders_returnorder", "status__exact=received"), late,
    )  # fmt: skip


def _refused(request: HttpRequest, now: datetime) -> Card:
    since = now - timedelta(days=LOST_DAYS)
    units = F("requested") - F("available")
    found = _behind(request, LostDemand, occurred_at__gte=since).aggregate(
        units=Coalesce(Sum(units), 0),
        value=Coalesce(Sum(units * F("product__unit_cost")), 0, output_field=_money()),
    )
    words = _("units refused in %(days)s days; %(value)s at cost") % {
        "days": LOST_DAYS, "value": f"{found['value']:,.0f}",
    }  # fmt: skip
    return Card(
        _("Oversells prevented"), f"{found['units']:,}", words, _list("warehouse_lostdemand", ""),
    )  # fmt: skip


def _dead(within: Collection[str] | None, now: datetime) -> Card:
    mine = [one for one in _dead_summary(now) if within is None or one.warehouse in within]
    words = _("at cost; %(count)s products unsold for %(days)s days") % {
        "count": f"{sum(one.items for one in mine):,}", "days": PERIODS[0],
    }  # fmt: skip
    return Card(
        _("Dead stock"), f"{sum(one.value for one in mine):,.0f}", words,
        reverse("admin:warehouse_inventoryitem_dead_stock"),
    )  # fmt: skip


def _dead_summary(now: datetime) -> list[DeadInWarehouse]:
    found = cache.get_or_set(
        "dashboard:dead", lambda: dead_stock_summary(days=PERIODS[0], now=now), DEAD_SECONDS
    )
    return found or []


def _picks(within: Collection[str] | None, now: datetime) -> Card:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = picks(since=midnight, until=now, within=within)
    usual = picks(since=midnight - timedelta(days=USUAL_DAYS), until=midnight, within=within)
    return Card(
        _("Picks an hour, today"), "-" if today.per_hour is None else f"{today.per_hour:,.0f}",
        _compared(today, usual), _list("orders_pickscan", ""),
    )  # fmt: skip


def _compared(today: Picks, usual: Picks) -> str:
    if usual.per_hour is None:
        return _("nobody picked in the week before")
    told = _("%(rate)s an hour in the week before") % {"rate": f"{usual.per_hour:,.0f}"}
    if today.per_hour is None:
        return told
    return f"{(today.per_hour / usual.per_hour - 1) * 100:+.0f} % · {told}"


def _accuracy(within: Collection[str] | None, now: datetime) -> Card:
    found = count_accuracy(since=now - timedelta(days=COUNT_DAYS), until=now, within=within)
    words = _("of %(count)s products counted in %(days)s days") % {
        "count": f"{found.counted:,}", "days": COUNT_DAYS,
    }  # fmt: skip
    return Card(
        _("Counts that agreed"), "-" if found.share is None else f"{found.share * 100:.1f} %", words,
        _list("orders_counttask", "status__exact=done"), found.share is not None and found.share < 0.97,
    )  # fmt: skip


def _failed() -> Card:
    found = backlog()
    count = found.failed_deliveries + found.set_aside
    trouble = found.failing_channels + found.failing_endpoints + found.disabled_endpoints
    words = _("%(count)s channels and webhooks in trouble") % {"count": trouble}
    return Card(
        _("Failed deliveries"), f"{count:,}", words, _list("notifications_feedreader", ""),
        count + trouble > 0,
    )  # fmt: skip


def _flow(within: Collection[str] | None, now: datetime) -> Chart:
    days = flow.flow(
        days=FLOW_DAYS, now=now, zone=timezone.get_current_timezone_name(), within=within
    )
    came, went = sum(day.came for day in days), sum(day.went for day in days)
    return chart(
        type="bar",
        labels=[f"{day.day:%-d %b}" for day in days],
        series=[
            Series(_("In"), [day.came for day in days]),
            Series(_("Out"), [-day.went for day in days]),
        ],
        words=_("In %(days)s days %(came)s units came in and %(went)s went out.")
        % {"days": FLOW_DAYS, "came": f"{came:,}", "went": f"{went:,}"},
        stacked=True,
        height=280,
    )


def _value(within: Collection[str] | None) -> Chart:
    found = flow.value_by_class(within=within)
    told = ", ".join(f"{one.abc}: {one.value:,.0f}" for one in found)
    return chart(
        type="bar",
        labels=[one.abc for one in found],
        series=[Series(_("Value at cost"), [round(float(one.value)) for one in found])],
        words=_("Value on hand by class: %(told)s.") % {"told": told},
        height=280,
    )


def _behind(request: HttpRequest, model: Any, **told: Any) -> QuerySet[Any]:
    """The rows that the model's list shows to this person, narrowed as its link narrows it."""
    shown: QuerySet[Any] = admin.site.get_model_admin(model).get_queryset(request)
    return shown.filter(**told).order_by()


def _items(request: HttpRequest) -> Any:
    return _behind(request, InventoryItem)


def _list(model: str, ask: str) -> str:
    return reverse(f"admin:{model}_changelist") + (f"?{ask}" if ask else "")


def _money() -> Any:
    return DecimalField(max_digits=18, decimal_places=4)
