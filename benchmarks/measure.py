"""What a measurement is, and workers that measure together."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """Orders (or requests) per second, and how long one took, in milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float


def summary(latencies: Sequence[float], *, rate: float) -> Result:
    """`latencies` in seconds."""
    ordered = sorted(latencies) or [0.0]

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    return Result(rate=rate, p50=at(0.50), p95=at(0.95), p99=at(0.99))


def middle(results: Sequence[Result]) -> Result:
    """The median of each figure."""
    return Result(
        *(median(asdict(result)[name] for result in results) for name in Result.__annotations__)
    )


def together(plans: Sequence[dict[str, object]], *, module: str) -> Result:
    """Run one process per plan, all started at the same moment; their rates added up.

    A process prints "ready", waits for a line, and prints {"rate": …, "latencies": […]}.
    """
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", module, json.dumps(plan)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ.copy(),
        )
        for plan in plans
    ]
    for worker in workers:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        if line.strip() != "ready":
            raise RuntimeError(f"a worker of {module} did not start: {line!r}")
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [json.loads(worker.communicate()[0]) for worker in workers]
    latencies = [latency for one in told for latency in one["latencies"]]
    return summary(latencies, rate=sum(one["rate"] for one in told))
