"""Until when orders have to leave the house, by the days of the current time zone."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from orders.models import OrderStatus

DONE = (OrderStatus.SHIPPED, OrderStatus.CLOSED, OrderStatus.CANCELLED)

When = Literal["overdue", "today", "week"]


def due(*, when: When, now: datetime) -> Q:
    """Orders with work left that had to leave before now, before the end of today, or of the week (Sunday).

    Each takes in the one before: what is overdue has to leave today as well.
    """
    today = timezone.localtime(now).date()
    limit = {
        "overdue": now,
        "today": _begins(today + timedelta(days=1)),
        "week": _begins(today + timedelta(days=7 - today.weekday())),
    }[when]
    return Q(ship_by__lt=limit) & ~Q(status__in=DONE)


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
