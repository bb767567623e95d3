"""`make run`'s supervisor and manage.py, as they are: real processes on a state of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from inventory_site import supervisor
from inventory_site.listening import Listening
from inventory_site.local_services import CannotStart, State, server_pids

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Home:
    """A state in a path with a space, and commands in an environment with next to nothing in it."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "STATE_DIR": str(folder),
            "PORT": str(self.port),
            "DEMO_DATA": "0",
        }

    def supervisor(self, *starter, **more):
        return subprocess.Popen(
            [*starter, sys.executable, "-m", "inventory_site.supervisor"],
            cwd=ROOT,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *words):
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd="/",
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def served(self, *starter):
        running = self.supervisor(*starter)
        end = time.monotonic() + 60
        while time.monotonic() < end and running.poll() is None:
            if self.answers("/readyz"):
                return running
            time.sleep(0.1)
        raise AssertionError(running.communicate()[0])

    def answers(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def left(self):
        """Processes that know this state by their environment or their words."""
        mark = str(self.folder).encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            except OSError:
                continue
            if mark in told:
                found.append((process.name, told[-200:]))
        return found

    def nothing_is_left(self):
        end = time.monotonic() + 20
        while (left := self.left()) and time.monotonic() < end:
            time.sleep(0.2)
        return left == []


@pytest.fixture
def home(tmp_path):
    """A new one."""
    folder = tmp_path / "a state"
    folder.mkdir()
    home = Home(folder)
    yield home
    if not home.nothing_is_left():
        left = home.left()
        for process, _ in left:
            os.kill(int(process), signal.SIGKILL)
        raise AssertionError(left)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A site that has served and was killed, and how many of its processes there were: to start from nothing
    takes most of a start, so all of these tests go on with what it left."""
    home = Home(tmp_path_factory.mktemp("served once"))
    running = home.served()
    processes = len(home.left())
    running.kill()
    running.communicate()
    return home, processes


@pytest.fixture
def lived_in(killed, home):
    """One of its own that has served before."""
    assert killed[0].nothing_is_left()
    subprocess.run(["cp", "-a", f"{killed[0].folder}/.", str(home.folder)], check=True)
    return home


def test_it_serves_is_joined_and_ends_with_its_data_kept(lived_in):
    running = lived_in.served()
    servers = server_pids(State(lived_in.folder))
    second = lived_in.supervisor(PORT=str(free_port()))
    assert "runs already" in second.communicate()[0]
    assert second.returncode == 1
    code = (
        "from warehouse.services.locations import open_warehouse as o;"
        "from inventory_site.core.db import in_unit_of_work as i;i(lambda: o(code='KEPT', name='K'))"
    )
    assert lived_in.manage("shell", "-c", code).returncode == 0
    assert server_pids(State(lived_in.folder)) == servers
    running.send_signal(signal.SIGINT)
    running.communicate()
    assert running.returncode == 0
    assert lived_in.nothing_is_left()
    code = "from warehouse.models import Warehouse as W; print(W.objects.get().code)"
    assert "KEPT" in lived_in.manage("shell", "-c", code).stdout
    assert lived_in.nothing_is_left()
    again = lived_in.supervisor("bash", "-c", 'STARTED_BY=$$ "$0" "$@"; true')  # as make does
    end = time.monotonic() + 60
    while not State(lived_in.folder).ready.exists():  # from then on it prepares, then serves
        assert time.monotonic() < end, "the servers are not started"
        time.sleep(0.1)
    again.kill()
    again.wait()  # not for its words: what lives on would hold their pipe open
    assert lived_in.nothing_is_left(), "make was killed, and the site serves on"


def test_killed_it_leaves_nothing_behind(killed):
    home, processes = killed
    assert processes >= 6
    assert home.nothing_is_left()


def test_a_part_that_dies_is_started_again_and_a_hangup_ends_all_of_it(lived_in):
    running = lived_in.served()
    dead, servers = web_of(lived_in), server_pids(State(lived_in.folder))
    os.kill(min(dead), signal.SIGKILL)
    end = time.monotonic() + 40
    while dead & web_of(lived_in) or not lived_in.answers("/healthz"):
        assert time.monotonic() < end, "the web is not started again"
        time.sleep(0.1)
    assert len(lived_in.left()) >= 6
    keeper = json.loads(State(lived_in.folder).ready.read_text())["keeper"]
    os.kill(keeper, signal.SIGKILL)
    while server_pids(State(lived_in.folder)) in ({}, servers) or not lived_in.answers("/readyz"):
        assert time.monotonic() < end, "the servers are not started again"
        time.sleep(0.1)
    running.send_signal(signal.SIGHUP)
    said = running.communicate()[0]
    assert "web ended with status -9" in said
    assert "they run again" in said
    assert lived_in.nothing_is_left()


def web_of(home):
    return {int(process) for process, told in home.left() if b"gunicorn" in told}


def test_a_port_that_is_taken_is_said(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = home.supervisor(PORT=str(taken.getsockname()[1]))
        assert "set PORT to another one" in refused.communicate()[0]
    assert refused.returncode == 1


def test_commands_at_once_bring_their_servers_and_tables_and_take_the_servers_away(home):
    with ThreadPoolExecutor() as pool:
        proven = list(pool.map(lambda _: home.manage("verify_ledger"), range(2)))
    for one in proven:
        assert "The books are right" in one.stdout, one.stderr
    assert home.nothing_is_left()


def test_what_is_made_before_anything_is_served_ends_at_once(monkeypatch):
    monkeypatch.setattr(supervisor, "MANAGE", [sys.executable, "-c", "import time; time.sleep(60)"])
    preparing = supervisor.Supervisor(Listening("127.0.0.1", 1))
    began = time.monotonic()
    Timer(0.5, preparing.told_to_stop, (signal.SIGTERM, None)).start()
    preparing.prepare(local=False)
    assert time.monotonic() - began < 20
    assert preparing.stopping


def test_a_step_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(supervisor, "MANAGE", ["false"])
    with pytest.raises(CannotStart, match="migrate failed with status 1"):
        supervisor.Supervisor(Listening("127.0.0.1", 1)).prepare(local=False)
