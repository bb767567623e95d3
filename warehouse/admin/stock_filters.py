"""Filters of items, reservations and bins that a manager thinks in."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from warehouse.admin.filters import OneOf, Rows
from warehouse.models import BinKind, BinStock, CycleCount, ReservationStatus

UNCOUNTED_DAYS = (30, 90, 180)
UNCOUNTED_BIN_DAYS = (30, 90)

STATES = {
    "low": (_("At or under the reorder point"), lambda items: items.low()),
    "out": (_("Out of stock"), lambda items: items.out_of_stock()),
    "promised": (_("Promised to orders"), lambda items: items.filter(reserved__gt=0)),
    "quarantine": (_("Some in quarantine"), lambda items: items.filter(unsellable__gt=0)),
    "coming": (_("On the way"), lambda items: items.filter(inbound__gt=0)),
    "unwatched": (_("Without a reorder point"), lambda items: items.not_watched()),
}


class StockState(OneOf):
    """How it stands with the stock."""

    title = _("stock")
    parameter_name = "stock"
    ways = STATES


def _uncounted(days: int) -> Callable[[Rows], Rows]:
    return lambda items: items.not_counted_since(days=days, now=timezone.now())  # type: ignore[attr-defined]


class NotCounted(OneOf):
    """On hand, and nobody has counted it for long."""

    title = _("not counted for")
    parameter_name = "uncounted"
    ways = {
        str(days): (format_lazy(_("{days} days"), days=days), _uncounted(days))
        for days in UNCOUNTED_DAYS
    }


def _due_within_an_hour(found: Rows) -> Rows:
    return _due(found).filter(expires_at__lte=timezone.now() + timedelta(hours=1))


def _due_today(found: Rows) -> Rows:
    tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return _due(found).filter(expires_at__lt=tomorrow)


def _due(found: Rows) -> Rows:
    return found.filter(status=ReservationStatus.ACTIVE, expires_at__isnull=False)


class RunsOut(OneOf):
    """Promises that still stand, and will not for long."""

    title = _("runs out")
    parameter_name = "expiring"
    ways = {
        "hour": (_("Within 1 hour"), _due_within_an_hour),
        "today": (_("Today"), _due_today),
        "never": (_("Never"), lambda found: found.filter(expires_at=None, status="active")),
    }


def _holding(found: Rows) -> Rows:
    return found.filter(Exists(BinStock.objects.filter(bin=OuterRef("pk"), quantity__gt=0)))


def _empty(found: Rows) -> Rows:
    return found.exclude(Exists(BinStock.objects.filter(bin=OuterRef("pk"), quantity__gt=0)))


def _not_counted(days: int) -> Callable[[Rows], Rows]:
    """Something lies in it, and nothing of it was counted for so many days."""

    def narrow(found: Rows) -> Rows:
        since = timezone.now() - timedelta(days=days)
        counted = CycleCount.objects.filter(bin=OuterRef("pk"), counted_at__gte=since)
        return _holding(found).exclude(Exists(counted))

    return narrow


class BinState(OneOf):
    """What lies in a bin, and when somebody last looked."""

    title = _("what is in it")
    parameter_name = "holds"
    ways = {
        "nothing": (_("Nothing"), _empty),
        "something": (_("Something"), _holding),
        "quarantine": (
            _("Something in quarantine"),
            lambda found: _holding(found.filter(kind=BinKind.QUARANTINE)),
        ),
        **{
            f"uncounted-{days}": (
                format_lazy(_("Not counted for {days} days"), days=days),
                _not_counted(days),
            )
            for days in UNCOUNTED_BIN_DAYS
        },
    }
