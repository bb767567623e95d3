"""What is measured, against what, and what we want of it."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import engine, floor
from benchmarks.measure import Result

Contestant = Callable[[float], Result]  # seconds to a result


@dataclass(frozen=True)
class Case:
    """One line of the table: `ours` against `base`, measured in turn."""

    name: str
    base_name: str
    base: Contestant
    ours: Contestant
    target: float | None = None


def reserving(mix: str, one_by_one: float, batch: float | None, combined: float) -> list[Case]:
    """The ways to reserve, in one mix; targets as ratios to the floor."""

    def floor_of(clients: int) -> Contestant:
        return lambda seconds: floor.reserve(mix=mix, clients=clients, seconds=seconds)

    return [
        Case(
            f"reserve one by one, {mix}, 8 workers",
            "floor, 8 clients",
            floor_of(8),
            lambda seconds: engine.reserve(mix=mix, workers=8, seconds=seconds),
            one_by_one,
        ),
        Case(
            f"reserve_batch of 50, {mix}, 8 workers",
            "floor, 8 clients",
            floor_of(8),
            lambda seconds: engine.batch(mix=mix, workers=8, seconds=seconds),
            batch,
        ),
        Case(
            f"reserve through the combiner, {mix}, 32 threads",
            "floor, 32 clients",
            floor_of(32),
            lambda seconds: engine.combined(mix=mix, threads=32, seconds=seconds),
            combined,
        ),
    ]


def engine_cases() -> list[Case]:
    """Everything that runs without HTTP, but for ship (see shipping.py)."""
    return [
        Case(
            "reserve one by one, spread, 1 worker",
            "floor, 1 client",
            lambda seconds: floor.reserve(mix="spread", clients=1, seconds=seconds),
            lambda seconds: engine.reserve(mix="spread", workers=1, seconds=seconds),
        ),
        *reserving("spread", 0.40, 1.5, 1.2),
        *reserving("zipf", 0.40, None, 0.9),
        *reserving("hot", 0.45, 4.0, 5.0),
        Case(
            "floor with a statement per table, spread, 8 clients",
            "floor, 8 clients",
            lambda seconds: floor.reserve(mix="spread", clients=8, seconds=seconds),
            lambda seconds: floor.reserve_by_set(mix="spread", clients=8, seconds=seconds),
        ),
    ]
