"""The services, as processes that do nothing else. Run as a program, this module is one of them."""

import json
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.measure import Result, together
from benchmarks.mixes import MIXES
from benchmarks.world import SKUS, sku


def reserve(*, mix: str, workers: int, seconds: float) -> Result:
    """`reserve`, one order per transaction."""
    return _run([{"job": "reserve", "mix": mix, "seconds": seconds, "threads": 1}] * workers)


def batch(*, mix: str, workers: int, seconds: float, size: int = 50) -> Result:
    """`reserve_batch`, `size` orders per transaction; the rate is in orders."""
    plan = {"job": "batch", "mix": mix, "seconds": seconds, "threads": 1, "size": size}
    return _run([plan] * workers)


def combined(*, mix: str, threads: int, seconds: float) -> Result:
    """`reserve` through the combiner, in one process of many threads."""
    return _run([{"job": "combined", "mix": mix, "seconds": seconds, "threads": threads}])


def ship(*, references: list[str], workers: int, seconds: float) -> Result:
    """`ship`, each worker its share of reservations that are there already."""
    return _run(
        [
            {
                "job": "ship",
                "mix": "spread",
                "seconds": seconds,
                "threads": 1,
                "references": references[n::workers],
            }
            for n in range(workers)
        ]
    )


def grown(*, job: str, skus: int, seconds: float) -> Result:
    """`reserve`, or reserve and then ship, by one worker that draws from so many SKUs."""
    return _run([{"job": job, "mix": "spread", "skus": skus, "seconds": seconds, "threads": 1}])


def _run(plans: list[dict[str, object]]) -> Result:
    return together(
        [plan | {"seed": random.random()} for plan in plans], module="benchmarks.engine"
    )


# --- The process itself ------------------------------------------------------------------------------

Step = Callable[[random.Random], int]


def main() -> None:
    import django

    django.setup()
    plan = json.loads(sys.argv[1])
    step = _steps()[plan["job"]](plan)
    threads = plan["threads"]
    latencies: list[float] = []
    done: list[int] = []
    start = threading.Event()
    ready = threading.Semaphore(0)

    def client(number: int) -> None:
        from django.db import connection

        dice = random.Random(plan["seed"] + number)
        connection.ensure_connection()
        if plan["job"] != "ship":
            step(dice)
        ready.release()
        start.wait()
        end = time.perf_counter() + plan["seconds"]
        began = time.perf_counter()
        while began < end:
            orders = step(dice)
            if not orders:
                break
            now = time.perf_counter()
            latencies.append(now - began)
            done.append(orders)
            began = now
        connection.close()

    clients = [threading.Thread(target=client, args=(n,)) for n in range(threads)]
    for one in clients:
        one.start()
    for _ in clients:
        ready.acquire()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    start.set()
    for one in clients:
        one.join()
    rate = sum(done) / (time.perf_counter() - began)
    print(json.dumps({"rate": rate, "latencies": latencies}))


def _steps() -> dict[str, Callable[[dict[str, object]], Step]]:
    return {
        "reserve": _reserve,
        "batch": _batch,
        "combined": _combined,
        "ship": _ship,
        "reserve_and_ship": _reserve_and_ship,
    }


def _request(dice: random.Random, plan: dict[str, object]):  # type: ignore[no-untyped-def]
    from warehouse.lines import ReserveLine, ReserveRequest

    draw = MIXES[str(plan["mix"])]
    return ReserveRequest(
        reference=uuid.UUID(int=dice.getrandbits(128)).hex,
        lines=[ReserveLine(sku(n), 1) for n in draw(dice, plan.get("skus", SKUS))],  # type: ignore[arg-type]
    )


def _reserve(plan: dict[str, object]) -> Step:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.reservations import reserve

    def step(dice: random.Random) -> int:
        order = _request(dice, plan)
        in_unit_of_work(lambda: reserve(reference=order.reference, lines=order.lines, actor=SYSTEM))
        return 1

    return step


def _batch(plan: dict[str, object]) -> Step:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.reservations import reserve_batch

    def step(dice: random.Random) -> int:
        orders = [_request(dice, plan) for _ in range(plan["size"])]  # type: ignore[call-overload]
        answers = in_unit_of_work(lambda: reserve_batch(requests=orders, actor=SYSTEM))
        assert not any(isinstance(answer, Exception) for answer in answers)
        return len(orders)

    return step


def _combined(plan: dict[str, object]) -> Step:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.combiner import Combiner
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.reservations import reserve_batch

    combiner: Combiner[Any, Any] = Combiner(
        run=lambda jobs: in_unit_of_work(lambda: reserve_batch(requests=jobs, actor=SYSTEM))
    )

    def step(dice: random.Random) -> int:
        combiner.submit(_request(dice, plan))
        return 1

    return step


def _ship(plan: dict[str, object]) -> Step:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.shipping import ship

    left = iter(plan["references"])  # type: ignore[call-overload]

    def step(dice: random.Random) -> int:
        reference = next(left, None)
        if reference is None:
            return 0
        in_unit_of_work(lambda: ship(reference=reference, actor=SYSTEM))
        return 1

    return step


def _reserve_and_ship(plan: dict[str, object]) -> Step:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import in_unit_of_work
    from warehouse.services.reservations import reserve
    from warehouse.services.shipping import ship

    def step(dice: random.Random) -> int:
        order = _request(dice, plan)
        in_unit_of_work(lambda: reserve(reference=order.reference, lines=order.lines, actor=SYSTEM))
        in_unit_of_work(lambda: ship(reference=order.reference, actor=SYSTEM))
        return 1

    return step


if __name__ == "__main__":
    main()
