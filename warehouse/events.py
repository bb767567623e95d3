"""What a change tells the world: the event of a unit of work, with the levels that resulted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from django.db import transaction

from notifications.outbox import Event
from warehouse import level_cache
from warehouse.changes import Change, Posting, level_payload
from warehouse.lines import Level


def outcome(change: Change) -> dict[str, Any]:
    """Which orders a change hurt (re-sourced or backordered) and which backorders it filled."""
    told: dict[str, Any] = {}
    if change.affected:
        told["affected"] = [asdict(order) for order in change.affected]
    if change.filled:
        told["filled"] = [asdict(order) for order in change.filled]
    return told


def of_change(
    *, change: Change, posting: Posting, details: Mapping[str, Any] | None = None
) -> tuple[list[Level], list[Event]]:
    """The levels a change results in, and the one event that carries them."""
    levels = change.levels()
    event = Event(
        type=posting.type,
        reference=posting.reference,
        actor=posting.actor,
        levels=[level_payload(level) for level in levels],
        details={**(details or {}), **outcome(change)},
    )
    return levels, [event]


def refresh_cache_on_commit(*, levels: Sequence[Level]) -> None:
    """Put the new levels into the cache once they are true. Losing this loses nothing: a sweep follows."""
    if levels:
        transaction.on_commit(partial(level_cache.refresh, levels=levels), robust=True)
