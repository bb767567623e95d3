"""What a change tells the world: the event of a unit of work, with the levels that resulted."""

from collections.abc import Collection, Mapping, Sequence
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
    *,
    change: Change,
    posting: Posting,
    details: Mapping[str, Any] | None = None,
    parts: Mapping[str, Collection[int]] | None = None,
) -> tuple[list[Level], list[Event]]:
    """The levels a change results in, and the event that carries them.

    With `parts` (ids of items by reference) an event for each; the first also tells what the change
    meant for orders, and of items that only settling touched.
    """
    levels = dict(zip(change.touched, change.levels(), strict=True))
    own = {reference: [*dict.fromkeys(ids)] for reference, ids in (parts or {}).items()}
    untold = set(levels).difference(*own.values())
    first = next(iter(own), posting.reference)
    own[first] = [*own.get(first, ()), *(id_ for id_ in levels if id_ in untold)]
    told = {**(details or {}), **outcome(change)}
    events = [
        Event(
            type=posting.type,
            reference=reference,
            actor=posting.actor,
            levels=[level_payload(levels[id_]) for id_ in ids],
            details=told if reference == first else {},
        )
        for reference, ids in own.items()
    ]
    return list(levels.values()), events


def refresh_cache_on_commit(*, levels: Sequence[Level]) -> None:
    """Put the new levels into the cache once they are true. Losing this loses nothing: a sweep follows."""
    if levels:
        transaction.on_commit(partial(level_cache.refresh, levels=levels), robust=True)
