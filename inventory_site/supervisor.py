"""`make run`: servers, web, workers and beat under one roof. Ends all of it when it ends, however it ends.

Run as `python -m inventory_site.supervisor`. PORT (8000) and STATE_DIR (.state) can be set. A part that ends
by itself is started again; one that keeps ending ends the whole with an error.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from inventory_site.deathsig import die_with_parent
from inventory_site.local_services import ROOT, CannotStart, running, state

STOP_SECONDS = 20
OFTEN, OFTEN_SECONDS = 5, 60  # ends that are too many in so many seconds
MANAGE = [sys.executable, str(ROOT / "manage.py")]


@dataclass
class Part:
    """One process of the site."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the parts in order
            preexec_fn=die_with_parent,  # noqa: PLW1509 (no threads here)
        )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def keeps_ending(self) -> bool:
        now = time.monotonic()
        self.ends = [*(end for end in self.ends if now - end < OFTEN_SECONDS), now]
        return len(self.ends) >= OFTEN


class Supervisor:
    def __init__(self, port: int) -> None:
        self.port = port
        self.stopping = False
        self.parts = [
            Part("web", _gunicorn(port)),
            Part("worker", _celery("worker", "--concurrency", "2", "--without-mingle")),
            Part("courier", _courier()),
            Part("beat", _celery("beat")),
        ]

    def run(self) -> int:
        """Until told to stop. Returns the exit status."""
        for part in self.parts:
            part.start()
        if not self._await_web():
            return 1
        _greet(self.port)
        try:
            while not self.stopping:
                for part in self.parts:
                    if part.ended() and not self.stopping and not self._bring_back(part):
                        return 1
                time.sleep(0.2)
            return 0
        finally:
            self.stop()

    def told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _bring_back(self, part: Part) -> bool:
        assert part.process is not None
        _say(f"{part.name} ended with status {part.process.returncode}")
        if part.keeps_ending():
            _say(f"{part.name} keeps ending; stopping")
            return False
        time.sleep(len(part.ends) - 1)
        part.start()
        return True

    def _await_web(self) -> bool:
        end = time.monotonic() + 60
        while time.monotonic() < end and not self.stopping:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
                return True
            if self.parts[0].ended():
                break
            time.sleep(0.1)
        if not self.stopping:
            _say("the web server did not start")
        self.stop()
        return self.stopping

    def stop(self) -> None:
        for part in self.parts:
            if part.process is not None and part.process.poll() is None:
                part.process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for part in self.parts:
            if part.process is None:
                continue
            try:
                part.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(part.process.pid, signal.SIGKILL)
                part.process.wait()


def _gunicorn(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "inventory_site.wsgi:application",
        "--bind", f"{os.environ.get('BIND', '127.0.0.1')}:{port}",
        "--workers", "2", "--threads", "8", "--worker-class", "gthread",
        "--graceful-timeout", "10", "--keep-alive", "30", "--log-level", "warning",
        "--config", "python:inventory_site.gunicorn_hooks",
        "--env", f"PROMETHEUS_MULTIPROC_DIR={state().folder / 'metrics'}",
    ]  # fmt: skip


def _courier() -> list[str]:
    """What goes out over a network waits most of the time: threads of one process, beside the worker."""
    words = ("--pool", "threads", "--concurrency", "64", "-Q", "delivery", "-n", "courier@%h")
    return _celery("worker", *words, "--without-mingle")


def _celery(*words: str) -> list[str]:
    program = [sys.executable, "-m", "celery", "--quiet", "-A", "inventory_site"]
    return [*program, *words, "--loglevel", "warning"]


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _greet(port: int) -> None:
    from inventory_site.core.people import SIGN_INS

    address = f"http://localhost:{port}"
    print(f"\n  Holdfast is at {address}", flush=True)
    print(f"  Back office    {address}/admin/", flush=True)
    print(f"  Floor          {address}/floor/", flush=True)
    print(f"  API            {address}/api/docs/", flush=True)
    if os.environ.get("DEMO_DATA") != "0":
        for name, password, role in SIGN_INS:
            print(f"  Sign in        {name} / {password}   ({role})", flush=True)
        print(f"  API key        {_demo_key().read_text().strip()}", flush=True)
    print("  Ctrl-C stops everything.\n", flush=True)


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT is {given!r}; expected a number from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("BIND", "127.0.0.1"), int(given)))
        except OSError as error:
            raise CannotStart(
                f"port {given} cannot be used ({error.strerror}); set PORT to another one"
            ) from None
    return int(given)


def _only_one() -> IO[str]:
    """The lock of the running site. Raises CannotStart when another one runs on this state."""
    here = state()
    lock = here.open_lock("run.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CannotStart(
            f"Holdfast runs already on {here.folder} ({lock.read().strip() or 'starting'}); "
            "set STATE_DIR and PORT to start another one"
        ) from None
    return lock


def _prepare() -> None:
    """Tables, and on the first start a company to look at."""
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], check=True, cwd=ROOT)
    if os.environ.get("DEMO_DATA") != "0":
        subprocess.run([*MANAGE, "demo_data", "--if-empty"], check=True, cwd=ROOT)
        subprocess.run([*MANAGE, "demo_orders"], check=True, cwd=ROOT)
        if not _demo_key().exists():
            _make_demo_key()


def _demo_key() -> Path:
    """Where the demo's API key is kept, since the database has its hash only."""
    return state().folder / "demo-api-key"


def _make_demo_key() -> None:
    words = ["create_api_key", "--name", "demo", "--scopes", "all", "--beside-others"]
    made = subprocess.run(
        [*MANAGE, *words], check=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    handle = os.open(_demo_key(), os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(handle, made.stdout)
    os.close(handle)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
    os.environ.setdefault("HOLDFAST_MODE", "demo")
    try:
        with _only_one() as lock:
            port = _port()
            lock.truncate(0)
            lock.write(f"pid {os.getpid()}, port {port}")
            lock.flush()
            os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
            supervisor = Supervisor(port)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, supervisor.told_to_stop)
            with running():
                os.environ.setdefault("SECRET_KEY", state().secret_key())
                _prepare()
                return 0 if supervisor.stopping else supervisor.run()
    except CannotStart as error:
        _say(str(error))
    except subprocess.CalledProcessError as error:
        _say(f"{error.cmd[2]} failed with status {error.returncode}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
