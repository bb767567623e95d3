"""A courier goes to one webhook and sends what is due, message by message, until nothing is left.

No transaction is open while anything is sent. Threads send and touch no database; the courier alone reads
and writes it, page by page. See docs/adr/0013-couriers-and-leases.md.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.conf import settings

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.sealing import CannotOpen, unseal
from notifications import outgoing
from notifications.outgoing import Reply
from notifications.services import delivering
from notifications.services.chains import Chain, chained, probes, sendable
from notifications.services.delivering import Lease
from notifications.services.messages import Message, body_of, headers_of
from notifications.services.verdicts import (
    GONE,
    IN_A_ROW,
    SCHEDULE,
    TOO_MANY,
    Outcome,
    Verdict,
    judged,
)

logger = structlog.get_logger(__name__)

AT_ONCE = 8
PAGE_SECONDS = (
    30.0  # in which a page's messages begin to be sent; with an answer's time less than a lease
)
ROUND_SECONDS = 120.0  # after which others have their turn


@dataclass(frozen=True, slots=True)
class Ways:
    """How a courier goes; tests hurry it."""

    timeout: float = outgoing.TIMEOUT
    schedule: Sequence[float] = SCHEDULE
    page: int = delivering.PAGE
    page_seconds: float = PAGE_SECONDS
    round_seconds: float = ROUND_SECONDS


USUAL = Ways()


def deliver(*, endpoint: int, ways: Ways = USUAL) -> int:
    """Send this webhook what is due; how many attempts were made: 0 where another courier is with it."""
    made = 0
    end = time.monotonic() + ways.round_seconds
    while True:
        lease = in_unit_of_work(lambda: delivering.claim(endpoint=endpoint))
        if lease is None:
            return made
        going = _Round(lease, ways, end)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="courier") as pool:
            going.go(pool)
        made += going.made
        if not going.give_back():
            return made


class _Round:
    """One passage through what is pending, forward by sequence. `held`: subjects that wait."""

    def __init__(self, lease: Lease, ways: Ways, end: float) -> None:
        self.lease: Lease | None = lease
        self.last_lease = lease
        self.ways, self.end = ways, end
        self.held: set[str] = set()
        self.after = self.made = 0
        self.left = self.proven = False

    def go(self, pool: ThreadPoolExecutor) -> None:
        while page := self._page():
            self.after = page[-1].sequence
            messages = sendable(messages=page, held=self.held)
            if (messages and not self._send(messages, pool)) or time.monotonic() > self.end:
                self.left = True
                return

    def give_back(self) -> bool:
        """Whether to go again at once."""
        lease = self.lease
        if lease is None:
            logger.warning("lease_lost", webhook=self.last_lease.name)
            return False
        more = in_unit_of_work(lambda: delivering.release(lease=lease, left=self.left))
        return more and not self.left and time.monotonic() < self.end

    def _page(self) -> list[Message]:
        return in_unit_of_work(
            lambda: delivering.pending(
                endpoint=self.last_lease.endpoint, after=self.after, limit=self.ways.page
            )
        )

    def _send(self, messages: Sequence[Message], pool: ThreadPoolExecutor) -> bool:
        """Send these and mark what came of it. Whether to go on."""
        try:
            sending = _Sending(self.last_lease, self.ways)
        except CannotOpen as error:
            self._mark(Verdict([], False, 0, 0.0, "", str(error)[:300]))
            return False
        chains = chained(messages=messages)
        if not self.proven:
            sending.probe(chains)
        if not sending.over():
            sending.all(chains, pool)
        self.made += len(sending.outcomes)
        self.proven = self.proven or any(one.reply.good for one in sending.outcomes)
        through = {one.message.delivery for one in sending.outcomes if one.reply.good}
        for message in messages:
            if message.delivery not in through:
                self.held |= message.subjects
        verdict = judged(
            outcomes=sending.outcomes,
            failures=self.last_lease.failures,
            delivered_at=self.last_lease.delivered_at,
            now=datetime.now(UTC),
            schedule=self.ways.schedule,
        )
        # What waited for one that is given up was passed by, and is to be looked at once more.
        self.left = self.left or any(one.status == "failed" for one in verdict.marked)
        return self._mark(verdict) and not verdict.rest and not sending.over()

    def _mark(self, verdict: Verdict) -> bool:
        lease = self.last_lease
        self.lease = in_unit_of_work(lambda: delivering.mark(lease=lease, verdict=verdict))
        if self.lease is not None:
            self.last_lease = self.lease
        if verdict.disabled_why:
            logger.warning("webhook_disabled", webhook=lease.name, reason=verdict.disabled_why)
        return self.lease is not None and self.lease.enabled


class _Sending:
    """Messages on their way, by many threads. It is over when too many fail in a row, or with its time."""

    def __init__(self, lease: Lease, ways: Ways) -> None:
        sealed = [lease.sealed_secret, lease.sealed_old_secret]
        self.keys = [unseal(one) for one in sealed if one]
        self.lease, self.ways = lease, ways
        self.end = time.monotonic() + ways.page_seconds
        self.guard = threading.Lock()
        self.outcomes: list[Outcome] = []
        self.in_a_row = 0
        self.told_to_stop = False

    def over(self) -> bool:
        return self.told_to_stop or self.in_a_row >= IN_A_ROW or time.monotonic() > self.end

    def probe(self, chains: Sequence[Chain]) -> None:
        """One after the other until one gets through, so that a dead address costs three attempts."""
        for chain in probes(chains=chains):
            if self.over() or self._next(chain):
                return

    def all(self, chains: Iterable[Chain], pool: ThreadPoolExecutor) -> None:
        """The chains side by side, the least tried first: what is refused each time comes last."""
        left = [chain for chain in chains if chain.messages]
        left.sort(key=lambda chain: chain.messages[0].attempts)
        for done in [pool.submit(self._chain, chain) for chain in left]:
            done.result()

    def _chain(self, chain: Chain) -> None:
        while chain.messages and not self.over():
            self._next(chain)

    def _next(self, chain: Chain) -> bool:
        message = chain.next()
        if message is None:
            return False
        reply = self._post(message)
        if not reply.good:
            chain.hold(message)
        with self.guard:
            self.outcomes.append(Outcome(message, reply))
            self.in_a_row = 0 if reply.good else self.in_a_row + 1
            self.told_to_stop = self.told_to_stop or reply.status in (GONE, TOO_MANY)
        return reply.good

    def _post(self, message: Message) -> Reply:
        try:
            body = body_of(message=message, warehouses=self.lease.warehouses)
            headers = headers_of(message=message, body=body, keys=self.keys, at=datetime.now(UTC))
        except (TypeError, ValueError, KeyError) as error:
            return Reply(0, error=f"no message can be made of it: {type(error).__name__}")
        return outgoing.post(
            url=self.lease.url,
            body=body,
            headers=headers,
            allowed=settings.WEBHOOK_ALLOWED_NETWORKS,
            timeout=self.ways.timeout,
        )
