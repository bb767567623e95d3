"""The way of a sheet from upload to result. Each step is one conditional change of its row, so that of two
who take it at once one does, and the other is told."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.roles import Staff
from warehouse.errors import (
    ColumnsMissing,
    ImportMovedOn,
    ImportNotFound,
    NothingToImport,
    RowsAtFault,
)
from warehouse.models import ImportFile, ImportMapping, ImportRun, ImportStatus
from warehouse.services.import_kinds import Checked, importer
from warehouse.sheets.fields import Layout, at_row, best_layout, signature_of, understood
from warehouse.sheets.findings import Outcome
from warehouse.sheets.limits import Deadline, SheetRefused
from warehouse.sheets.reading import Sheet
from warehouse.sheets.remainder import Wrong, mending_titles, wrong_rows
from warehouse.sheets.tables import DEFAULT_LIMITS, Table, digest_of, read_tables

KEPT_PROBLEMS = 1000
KEPT_DAYS = 7
GONE = gettext_lazy("The file was kept for %(days)s days, and is gone. Upload it again.")
OPEN = (ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
STALE = gettext_lazy(
    "Somebody has gone on with this import since the page was opened. Look at it again."
)


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was read: its sheets, the one that fits, and what its columns seem to be."""

    tables: Sequence[Table]
    layout: Layout
    remembered: bool = False

    @property
    def names(self) -> list[str]:
        """Of the sheets among which a person may choose."""
        return [table.name for table in self.tables] if self.tables[0].typed else []


def look_at(*, content: bytes, name: str, kind: str, sheet_name: str | None = None) -> Look:
    """Read a file, and guess its columns, or take those of the last sheet with the same headers.

    Raises SheetRefused.
    """
    sheet = importer(kind=kind).sheet
    tables = read_tables(content=content, name=name)
    named = [x for x in tables if _legal(x.key) == sheet_name] if sheet_name else tables
    if sheet_name and not named:
        raise SheetRefused(
            "no_such_sheet", _('No sheet is named "%(sheet_name)s".') % {"sheet_name": sheet_name}
        )
    layout = best_layout(tables=named, kind=sheet)
    before = ImportMapping.objects.filter(kind=kind, signature=layout.signature).first()
    if before is not None:
        columns = {int(place): field for place, field in before.columns.items()}
        layout = at_row(table=layout.table, row=layout.row, columns=columns)
    return Look(tables=tables, layout=layout, remembered=before is not None)


def look_again(*, run: ImportRun, sheet_name: str) -> Look:
    """As `look_at`, at a file that is kept; columns that were named are as they were named.

    Raises SheetRefused, ImportMovedOn.
    """
    content = content_of(run=run)
    look = look_at(content=content, name=run.file_name, kind=run.kind, sheet_name=sheet_name)
    if sheet_name != run.sheet_key or look.layout.row != run.header_row:
        return look
    columns = {int(place): field for place, field in run.columns.items()}
    layout = at_row(table=look.layout.table, row=run.header_row, columns=columns)
    return Look(tables=look.tables, layout=layout, remembered=look.remembered)


def start(*, form_id: UUID, kind: str, name: str, content: bytes, look: Look, who: Staff) -> int:
    """Keep a file that was read; the number of its import. Sent twice by one form, it is one.

    Raises ImportNotFound where another person's form had that number.
    """
    require_unit_of_work()
    made = ImportRun(
        form_id=form_id,
        kind=kind,
        file_name=_legal(name)[-200:],
        size=len(content),
        sha256=digest_of(content),
        actor=who.name,
        user_id=who.user_id,
        sheet_key=_legal(look.layout.table.key),
        header_row=look.layout.row,
        columns=_kept(look.layout.columns),
    )
    ImportRun.objects.bulk_create([made], ignore_conflicts=True)
    run = ImportRun.objects.get(form_id=form_id)
    if run.user_id != who.user_id:
        raise ImportNotFound(_("This form has been sent by somebody else."))
    ImportFile.objects.bulk_create([ImportFile(run=run, content=content)], ignore_conflicts=True)
    return run.pk


def _kept(columns: Mapping[int, str]) -> dict[str, str]:
    return {str(place): field for place, field in columns.items() if field}


def visible_to(*, who: Staff) -> QuerySet[ImportRun]:
    """Imports that a person may see: who is limited to warehouses, their own alone."""
    return (
        ImportRun.objects.all()
        if who.within is None
        else ImportRun.objects.filter(user=who.user_id)
    )


