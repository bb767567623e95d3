"""Whether the site lives, whether it can serve, and what it has counted.

Machines ask for these by whatever address they know us under (127.0.0.1, a container's name), without
TLS: they are answered before the host is checked and before anybody is sent to HTTPS.
"""

import hmac
import select
from collections.abc import Callable, Mapping
from time import monotonic
from types import MappingProxyType

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from redis.exceptions import RedisError

from inventory_site.core.first_release import apps_from_before
from notifications.services.backlog import backlog

View = Callable[[HttpRequest], HttpResponse]

ANSWER_SECONDS = (
    2.0  # that the database has; one that has to be connected first has stores.CONNECT_SECONDS
)
LOOPBACK = {"127.0.0.1", "::1"}
WAITING = {
    "events": "Events that a reader of the feed has not read.",
    "set_aside": "Events that could not be dealt with.",
    "deliveries": "Webhook messages that wait.",
    "failed_deliveries": "Webhook messages that were given up, in seven days.",
    "disabled_endpoints": "Webhooks disabled for their failures.",
    "failing_endpoints": "Webhooks that fail.",
    "alerts": "Alerts that are due to be sent.",
    "failing_channels": "Channels that fail.",
}
WAITING_SINCE = {
    "oldest_event": "Age of the oldest event that was not read.",
    "oldest_delivery": "Age of the oldest webhook message that waits.",
    "oldest_alert": "How long the oldest alert has been due.",
}


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: this process answers. Looks at nothing else."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers and has every table. Without Redis it is degraded, not dead."""
    database = _outcome(_database)
    checks = {
        "database": database,
        "migrations": _outcome(_migrations) if database == "ok" else database,
        "redis": _outcome(_redis),
    }
    ready = checks["database"] == checks["migrations"] == "ok"
    status = "unavailable" if not ready else "ready" if checks["redis"] == "ok" else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=200 if ready else 503)


def _outcome(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error:
        return "away"
    except RedisError:
        return "away"


def _database() -> str:
    if connection.connection is not None:
        try:
            if not _answers(connection.connection.pgconn):
                connection.connection.pgconn.finish()  # politely closed, it would be waited for
                connection.close()
                return "away"
        except psycopg.Error:  # broken since it was last used: a new one may work
            connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _answers(server: psycopg.pq.abc.PGconn) -> bool:
    """Whether it does so in time, by our clock: a database that hangs keeps none of its own timeouts."""
    end = monotonic() + ANSWER_SECONDS
    server.send_query(b"SELECT 1")
    watch = select.poll()
    watch.register(server.socket, select.POLLIN)
    while True:
        while server.is_busy():
            left = end - monotonic()
            if left <= 0 or not watch.poll(left * 1000):
                return False
            server.consume_input()
        if server.get_result() is None:
            return True


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    if apps_from_before(executor.loader):
        return "older than the first release"
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} to apply" if missing else "ok"


def _redis() -> str:
    cache.client.get_client().ping()  # type: ignore[attr-defined]
    return "ok"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics: for this machine, or for whoever shows METRICS_TOKEN."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        allowed = hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    else:
        allowed = (
            request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers
        )
    if not allowed:
        return HttpResponse("Forbidden\n", status=403, content_type="text/plain")
    response: HttpResponse = ExportToDjangoView(request)
    response.content += _waiting()
    return response


def _waiting() -> bytes:
    """What waits to leave the house, as it is now; nothing while the database is away."""
    registry = CollectorRegistry()
    try:
        found = backlog()
    except Error:
        return b""
    for name, words in WAITING.items():
        Gauge(f"holdfast_{name}", words, registry=registry).set(getattr(found, name))
    for name, words in WAITING_SINCE.items():
        since = getattr(found, name)
        age = 0 if since is None else (timezone.now() - since).total_seconds()
        Gauge(f"holdfast_{name}_seconds", words, registry=registry).set(age)
    return generate_latest(registry)


ADDRESSES: Mapping[str, View] = MappingProxyType(
    {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
)


def answer_machines(get_response: View) -> View:
    """Middleware that answers the addresses above, and passes on the rest."""

    def answer(request: HttpRequest) -> HttpResponse:
        return ADDRESSES.get(request.path_info, get_response)(request)

    return answer
