"""Clients that race: several processes, each with several threads and connections of its own.

Run as a program, this module is one such process. It reads a plan from its standard input, waits for the
word to go, carries the plan's calls out and prints what came of each.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PROCESSES = 2
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
    """One process of clients."""

    def __init__(self, calls: Sequence[Call], threads: int, control: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.clients"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment(),
        )
        plan = {
            "threads": threads,
            "control": control,
            "calls": [[call.service, call.arguments] for call in calls],
        }
        self._say(json.dumps(plan))
        assert self._hear() == "ready"

    def go(self) -> None:
        self._say("go")

    def outcomes(self) -> list[Outcome]:
        told = [json.loads(line) for line in self.process.communicate()[0].splitlines()]
        assert self.process.returncode == 0
        return [Outcome(Call(*call), code, answer) for call, code, answer in told]

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def environment() -> dict[str, str]:
    """What leads another process to the database of this test."""
    from django.db import connection

    given = connection.settings_dict
    user = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    host = given["HOST"].replace("/", "%2F")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return {"DATABASE_URL": f"postgresql://{user}@/{given['NAME']}?host={host}{port}"}


# --- The process itself ------------------------------------------------------------------------------


_printing = threading.Lock()


def main() -> None:
    import django

    django.setup()
    plan = json.loads(sys.stdin.readline())
    if plan["control"]:
        _unsafe(plan["control"])
    queue = list(reversed(plan["calls"]))
    start = threading.Event()
    ready = threading.Semaphore(0)
    clients = [
        threading.Thread(target=_client, args=(queue, start, ready)) for _ in range(plan["threads"])
    ]
    for client in clients:
        client.start()
    for _ in clients:
        ready.acquire()
    print("ready", flush=True)
    sys.stdin.readline()
    start.set()
    for client in clients:
        client.join()


def _client(queue: list[Any], start: threading.Event, ready: threading.Semaphore) -> None:
    from django.db import connection

    connection.ensure_connection()
    ready.release()
    start.wait()
    while queue:
        try:
            call = queue.pop()
        except IndexError:
            break
        code, answer = _carry_out(*call)
        with _printing:
            print(json.dumps([call, code, answer], default=str), flush=True)
    connection.close()


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


if __name__ == "__main__":
    main()
