"""A request that is sent twice is carried out once, and answered twice in the same words.

The key is claimed by an insert before the work and its answer is saved after it, both in the transaction of
the work. A second request with the key waits at the unique index for the first to end, then finds its
answer. What is rolled back leaves no key, so it can be sent again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error as DatabaseError

from inventory_site.core.db import LOCK_NOT_AVAILABLE, in_unit_of_work, sqlstate
from inventory_site.core.errors import DomainError
from inventory_site.core.problems import (
    IdempotencyKeyInFlight,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    problem,
    request_id,
    status_of,
)
from inventory_site.core.sql import rows, rows_together

MOST = 255
HOURS = 48  # how long an answer is kept
TOGETHER_MS = 150  # how long requests that share a transaction wait for a row before they part

BRIEFLY = "SELECT set_config('lock_timeout', %s, true)"

# In one order for everybody, so that two sets of keys cannot wait for each other.
CLAIM = """
    INSERT INTO core_idempotencykey (api_key_id, key, fingerprint)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS k(api_key, key, fingerprint)
     ORDER BY api_key, key
        ON CONFLICT (api_key_id, key) DO NOTHING
    RETURNING api_key_id, key
"""

KNOWN = """
    SELECT k.api_key_id, k.key, k.fingerprint, k.status, k.body
      FROM core_idempotencykey k
      JOIN unnest(%s::text[], %s::text[]) AS x(api_key, key)
        ON k.api_key_id = x.api_key AND k.key = x.key
"""

SAVE = """
    UPDATE core_idempotencykey k SET status = x.status, body = x.body
      FROM jsonb_to_recordset(%s::jsonb) AS x(api_key text, key text, status int, body text)
     WHERE k.api_key_id = x.api_key AND k.key = x.key
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One request under its key. The fingerprint tells it from any other.

    Its id is in what it is refused with, whichever thread writes that down for it.
    """

    api_key: str
    key: str
    fingerprint: str
    request_id: str = field(default="", compare=False)

    @property
    def name(self) -> tuple[str, str]:
        return self.api_key, self.key


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client is told: the body is JSON already."""

    status: int
    body: str
    replayed: bool = False


Outcome = Answer | DomainError
Job = TypeVar("Job")


def claim_of(
    *, api_key: str, headers: Mapping[str, str], method: str, path: str, body: bytes
) -> Claim:
    """The claim of a request. Raises IdempotencyKeyRequired."""
    key = headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MOST or not key.isprintable() or not key.isascii():
        raise IdempotencyKeyRequired(
            "Send a header Idempotency-Key of 1 to 255 printable ASCII characters, a new one for "
            "each change and the same one when you send a change again."
        )
    told = hashlib.sha256(f"{method} {path}\n".encode() + body).hexdigest()
    return Claim(api_key=api_key, key=key, fingerprint=told, request_id=request_id())


def is_known(claim: Claim) -> bool:
    """Whether this key was used already, so that its answer is in the books."""
    return bool(_known([claim]))


def answer_once(*, claim: Claim, work: Callable[[], tuple[int, str]]) -> Answer:
    """Carry out `work` in a unit of work of its own unless it has been; its status and JSON body.

    Raises what the work raises; a refusal that keeps its record is saved and answered again as well.
    """
    (outcome,) = answer_all_once(
        jobs=[(claim, None)], work=lambda _: [_outcome(work)], encode=lambda answer: answer
    )
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _outcome(work: Callable[[], tuple[int, str]]) -> tuple[int, str] | DomainError:
    try:
        return work()
    except DomainError as error:
        if error.keeps_record:
            return error
        raise


def answer_all_once(
    *,
    jobs: Sequence[tuple[Claim, Job]],
    work: Callable[[Sequence[Job]], Sequence[Any]],
    encode: Callable[[Any], tuple[int, str]],
) -> list[Outcome]:
    """Carry out jobs of several requests in one unit of work, each once; their outcomes in order.

    `work` returns for each job its result or a DomainError; `encode` makes status and JSON of a result.
    Several jobs wait for a locked row only briefly: the caller then runs each by itself, with its full
    patience, so that the row of one does not hold up the others. Raises Busy then, as `unit_of_work` does.
    """
    return in_unit_of_work(lambda: _answer_all(jobs, work, encode))


