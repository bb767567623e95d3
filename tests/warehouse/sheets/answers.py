"""The answer sheet of the messy workbook, and the comparison with what cleaning decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.sheets.cleaning import CleanedRow, CleanResult
from warehouse.sheets.findings import Outcome
from warehouse.sheets.rows import OpeningStockRow


@dataclass(frozen=True)
class Agreement:
    """How many rows agree, and what is wrong with the others."""

    listed: int
    listed_agree: int
    clean: int
    clean_agree: int
    wrong: tuple[str, ...]
    codes_differ: tuple[str, ...]


def as_answer(row: OpeningStockRow) -> dict[str, Any]:
    """The row in the words of the answer sheet."""
    return {
        "sku": row.sku,
        "name": row.name,
        "warehouse": row.warehouse,
        "bin": row.bin,
        "on_hand": row.on_hand,
        "unit_cost": None if row.unit_cost is None else float(row.unit_cost),
        "barcode": row.barcodes[0] if row.barcodes else "",
        "supplier": row.supplier,
        "lead_time_days": row.lead_time_days,
        "counted_on": row.counted_on.isoformat() if row.counted_on else None,
    }


def compare_with_answers(
    *, result: CleanResult, answers: Mapping[str, Any], clean: Mapping[tuple[str, ...], Any]
) -> Agreement:
    """Hold every row against the answer sheet, and the unlisted ones against the clean sheet.

    The first row of a contradicting pair may be clean or asked about: the answer sheet says so.
    """
    listed = {entry["row"]: entry for entry in answers["rows"]}
    either = {
        issue["of_row"]
        for entry in answers["rows"]
        for issue in entry["issues"]
        if issue["code"] == "duplicate_conflict"
    }
    wrong, codes_differ, agree, clean_agree, clean_rows = [], [], 0, 0, 0
    for row in result.rows:
        entry = listed.pop(row.number, None)
        if entry is not None:
            problem = _listed_problem(row, entry)
            agree += not problem
            codes_differ += _code_problem(row, entry)
        else:
            problem = _clean_problem(row, clean, may_ask=row.number in either)
            clean_rows, clean_agree = clean_rows + 1, clean_agree + (not problem)
        wrong += [problem] if problem else []
    wrong += [f"row {number} is not in the result" for number in listed]
    return Agreement(
        listed=len(answers["rows"]),
        listed_agree=agree,
        clean=clean_rows,
        clean_agree=clean_agree,
        wrong=tuple(wrong),
        codes_differ=tuple(codes_differ),
    )


def _listed_problem(row: CleanedRow, entry: Mapping[str, Any]) -> str:
    if row.outcome.word != entry["action"]:
        return f"row {row.number}: {row.outcome.word}, expected {entry['action']}: {row.findings}"
    if row.values is not None and as_answer(row.values) != entry["expected"]:
        return f"row {row.number}: {as_answer(row.values)}, expected {entry['expected']}"
    return ""


def _code_problem(row: CleanedRow, entry: Mapping[str, Any]) -> list[str]:
    expected = {issue["code"] for issue in entry["issues"]}
    found = {finding.code for finding in row.findings}
    return [] if expected == found else [f"row {row.number}: {found}, expected {expected}"]


def _clean_problem(row: CleanedRow, clean: Mapping[tuple[str, ...], Any], *, may_ask: bool) -> str:
    if may_ask and row.outcome is Outcome.ASK:
        return ""
    if row.outcome is not Outcome.CLEAN or row.values is None:
        return f"row {row.number}: {row.outcome.word}, expected clean: {row.findings}"
    found = as_answer(row.values)
    expected = clean.get((found["sku"], found["warehouse"], found["bin"]))
    return "" if found == expected else f"row {row.number}: {found}, expected {expected}"


def load_answers(folder: Path) -> dict[str, Any]:
    """The answer sheet as it stands in its file."""
    text = (folder / "opening_stock_messy_expected.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
