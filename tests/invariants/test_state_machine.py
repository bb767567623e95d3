"""Every service in any order, against a model that says beforehand what each step must do (model.py).

A step that the model expects to succeed must succeed, with that outcome; one that it expects to be refused
must be refused with that code, and change nothing. After each step the engine's tables, its cache and its own
proof are held against the model.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from inventory_site.core.errors import DomainError
from tests.factories import do
from tests.invariants.engine import look
from tests.invariants.model import PICK, QUARANTINE, RECEIVING, Refused
from tests.invariants.shelves import Shelves, codes, letters, quantities
from warehouse.lines import ReservedLine, ReserveLine, ReserveRequest
from warehouse.services.proof import verify_ledger
from warehouse.services.releasing import expire_due, extend, release
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship
from warehouse.services.sourcing import STRATEGIES

orders = st.integers(min_value=0, max_value=4)
few = st.integers(min_value=1, max_value=4)
seldom = st.sampled_from([False, False, False, True])
some = st.fixed_dictionaries({}, optional={"P": quantities, "Q": quantities})
strategies = st.sampled_from(sorted(STRATEGIES))
maybe = st.none() | codes


class Stock(Shelves):
    @rule(
        wanted=some,
        strategy=strategies,
        only=maybe,
        late=st.booleans(),
        partly=st.booleans(),
        expires_in=st.sampled_from([None, 900]),
    )
    def reserve(self, wanted, strategy, only, late, partly, expires_in):
        reference = self.reference("ORDER")
        with self.step():
            there, waiting = self.model.source(
                wanted, strategy=strategy, only=only, late=late, partly=partly
            )
            self.model.promise(reference, there, waiting, only is not None)
        answer = self.attempt(
            reserve,
            reference=reference,
            lines=[ReserveLine(self.sku(letter), n) for letter, n in wanted.items()],
            strategy=strategy,
            warehouse=only,
            backorder=late,
            allow_partial=partly,
            expires_in=expires_in,
        )
        if answer:
            assert (answer.status, answer.created) == ("active", True)
            assert (answer.expires_at is None) == (expires_in is None)
            self._is_promised(answer, reference)

    def _is_promised(self, answer, reference):
        held = self.model.held[reference]
        told = {(x.sku[0], x.warehouse): (x.quantity, x.backordered) for x in answer.lines}
        assert told == {
            place: (held.open[place] + held.waiting[place], held.waiting[place])
            for place in held.open
        }

    @rule(wishes=st.lists(some, min_size=2, max_size=4), strategy=strategies)
    def reserve_batch(self, wishes, strategy):
        """Each by itself, and what one is granted the next cannot have."""
        requests, refusals = [], []
        for wanted in wishes:
            reference = self.reference("BATCH")
            lines = [ReserveLine(self.sku(letter), n) for letter, n in wanted.items()]
            requests.append(ReserveRequest(reference, lines, strategy=strategy))
            with self.step():
                given = {"strategy": strategy, "only": None, "late": False, "partly": False}
                self.model.promise(reference, *self.model.source(wanted, **given), False)
            refusals.append(self.refusal)
        answers = do(reserve_batch, requests=requests)
        assert [getattr(answer, "code", None) for answer in answers] == refusals
        for request, answer in zip(requests, answers, strict=True):
            if not isinstance(answer, DomainError):
                self._is_promised(answer, request.reference)

    def _one(self, n):
        there = list(self.model.promised)
        return there[n % len(there)] if there else None

    def _held(self, reference):
        """A product that it holds, if it still holds any."""
        return next(
            (place[0] for place, units in self.model.held[reference].open.items() if units), "P"
        )

    @rule(n=orders, quantity=few, letter=st.none() | letters, whole=seldom, only=maybe)
    def release(self, n, quantity, letter, whole, only):
        reference = self._one(n)
        if reference is None:
            return
        letter = letter or self._held(reference)
        before = self.released.get(reference, {})
        parts = {}
        with self.step():
            asked = dict(self.model.promised[reference]) if whole else {letter: quantity}
            for one, most in asked.items():
                only = None if whole else only
                parts |= self.model.give_up(reference, one, most, only, waiting=True)
            self.model.close(reference, "released")
        lines = None if whole else [ReservedLine(self.sku(letter), quantity, only)]
        answer = self.attempt(release, reference=reference, lines=lines)
        if answer:
            told = {(x.sku[0], x.warehouse): x.released for x in answer.lines}
            for place in told.keys() | parts.keys():
                assert told.get(place, 0) == before.get(place, 0) + parts.get(place, 0)

    @rule(
        n=orders,
        quantity=few,
        letter=st.none() | letters,
        whole=seldom,
        only=maybe,
        bin=st.sampled_from([None, None, PICK, RECEIVING, QUARANTINE]),
    )
    def ship(self, n, quantity, letter, whole, only, bin):
        reference = self._one(n)
        if reference is None:
            return
        letter = letter or self._held(reference)
        before = self.shipped.get(reference, {})
        parts = {}
        with self.step():
            parts = self._leaving(reference, None if whole else {letter: quantity}, only, bin)
            for place, part in parts.items():
                self.model.take(place, part, None if whole else bin)
            if bin == QUARANTINE and not whole:
                raise Refused("wrong_bin_kind")
            self.model.close(reference, "fulfilled")
        lines = None if whole else [ReservedLine(self.sku(letter), quantity, only, bin)]
        answer = self.attempt(ship, reference=reference, lines=lines)
        if answer:
            told = {(x.sku[0], x.warehouse): x.shipped for x in answer.lines}
            for place in told.keys() | parts.keys():
                assert told.get(place, 0) == before.get(place, 0) + parts.get(place, 0)

    def _leaving(self, reference, asked, only, bin):
        """What leaves, by place: all that is there, or exactly what is asked."""
        held, parts = self.model.held[reference], {}
        if asked is None:
            asked, only = {}, None
            for (letter, _), units in held.open.items():
                asked[letter] = asked.get(letter, 0) + units
            if not any(asked.values()):
                raise Refused("not_reserved")
        for letter, units in asked.items():
            parts |= self.model.give_up(reference, letter, units, only, waiting=False)
        return parts

    @rule(n=orders, seconds=st.integers(60, 9000))
    def extend(self, n, seconds):
        """Counted from now, and never back; not without an expiry, and not once its time is over."""
        reference = self._one(n)
        if reference is None:
            return
        for ends, refusal in ((None, "never_expires"), ("-1 hour", "reservation_closed")):
            self._ends(reference, ends)
            self.refusal = refusal
            self.attempt(extend, reference=reference, expires_in=seconds)
        self._ends(reference, "1 hour")
        self.refusal = None
        answer = self.attempt(extend, reference=reference, expires_in=seconds)
        late = answer.expires_at - datetime.now(UTC) - timedelta(seconds=max(seconds, 3600))
        assert abs(late) < timedelta(seconds=30)
        assert do(expire_due) == []

    @rule(n=orders)
    def expire(self, n):
        reference = self._one(n)
        if reference is not None:
            self._ends(reference, "-1 hour")
            assert do(expire_due) == [reference]
            self.model.promised[reference].clear()
            self.model.close(reference, "expired")

    @staticmethod
    def _ends(reference, ends):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE warehouse_reservation SET expires_at = now() + %s::interval"
                " WHERE reference = %s",
                [ends, reference],
            )

    @rule(n=orders)
    def touch_what_is_closed(self, n):
        if not self.model.closed:
            return
        reference, status = list(self.model.closed.items())[n % len(self.model.closed)]
        self.refusal = "reservation_closed"
        self.attempt(ship, reference=reference)
        self.attempt(extend, reference=reference, expires_in=60)
        self.refusal = None if status == "released" else "reservation_closed"
        answer = self.attempt(release, reference=reference)
        assert answer is None or answer.status == "released"

    # --- What must hold after each step --------------------------------------------------------------------

    @invariant()
    def the_engine_has_what_the_model_has(self):
        assert verify_ledger() == []
        self.shipped, self.released = look(self.example, self.model, self.versions)


@pytest.fixture
def _stock_that_commits(committed_db, valkey):
    """The cache follows what is committed, and the database proves it once more at commit."""


@pytest.mark.usefixtures("_stock_that_commits")
def test_every_service_in_any_order_agrees_with_the_model():
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=int(os.environ.get("STATEFUL_EXAMPLES", "20")),
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
