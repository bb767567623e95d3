"""Real servers for every test: PostgreSQL and Valkey of their own, started for the run, stopped after.

A plugin of pytest (see pyproject.toml) rather than a conftest, since settings are read before those.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from inventory_site.local_services import State, await_end, running

_servers = ExitStack()


def _start() -> None:
    """The first process starts the servers; xdist's workers find them in their environment."""
    os.environ.setdefault("SECRET_KEY", "tests-only-tests-only-tests-only-tests-only-tests-only")
    os.environ["HTTPS"] = "0"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        # Three Redis databases (broker, results, cache) for each worker.
        os.environ["REDIS_DB_OFFSET"] = str(3 + 3 * int(worker.removeprefix("gw")))
    elif not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        folder = tempfile.mkdtemp(prefix="holdfast-test-")
        os.environ["STATE_DIR"] = folder
        _servers.callback(_remove, folder)
        _servers.enter_context(running())


def _remove(folder: str) -> None:
    """Once the servers have ended."""
    await_end(State(Path(folder)))
    shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    _servers.close()


_start()
