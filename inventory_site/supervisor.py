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
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from inventory_site.deathsig import die_with_parent
from inventory_site.greeting import demo_sign_ins, greet, key_file, key_is_known
from inventory_site.listening import Listening, listening
from inventory_site.local_services import (
    ROOT,
    CannotStart,
    alone_with_tables,
    keep_servers,
    running,
    state,
)

STOP_SECONDS = 20
LOOK_SECONDS = 0.2
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
    def __init__(self, where: Listening) -> None:
        self.where = where
        self.stopping = False
        self.step: subprocess.Popen[bytes] | None = (
            None  # of what is made before anything is served
        )
        self.parts = [
            Part("web", _gunicorn(where)),
            Part("worker", _celery("worker", "--concurrency", "2", "--without-mingle")),
            Part("courier", _courier()),
            Part("beat", _celery("beat")),
        ]

    def prepare(self, *, local: bool) -> None:
        """Tables, of the local database or another, and on the first start a company to look at. Raises
        CannotStart where a step fails."""
        with alone_with_tables() if local else nullcontext():
            self._manage("migrate", "--verbosity", "0")
        if os.environ.get("DEMO_DATA") == "0":
            return
        self._manage("demo_data", "--if-empty")
        self._manage("demo_orders")
        if not self.stopping and not key_is_known() and demo_sign_ins():
            words = ("create_api_key", "--name", "demo", "--scopes", "all", "--beside-others")
            made = self._manage(*words, quiet=True)
            if not self.stopping:
                _keep_key(made)

    def _manage(self, *words: str, quiet: bool = False) -> bytes:
        """Run a command to its end, or to ours: a day of the demo is made anew by the next start."""
        if self.stopping:
            return b""
        self.step = subprocess.Popen(
            [*MANAGE, *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.DEVNULL if quiet else None,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (no threads here)
        )
        if self.stopping:  # told so just before there was something to tell
            self.step.terminate()
        said, _ = self.step.communicate()
        if self.step.returncode and not self.stopping:
            raise CannotStart(f"{words[0]} failed with status {self.step.returncode}")
        self.step = None
        return said or b""

    def run(self) -> int:
        """Until told to stop. Returns the exit status."""
        try:
            for part in self.parts:
                part.start()
            if not self._await_web():
                return int(not self.stopping)
            greet(self.where)
            while not self.stopping:
                if keep_servers():
                    _say("the keeper of the servers had ended; they run again")
                for part in self.parts:
                    if part.ended() and not self.stopping and not self._bring_back(part):
                        return 1
                time.sleep(LOOK_SECONDS)
            return 0
        finally:
            self.stop()

    def told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.step is not None and self.step.returncode is None:
            self.step.terminate()

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
            with suppress(OSError), socket.create_connection(self.where.asked, 0.5):
                return True
            if self.parts[0].ended():
                break
            time.sleep(0.1)
        if not self.stopping:
            _say("the web server did not start")
        return False

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


def _gunicorn(where: Listening) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "inventory_site.wsgi:application",
        "--bind", where.bound,
        "--workers", "2", "--threads", "8", "--worker-class", "gthread",
        "--graceful-timeout", "10", "--keep-alive", "30",
        "--config", "python:inventory_site.gunicorn_hooks",
        "--env", f"PROMETHEUS_MULTIPROC_DIR={state().folder / 'metrics'}",
    ]  # fmt: skip


def _courier() -> list[str]:
    """What goes out over a network waits most of the time: threads of one process, beside the worker."""
    words = ("--pool", "threads", "--concurrency", "64", "-Q", "delivery", "-n", "courier@%h")
    return _celery("worker", *words, "--without-mingle")


def _celery(*words: str) -> list[str]:
    # Django's checks look at the code, and read all pages for that; `make check` has them done once.
    program = [sys.executable, "-m", "celery", "--quiet", "--skip-checks", "-A", "inventory_site"]
    return [*program, *words]


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


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


def _keep_key(made: bytes) -> None:
    handle = os.open(key_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, made)
    os.close(handle)


def _end_with(starter: str) -> None:
    """End, in good order, with the make that started us, which says its number: killed outright, it tells
    nobody, and the site would be nobody's."""
    if starter:
        die_with_parent()
        if os.getppid() != int(starter):
            os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory_site.settings")
    os.environ.setdefault("HOLDFAST_MODE", "demo")
    try:
        with _only_one() as lock:
            where = listening()
            lock.truncate(0)
            lock.write(f"pid {os.getpid()}, port {where.port}")
            lock.flush()
            os.environ.setdefault("SITE_URL", where.address)
            if where.own_host:
                os.environ.setdefault(
                    "ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{where.own_host}"
                )
            supervisor = Supervisor(where)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, supervisor.told_to_stop)
            _end_with(os.environ.pop("STARTED_BY", ""))
            with running() as local:
                os.environ.setdefault("SECRET_KEY", state().secret_key())
                supervisor.prepare(local=local)
                return 0 if supervisor.stopping else supervisor.run()
    except CannotStart as error:
        _say(str(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
