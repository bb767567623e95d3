"""What became of a sheet, for a person to read and for a program to parse."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from warehouse.sheets.cleaning import CleanedRow, CleanResult
from warehouse.sheets.columns import TITLES
from warehouse.sheets.findings import CODES, Finding, Outcome
from warehouse.sheets.reading import Sheet

MOST_LINES = 40  # of one kind; the rest are named by their row numbers alone
MEANINGS = {
    Outcome.CLEAN: "taken as they are",
    Outcome.FIX: "taken after a repair that needs no decision",
    Outcome.ASK: "for a person to decide, not imported",
    Outcome.REJECT: "cannot be imported as they are",
    Outcome.SKIP: "no stock, or an exact copy; left out",
}


def as_text(*, sheet: Sheet, result: CleanResult) -> str:
    """The report in plain words: counts, what was repaired, what a person must decide."""
    return "\n".join(_lines(sheet, result))


def _lines(sheet: Sheet, result: CleanResult) -> Iterator[str]:
    yield f'Sheet "{sheet.name}", header in row {sheet.header.row}:'
    for field, column in sheet.header.columns.items():
        yield f'  {TITLES[field]:<22} "{column.title}"'
    yield from result.notes
    yield ""
    yield f"{len(result.rows):,} rows"
    counts = result.by_outcome()
    for outcome, meaning in MEANINGS.items():
        yield f"  {counts.get(outcome, 0):>7,}  {outcome.word:<7} {meaning}"
    for outcome, title in (
        (Outcome.FIX, "Repaired"),
        (Outcome.SKIP, "Left out"),
    ):
        yield from _counted(title, result, outcome)
    yield from _listed("For a person to decide", result, Outcome.ASK)
    yield from _listed("Rejected", result, Outcome.REJECT)


def _counted(title: str, result: CleanResult, outcome: Outcome) -> Iterator[str]:
    groups = _by_code(result, outcome)
    if groups:
        yield f"\n{title}:"
    for code, found in sorted(groups.items()):
        yield f"  {len(found):>7,}  {code}: {CODES[code]}"


def _listed(title: str, result: CleanResult, outcome: Outcome) -> Iterator[str]:
    groups = _by_code(result, outcome)
    if groups:
        yield f"\n{title}:"
    for code, found in sorted(groups.items()):
        yield f"  {code}: {CODES[code]} ({len(found):,})"
        for row, finding in found[:MOST_LINES]:
            yield f"    row {row.number}: {_one_line(finding.message)}"
        if len(found) > MOST_LINES:
            rest = ", ".join(str(row.number) for row, _ in found[MOST_LINES:])
            yield f"    and the rows {rest}"


def _by_code(result: CleanResult, outcome: Outcome) -> dict[str, list[tuple[CleanedRow, Finding]]]:
    """The findings that decided each row of this outcome."""
    groups: dict[str, list[tuple[CleanedRow, Finding]]] = defaultdict(list)
    for row in result.rows:
        if row.outcome is outcome:
            for finding in row.findings:
                if finding.outcome is outcome:
                    groups[finding.code].append((row, finding))
    return groups


def _one_line(text: str) -> str:
    """What a cell holds must not draw on the terminal that shows it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def as_data(*, sheet: Sheet, result: CleanResult) -> dict[str, Any]:
    """The same for a program: every row with its number, values and findings."""
    return {
        "sheet": sheet.name,
        "sha256": sheet.digest,
        "header_row": sheet.header.row,
        "columns": {field: column.title for field, column in sheet.header.columns.items()},
        "columns_not_read": list(sheet.header.unused),
        "notes": list(result.notes),
        "proposed_warehouses": list(result.proposed_warehouses),
        "counts": {outcome.word: result.by_outcome().get(outcome, 0) for outcome in MEANINGS},
        "codes": dict(sorted(result.by_code().items())),
        "rows": [_row_data(row) for row in result.rows],
    }


def _row_data(row: CleanedRow) -> dict[str, Any]:
    values = row.values
    return {
        "row": row.number,
        "outcome": row.outcome.word,
        "values": None
        if values is None
        else {
            "sku": values.sku,
            "name": values.name,
            "warehouse": values.warehouse,
            "bin": values.bin,
            "on_hand": values.on_hand,
            "unit_cost": None if values.unit_cost is None else str(values.unit_cost),
            "barcodes": list(values.barcodes),
            "supplier": values.supplier,
            "lead_time_days": values.lead_time_days,
            "counted_on": values.counted_on.isoformat() if values.counted_on else None,
        },
        "findings": [
            {
                "code": finding.code,
                "outcome": finding.outcome.word,
                "column": finding.column or None,
                "raw": finding.raw,
                "message": finding.message,
                "of_row": finding.of_row,
            }
            for finding in row.findings
        ],
    }
