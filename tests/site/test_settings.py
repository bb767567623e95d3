"""Configuration that is missing or wrong stops the start and is named."""

import os
import subprocess
import sys

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from inventory_site import env, logs, stores
from inventory_site.local_services import CannotStart, state
from tests.forked import ROOT, run

RIGHT = {
    "SECRET_KEY": "0123456789" * 5,
    "DATABASE_URL": "postgresql:///holdfast",
    "REDIS_URL": "redis://localhost:6379",
}
SHOW = "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"


def start(*words, way=None, **given):
    """A Python that only shows settings is forked off; any other begins at its first instruction."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "inventory_site.settings"}
    environment |= {name: value for name, value in (RIGHT | given).items() if value is not None}
    way = way or (python if words else run)
    return way(*(words or ("-c", SHOW)), env=environment)


def python(*words, env):
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("debug", ["1", "maybe"])
def test_one_that_is_forked_off_says_and_ends_as_any_other(debug):
    one, other = start(way=run, DEBUG=debug), start(way=python, DEBUG=debug)
    assert one.returncode == other.returncode == (debug == "maybe")
    assert one.stdout == other.stdout
    assert one.stderr.splitlines()[-1:] == other.stderr.splitlines()[-1:]


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
        ("WEBHOOK_ALLOWED_NETWORKS", "10.0.0.1/8", "networks such as 10.20.0.0/16"),
        ("WEBHOOK_ALLOWED_NETWORKS", "intranet", "networks such as 10.20.0.0/16"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_expected(name, value, expected):
    last = start(**{name: value}).stderr.splitlines()[-1]
    assert name in last
    assert value in last
    assert expected in last


@pytest.mark.parametrize("command", ["check", "verify_ledger", "no_such_command"])
def test_a_command_ends_with_the_sentence_alone(command):
    done = start("manage.py", command, DEBUG="maybe")
    assert done.returncode == 1
    assert done.stderr.startswith("DEBUG is 'maybe'; expected 1, true")
    assert len(done.stderr.splitlines()) == 1


def test_the_sentence_is_said_to_whoever_does_without_manage_py():
    last = start("-m", "django", "migrate", SECRET_KEY=None).stderr.splitlines()[-1]
    assert "SECRET_KEY is not set" in last


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HOLDFAST_MODE", "prod", "expected demo"),
        ("LOG_LEVEL", "loud", "expected DEBUG or INFO or WARNING"),
        ("ALLOWED_HOSTS", "https://shop.example", "without http:// and port"),
        ("ALLOWED_HOSTS", "shop.example:8000", "without http:// and port"),
        ("CSRF_TRUSTED_ORIGINS", "shop.example", "with its scheme"),
        ("CSRF_TRUSTED_ORIGINS", "https://shop.example/admin", "without a path"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_expected(name, value, expected, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read_one(name)
    for words in (name, repr(value), expected):
        assert words in str(refused.value)


def read_one(name):
    return {
        "HOLDFAST_MODE": lambda: env.choice(name, "", ("demo",)),
        "LOG_LEVEL": lambda: env.choice(name, "INFO", logs.LEVELS),
        "ALLOWED_HOSTS": lambda: env.hosts(name, ()),
        "CSRF_TRUSTED_ORIGINS": lambda: env.origins(name),
        "SECRET_KEY": lambda: env.secret(name),
        "REDIS_URL": lambda: stores.redis(name, offset=0),
        "DATABASE_URL": lambda: stores.database(
            name, prepare_after=5, timeouts_ms=None, server_side_cursors=True
        ),
    }[name]()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "info"),
        ("HOLDFAST_MODE", "demo"),
        ("ALLOWED_HOSTS", "shop.example, .shop.example, 10.0.0.7, [::1], *, my_web"),
        ("CSRF_TRUSTED_ORIGINS", "https://*.shop.example,http://[::1]:8000"),
        ("REDIS_URL", "redis://:s3cret@valkey:6379/"),
        ("REDIS_URL", "redis://valkey"),
        ("REDIS_URL", "unix:///run/valkey.sock"),
        ("DATABASE_URL", "postgresql://u:p%40@h:5433/d?sslmode=require"),
        ("DATABASE_URL", "host=/run dbname=d"),
    ],
)
def test_what_is_right_is_taken(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    read_one(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "s3cret"),
        ("SECRET_KEY", "s3" * 50),
        ("DATABASE_URL", "s3cret"),
        ("DATABASE_URL", "mysql://u:s3cret@h/d"),
        ("REDIS_URL", "s3cret"),
        ("REDIS_URL", "http://:s3cret@h"),
        ("REDIS_URL", "redis://:s3cret@h?db=1"),
        ("REDIS_URL", "redis://:s3cret@h/1"),
        ("REDIS_URL", "redis://:s3cret@h:port"),
        ("REDIS_URL", "unix:///run/s3cret.sock?db=1"),
    ],
)
def test_a_wrong_secret_is_named_and_not_shown(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} .*[Ee]xpected ") as refused:
        read_one(name)
    assert "s3" not in str(refused.value)


@pytest.mark.parametrize("place", ["/etc/passwd", "/proc/nope", "/dev/null/x"])
def test_a_state_that_cannot_be_is_named(place, monkeypatch):
    monkeypatch.setenv("STATE_DIR", place)
    with pytest.raises(
        CannotStart, match=f"^STATE_DIR is '{place}'; expected a folder of your own"
    ):
        state()


def test_debug_is_off_unless_the_demo_or_somebody_turns_it_on():
    assert start().stdout.split() == ["False", "True"]
    assert start(HOLDFAST_MODE="demo").stdout.split() == ["True", "False"]
    assert start(DEBUG="1", HTTPS="1").stdout.split() == ["True", "True"]


def test_the_proof_of_the_books_runs_by_the_clock_and_has_time_to_end():
    """An interval counted from beat's start begins anew with each start, and may never be over."""
    nightly = settings.CELERY_BEAT_SCHEDULE["verify-ledger"]
    assert (nightly["schedule"].hour, nightly["schedule"].minute) == ({3}, {0})
    assert nightly["options"]["time_limit"] > settings.CELERY_TASK_TIME_LIMIT
    for sweep in settings.CELERY_BEAT_SCHEDULE.values():
        assert isinstance(sweep["schedule"], crontab) or sweep["schedule"] <= 3600


