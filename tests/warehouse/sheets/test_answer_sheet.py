"""The real sheets: every row of the messy one against its answer sheet, the clean ones unchanged."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.warehouse.sheets.answers import as_answer, compare_with_answers, load_answers
from warehouse.sheets.cleaning import clean
from warehouse.sheets.findings import Outcome
from warehouse.sheets.reading import Sheet, read_sheet

KNOWN = {"MAIN": "Main warehouse", "EAST": "East depot"}


@pytest.fixture(scope="module")
def messy(year: Path) -> Sheet:
    """Read once: nothing changes it."""
    return read_sheet(path=year / "opening_stock_messy.xlsx")


@pytest.fixture(scope="module")
def answers(year: Path) -> dict[str, Any]:
    return load_answers(year)


@pytest.mark.parametrize("warehouses", [{}, KNOWN], ids=["none known", "both known"])
def test_every_row_of_the_messy_sheet_agrees_with_its_answer(
    messy: Sheet,
    answers: dict[str, Any],
    clean_answers: dict[tuple[str, ...], Any],
    warehouses: dict[str, str],
) -> None:
    result = clean(sheet=messy, warehouses=warehouses)
    found = compare_with_answers(result=result, answers=answers, clean=clean_answers)
    print(f"{found.listed_agree} of {found.listed} listed rows agree,", end=" ")
    print(f"{found.clean_agree} of {found.clean} clean ones")
    assert (found.wrong, found.codes_differ) == ((), ())
    assert (found.listed_agree, found.clean_agree) == (360, 5178)


def test_findings_hold_what_the_answer_sheet_saw_in_the_cell(
    messy: Sheet, answers: dict[str, Any]
) -> None:
    rows = {row.number: row for row in clean(sheet=messy, warehouses=KNOWN).rows}
    for entry in answers["rows"]:
        for issue in (issue for issue in entry["issues"] if "column" in issue):
            found = {(f.code, f.column): f.raw for f in rows[entry["row"]].findings}
            assert found[issue["code"], issue["column"]] == issue["raw"]


@pytest.mark.parametrize("name", ["opening_stock.csv", "opening_stock.xlsx"])
def test_the_clean_sheet_is_taken_as_it_is(
    year: Path, clean_answers: dict[tuple[str, ...], Any], name: str
) -> None:
    result = clean(sheet=read_sheet(path=year / name), warehouses={})
    assert result.proposed_warehouses == ("EAST", "MAIN")
    assert result.by_outcome() == {Outcome.CLEAN: len(clean_answers)}
    assert [as_answer(row) for row in result.importable] == list(clean_answers.values())


def test_cells_are_read_as_another_library_reads_them(year: Path, messy: Sheet) -> None:
    path = year / "opening_stock_messy.xlsx"
    page = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    filled = 0
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        cells = messy.rows.get(number, [])
        for index, value in enumerate(row):
            ours = cells[index].raw if index < len(cells) else None
            theirs = value.isoformat() if hasattr(value, "isoformat") else value
            assert ours == theirs, (number, index)
            filled += value is not None
    assert filled > 50_000
