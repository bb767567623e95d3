"""Keeps the local PostgreSQL and Valkey for as long as somebody uses them (see local_services.py).

Run as `python -m inventory_site.keeper STATE_FOLDER`. Starts both servers, brings one back that died, and
stops them in good order when the last user is gone or when it is told to end.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from inventory_site.deathsig import die_with_parent
from inventory_site.local_services import CannotStart, State
from inventory_site.unprivileged import Servant, servant_for
from inventory_site.wheels import postgres_programs, valkey_server

LOOK_SECONDS = 0.2  # how often it looks whether somebody is left
GRACE_SECONDS = 1.0  # how long it stays without users: the next command may be a moment away
STOP_SECONDS = 30

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "log_min_messages": "warning",
}


class Keeper:
    def __init__(self, state: State) -> None:
        self.state = state
        self.stopping = False
        self.servant: Servant = servant_for(state.folder)
        self.servers: dict[str, subprocess.Popen[bytes]] = {}

    def keep(self) -> None:
        """Serve until nobody is left."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        self._prepare()
        users = self.state.open_lock("users.lock")
        try:
            self._start_postgres()
            self._start_valkey()
            self._await_ready()
            self._announce()
            while not self.stopping and not self._alone(users):
                self._bring_back()
                time.sleep(LOOK_SECONDS)
        finally:
            self.state.ready.unlink(missing_ok=True)
            self._stop()
            shutil.rmtree(self.state.sockets, ignore_errors=True)

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _alone(self, users: IO[str]) -> bool:
        """Whether nobody else holds the users' lock; from then on new users wait until we are gone."""
        end = time.monotonic() + GRACE_SECONDS
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            if time.monotonic() > end or self.stopping:
                return True
            fcntl.flock(users, fcntl.LOCK_UN)
            time.sleep(LOOK_SECONDS)

    def _prepare(self) -> None:
        self.state.folder.chmod(0o711)
        self.state.log.mkdir(exist_ok=True)
        for folder in (self.state.sockets, self.state.valkey):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_uid not in (os.geteuid(), self.servant.uid):
                raise CannotStart(f"{folder} belongs to somebody else")
            self.servant.own(folder)
        self._await_orphans()
        for socket in self.state.sockets.iterdir():
            socket.unlink()
        if not self.state.postgres.exists():
            self._initdb()

    def _await_orphans(self) -> None:
        """Servers of a keeper that was killed outright are on their way down: let them finish."""
        pid_file = self.state.postgres / "postmaster.pid"
        end = time.monotonic() + STOP_SECONDS
        while (pid := _served_by(self.state.postgres)) is not None:
            if time.monotonic() > end:
                raise CannotStart(f"PostgreSQL (pid {pid}) still runs on {self.state.postgres}")
            time.sleep(0.1)
        pid_file.unlink(missing_ok=True)

    def _initdb(self) -> None:
        """In a folder aside, so that an interrupted one is not taken for a database."""
        fresh = self.state.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.servant.own(fresh)
        done = self._run_to_end(
            [
                str(postgres_programs() / "initdb"), "-D", str(fresh), "-U", "postgres",
                "--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--no-instructions",
            ]
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")
        fresh.rename(self.state.postgres)

    def _run_to_end(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env=self._environment(),
            capture_output=True,
            text=True,
            preexec_fn=self.servant.become,
            check=False,
            cwd="/",
        )

    def _start_postgres(self) -> None:
        settings = [word for k, v in POSTGRES_SETTINGS.items() for word in ("-c", f"{k}={v}")]
        self.servers["postgres"] = self._start(
            [
                str(postgres_programs() / "postgres"), "-D", str(self.state.postgres),
                "-k", str(self.state.sockets), *settings,
            ],
            "postgres.log",
            signal.SIGINT,  # fast shutdown
        )  # fmt: skip

    def _start_valkey(self) -> None:
        (self.state.sockets / "valkey.sock").unlink(missing_ok=True)
        self.servers["valkey"] = self._start(
            [
                str(valkey_server()), "--port", "0", "--daemonize", "no",
                "--unixsocket", str(self.state.sockets / "valkey.sock"),
                "--unixsocketperm", "700", "--dir", str(self.state.valkey), "--databases", "64",
                "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", "",
            ],
            "valkey.log",
            signal.SIGTERM,
        )  # fmt: skip

    def _start(
        self, command: list[str], log: str, last_signal: signal.Signals
    ) -> "subprocess.Popen[bytes]":
        def become() -> None:
            self.servant.become()
            die_with_parent(last_signal)

        with (self.state.log / log).open("ab") as output:
            return subprocess.Popen(
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=become,  # noqa: PLW1509 (no threads here)
                start_new_session=True,
                cwd="/",
            )

    def _environment(self) -> dict[str, str]:
        return {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"}

    def _await_ready(self) -> None:
        """Until both answer. Creates the database where it is missing."""
        import psycopg

        host = str(self.state.sockets)
        end = time.monotonic() + 60
        while True:
            self._check_alive()
            try:
                with psycopg.connect(
                    host=host, user="postgres", dbname="postgres", autocommit=True
                ) as server:
                    known = server.execute("SELECT 1 FROM pg_database WHERE datname = 'holdfast'")
                    if known.fetchone() is None:
                        server.execute("CREATE DATABASE holdfast")
                break
            except psycopg.OperationalError:
                if time.monotonic() > end or self.stopping:
                    raise CannotStart("PostgreSQL does not answer; see log/postgres.log") from None
                time.sleep(0.05)
        while not (self.state.sockets / "valkey.sock").exists():
            self._check_alive()
            if time.monotonic() > end or self.stopping:
                raise CannotStart("Valkey does not answer; see log/valkey.log")
            time.sleep(0.02)

    def _check_alive(self) -> None:
        for name, server in self.servers.items():
            if server.poll() is not None:
                lines = (self.state.log / f"{name}.log").read_text(errors="replace").splitlines()
                raise CannotStart(f"{name} ended at once: {' '.join(lines[-1:])}")

    def _announce(self) -> None:
        told = {"keeper": os.getpid(), "pids": {k: v.pid for k, v in self.servers.items()}}
        new = self.state.ready.with_suffix(".new")
        new.write_text(json.dumps(told))
        new.rename(self.state.ready)

    def _bring_back(self) -> None:
        """Start a server again that ended by itself: crashed, killed, or out of memory."""
        for name, start in (("postgres", self._start_postgres), ("valkey", self._start_valkey)):
            if self.servers[name].poll() is not None:
                print(f"{name} ended with {self.servers[name].returncode}; starting it again")
                if name == "postgres":
                    self._await_orphans()
                time.sleep(LOOK_SECONDS)
                start()
                self._announce()

    def _stop(self) -> None:
        for name, number in (("valkey", signal.SIGTERM), ("postgres", signal.SIGINT)):
            server = self.servers.get(name)
            if server is None or server.poll() is not None:
                continue
            server.send_signal(number)
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _served_by(data: Path, *, processes: Path = Path("/proc")) -> int | None:
    """The PostgreSQL that runs on this data: its file may be empty, if the disk was full, and the number in
    it that of any other program by now, another PostgreSQL among them."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        words = (processes / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if words[1:3] == [b"-D", os.fsencode(data)] else None


def main() -> int:
    state = State(Path(sys.argv[1]))
    with state.open_lock("keeper.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0  # another one keeps already
        state.ready.unlink(missing_ok=True)  # of a keeper that was killed
        try:
            Keeper(state).keep()
        except CannotStart as error:
            print(error, flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