MAIL = {"EMAIL_FROM": "Holdfast <alerts@shop.example>"}
SHOW_MAIL = (
    "from django.conf import settings as s; print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER,"
    " s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_TIMEOUT)"
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("smtp://mail.example", "mail.example 25   False False 15"),
        ("smtp://mail.example?tls=1", "mail.example 587   True False 15"),
        ("smtp://u%40x:p%2F%3A@mail.example:2525?tls=1", "mail.example 2525 u@x p/: True False 15"),
        ("smtps://u:p@mail.example", "mail.example 465 u p False True 15"),
        ("smtp://u:p@localhost", "localhost 25 u p False False 15"),
        ("smtp://[::1]:25", "::1 25   False False 15"),
    ],
)
def test_a_mail_server_is_read(url, shown, monkeypatch):
    monkeypatch.setattr(f"{__name__}.SHOW", SHOW_MAIL)
    assert start(EMAIL_URL=url, **MAIL).stdout.rstrip("\n") == shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example", "cannot be read"),
        ("http://u:s3cret@mail.example", "cannot be read"),
        ("smtp://", "none of smtp://host"),
        ("smtp://u:s3cret@mail.example", "over TLS only"),
        ("smtp://u@mail.example?tls=1", "both user and password"),
        ("smtp://u:s3cret@mail.example:99999?tls=1", "cannot be read"),
        ("smtp://u:s3cret@mail.example?tls=yes", "cannot be read"),
        ("smtps://u:s3cret@mail.example?tls=1", "only be ?tls=1"),
        ("smtp://u:s3cret@mail.example/inbox?tls=1", "only be ?tls=1"),
        ("smtp://u:s3cret@mail.example?tls=1&ssl=1", "only be ?tls=1"),
    ],
)
def test_a_malformed_mail_server_is_named_and_its_password_is_not_shown(url, words):
    done = start(EMAIL_URL=url, **MAIL)
    last = done.stderr.splitlines()[-1]
    assert "EMAIL_URL is wrong" in last
    assert words in last
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"EMAIL_URL": "smtp://mail.example"}, "EMAIL_FROM is not set"),
        ({"EMAIL_FROM": "Holdfast"}, "EMAIL_FROM is 'Holdfast'"),
        ({"EMAIL_FROM": "a@b.example\nBcc: c@d.example"}, "EMAIL_FROM is"),
        ({"EMAIL_FROM": "a@b.example, c@d.example"}, "EMAIL_FROM is"),
        ({"SITE_URL": "stock.shop.example"}, "SITE_URL is 'stock.shop.example'"),
        ({"SITE_URL": "https://stock.shop.example/?next=1"}, "SITE_URL is"),
        ({"SITE_URL": "javascript:alert(1)"}, "SITE_URL is"),
    ],
)
def test_a_malformed_sender_or_address_of_the_site_is_named(given, words):
    assert words in start(**given).stderr.splitlines()[-1]
