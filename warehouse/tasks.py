"""What beat runs. Each may run twice or at the same time as itself without harm."""

from dataclasses import asdict

import structlog
from celery import shared_task
from django.db import Error as DatabaseError
from django.utils import timezone

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import Busy, DatabaseUnavailable, DomainError
from warehouse.import_queue import send
from warehouse.import_worker import carry_out
from warehouse.services import (
    advising,
    classifying,
    import_claims,
    import_runs,
    levels,
    proof,
    releasing,
    replenishment,
    watching,
)

logger = structlog.get_logger(__name__)

BATCH = 200
AGAIN_SECONDS = 3


@shared_task
def expire_reservations() -> int:
    """Give back every reservation that has run out; returns how many.

    One that cannot be given back, since somebody holds it locked or its books do not add up, does not stop
    the others: it is left to the next sweep, and an alert tells of what stays (services/watching.py).
    """
    expired = 0
    left: set[str] = set()
    while due := [x for x in releasing.due(limit=BATCH + len(left)) if x not in left]:
        try:
            expired += len(_expire(due))
        except DatabaseUnavailable:
            raise
        except (DomainError, DatabaseError):
            for reference in due:
                if _expired_alone(reference):
                    expired += 1
                else:
                    left.add(reference)
    if expired or left:
        logger.info("reservations_expired", expired=expired, left=sorted(left))
    return expired


def _expired_alone(reference: str) -> bool:
    """Whether it is over; what keeps it, other than somebody's lock, is told in the log."""
    try:
        _expire([reference])
    except DatabaseUnavailable:
        raise
    except Busy:
        return False
    except (DomainError, DatabaseError):
        logger.exception("reservation_does_not_expire", reference=reference)
        return False
    return True


def _expire(references: list[str]) -> list[str]:
    return in_unit_of_work(lambda: releasing.expire_due(references=references))


@shared_task
def check_reorder_points() -> None:
    """Repeat for all items what each change of stock does for its own."""
    opened, closed = in_unit_of_work(replenishment.check_all)
    if opened or closed:
        logger.info("reorder_points_checked", opened=opened, closed=closed)


@shared_task
def refresh_level_cache() -> int:
    """Bring the cache up to the change feed; returns how many products it had wrong."""
    return levels.sweep()


@shared_task
def verify_ledger_nightly() -> int:
    """Prove the books; returns how many rows drifted, each of them logged."""
    drifts, took = proof.timed_proof()
    in_unit_of_work(lambda: watching.tell_of_drifts(drifts=drifts, took_ms=took))
    for drift in drifts:
        logger.error("ledger_drift", invariant=drift.invariant, subject=drift.subject)
    return len(drifts)


@shared_task
def classify_items_nightly() -> dict[str, int]:
    """Give every item its classes by value and by evenness of demand; returns how many have each."""
    classes = in_unit_of_work(lambda: classifying.classify(now=timezone.now()))
    logger.info("items_classified", **classes)
    return classes


@shared_task
def advise_reorder_nightly() -> dict[str, int]:
    """Advise reorder settings where an item's history calls for others; a person decides."""
    review = asdict(in_unit_of_work(lambda: advising.advise(now=timezone.now())))
    logger.info("reorder_advised", **review)
    return review


@shared_task
def tell_of_dead_stock_nightly() -> None:
    """Alert what lies unsold, warehouse by warehouse."""
    in_unit_of_work(lambda: watching.tell_of_dead_stock(now=timezone.now()))


@shared_task
def run_import(run_id: int) -> str:
    """Import a sheet that a person has confirmed; what became of it. Sent twice, it is imported once."""
    status = carry_out(run_id=run_id)
    if status == "queued":  # another import is being written
        send(run_id=run_id, after=AGAIN_SECONDS)
    return status


@shared_task
def sweep_imports() -> int:
    """Send again what was lost on its way to a worker, or with one; returns how many."""
    again = in_unit_of_work(lambda: import_claims.take_from_the_dead(now=timezone.now()))
    for run_id in again:
        send(run_id=run_id)
    if again:
        logger.info("imports_sent_again", runs=again)
    return len(again)


@shared_task
def forget_import_files() -> int:
    """Delete files of imports that ended a week ago; returns how many."""
    return in_unit_of_work(lambda: import_runs.forget_files(now=timezone.now()))
