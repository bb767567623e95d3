"""What needs somebody now: numbers, each with the list behind it, which counts it.

A number is counted by the very list that it opens, so that the two agree, also for somebody who is limited
to some warehouses. Whoever may not open a list is not shown its number.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, DecimalField, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory_site import report_cards, vitals
from inventory_site.core.roles import Staff
from inventory_site.report_cards import may_open
from notifications.admin.delivery import Card
from notifications.models import Alert, FeedReader
from notifications.services.backlog import backlog
from orders.models import ReturnOrder, SalesOrder
from orders.queries.due import due
from warehouse.models import InventoryItem, ReorderSuggestion

Maker = Callable[[HttpRequest, datetime], Card]


def cards(*, request: HttpRequest, who: Staff, now: datetime) -> list[Card]:
    """Those whose link this person may open, of their own warehouses. A constant number of statements."""
    first: Sequence[tuple[Any, Maker]] = (
        (SalesOrder, _to_pick),
        (SalesOrder, _due),
        (SalesOrder, _backorders),
        (InventoryItem, _out),
        (InventoryItem, _low),
        (ReturnOrder, _returns),
    )
    return [
        *(make(request, now) for model, make in first if may_open(request, model)),
        *report_cards.cards(request=request, who=who, now=now),
        *([_failed()] if may_open(request, FeedReader) else []),
        *_proof(request, who, now),
    ]


def _to_pick(request: HttpRequest, now: datetime) -> Card:
    found = _behind(request, SalesOrder, status="allocated").aggregate(
        all=Count("pk"), since=Min("placed_at")
    )
    return Card(
        _("Orders to pick"), f"{found['all']:,}", _oldest(found["since"], now, _("nothing to pick")),
        False, _list("orders_salesorder", "status__exact=allocated"),
    )  # fmt: skip


def _due(request: HttpRequest, now: datetime) -> Card:
    found = _behind(request, SalesOrder, status="allocated").aggregate(
        today=Count("pk", filter=due(when="today", now=now)),
        overdue=Count("pk", filter=due(when="overdue", now=now)),
    )
    words = _("to leave the house; %(count)s of them overdue")
    return Card(
        _("To pick and due today"), f"{found['today']:,}", words % {"count": f"{found['overdue']:,}"},
        found["today"] > 0, _list("orders_salesorder", "status__exact=allocated&due=today"),
    )  # fmt: skip


def _backorders(request: HttpRequest, now: datetime) -> Card:
    found = _behind(request, SalesOrder, status="backordered").aggregate(
        all=Count("pk"), since=Min("placed_at")
    )
    return Card(
        _("Orders that wait for stock"), f"{found['all']:,}",
        _oldest(found["since"], now, _("nothing waits")), found["all"] > 0,
        _list("orders_salesorder", "status__exact=backordered"),
    )  # fmt: skip


def _out(request: HttpRequest, now: datetime) -> Card:
    found = (
        _behind(request, InventoryItem)
        .out_of_stock()
        .aggregate(all=Count("pk"), watched=Count("pk", filter=Q(reorder_point__gt=0)))
    )
    words = _("%(count)s of them with a reorder point") % {"count": f"{found['watched']:,}"}
    return Card(
        _("Out of stock"), f"{found['all']:,}", words, found["watched"] > 0,
        _list("warehouse_inventoryitem", "stock=out"),
    )  # fmt: skip


def _low(request: HttpRequest, now: datetime) -> Card:
    count = _behind(request, InventoryItem).low().count()
    open_ = _behind(request, ReorderSuggestion, closed_at=None).count()
    words = ngettext("%(n)s suggestion to order", "%(n)s suggestions to order", open_)
    return Card(
        _("Under reorder point"), f"{count:,}", words % {"n": f"{open_:,}"}, count > 0,
        _list("warehouse_inventoryitem", "stock=low"),
    )  # fmt: skip


def _returns(request: HttpRequest, now: datetime) -> Card:
    left = (
        F("lines__received")
        - F("lines__restocked")
        - F("lines__quarantined")
        - F("lines__scrapped")
    )
    money = DecimalField(max_digits=18, decimal_places=4)
    found = _behind(request, ReturnOrder, status="received").aggregate(
        all=Count("pk", distinct=True),
        since=Min("received_at"),
        value=Coalesce(Sum(left * F("lines__product__unit_cost")), 0, output_field=money),
    )
    words = _("nothing lies on the bench")
    if found["since"]:
        words = _("the oldest for %(age)s; %(value)s at cost") % {
            "age": timesince(found["since"], now), "value": f"{found['value']:,.0f}",
        }  # fmt: skip
    late = found["since"] is not None and now - found["since"] > timedelta(days=2)
    return Card(
        _("Returns waiting"), f"{found['all']:,}", words, late,
        _list("orders_returnorder", "status__exact=received"),
    )  # fmt: skip


def _failed() -> Card:
    """The page of delivery shows both parts of the number, each by itself."""
    found = backlog()
    count = found.failed_deliveries + found.set_aside
    trouble = found.failing_channels + found.failing_endpoints + found.disabled_endpoints
    words = _("%(aside)s of them set aside; %(trouble)s channels and webhooks in trouble") % {
        "aside": f"{found.set_aside:,}", "trouble": f"{trouble:,}",
    }  # fmt: skip
    return Card(
        _("Failed deliveries"), f"{count:,}", words, count + trouble > 0,
        _list("notifications_feedreader"),
    )  # fmt: skip


def _proof(request: HttpRequest, who: Staff, now: datetime) -> list[Card]:
    """For those who see all warehouses: managers find it again on the health page, which says the same;
    others are led to the alert that a drift opens."""
    if who.within is not None or not (who.is_manager or may_open(request, Alert)):
        return []
    card = vitals.proof(now=now)
    return [card._replace(link=reverse("health")) if who.is_manager else card]


def _behind(request: HttpRequest, model: Any, **told: Any) -> Any:
    """The rows that the model's list shows to this person, narrowed as its link narrows it."""
    shown: QuerySet[Any] = admin.site.get_model_admin(model).get_queryset(request)
    return shown.filter(**told).order_by()


def _oldest(since: datetime | None, now: datetime, otherwise: str) -> str:
    return _("the oldest for %(age)s") % {"age": timesince(since, now)} if since else otherwise


def _list(model: str, ask: str = "") -> str:
    return reverse(f"admin:{model}_changelist") + (f"?{ask}" if ask else "")
