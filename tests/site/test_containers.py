"""The image and the compose file, parsed: what would start is what we say."""

import re
from pathlib import Path

import pytest
import yaml

from inventory_site.listening import Listening
from inventory_site.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "courier", "beat")


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line[len(name) + 1 :].strip() for line in joined.splitlines() if line.startswith(name + " ")
    ]


def test_every_part_is_there_and_says_how_it_is():
    assert {*OURS, "postgres", "valkey"} <= set(SERVICES)
    for name in (*OURS, "postgres", "valkey"):
        assert SERVICES[name]["healthcheck"]["test"], name


def test_parts_wait_for_the_tables_and_the_tables_for_the_servers():
    for name in OURS:
        needed = SERVICES[name]["depends_on"]
        assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert {name: how["condition"] for name, how in SERVICES["migrate"]["depends_on"].items()} == {
        "postgres": "service_healthy",
        "valkey": "service_healthy",
    }


@pytest.mark.parametrize("name", OURS)
def test_what_settings_require_is_given_and_secrets_come_from_outside(name):
    given = SERVICES[name]["environment"]
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"} <= set(given)
    assert re.fullmatch(r"\$\{SECRET_KEY:\?.+\}", given["SECRET_KEY"])
    assert "${POSTGRES_PASSWORD:?" in given["DATABASE_URL"]


def test_every_variable_that_concerns_the_site_can_be_given():
    words = (ROOT / "docs/operations.md").read_text().partition("## Variables")[2]
    rows = [row.split("|")[1] for row in words.splitlines() if row.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    # Of `make run` and the publishing of a port, fixed by the image, or of servers that are part of it.
    others = {
        "PORT",
        "BIND",
        "STATE_DIR",
        "DEMO_DATA",
        "HOLDFAST_MODE",
        "STATIC_ROOT",
        "REDIS_DB_OFFSET",
    }
    assert documented - others == set(SERVICES["web"]["environment"])


def test_no_secret_and_nothing_that_is_made_comes_into_the_image():
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".state", ".venv", "staticfiles", "test-results"} <= set(left_out)


def test_the_site_is_published_to_this_machine_alone():
    """It believes whoever says that they came by HTTPS."""
    assert SERVICES["web"]["ports"] == ["${BIND:-127.0.0.1}:${PORT:-8000}:8000"]


def test_the_database_has_no_password_written_down():
    given = SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert re.fullmatch(r"\$\{POSTGRES_PASSWORD:\?.+\}", given)


def test_the_broker_never_drops_what_is_queued():
    assert SERVICES["valkey"]["command"][-2:] == ["--maxmemory-policy", "noeviction"]


def test_the_image_runs_as_an_ordinary_user_with_pinned_packages():
    assert instructions("USER") == ["holdfast"]
    assert instructions("HEALTHCHECK")
    assert any("--require-hashes" in command for command in instructions("RUN"))
    (command,) = instructions("CMD")
    assert '"PROMETHEUS_MULTIPROC_DIR=/tmp/metrics"' in command
    assert '"python:inventory_site.gunicorn_hooks"' in command
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nCMD ")


def test_every_queue_that_tasks_are_sent_to_has_a_worker(settings):
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    served = set()
    for name in ("worker", "courier"):
        command = SERVICES[name]["command"]
        served.add(command[command.index("-Q") + 1] if "-Q" in command else "celery")
    assert served == routed | {"celery"}


def test_make_run_starts_the_same_workers():
    parts = {part.name: part.command for part in Supervisor(Listening("127.0.0.1", 8000)).parts}
    assert set(parts) == set(OURS)
    for words in (
        ("--pool", "threads"),
        ("--concurrency", "64"),
        ("-Q", "delivery"),
        ("-n", "courier@%h"),
    ):
        for command in (parts["courier"], SERVICES["courier"]["command"]):
            assert command[command.index(words[0]) + 1] == words[1]
