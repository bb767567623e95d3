"""Conditions of a list that is asked for by some of its columns."""

from collections.abc import Collection, Iterable
from typing import Any


def conditions(given: Iterable[tuple[str, Any]]) -> tuple[str, list[Any]]:
    """`WHERE …` and its parameters from pairs of condition and value; a value of None asks nothing."""
    asked = [(condition, value) for condition, value in given if value is not None]
    where = "WHERE " + " AND ".join(condition for condition, _ in asked) if asked else ""
    return where, [value for condition, value in asked for _ in range(condition.count("%s"))]


def array(values: Collection[str] | None) -> list[str] | None:
    """As a parameter for `= ANY(%s::text[])`."""
    return None if values is None else sorted(values)
