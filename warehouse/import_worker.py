"""What a worker does with an import: read, check, write in one transaction, and tell how far it is.

It tells so in short transactions of its own, beside that of the rows.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import structlog
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inventory_site.core.db import QUERY_CANCELED, in_unit_of_work, sqlstate, unit_of_work
from inventory_site.core.errors import Busy, DatabaseUnavailable, DomainError
from warehouse.errors import ImportMovedOn, NothingToImport, RowsAtFault, RowsChanged
from warehouse.models import ImportRun
from warehouse.services.import_claims import (
    Claim,
    claim,
    fail,
    finish,
    note,
    person_of,
    put_back,
)
from warehouse.services.import_kinds import Checked, importer
from warehouse.services.import_runs import examine, found_by, keep_wrong
from warehouse.sheets.limits import SheetRefused

logger = structlog.get_logger(__name__)

PULSE_SECONDS = 10
CHECK_SECONDS = 120  # nobody waits for the answer, and what a page has checked must not fail here
TRIES = 3  # of a check and a write, when somebody changes what was checked in between
# Kept with the import; its page translates them.
TOO_LONG = gettext_noop(
    "The database took too long over this sheet. Nothing was written. Split the sheet."
)
FAULT = gettext_noop(
    "A fault of the program stopped this import. Nothing was written. Tell whoever runs Holdfast."
)


def carry_out(*, run_id: int) -> str:
    """Import what waits under this number; the status it has then, or "" where it does not wait."""
    mine = in_unit_of_work(lambda: claim(run_id=run_id))
    if mine is None:
        return ""
    try:
        with _pulse(mine):
            _work(mine)
        return "done"
    except ImportMovedOn:
        return ""
    except (Busy, DatabaseUnavailable) as error:
        logger.warning("import_waits", run=run_id, cause=repr(error.__cause__))
        if error.__cause__ is not None and sqlstate(error.__cause__) == QUERY_CANCELED:
            return _failed(mine, TOO_LONG)
        with suppress(ImportMovedOn):
            in_unit_of_work(lambda: put_back(mine=mine))
        return "queued"
    except (SheetRefused, DomainError) as error:
        return _failed(mine, str(error))
    except Exception:
        _failed(mine, FAULT)
        raise


def _failed(mine: Claim, message: str) -> str:
    with suppress(ImportMovedOn):
        in_unit_of_work(lambda: fail(mine=mine, message=message))
    return "failed"


def _work(mine: Claim) -> None:
    for _again in range(TRIES - 1):
        try:
            return _check_and_write(mine)
        except (RowsChanged, IntegrityError):  # looked at again, as things stand now
            continue
    return _check_and_write(mine)


def _check_and_write(mine: Claim) -> None:
    run = ImportRun.objects.get(pk=mine.run_id)
    who = person_of(run=run)
    in_unit_of_work(partial(note, mine=mine, phase="checking", total=run.total))
    checked = examine(run=run, who=who, today=timezone.localdate(), seconds=CHECK_SECONDS)
    found = found_by(checked=checked)
    left = found["rows"] - found["good"]
    _judge(run, checked, found["bad"])
    in_unit_of_work(partial(note, mine=mine, phase="writing", total=found["rows"], done=left))
    with unit_of_work():
        result = importer(kind=run.kind).write(checked, who)
        keep_wrong(run_id=run.pk, checked=checked)
        finish(mine=mine, written=len(checked.good), result=result, found=found)
    logger.info("imported", run=run.pk, kind=run.kind, rows=len(checked.good), bad=found["bad"])


def _judge(run: ImportRun, checked: Checked, bad: int) -> None:
    """What was confirmed must still hold."""
    if bad and not run.leave_bad:
        raise RowsAtFault(
            _("By now rows are at fault (%(bad)s); all or none was asked for. Check again.")
            % {"bad": f"{bad:,}"}
        )
    if not checked.good and not checked.already:
        raise NothingToImport(_("No row can be imported any more. Check the sheet again."))


@contextmanager
def _pulse(mine: Claim) -> Iterator[None]:
    """Signs of life while the work goes on, on a connection of their own."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(mine, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(mine: Claim, ended: threading.Event) -> None:
    try:
        while not ended.wait(PULSE_SECONDS):
            with suppress(DomainError):
                in_unit_of_work(lambda: note(mine=mine))
    finally:
        connection.close()
