"""PostgreSQL and Valkey for whoever has none: started from wheels, stopped when nobody needs them.

Used where DATABASE_URL or REDIS_URL is unset. A keeper process owns the servers; every process that uses
them holds a shared lock on `users.lock`. A keeper that gets that lock for itself alone knows that nobody
is left, stops the servers and ends. So commands join a running site, share servers with each other, and a
killed one leaves nothing behind: locks go with their process, and the servers go with their keeper.

Knows no Django: it runs before settings are read.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90
SOCKET_PATH_MOST = 90  # bytes; the kernel takes 107, with the name of the socket

_keepers: list["subprocess.Popen[bytes]"] = []  # they outlive their Popen, which would complain


class CannotStart(RuntimeError):
    """The local servers could not be started; the message says why and where to look."""


@dataclass(frozen=True)
class State:
    """The folder that holds a site's data, and what is where in it."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def ready(self) -> Path:
        return self.folder / "servers.json"

    @property
    def sockets(self) -> Path:
        """Where the sockets are: beside the data, or where that path is too long or odd, in /tmp."""
        beside = self.folder / "run"
        plain = re.fullmatch(r"[A-Za-z0-9_./-]+", str(beside)) is not None
        if plain and len(os.fsencode(beside)) <= SOCKET_PATH_MOST - len(".s.PGSQL.5432"):
            return beside
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"holdfast-{os.geteuid()}-{name}"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/holdfast?host={str(self.sockets).replace('/', '%2F')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    def open_lock(self, name: str) -> IO[str]:
        return (self.folder / name).open("a+")

    def secret_key(self) -> str:
        """This site's own key, made once and readable by its owner only."""
        path = self.folder / "secret-key"
        if not path.exists():
            # Written aside: whoever asks at the same moment finds all of it or none, and the first one's.
            handle, new = tempfile.mkstemp(dir=self.folder)
            os.write(handle, secrets.token_urlsafe(50).encode())
            os.close(handle)
            with suppress(FileExistsError):
                os.link(new, path)
            Path(new).unlink()
        return path.read_text()


def state() -> State:
    """The state that STATE_DIR names; `.state` in the project where it is unset. Raises CannotStart."""
    folder = Path(os.environ.get("STATE_DIR") or ROOT / ".state").expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_ours(folder, error.strerror) from None
    if os.geteuid() not in (0, folder.stat().st_uid):
        raise _not_ours(folder, "it belongs to somebody else")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _not_ours(folder, "it cannot be written to")
    return State(folder)


def _not_ours(folder: Path, why: str | None) -> CannotStart:
    return CannotStart(f"STATE_DIR is {str(folder)!r}; expected a folder of your own ({why})")


def needed() -> bool:
    """Whether a server has to be started because its address is not given."""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


@contextmanager
def running() -> Iterator[bool]:
    """Have servers for as long as this lasts, and say in the environment where they are.

    Joins those that run, else starts them. Gives whether the database is the local one. Raises CannotStart.
    """
    if not needed():
        yield False
        return
    here = state()
    with here.open_lock("users.lock") as users:
        _lock(users, fcntl.LOCK_SH, "the servers of another process to stop")
        _join(here)
        own = not os.environ.get("DATABASE_URL")
        told = {"DATABASE_URL": here.database_url, "REDIS_URL": here.redis_url}
        if own:
            told["SECRET_KEY"] = here.secret_key()
        os.environ.update({name: it for name, it in told.items() if not os.environ.get(name)})
        yield own


@contextmanager
def alone_with_tables() -> Iterator[bool]:
    """Nobody else makes the local database's tables meanwhile. Gives whether it lacks them, and is
    to be asked by every command: one that starts while another makes them would find some of them."""
    here = state()
    with here.open_lock("tables.lock") as lock:
        _lock(lock, fcntl.LOCK_EX, "another command to make the tables")
        yield _lacks_tables(here)


def _lacks_tables(here: State) -> bool:
    """Whether they were never made, or not to the end: permissions are what comes last."""
    import psycopg

    with psycopg.connect(here.database_url) as server:
        found = server.execute("SELECT to_regclass('auth_permission')").fetchone()
        if found is None or found[0] is None:
            return True
        return server.execute("SELECT 1 FROM auth_permission LIMIT 1").fetchone() is None


def _lock(handle: IO[str], kind: int, awaited: str) -> None:
    """Take a lock, waiting for as long as a start may take."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > end:
                raise CannotStart(f"waited {START_SECONDS} s for {awaited}") from None
            time.sleep(0.05)


def _join(here: State) -> None:
    """Wait for a keeper's servers, starting a keeper where there is none."""
    keeper: subprocess.Popen[bytes] | None = None
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if _keeper_lives(here):
            if here.ready.exists():
                return
        elif keeper is None:
            keeper = _start_keeper(here)
        elif keeper.poll() is not None:
            # It may have lost the race for being the keeper; only a failure is the end of it.
            if keeper.returncode:
                raise CannotStart(_last_words(here))
            keeper = None
        time.sleep(0.02)
    raise CannotStart(f"the local servers were not ready within {START_SECONDS} s; see {here.log}")


def keep_servers() -> bool:
    """Start the local servers again where their keeper was killed, which takes them along. For whoever is
    in `running()`, all the time. Gives whether it had to. Raises CannotStart."""
    here = state()
    used = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if not {here.database_url, here.redis_url} & {*used} or _keeper_lives(here):
        return False
    _join(here)
    return True


def _keeper_lives(here: State) -> bool:
    with here.open_lock("keeper.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def await_end(here: State) -> None:
    """Wait until the servers of a state have stopped, which they do when nobody uses them."""
    while _keeper_lives(here):
        time.sleep(0.05)


def _start_keeper(here: State) -> subprocess.Popen[bytes]:
    here.log.mkdir(exist_ok=True)
    with (here.log / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "inventory_site.keeper", str(here.folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _keepers[:] = [*(one for one in _keepers if one.poll() is None), keeper]
    return keeper


def _last_words(here: State) -> str:
    lines = (here.log / "keeper.log").read_text(errors="replace").strip().splitlines()
    return f"the local servers did not start: {lines[-1] if lines else ''} (see {here.log})"


def server_pids(here: State) -> dict[str, int]:
    """Process ids of the servers by name, as their keeper wrote them down."""
    try:
        return dict(json.loads(here.ready.read_text())["pids"])
    except (FileNotFoundError, ValueError, KeyError):
        return {}
