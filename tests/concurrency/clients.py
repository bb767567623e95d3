"""Clients that race: several processes, each with several threads and connections of its own."""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any
from unittest.mock import patch

PROCESSES = 2
READY, GO = "ready", "go"
NO_LOCKS = "no locks"
NO_COMMON_ORDER = "no common order"


@dataclass(frozen=True)
class Call:
    """A service by its name, with arguments that JSON can carry."""

    service: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a call: `code` is "done" or the code of the error."""

    call: Call
    code: str
    answer: Any


def reserve(reference: str, **lines: int) -> Call:
    return Call(
        "reserve",
        {"reference": reference, "lines": [{"sku": s, "quantity": n} for s, n in lines.items()]},
    )


def race(
    calls: Sequence[Call], *, threads: int = 16, control: str = "", processes: int = PROCESSES
) -> list[Outcome]:
    """Carry the calls out at the same time, dealt out over the processes; all outcomes.

    A `control` takes away what makes them safe: NO_LOCKS, or NO_COMMON_ORDER of the locks.
    """
    runners = []
    for n in range(processes):
        spared = control == NO_COMMON_ORDER and n % 2 == 0
        runners.append(Runner(calls[n::processes], threads, "" if spared else control))
    for runner in runners:
        runner.go()
    return [outcome for runner in runners for outcome in runner.outcomes()]


class Runner:
    """One process of clients. It tells of each call as soon as that is done, so it may be killed any time."""

    def __init__(self, calls: Sequence[Call], threads: int, control: str = "") -> None:
        self.told, theirs = _processes().Pipe()
        plan = (threads, control, [(call.service, call.arguments) for call in calls])
        self.process = _processes().Process(target=work, args=(theirs, *plan), daemon=True)
        self.process.start()
        theirs.close()
        assert self.told.recv() == READY

    def go(self) -> None:
        self.told.send(GO)

    def heard(self) -> Iterator[Outcome]:
        """What came of each call, until the process has ended or was killed."""
        try:
            while True:
                service, arguments, code, answer = self.told.recv()
                yield Outcome(Call(service, arguments), code, answer)
        except (EOFError, OSError):  # between two messages, or within one
            self.process.join()

    def outcomes(self) -> list[Outcome]:
        found = list(self.heard())
        assert self.process.exitcode == 0
        return found


@cache
def _processes() -> ForkServerContext:
    """Where processes of clients come from: one that has loaded the site, once, and forks them off.

    They see the database of this test, under whatever settings the first of them was made.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.concurrency.loaded"])
    with patch.dict(os.environ, environment()):
        forkserver.ensure_running()
    return context


def environment() -> dict[str, str]:
    """What leads another process to the database of this test."""
    from django.db import connection

    given = connection.settings_dict
    user = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    host = given["HOST"].replace("/", "%2F")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return {"DATABASE_URL": f"postgresql://{user}@/{given['NAME']}?host={host}{port}"}


# --- The process itself ------------------------------------------------------------------------------


def work(
    told: Connection, threads: int, control: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    """Carry the calls out, the first one first, in so many threads, once the word to go has come."""
    if control:
        _unsafe(control)
    queue = list(reversed(calls))
    start = threading.Event()
    ready = threading.Semaphore(0)
    telling = threading.Lock()

    def client() -> None:
        from django.db import connection

        connection.ensure_connection()
        ready.release()
        start.wait()
        while queue:
            try:
                call = queue.pop()
            except IndexError:
                break
            outcome = (*call, *_carry_out(*call))
            with telling:
                told.send(outcome)
        connection.close()

    # Whom no call is left for would only open a connection.
    clients = [threading.Thread(target=client) for _ in range(min(threads, len(calls)))]
    for one in clients:
        one.start()
    for _ in clients:
        ready.acquire()
    told.send(READY)
    told.recv()
    start.set()
    for one in clients:
        one.join()


def _carry_out(service: str, arguments: dict[str, Any]) -> tuple[str, Any]:
    from django.db import Error

    from inventory_site.core.errors import DomainError
    from tests.concurrency.services import SERVICES
    from tests.factories import do

    function, line_type = SERVICES[service]
    if line_type and arguments.get("lines"):
        arguments = arguments | {"lines": [line_type(**line) for line in arguments["lines"]]}
    try:
        return "done", do(function, **arguments)
    except DomainError as error:
        return error.code, error.items
    except Error as error:
        return type(error).__name__, str(error)


LOCKS = (
    "_BY_SKU",
    "_BY_SKU_AT_ONCE",
    "_BY_SKU_IN",
    "_BY_ID",
    "_BY_REFERENCE",
    "_PRODUCTS_BY_REFERENCE",
    "_RESERVATIONS",
)


def _unsafe(control: str) -> None:
    """The control: the same statements, without the lock or in this process in the opposite order."""
    from django.db import transaction

    from warehouse import locks

    for name in LOCKS:
        with transaction.atomic():
            safe = getattr(locks, name)()
        changed = safe.split(" FOR NO KEY UPDATE")[0]
        if control == NO_COMMON_ORDER:
            changed = safe.replace(" ASC FOR NO KEY UPDATE", " DESC FOR NO KEY UPDATE")
        assert changed != safe
        setattr(locks, name, lambda changed=changed: changed)
