"""Configuration that is missing or wrong stops the start and is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
RIGHT = {
    "SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgresql:///holdfast",
    "REDIS_URL": "redis://localhost:6379",
}
SHOW = "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"


def start(**given):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "inventory_site.settings"}
    environment |= {name: value for name, value in (RIGHT | given).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_missing_is_named(name):
    done = start(**{name: None})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "maybe", "expected 1, true, yes, on or 0"),
        ("LOCK_TIMEOUT_MS", "soon", "a whole number from 1 to 60000"),
        ("API_RATE_LIMIT", "-1", "a whole number from 0"),
        ("COMBINE_RESERVATIONS", "2", "expected 1, true"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_expected(name, value, expected):
    last = start(**{name: value}).stderr.splitlines()[-1]
    assert name in last
    assert value in last
    assert expected in last


def test_debug_is_off_unless_the_demo_or_somebody_turns_it_on():
    assert start().stdout.split() == ["False", "True"]
    assert start(HOLDFAST_MODE="demo").stdout.split() == ["True", "False"]
    assert start(DEBUG="1", HTTPS="1").stdout.split() == ["True", "True"]


def test_the_proof_of_the_books_runs_by_the_clock_and_has_time_to_end():
    """An interval counted from beat's start begins anew with each start, and may never be over."""
    nightly = settings.CELERY_BEAT_SCHEDULE["verify-ledger"]
    assert (nightly["schedule"].hour, nightly["schedule"].minute) == ({3}, {0})
    assert nightly["options"]["time_limit"] > settings.CELERY_TASK_TIME_LIMIT
    for name, sweep in settings.CELERY_BEAT_SCHEDULE.items():
        assert name in ("verify-ledger", "open-due-counts") or sweep["schedule"] <= 3600
