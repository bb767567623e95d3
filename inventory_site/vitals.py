"""How the house itself does: queues, what waits to leave it, the books, the database, the cache."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from inventory_site.core.roles import staff
from inventory_site.core.sql import rows
from notifications.admin.delivery import Card, cards
from notifications.services.backlog import backlog
from warehouse.models import ProofRun

T = TypeVar("T")

QUEUES = ("celery", "delivery")
LONG = 100  # messages; a queue that long is not being worked off
SLOWEST = """
    SELECT calls, round(mean_exec_time::numeric, 1), round(total_exec_time::numeric / 1000, 1),
           left(regexp_replace(query, '\\s+', ' ', 'g'), 300)
      FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
     WHERE query NOT ILIKE 'create%%' AND query NOT ILIKE 'alter%%'
     ORDER BY mean_exec_time DESC LIMIT 10
"""
TABLES = """
    SELECT relname, pg_total_relation_size(relid), n_live_tup, n_dead_tup
      FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 10
"""
SIZE = "SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity)"


class Statement(NamedTuple):
    """Milliseconds on average, seconds in all."""

    calls: int
    mean_ms: float
    total_s: float
    text: str


class Table(NamedTuple):
    name: str
    size: int
    rows: int
    dead: int


@dataclass(frozen=True, slots=True)
class Vitals:
    cards: list[Card]
    statements: list[Statement] | None  # None: the database does not count them
    tables: list[Table]


def page(request: HttpRequest) -> HttpResponse:
    """For managers of all warehouses: it shows nothing of a certain one."""
    who = staff(request.user)
    if not who.is_manager or who.within is not None:
        messages.error(request, _("This page is for managers of all warehouses."))
        return HttpResponseRedirect(reverse("admin:index"))
    context = {
        **admin.site.each_context(request),
        "title": _("Health"),
        "vitals": vitals(now=timezone.now()),
    }
    return TemplateResponse(request, "admin/health.html", context)


def vitals(*, now: datetime) -> Vitals:
    """As it is now. What cannot be asked is said to be away."""
    ((size, connections),) = rows(SIZE, [])
    return Vitals(
        cards=[
            *_queues(),
            proof(now=now),
            Card(_("Database"), _size(size), _("%(count)s connections") % {"count": connections}, False, ""),
            _cache(),
            *cards(found=backlog()),
        ],
        statements=_statements(),
        tables=[Table(*row) for row in rows(TABLES, [])],
    )  # fmt: skip


def _queues() -> list[Card]:
    def lengths() -> list[Card]:
        client = Redis.from_url(settings.BROKER_AS_REDIS, socket_timeout=0.5)
        told = {name: int(client.llen(name)) for name in QUEUES}
        return [
            Card(
                _("Queue: %(name)s") % {"name": name}, f"{length:,}", _("tasks that wait"), length > LONG, ""
            )
            for name, length in told.items()
        ]  # fmt: skip

    return _or_away(lengths, [Card(_("Queues"), "-", _("Redis is away"), True, "")])


def proof(*, now: datetime) -> Card:
    """The last proof of the books, and the alert that it opens where they drift. One statement."""
    last = ProofRun.objects.first()
    link = reverse("admin:notifications_alert_changelist") + "?rule=ledger_drift"
    if last is None:
        return Card(_("Proof of the books"), "-", _("not run yet"), False, link)
    words = _("%(age)s ago, in %(seconds)s s") % {
        "age": timesince(last.began_at, now), "seconds": f"{last.took_ms / 1000:.1f}",
    }  # fmt: skip
    figure = _("clean") if not last.drifts else f"{last.drifts:,}"
    return Card(_("Proof of the books"), figure, words, last.drifts > 0, link)


def _cache() -> Card:
    def rate() -> Card:
        told: dict[str, Any] = cache.client.get_client().info("stats")  # type: ignore[attr-defined]
        hits, misses = int(told["keyspace_hits"]), int(told["keyspace_misses"])
        figure = f"{hits / (hits + misses) * 100:.1f} %" if hits + misses else "-"
        return Card(
            _("Cache hits"),
            figure,
            _("of %(count)s reads") % {"count": f"{hits + misses:,}"},
            False,
            "",
        )

    return _or_away(rate, Card(_("Cache"), "-", _("Redis is away"), True, ""))


def _or_away(ask: Callable[[], T], away: T) -> T:
    try:
        return ask()
    except RedisError:
        return away


def _statements() -> list[Statement] | None:
    try:
        with transaction.atomic():
            return [Statement(*row) for row in rows(SLOWEST, [])]
    except DatabaseError:
        return None


def _size(count: int) -> str:
    return f"{count / 1024**2:,.0f} MiB" if count < 10 * 1024**3 else f"{count / 1024**3:,.1f} GiB"
