"""The site is read once, without looking for garbage, and what was read is not looked through again."""

import gc
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from inventory_site.listening import Listening
from inventory_site.loading import loading
from inventory_site.supervisor import _gunicorn
from tests.concurrency.clients import environment
from tests.concurrency.site import gunicorn

ROOT = Path(__file__).parents[2]
TOLD = "import gc; print(gc.isenabled(), gc.get_freeze_count())"


@pytest.mark.parametrize(
    "words",
    [
        ["-c", f"import inventory_site.wsgi; {TOLD}"],
        ["-c", f"import inventory_site.celery; {TOLD}"],
        ["manage.py", "shell", "--no-imports", "-c", TOLD],
    ],
    ids=["web", "worker", "command"],
)
def test_what_was_read_is_not_looked_through_again(words):
    program = [sys.executable, *words]
    said = subprocess.check_output(program, cwd=ROOT, env=os.environ | environment(), text=True)
    enabled, frozen = said.split()
    assert enabled == "True"
    assert int(frozen) > 50_000


def test_what_workers_are_forked_from_has_no_connection_and_no_thread():
    """Each worker would go on with the same connection, and without the thread."""
    looked = (
        "import os, threading; import inventory_site.wsgi;"
        "held = [os.readlink(at) for n in os.listdir('/proc/self/fd')"
        " if os.path.lexists(at := f'/proc/self/fd/{n}')];"
        "print(threading.active_count(), [x for x in held if x.startswith('socket')])"
    )
    program = [sys.executable, "-c", looked]
    said = subprocess.check_output(program, cwd=ROOT, env=os.environ | environment(), text=True)
    assert said == "1 []\n"


def test_garbage_is_looked_for_again_after_a_site_that_cannot_be_read():
    with suppress(RuntimeError), loading():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()


def test_workers_are_forked_from_a_site_that_was_read(tmp_path):
    """What a worker shares with others, beside programs and libraries, is what the arbiter had read."""
    words = _gunicorn(Listening("127.0.0.1", 1))
    words = words[words.index("--config") :]
    words[-1] = f"PROMETHEUS_MULTIPROC_DIR={tmp_path}"
    with gunicorn(environment(), *words, start=_python) as port:
        end = time.monotonic() + 30
        while len(workers := _workers(port)) < 2:
            assert time.monotonic() < end, "workers do not start"
        shared = [_shared_bytes(worker) for worker in workers]
    assert min(shared) > 40 * 1024**2


def _python(*words, env):
    """Not forked off another one, with which it would share as much."""
    return subprocess.Popen([sys.executable, *words], env=env)


def _workers(port):
    told = f"127.0.0.1:{port}".encode()
    found = [p for p in Path("/proc").glob("[0-9]*") if _has(p, told)]
    pids = {int(process.name) for process in found}
    return [p for p in found if _parent(p) in pids]


def _has(process, told):
    try:
        return told in (process / "cmdline").read_bytes()
    except OSError:
        return False


def _parent(process):
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def _shared_bytes(process):
    told = (process / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("Shared_Dirty")) * 1024
