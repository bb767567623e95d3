"""`POST /reservations`: requests that arrive together are reserved together, in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from inventory_site.core.actors import SYSTEM
from inventory_site.core.auth import Caller
from inventory_site.core.combiner import Combiner
from inventory_site.core.errors import DomainError
from inventory_site.core.idempotency import Answer, Claim, answer_all_once
from warehouse.api import shapes
from warehouse.errors import InvalidReference
from warehouse.lines import Held, ReserveLine, ReserveRequest
from warehouse.services.reservations import reserve_batch

MOST_TOGETHER = 64
ACTIONS = ("/extend", "/release", "/ship")  # what follows a reference in an address


@dataclass(frozen=True, slots=True)
class Job:
    claim: Claim
    request: ReserveRequest


def request_of(body: Mapping[str, Any], caller: Caller) -> ReserveRequest:
    """The body of a reservation as the engine takes it.

    Raises InvalidReference where another address would answer to the reservation's own.
    """
    reference = body["reference"].strip()
    if reference == "batch" or reference.endswith(ACTIONS):
        raise InvalidReference(
            f"A reference is not `batch` and does not end in {', '.join(ACTIONS)}.",
            items=[{"pointer": "/reference"}],
        )
    return ReserveRequest(
        reference=body["reference"],
        lines=[ReserveLine(line["sku"], line["quantity"]) for line in body["lines"]],
        warehouse=body["warehouse"],
        strategy=body["strategy"],
        expires_in=body["expires_in"],
        allow_partial=body["allow_partial"],
        backorder=body["backorder"],
        actor=caller.actor,
        within=caller.within,
    )


def reserve_once(job: Job) -> Answer:
    """Reserve, together with whatever else arrives at this moment. Raises what the reservation raises."""
    if settings.COMBINE_RESERVATIONS:
        return _combiner.submit(job)
    (answer,) = _run([job])
    if isinstance(answer, Exception):
        raise answer
    return answer


def _run(jobs: Sequence[Job]) -> list[Answer | DomainError]:
    return answer_all_once(
        jobs=[(job.claim, job.request) for job in jobs], work=_reserve, encode=_encode
    )


def _reserve(requests: Sequence[ReserveRequest]) -> Sequence[Held | DomainError]:
    return reserve_batch(requests=requests, actor=SYSTEM)


def _encode(held: Held) -> tuple[int, str]:
    body = json.dumps(shapes.reservation(held), separators=(",", ":"), ensure_ascii=False)
    return (201 if held.created else 200), body


_combiner: Combiner[Job, Answer] = Combiner(run=_run, most=MOST_TOGETHER)
