"""What tests share: a database that commits, an empty cache, the real year, a real browser."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emptying import empty, sweeper

# What takes longest goes first: at the end, when one of the processes has nothing left, only short ones
# are still running.
LONG_FIRST = (
    "site/test_fuzzed_api",
    "site/test_running",
    "concurrency",
    "invariants",
    "simulation",
    "browser",
    "test_replay",
)


gc.disable()  # until all is collected, since nothing of it is garbage


def pytest_collection_finish() -> None:
    """What was collected stays to the end: to look through it for garbage took an eighth of the time."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.path.as_posix()))
    _are_apart(items)


def _are_apart(items: list[pytest.Item]) -> None:
    """Tests are dealt out by their ids: of several that have the same, one alone would ever run."""
    twice = [name for name, n in Counter(item.nodeid for item in items).items() if n > 1]
    if twice:
        raise pytest.UsageError(
            f"several tests have the same id, and one alone would run: {twice[:5]}"
        )


def _turn(path: str) -> int:
    return next((n for n, part in enumerate(LONG_FIRST) if part in path), len(LONG_FIRST))


@pytest.fixture(scope="session")
def django_db_setup(  # type: ignore[no-untyped-def]
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker
) -> Iterator[None]:
    """The test database, whatever is collected. pytest-django makes it only for tests that it knows as its
    own, so that those with `committed_db` alone would work in, and empty, the database of DATABASE_URL."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    sweeper.close()
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _zones_are_not_asked_for() -> None:
    """Statements are counted: one that is sent once a minute would be among them now and then."""
    from inventory_site.local_time import zones

    zones.read_at = float("inf")


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_kept_quickly() -> None:
    """To keep a password is slow on purpose, and hundreds of people are made for tests. What is kept says
    how often it was hashed, so a site that is served takes it as it is."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture
def valkey() -> Iterator[None]:
    """An empty cache, and no memory of one that was away."""
    from django.core.cache import cache

    from inventory_site.core.redis import contact
    from warehouse import level_cache

    contact.away_until = level_cache.generation.read_at = float("-inf")
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker, valkey: None) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """A database in which transactions really commit. Emptied afterwards; and no cache knows another one, in
    which the same goods may have come to a later version."""
    from django.db import connection

    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_"), (
            "only a test database is emptied"
        )
        yield
        empty()


@pytest.fixture(scope="session")
def year() -> Path:
    """A real firm's year of orders, kept beside the project; the product itself never needs it."""
    place = (
        os.environ.get("HOLDFAST_DATA") or Path(__file__).parents[2] / "shared/data/online-retail"
    )
    folder = Path(place)
    if not folder.is_dir():
        pytest.skip(f"the real year of orders is not at {folder}; set HOLDFAST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium. Without one the browser tests say so; REQUIRE_BROWSER=1 fails them."""
    from tests.browser.chromium import path

    found = path()
    if found is None:
        words = "no Chromium on this machine (apt-get install chromium-headless-shell)"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return found
