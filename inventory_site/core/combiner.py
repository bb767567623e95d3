"""Combine requests that arrive at the same time in one process into one transaction.

The first thread that finds nobody working leads: it takes what has queued up (itself first), runs it
as one batch and hands each caller its own answer. Idle, it adds no wait: a lone request is a batch of
one. The database's row locks stay the only guard of stock; this saves round trips and commits.
A batch that fails as a whole sends each caller to run its own job in its own thread, so that one job's
failure, or one row that is locked for long, never becomes another caller's. `run` is to give up a batch of
several soon, since everybody in it waits.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")


class _Seat(Generic[Job, Answer]):
    """One caller's place in the queue: its job, and later its answer or its error."""

    __slots__ = ("answer", "error", "job", "ready")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ready = threading.Lock()
        self.ready.acquire()
        self.answer: Answer | None = None
        self.error: BaseException | None = None

    def hand_over(self, answer: "Answer | BaseException") -> None:
        if isinstance(answer, BaseException):
            self.error = answer
        else:
            self.answer = answer
        self.ready.release()


class Combiner(Generic[Job, Answer]):
    """`run` takes jobs and returns, in their order, each one's answer or its own exception.

    A caller that is gone has its job done all the same, whole, as any request is.
    """

    def __init__(
        self, *, run: Callable[[Sequence[Job]], Sequence[Answer | Exception]], most: int = 64
    ) -> None:
        self._run = run
        self._most = most
        self._queue: deque[_Seat[Job, Answer]] = deque()
        self._guard = threading.Lock()
        self._led = False

    def submit(self, job: Job) -> Answer:
        """Run `job`, alone or with others, and return its answer. Raises its own error."""
        seat: _Seat[Job, Answer] = _Seat(job)
        with self._guard:
            self._queue.append(seat)
            leads = not self._led
            self._led = True
        if leads:
            self._lead(seat)
        seat.ready.acquire()
        if seat.error is _PASS_ON:
            seat.error = None
            self._lead(seat)
            seat.ready.acquire()
        if seat.error is _ALONE:
            return self._run_alone(job)
        if seat.error is not None:
            raise seat.error
        return seat.answer  # type: ignore[return-value]

    def _lead(self, own: _Seat[Job, Answer]) -> None:
        """Run the one batch that holds our own job, then pass the lead to the next in the queue."""
        with self._guard:
            batch = [own]
            if own in self._queue:
                self._queue.remove(own)
            while self._queue and len(batch) < self._most:
                batch.append(self._queue.popleft())
        try:
            self._answer(batch)
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._guard:
            successor = self._queue.popleft() if self._queue else None
            self._led = successor is not None
        if successor is not None:
            successor.hand_over(_PASS_ON)

    def _answer(self, batch: Sequence[_Seat[Job, Answer]]) -> None:
        try:
            answers: Sequence[Answer | BaseException] = self._run([seat.job for seat in batch])
        except BaseException as error:
            for seat in batch:
                seat.hand_over(error if len(batch) == 1 else _ALONE)
            return
        for seat, answer in zip(batch, answers, strict=True):
            seat.hand_over(answer)

    def _run_alone(self, job: Job) -> Answer:
        (answer,) = self._run([job])
        if isinstance(answer, Exception):
            raise answer
        return answer


_PASS_ON = RuntimeError("you lead now")  # marks, never raised
_ALONE = RuntimeError("run your own job")
