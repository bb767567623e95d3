"""Transactions: who opens one, who requires one, and what a failing one means.

An interface (view, task, command, admin action) opens ONE durable transaction with `unit_of_work()`
or `in_unit_of_work()`; services refuse to run outside of one and never open their own.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils.translation import gettext, gettext_noop

from inventory_site.core.errors import Busy, DatabaseUnavailable, DomainError, OutsideUnitOfWork

T = TypeVar("T")

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
SERIALIZATION_FAILURE = "40001"
QUERY_CANCELED = "57014"

RACES = 4  # how many times a unit of work is tried before its caller is told to send it again
LET_PASS_SECONDS = 0.02  # at most, between two tries, so that those who met do not meet again


class Raced(Busy):
    """The transaction lost a race and left nothing behind; running it again will do."""

    code = "raced"
    title = gettext_noop("Lost a race, try again")


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Open the one durable transaction of a request.

    Raises `Busy` when a row stays locked beyond the lock timeout, `Raced` on deadlock or
    serialization failure, and `DatabaseUnavailable` when the connection is lost. A `DomainError`
    whose `keeps_record` is set is raised only after the transaction has been committed.
    """
    kept: DomainError | None = None
    try:
        with transaction.atomic(durable=True):
            try:
                yield
            except DomainError as error:
                if not error.keeps_record:
                    raise
                kept = error
    except DatabaseError as error:
        told = meaning(error)
        if told is None:
            raise
        raise told from error
    if kept is not None:
        raise kept


def in_unit_of_work(work: Callable[[], T]) -> T:
    """Run `work` in a unit of work, and a few times more while it loses races. Raises the last `Raced`."""
    for _race in range(RACES - 1):
        try:
            with unit_of_work():
                return work()
        except Raced:
            time.sleep(random.uniform(0, LET_PASS_SECONDS))
    with unit_of_work():
        return work()


def require_unit_of_work() -> None:
    """Raise `OutsideUnitOfWork` unless a transaction is open on the default connection."""
    if not connection.in_atomic_block:
        raise OutsideUnitOfWork("Open unit_of_work() around the call of a service.")


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five-character code of a database error, None when there was no answer."""
    return getattr(error.__cause__, "sqlstate", None)


def meaning(error: BaseException) -> DomainError | None:
    """What a database error says to whoever sent the request: Busy, Raced, DatabaseUnavailable.

    None where it is a defect of ours, or no error of the database at all.
    """
    if not isinstance(error, DatabaseError):
        return None
    state = sqlstate(error)
    if state in (LOCK_NOT_AVAILABLE, QUERY_CANCELED):
        return Busy()
    if state in (DEADLOCK_DETECTED, SERIALIZATION_FAILURE):
        return Raced(
            gettext("Two changes met; this one was taken back whole and can be sent again.")
        )
    if connection_lost(error):
        return DatabaseUnavailable()
    return None


def connection_lost(error: BaseException) -> bool:
    """Whether the server went away (SQLSTATE class 08, 57P0x, or no answer at all)."""
    from django.db import InterfaceError, OperationalError

    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = sqlstate(error)
    return state is None or state.startswith(("08", "57P", "53"))


def one_at_a_time(what: str) -> None:
    """Wait until nobody else is at `what`, and keep it to oneself until the unit of work ends."""
    require_unit_of_work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
