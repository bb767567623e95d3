"""Alive, ready, measured, and logged."""

import io
import json
import logging
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.request import Request

import psycopg
import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from structlog.stdlib import ProcessorFormatter

from inventory_site.core.models import ApiKey
from inventory_site.core.redis import contact
from inventory_site.listening import Listening
from inventory_site.supervisor import _gunicorn
from tests.concurrency.site import Site, gunicorn

AWAY = {
    "DATABASE_URL": "postgresql://postgres@/none?host=%2Fnonexistent",
    "REDIS_URL": "redis://127.0.0.1:1",
}


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_has_every_table(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    forget_migrations("app = 'warehouse'")
    missing = client.get("/readyz")
    assert (missing.status_code, missing.json()["checks"]["migrations"]) == (503, "1 to apply")


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["core", "notifications", "orders", "warehouse"])
def test_a_database_from_before_the_first_release_is_not_ready_and_not_migrated(client, app):
    """Else Django would leave the app out, and say that nothing is to be applied."""
    last = "(SELECT max(name) FROM django_migrations WHERE app = %s AND name <> %s)"
    forget_migrations(f"app = %s AND name = {last}", [app, app, "0001_first_release"])
    old = client.get("/readyz")
    assert (old.status_code, old.json()["checks"]["migrations"]) == (
        503, "older than the first release",
    )  # fmt: skip
    with pytest.raises(SystemCheckError, match=f"is older than the first release: {app}"):
        call_command("migrate", verbosity=0, skip_checks=False)


def forget_migrations(which, values=()):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM django_migrations WHERE {which}", values)
        assert cursor.rowcount


def reply(port, path):
    return Site._send(Request(f"http://127.0.0.1:{port}{path}"))


def test_without_a_database_it_is_alive_and_not_ready():
    with gunicorn(AWAY) as port:
        assert reply(port, "/healthz").status == 200
        answer = reply(port, "/readyz")
        assert (answer.status, answer.json()["checks"]["database"]) == (503, "away")


def test_with_a_database_that_lets_nobody_in_it_says_so_in_seconds():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://holdfast@127.0.0.1:{silent.getsockname()[1]}/none"
        with gunicorn(AWAY | {"DATABASE_URL": url}) as port:
            began = time.monotonic()
            answer = reply(port, "/readyz")
            assert (answer.status, answer.json()["checks"]["database"]) == (503, "away")
            assert time.monotonic() - began < 15


def test_with_a_database_that_hangs_it_says_so_in_seconds_and_recovers(committed_db, client):
    assert client.get("/readyz").status_code == 200
    hung = connection.connection.info.backend_pid
    began = time.monotonic()
    os.kill(hung, signal.SIGSTOP)
    try:
        assert client.get("/readyz").status_code == 503
        assert time.monotonic() - began < 15
    finally:
        os.kill(hung, signal.SIGCONT)
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        theirs = cursor.fetchone()[0]
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [theirs])
    assert client.get("/readyz").status_code == 200, "a connection that broke is no database away"


@pytest.mark.django_db
def test_without_redis_it_is_degraded_and_ready(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": AWAY["REDIS_URL"]}
    }
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(client, settings):
    assert b"holdfast_request_seconds_count" in client.get("/metrics").content
    for far in ({"REMOTE_ADDR": "203.0.113.7"}, {"headers": {"X-Forwarded-For": "203.0.113.7"}}):
        assert client.get("/metrics", **far).status_code == 403
    settings.METRICS_TOKEN = "t0ken"
    assert client.get("/metrics").status_code == 403
    shown = {"headers": {"Authorization": "Bearer t0ken"}, "REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", **shown).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_machines_may_ask_under_any_name_and_without_tls(client, settings, path):
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"Host": "127.0.0.1:8000"}).status_code == 200
    elsewhere = client.get("/", headers={"Host": "127.0.0.1:8000"}, secure=True)
    assert elsewhere.status_code == 400


def test_what_two_workers_have_counted_is_added_up(tmp_path):
    folder = tmp_path / "some metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"of a server before")
    words = _gunicorn(Listening("127.0.0.1", 1))
    words = words[words.index("--config") :]
    words[-1] = f"PROMETHEUS_MULTIPROC_DIR={folder}"
    asked, workers = 0, set()
    end = time.monotonic() + 30
    with gunicorn(AWAY, *words) as port, ThreadPoolExecutor(16) as pool:
        while len(workers) < 2 and time.monotonic() < end:
            replies = pool.map(lambda _: reply(port, "/healthz"), range(50))
            assert {answer.status for answer in replies} == {200}
            asked += 50
            workers = {file.stem.rpartition("_")[2] for file in folder.glob("histogram_*.db")}
        counted = reply(port, "/metrics").body.decode()
    seconds = 'holdfast_request_seconds_count{method="GET",status="200",view="unnamed"}'
    assert f"{seconds} {asked}.0" in counted
    assert len(workers) == 2


@contextmanager
def logged():
    """A list that is filled with the lines which are logged meanwhile."""
    lines, stream = [], io.StringIO()
    copy = logging.StreamHandler(stream)
    copy.setFormatter(
        next(
            h.formatter
            for h in logging.getLogger().handlers
            if isinstance(h.formatter, ProcessorFormatter)
        )
    )
    logging.getLogger().addHandler(copy)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(copy)
        lines += [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_log_lines_are_json_with_the_id_that_the_client_was_told_and_without_the_key(client):
    contact.away_until = float("-inf")
    key, secret = ApiKey.objects.create_key(name="shop", scopes=["stock:read"], warehouses=[])
    with logged() as lines:
        answer = client.get("/api/v1/stock/NOPE", headers={"Authorization": f"Api-Key {secret}"})
    (line,) = (line for line in lines if "request" in line)
    assert line["event"] == "request_finished"
    assert line["request_id"] == answer.json()["request_id"]
    assert (line["client"], line["key"], line["code"]) == ("shop", key.prefix, 404)
    assert 0 < line["ms"] < 60_000
    for hidden in (secret, secret.partition(".")[2], key.hashed_key):
        assert hidden not in json.dumps(lines)


@pytest.mark.django_db
def test_a_strange_host_is_one_line_without_a_trace(client):
    with logged() as lines:
        client.get("/", headers={"Host": "evil.example"})
    assert [(line["event"], line["code"], line["host"]) for line in lines] == [
        ("request_finished", 400, "evil.example")
    ]


@pytest.mark.django_db
def test_a_defect_is_logged_once(client, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(AuthenticationMiddleware, "process_request", fail)
    client.raise_request_exception = False
    with logged() as lines:
        assert client.get("/admin/").status_code == 500
    assert [line["event"] for line in lines] == ["request_failed"]
    assert "ZeroDivisionError" in lines[0]["exception"]