def find(*, run_id: int, who: Staff) -> ImportRun:
    """Raises ImportNotFound."""
    run = visible_to(who=who).filter(pk=run_id).first()
    if run is None:
        raise ImportNotFound(_("There is no import %(run_id)s.") % {"run_id": run_id})
    return run


def content_of(*, run: ImportRun) -> bytes:
    """The file. Raises ImportMovedOn where it is not kept any more."""
    kept = ImportFile.objects.filter(run=run).values_list("content", flat=True).first()
    if kept is None:
        raise ImportMovedOn(GONE % {"days": KEPT_DAYS})
    return bytes(kept)


def same_before(*, run: ImportRun, who: Staff) -> ImportRun | None:
    """An import of the very same file that went in before, of those that the person may see."""
    found = visible_to(who=who).filter(kind=run.kind, sha256=run.sha256, status=ImportStatus.DONE)
    return found.exclude(pk=run.pk).first()


def name_columns(
    *, run: ImportRun, revision: int, layout: Layout, columns: Mapping[int, str], who: Staff
) -> None:
    """Say which column is what; remembered for the next sheet with the same headers.

    Raises ColumnsMissing naming those that are needed or given twice, ImportMovedOn.
    """
    require_unit_of_work()
    sheet = importer(kind=run.kind).sheet
    given = Counter(field for field in columns.values() if field)
    if unknown := given.keys() - sheet.by_name.keys():
        raise ColumnsMissing(
            _("There is no column %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}
        )
    if twice := [_(sheet.by_name[field].label) for field, count in given.items() if count > 1]:
        raise ColumnsMissing(
            _("Two columns are both the %(twice)s. Leave one out.") % {"twice": ", ".join(twice)}
        )
    if missing := [_(field.label) for field in sheet.missing(columns)]:
        raise ColumnsMissing(
            _("Say which column is the %(missing)s.") % {"missing": ", ".join(missing)}
        )
    _step(
        run, revision, OPEN, status=ImportStatus.UPLOADED, sheet_key=_legal(layout.table.key),
        header_row=layout.row, columns=_kept(columns), ended_at=None,
    )  # fmt: skip
    _remember(run.kind, layout.titles, columns, who)
    # The sheet of rows to mend has other columns, under the same titles.
    titles = {field: layout.titles[place] for place, field in columns.items() if field}
    fields = [field.name for field in sheet.fields if field.name in titles]
    mending = mending_titles(titles=titles, fields=fields)
    _remember(run.kind, mending, dict(enumerate(fields)), who)


def _remember(kind: str, titles: Sequence[str], columns: Mapping[int, str], who: Staff) -> None:
    ImportMapping.objects.update_or_create(
        kind=kind,
        signature=signature_of(titles),
        defaults={"columns": _kept(columns), "actor": who.name, "used_at": Now()},
    )


def _step(run: ImportRun, revision: int, allowed: Sequence[str], **changes: Any) -> None:
    """Take the import a step on, from one of these states. Raises ImportMovedOn."""
    changed = ImportRun.objects.filter(pk=run.pk, revision=revision, status__in=allowed).update(
        revision=F("revision") + 1, touched_at=Now(), **changes
    )
    if not changed:
        raise ImportMovedOn(str(STALE))


def sheet_of_run(*, run: ImportRun) -> Sheet:
    """The sheet under the columns that were named. Raises SheetRefused, ImportMovedOn."""
    content = content_of(run=run)
    columns = {int(place): field for place, field in run.columns.items()}
    tables = read_tables(content=content, name=run.file_name)
    table = next((one for one in tables if _legal(one.key) == run.sheet_key), None)
    if table is None:
        raise SheetRefused(
            "no_such_sheet", _('No sheet is named "%(sheet_key)s".') % {"sheet_key": run.sheet_key}
        )
    layout = at_row(table=table, row=run.header_row, columns=columns)
    return understood(layout=layout, columns=columns, digest=run.sha256)


def examine(
    *, run: ImportRun, who: Staff, today: date, seconds: float = DEFAULT_LIMITS.seconds
) -> Checked:
    """What the import would do as things stand. Writes nothing. Raises SheetRefused, ImportMovedOn."""
    deadline = Deadline.after(seconds)
    return importer(kind=run.kind).check(sheet_of_run(run=run), who, today, deadline)


def keep_check(*, run: ImportRun, revision: int, checked: Checked) -> None:
    """Keep what a check has found, for a person to confirm. Raises ImportMovedOn."""
    require_unit_of_work()
    _step(
        run, revision, OPEN, status=ImportStatus.CHECKED, message="", ended_at=None,
        **found_by(checked=checked),
    )  # fmt: skip
    keep_wrong(run_id=run.pk, checked=checked)


def keep_wrong(*, run_id: int, checked: Checked) -> None:
    """Keep which rows are to be put right, and what is wrong with each, beside the file."""
    require_unit_of_work()
    ImportFile.objects.filter(run_id=run_id).update(wrong=_clean(wrong_rows(checked.rows)))


def wrong_of(*, run: ImportRun) -> Wrong:
    """Rows to put right as of the last check: number, and what is wrong. Raises ImportMovedOn."""
    kept = ImportFile.objects.filter(run=run).values_list("wrong", flat=True).first()
    if kept is None:
        raise ImportMovedOn(GONE % {"days": KEPT_DAYS})
    return [(int(number), str(message)) for number, message in kept]


def found_by(*, checked: Checked) -> dict[str, Any]:
    """What is kept of a check: counts, the first problems in plain words, what would change."""
    outcomes = Counter(row.outcome for row in checked.rows)
    bad = [row for row in checked.rows if row.outcome in (Outcome.ASK, Outcome.REJECT)]
    problems = [
        {"row": row.number, "column": one.column, "message": one.message}
        for row in bad[:KEPT_PROBLEMS]
        for one in row.findings
        if one.outcome in (Outcome.ASK, Outcome.REJECT)
    ]
    fixed = Counter(
        one.code for row in checked.rows if row.outcome is Outcome.FIX for one in row.findings
    )
    report = {
        "problems": problems,
        "plan": dict(checked.plan),
        "changes": [{"row": row, "told": told} for row, told in checked.changes],
        "notes": list(checked.notes),
        "fixed": dict(fixed),
        "warehouses": list(checked.create_warehouses),
        "already": checked.already,
    }
    return {
        "rows": len(checked.rows),
        "good": len(checked.good),
        "bad": len(bad),
        "skipped": outcomes[Outcome.SKIP],
        "report": _clean(report),
    }


def _clean(report: Any) -> Any:
    """Without what PostgreSQL keeps in no text."""
    return json.loads(_legal(json.dumps(report, ensure_ascii=False).replace("\\u0000", "")))


def _legal(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def confirm(*, run: ImportRun, revision: int, leave_bad: bool) -> None:
    """Have it imported by the worker: the good rows, or all or none. Confirmed twice, it is once.

    Raises NothingToImport, RowsAtFault, ImportMovedOn.
    """
    require_unit_of_work()
    if not run.good:
        raise NothingToImport(
            _("No row can be imported. Put the rows right and upload them again.")
        )
    if run.bad and not leave_bad:
        raise RowsAtFault(
            _("Rows are at fault (%(bad)s); all or none was asked for.") % {"bad": f"{run.bad:,}"}
        )
    _step(
        run, revision, (ImportStatus.CHECKED,), status=ImportStatus.QUEUED, leave_bad=leave_bad,
        phase="", done=0, total=run.rows, attempt=0, message="",
    )  # fmt: skip


def cancel(*, run: ImportRun, revision: int) -> None:
    """Give up an import that has not begun. Raises ImportMovedOn."""
    require_unit_of_work()
    allowed = (*OPEN, ImportStatus.QUEUED)
    _step(run, revision, allowed, status=ImportStatus.CANCELLED, ended_at=Now())


def forget_files(*, now: datetime) -> int:
    """Delete files of imports that ended, or were left lying, so long ago; how many."""
    require_unit_of_work()
    old = now - timedelta(days=KEPT_DAYS)
    ImportRun.objects.filter(status__in=OPEN[:2], touched_at__lt=old).update(
        status=ImportStatus.CANCELLED, ended_at=now, revision=F("revision") + 1
    )
    ended = Q(run__ended_at__lt=old) | Q(run__ended_at=None, run__touched_at__lt=old)
    underway = [ImportStatus.QUEUED, ImportStatus.RUNNING]
    deleted, _ = ImportFile.objects.filter(ended).exclude(run__status__in=underway).delete()
    return deleted
