"""Python programs of the site, started as `python …` would, in a tenth to a half of the processor's time:
forked off a Python that has read what others wrote, and nothing of the site or of its settings. Each is a
process of its own, with its own environment, session and output. What `make run` starts itself, and a Python
from its first instruction on, is tested in tests/site/test_running.py.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

# What of others takes longest to read. Not prometheus_client: it asks the environment while it is read.
LIBRARIES = (
    "apprise",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.beat",
    "celery.bin.celery",
    "celery.bin.worker",
    "cryptography.fernet",
    "csp.constants",
    "django.contrib.admin",
    "django.contrib.auth.hashers",
    "django.contrib.postgres.fields",
    "django.core.wsgi",
    "django.db.backends.postgresql.base",
    "django.test",
    "django_redis.cache",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "jinja2",
    "openpyxl",
    "psycopg_pool",
    "reportlab.graphics.renderPDF",
    "reportlab.platypus",
    "structlog.dev",
    "whitenoise.middleware",
    "yaml",
)


class Started:
    """A program that runs, in subprocess.Popen's words."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._end, select.POLLIN)
            if ended.poll(None if seconds is None else 1000 * seconds):
                self.returncode = _ask({"ended": self.pid})
                os.close(self._end)
        return self.returncode


def start(
    *words: str, env: Mapping[str, str], cwd: Path = ROOT, stdout: int = 1, stderr: int = 2
) -> Started:
    """`python WORDS`, which begin with -m, -c or the path of a file; nothing is there to be read."""
    told = {"words": words, "env": dict(env), "cwd": str(cwd)}
    return Started(_ask(told, stdout, stderr))


def run(
    *words: str, env: Mapping[str, str], cwd: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """The same, to its end; with what it said."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as wrong:
        program = start(*words, env=env, cwd=cwd, stdout=out.fileno(), stderr=wrong.fileno())
        status = program.wait()
        for said in (out, wrong):
            said.seek(0)
        return subprocess.CompletedProcess(words, status, out.read(), wrong.read())


_one_at_a_time = threading.Lock()


def _ask(told: dict[str, Any], *files: int) -> int:
    with _one_at_a_time:
        socket.send_fds(_parent(), [json.dumps(told).encode()], files)
        answer = _parent().recv(64)
    return int(answer)


@cache
def _parent() -> socket.socket:
    """The way to the Python that all are forked off. It ends with this process, whose end it hears of."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    number = theirs.fileno()
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", str(number)],
        cwd=ROOT,
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    theirs.close()
    atexit.register(parent.wait)
    atexit.register(ours.close)  # the last that was registered comes first
    return ours


# --- The parent itself -------------------------------------------------------------------------------


def _read_libraries() -> None:
    gc.disable()
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()
    from django.conf import settings

    assert not settings.configured, "they are each program's own"
    assert "prometheus_client" not in sys.modules


def _serve(control: socket.socket) -> None:
    """Until nobody is left who asks; or, in a process that was forked off, until it has become a program."""
    while True:
        message, files, _, _ = socket.recv_fds(control, 2**20, 2)
        if not message:
            sys.exit()
        told = json.loads(message)
        if "ended" in told:
            _, status = os.waitpid(told["ended"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                control.close()
                _become(told, files)
                return
            for file in files:
                os.close(file)
        control.send(str(answer).encode())


def _become(told: dict[str, Any], files: list[int]) -> None:
    os.setsid()
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(told["env"])
    os.chdir(told["cwd"])
    way, *words = told["words"]
    sys.path[0] = str(Path(way).parent) if way.endswith(".py") else told["cwd"]
    if way == "-m":
        sys.argv = words
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    elif way == "-c":
        sys.argv = [way, *words[1:]]
        exec(words[0], {"__name__": "__main__"})
    else:
        sys.argv = [way, *words]
        runpy.run_path(way, run_name="__main__")


if __name__ == "__main__":
    _read_libraries()
    _serve(socket.socket(fileno=int(sys.argv[1])))