def _answer_all(
    jobs: Sequence[tuple[Claim, Job]],
    work: Callable[[Sequence[Job]], Sequence[Any]],
    encode: Callable[[Any], tuple[int, str]],
) -> list[Outcome]:
    claims: dict[tuple[str, str], Claim] = {}
    for claim, _ in jobs:
        claims.setdefault(claim.name, claim)
    fresh = _claim(list(claims.values()))
    outcomes: dict[int, Outcome] = {}
    todo: list[int] = []
    for place, (claim, _) in enumerate(jobs):
        if claim.name in fresh:
            fresh.discard(claim.name)
            todo.append(place)
    saved: dict[tuple[str, str], tuple[Claim, Answer]] = {}
    if todo:
        results = work([jobs[place][1] for place in todo])
        for place, result in zip(todo, results, strict=True):
            outcomes[place] = _answer_of(result, encode)
            claim = jobs[place][0]
            saved[claim.name] = (claim, _as_told(outcomes[place], claim))
        _save(saved)
    again = [place for place in range(len(jobs)) if place not in outcomes]
    if again:
        known = saved | _known(
            [jobs[place][0] for place in again if jobs[place][0].name not in saved]
        )
        for place in again:
            outcomes[place] = _replay(jobs[place][0], known)
    return [outcomes[place] for place in range(len(jobs))]


def _answer_of(result: Any, encode: Callable[[Any], tuple[int, str]]) -> Outcome:
    if isinstance(result, DomainError):
        return result
    return Answer(*encode(result))


def _as_told(outcome: Outcome, claim: Claim) -> Answer:
    """The outcome in the words in which the one who claimed it is told."""
    if isinstance(outcome, Answer):
        return outcome
    body = json.dumps(problem(outcome, told_to=claim.request_id), default=str)
    return Answer(status_of(outcome), body)


def _claim(claims: Sequence[Claim]) -> set[tuple[str, str]]:
    """The names that were not taken yet. Raises IdempotencyKeyInFlight when the owner takes long."""
    wanted = [
        [claim.api_key for claim in claims],
        [claim.key for claim in claims],
        [claim.fingerprint for claim in claims],
    ]
    patience = f"{min(TOGETHER_MS, settings.LOCK_TIMEOUT_MS)}ms"
    try:
        if len(claims) > 1:
            _, found = rows_together((BRIEFLY, [patience]), (CLAIM, wanted))
        else:
            found = rows(CLAIM, wanted)
    except DatabaseError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise IdempotencyKeyInFlight(
                "A request with this Idempotency-Key is being worked on; send it again for its answer."
            ) from error
        raise
    return {(api_key, key) for api_key, key in found}


def _known(claims: Sequence[Claim]) -> dict[tuple[str, str], tuple[Claim, Answer]]:
    if not claims:
        return {}
    found = rows(KNOWN, [[claim.api_key for claim in claims], [claim.key for claim in claims]])
    return {
        (api_key, key): (Claim(api_key, key, fingerprint), Answer(status, body, replayed=True))
        for api_key, key, fingerprint, status, body in found
    }


def _replay(claim: Claim, known: Mapping[tuple[str, str], tuple[Claim, Answer]]) -> Outcome:
    if claim.name not in known:
        # It was rolled back or forgotten between our insert and our look.
        return IdempotencyKeyInFlight("Send the request again.")
    owner, answer = known[claim.name]
    if owner.fingerprint != claim.fingerprint:
        return IdempotencyKeyReused(
            "This Idempotency-Key was used for another request; use a new one for each change."
        )
    return Answer(answer.status, answer.body, replayed=True)


def _save(saved: Mapping[tuple[str, str], tuple[Claim, Answer]]) -> None:
    told = [
        {"api_key": api_key, "key": key, "status": answer.status, "body": answer.body}
        for (api_key, key), (_, answer) in saved.items()
    ]
    rows(SAVE, [json.dumps(told)])
