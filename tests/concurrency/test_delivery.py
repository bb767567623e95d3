"""From a commit to the platform and to the mailbox, with worker, courier and beat as real processes."""

import os
import signal
import threading
import time

import pytest

from inventory_site.listening import Listening
from inventory_site.local_services import server_pids, state
from inventory_site.supervisor import Supervisor
from notifications.models import Delivery, Endpoint, Ring
from tests.concurrency.clients import environment
from tests.factories import do, stock
from tests.forked import start
from tests.notifications.alarms import channel
from tests.notifications.receivers import Mailbox, mail_server
from tests.notifications.receiving import LOOPBACK, listening, subscribed
from warehouse.lines import ReserveLine
from warehouse.services.reservations import reserve

COMMANDS = {part.name: part.command for part in Supervisor(Listening("127.0.0.1", 1)).parts}


class Crew:
    """Processes of the site by name, on this test's database, so many as are started; `given` is what they
    find in their environment beside what all of them do."""

    def __init__(self, folder):
        self.folder, self.running, self.given = folder, [], {}

    def start(self, *names):
        for name in names:
            folder = self.folder / f"{name}-{len(self.running)}"
            folder.mkdir()
            told = {
                "STATE_DIR": str(folder),  # beat keeps its schedule there
                "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
                "LOG_LEVEL": "CRITICAL",
            }
            command = [word.replace("courier@", f"{folder.name}@") for word in COMMANDS[name]]
            process = start(*command[1:], env=os.environ | environment() | told | self.given)
            self.running.append((name, process))

    def kill(self, name):
        """At once, with its children, as when the machine loses power."""
        for _, process in [one for one in self.running if one[0] == name]:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running = [one for one in self.running if one[0] != name]

    def stop(self):
        """However they would end by themselves, which takes them seconds."""
        for name in {name for name, _ in self.running}:
            self.kill(name)


@pytest.fixture
def crew(committed_db, valkey, tmp_path):
    crew = Crew(tmp_path)
    yield crew
    crew.stop()


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = LOOPBACK
    with listening() as one:
        yield one


def awaited(holds, seconds=30.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def sell(*references):
    for reference in references:
        do(reserve, reference=reference, lines=[ReserveLine("A", 1)])


def test_what_is_committed_is_told_and_told_once_by_however_many(crew, receiver):
    stock({("A", "MAIN"): 500})
    subscribed(receiver, types=["reservation.*"])
    crew.start("worker", "worker", "courier", "courier", "beat", "beat")
    names = [f"O-{n}" for n in range(60)]
    for name in names[:30]:
        sell(name)
        time.sleep(0.02)
    sell(*names[30:])
    awaited(lambda: len(receiver.got) >= len(names))
    time.sleep(2.5)  # a sweep of both beats more
    assert receiver.wrong == []
    assert [told["sequence"] for told in sorted(receiver.got, key=_sequence)] == [*range(1, 61)]
    # One item has one line of events: they came in the order in which they happened.
    assert receiver.references == names
    assert len(set(receiver.ids)) == len(names)


def _sequence(told):
    return told["sequence"]


def test_a_courier_killed_between_sending_and_marking_loses_nothing(crew, receiver):
    stock({("A", "MAIN"): 50})
    shop = subscribed(receiver, types=["reservation.*"])
    held, go_on = threading.Event(), threading.Event()

    def hold(told, handler):
        held.set()
        go_on.wait(30)
        return 204

    receiver.answer = hold
    crew.start("worker", "courier", "beat")
    sell("O-1", "O-2")
    assert held.wait(30)
    crew.kill("courier")
    go_on.set()
    receiver.answer = 204
    Endpoint.objects.update(leased_until="2020-01-01T00:00Z", called_until=None)
    crew.start("courier")
    awaited(lambda: not Delivery.objects.filter(endpoint=shop, status="pending").exists())
    first, *later = receiver.references
    assert first == "O-1"
    assert later == ["O-1", "O-2"], "the one that was not marked is told again, in its place"
    assert receiver.ids[0] == receiver.ids[1], "under the same id"


def test_a_broker_that_is_away_delays_and_loses_nothing(crew, receiver):
    stock({("A", "MAIN"): 50})
    subscribed(receiver, types=["reservation.*"])
    crew.start("worker", "courier", "beat")
    sell("O-1")
    awaited(lambda: receiver.references == ["O-1"])
    valkey = server_pids(state())["valkey"]
    os.kill(valkey, signal.SIGSTOP)
    try:
        sell("O-2", "O-3")
        time.sleep(1)
        assert receiver.references == ["O-1"]
    finally:
        os.kill(valkey, signal.SIGCONT)
    awaited(lambda: receiver.references == ["O-1", "O-2", "O-3"])


def test_a_slow_webhook_delays_no_other(crew, receiver):
    stock({("A", "MAIN"): 50})
    go_on = threading.Event()
    with listening() as slow:
        slow.answer = lambda told, handler: go_on.wait(30) and 204
        subscribed(slow, name="slow", types=["reservation.*"])
        subscribed(receiver, types=["reservation.*"])
        crew.start("worker", "courier", "beat")
        sell("O-1")
        awaited(lambda: slow.references == ["O-1"])
        sell("O-2", "O-3")
        awaited(lambda: receiver.references == ["O-1", "O-2", "O-3"])
        assert slow.references == ["O-1"]
        go_on.set()
        awaited(lambda: slow.references == ["O-1", "O-2", "O-3"])


def test_what_runs_out_of_stock_is_one_mail(crew):
    stock({("A", "MAIN"): 2})
    channel()
    box = Mailbox()
    with mail_server(box) as port:
        crew.given = {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "EMAIL_FROM": "alerts@shop.example",
        }
        crew.start("worker", "courier", "beat")
        sell("O-1")
        time.sleep(1)
        assert box.mails == []
        sell("O-2")
        awaited(lambda: box.mails)
        time.sleep(2.5)  # a sweep more
    assert box.to == [["ops@shop.example"]]
    (mail,) = box.mails
    assert mail["Subject"] == (
        "[Holdfast] 1 warning: A is out of stock in MAIN, nothing on the way"
    )
    ring = Ring.objects.get()
    assert (ring.severity, ring.refused) == ("warning", "")
    assert ring.sent_at is not None
