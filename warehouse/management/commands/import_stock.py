"""manage.py import_stock FILE: take over the stock that a firm counted in a sheet."""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import unit_of_work
from inventory_site.core.errors import DomainError
from warehouse.models import Warehouse
from warehouse.services.importing import (
    ImportResult,
    clean_opening_stock,
    import_opening_stock,
    judge_openings,
    opened_before,
    opening_reference,
)
from warehouse.sheet_records import known_places
from warehouse.sheets.cleaning import CleanResult
from warehouse.sheets.limits import Deadline, Limits, SheetRefused
from warehouse.sheets.places import is_warehouse_code
from warehouse.sheets.reading import Sheet, read_sheet
from warehouse.sheets.remainder import write_remainder
from warehouse.sheets.report import as_data, as_text

ACTOR = Actor(name="import_stock")


class Command(BaseCommand):
    help = (
        "Import an opening stock from a .csv or .xlsx sheet, clean or messy. Rows that need a "
        "decision are listed and left out; what is certain is imported, all of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the sheet, .csv or .xlsx")
        parser.add_argument("--dry-run", action="store_true", help="report, and import nothing")
        parser.add_argument("--json", action="store_true", help="report for a program")
        parser.add_argument("--sheet", help="which sheet of the workbook, where several could be")
        parser.add_argument(
            "--create-warehouses",
            nargs="+",
            default=[],
            metavar="CODE",
            help="codes of warehouses that the sheet names and that do not exist yet",
        )
        parser.add_argument(
            "--remainder",
            type=Path,
            metavar="XLSX",
            help="write the rows that were not imported to this new workbook, to be put right",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report: dict[str, Any] = {"file": str(options["file"]), "dry_run": options["dry_run"]}
        try:
            self._run(options, report)
        except SheetRefused as refused:
            self._fail(options, report, code=refused.code, message=refused.message)
        except DomainError as error:
            self._fail(options, report, code=error.code, message=error.detail, items=error.items)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=1, default=str))

    def _run(self, options: dict[str, Any], report: dict[str, Any]) -> None:
        if options["remainder"]:
            _check_new(options["remainder"])
        fresh = _wanted_warehouses(options["create_warehouses"])
        deadline = Deadline.after(Limits().seconds)
        sheet = read_sheet(path=options["file"], sheet_name=options["sheet"], deadline=deadline)
        result = _clean(sheet=sheet, fresh=fresh, deadline=deadline)
        create = [*fresh, *result.proposed_warehouses]
        report.update(as_data(sheet=sheet, result=result), created_warehouses=create)
        self._say(options, as_text(sheet=sheet, result=result))
        if options["remainder"]:
            self._say(options, _write_rest(options["remainder"], sheet=sheet, result=result))
        if not result.importable:
            raise SheetRefused("nothing_to_import", _("No row can be imported."))
        if options["dry_run"]:
            units = sum(row.on_hand for row in result.importable)
            self._say(
                options,
                f"\nDry run: {len(result.importable):,} rows with {units:,} units would be "
                "imported; none has been.",
            )
            return
        imported = _import(sheet=sheet, result=result, create=create)
        report["imported"] = asdict(imported)
        self._say(options, _told(imported, result=result, create=create))

    def _say(self, options: dict[str, Any], text: str) -> None:
        if not options["json"]:
            self.stdout.write(text)

    def _fail(
        self,
        options: dict[str, Any],
        report: dict[str, Any],
        *,
        code: str,
        message: str,
        items: list[dict[str, Any]] | None = None,
    ) -> None:
        """Nothing was imported: say why, and leave with 1."""
        if options["json"]:
            report["error"] = {"code": code, "message": message, "items": items or []}
            self.stdout.write(json.dumps(report, indent=1, default=str))
        for item in (items or [])[:50]:
            self.stderr.write("  " + ", ".join(f"{key} {value}" for key, value in item.items()))
        raise CommandError(f"{message} Nothing was imported. ({code})", returncode=1)


def _wanted_warehouses(codes: list[str]) -> list[str]:
    for code in codes:
        if not is_warehouse_code(code):
            raise SheetRefused(
                "warehouse_code",
                _('"%(code)s" is no warehouse code such as MAIN or NORTH-2.') % {"code": code},
            )
    known = set(Warehouse.objects.values_list("code", flat=True))
    return [code for code in dict.fromkeys(codes) if code not in known]


def _clean(*, sheet: Sheet, fresh: list[str], deadline: Deadline) -> CleanResult:
    known = known_places(within=None)
    result = clean_opening_stock(
        sheet=sheet,
        warehouses={**known.warehouses, **dict.fromkeys(fresh, "")},
        today=timezone.localdate(),
        deadline=deadline,
    )
    if opened_before(reference=opening_reference(digest=sheet.digest)):
        return result  # its own stock is no fault of the file
    return replace(result, rows=tuple(judge_openings(rows=result.rows, known=known)))


def _check_new(path: Path) -> None:
    """Refuse a remainder that could not be imported again, or that would take another file's place."""
    if path.suffix.lower() != ".xlsx":
        raise SheetRefused(
            "remainder",
            _("%(path)s would be a workbook: give it a name that ends in .xlsx.") % {"path": path},
        )
    if os.path.lexists(path):
        raise SheetRefused(
            "remainder",
            _("%(path)s is there already: name a new file for the rest.") % {"path": path},
        )


def _write_rest(path: Path, *, sheet: Sheet, result: CleanResult) -> str:
    try:
        count = write_remainder(path=path, sheet=sheet, result=result)
    except OSError as problem:
        raise SheetRefused(
            "remainder",
            _("%(path)s cannot be written: %(strerror)s.")
            % {"path": path, "strerror": problem.strerror},
        ) from problem
    return f"\n{count:,} rows to put right are in {path}."


def _import(*, sheet: Sheet, result: CleanResult, create: list[str]) -> ImportResult:
    with unit_of_work():
        return import_opening_stock(
            rows=result.importable,
            reference=opening_reference(digest=sheet.digest),
            actor=ACTOR,
            create_warehouses=create,
        )


def _told(imported: ImportResult, *, result: CleanResult, create: list[str]) -> str:
    if imported.already_imported:
        return "\nThis very file has been imported before. Nothing was changed."
    left = sum(row.values is None and row.outcome.word != "skip" for row in result.rows)
    lines = [
        "",
        f"Imported {len(result.importable):,} rows: {imported.units:,} units of "
        f"{imported.items:,} items (product and warehouse).",
        f"Products: {imported.products_created:,} new, {imported.products_updated:,} completed. "
        f"Bins: {imported.bins_created:,} new.",
    ]
    if create:
        lines.append(f"Warehouses created: {', '.join(create)}.")
    if left:
        lines.append(f"{left:,} rows were not imported; they are listed above.")
    return "\n".join(lines)
