"""Real servers for every test: PostgreSQL and Valkey of their own, started for the run, stopped after.

A plugin of pytest (see pyproject.toml) rather than a conftest, since settings are read before those.
"""

import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from inventory_site.local_services import State, await_end, running

STARTED_HERE = "HOLDFAST_TEST_SERVERS"

_servers = ExitStack()


def _start() -> None:
    """Each process of the run has servers of its own: a transaction that one test holds open would keep
    the feed of another waiting, since a cluster has one horizon for all of its databases."""
    os.environ.setdefault("SECRET_KEY", "tests-only-tests-only-tests-only-tests-only-tests-only")
    os.environ["HTTPS"] = "0"
    if os.environ.get(STARTED_HERE):  # those of the process that started this one
        for name in ("DATABASE_URL", "REDIS_URL"):
            del os.environ[name]
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    if not given and _deals_out(sys.argv):
        # Settings want to be told something; nobody asks these.
        os.environ |= {
            STARTED_HERE: "1",
            "DATABASE_URL": "postgresql:///none",
            "REDIS_URL": "redis://none",
        }
    elif not given:
        folder = tempfile.mkdtemp(prefix="holdfast-test-", dir=_quick_folder())
        os.environ["STATE_DIR"] = folder
        os.environ[STARTED_HERE] = "1"
        _servers.callback(_remove, folder)
        _servers.enter_context(running())
        _leave_tables_alone(os.environ["DATABASE_URL"])
    elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # Of a given Redis each worker has three databases (broker, results, cache).
        os.environ["REDIS_DB_OFFSET"] = str(3 + 3 * int(worker.removeprefix("gw")))


def _deals_out(words: list[str]) -> bool:
    """Whether this process only deals tests out to others (`-n 3`), and needs no servers itself."""
    number = re.search(r" (?:-n|--numprocesses)[ =]?(\w+)", " ".join(words))
    return bool(number) and number[1] != "0" and "PYTEST_XDIST_WORKER" not in os.environ


def _quick_folder() -> Path | None:
    """In memory where there is plenty of it: to empty a hundred tables is to make hundreds of files. Servers
    are killed in tests, machines are not, so what is proven of them holds there too."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3
    return memory if roomy and os.access(memory, os.W_OK) else None


def _leave_tables_alone(url: str) -> None:
    """No table is looked at behind a test's back. Most tests fill tables that are empty for everybody else:
    once such a one was analyzed, a statement planned for it reads it whole, once per row that joins it."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET autovacuum = off")
        server.execute("SELECT pg_reload_conf()")


def _remove(folder: str) -> None:
    """Once the servers have ended."""
    await_end(State(Path(folder)))
    shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    _servers.close()


_start()
