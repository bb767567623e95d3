"""What of the documents is late, lies or waits: conditions by which lists are narrowed down."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from orders.models import CountStatus, PickListOrder, PickStatus, ReturnStatus, SalesOrder
from orders.queries.due import When, due

TO_COUNT = (CountStatus.OPEN, CountStatus.RECOUNT)
WALKED = (PickStatus.DONE, PickStatus.CANCELLED)


def expected(*, coming: Collection[str], now: datetime, days: int = 0) -> Q:
    """Documents on their way (in one of these states) that should be here by now, or in so many days."""
    return Q(status__in=coming, expected_at__lt=now + timedelta(days=days))


def on_the_bench(*, days: int, now: datetime) -> Q:
    """Returns that came more than so many days ago, and are not graded in full."""
    return Q(status=ReturnStatus.RECEIVED, received_at__lt=now - timedelta(days=days))


def to_count(*, now: datetime, days: int = 0) -> Q:
    """Count tasks that nobody has handed in, though they were due so many days ago."""
    return Q(status__in=TO_COUNT, due_at__lte=now - timedelta(days=days))


def waiting_for_stock() -> Q:
    """Orders of which something is promised that is not there."""
    waiting = SalesOrder.objects.filter(
        reservation__status="active", reservation__lines__backordered__gt=0
    )
    return Q(pk__in=waiting.order_by().values("pk"))


def walks_due(*, when: When, now: datetime) -> Q:
    """Pick lists with work left, of which an order has to leave by then (see `due`)."""
    orders = SalesOrder.objects.filter(due(when=when, now=now)).order_by()
    lists = PickListOrder.objects.filter(order__in=orders.values("pk")).order_by()
    return Q(pk__in=lists.values("pick_list")) & ~Q(status__in=WALKED)
