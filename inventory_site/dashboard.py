"""The manager's morning: what needs somebody, each number with the list behind it, and how it went."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site import first_run
from inventory_site.cards import cards
from inventory_site.core.charts import Chart, Series, chart
from inventory_site.core.roles import staff
from warehouse import flow

FLOW_DAYS = 14


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's hook for the first page: cards, charts and tables of the person's warehouses."""
    who, now = staff(request.user), timezone.now()
    context |= {
        "title": _("Today in the warehouse"),
        "first_steps": first_run.steps() if who.is_manager and who.within is None else (),
        "cards": cards(request=request, who=who, now=now),
        "flow_chart": _flow(who.within, now),
        "value_chart": _value(who.within),
        "movers": flow.top_movers(days=FLOW_DAYS, now=now, within=who.within),
        "cover": flow.least_cover(within=who.within),
    }
    return context


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
