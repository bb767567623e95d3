"""Sheets made in memory, from plain values as a workbook would hold them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from warehouse.sheets.cells import EMPTY, Cell, Kind, text_cell
from warehouse.sheets.cleaning import CleanedRow, CleanResult, clean
from warehouse.sheets.columns import find_header
from warehouse.sheets.reading import Sheet

TITLES = (
    "Item code", "Description", "Whse", "Location", "Qty on hand",
    "Cost (GBP)", "EAN", "Supplier", "Lead time (days)", "Last counted",
)  # fmt: skip
KNOWN = {"MAIN": "", "EAST": ""}


def cell(value: object, **more: Any) -> Cell:
    """The cell that a workbook has for the value."""
    if value is None:
        return EMPTY
    if isinstance(value, Cell):
        return value
    if isinstance(value, bool):
        return Cell(kind=Kind.BOOL, text=str(value).upper(), **more)
    if isinstance(value, int | float | Decimal):
        return Cell(kind=Kind.NUMBER, text=str(value), number=Decimal(str(value)), **more)
    if isinstance(value, date):
        return Cell(kind=Kind.DATE, text="40511", day=value, **more)
    return text_cell(str(value))


def sheet_of(
    rows: Sequence[Sequence[object]],
    *,
    titles: Sequence[str] = TITLES,
    typed: bool = True,
    date1904: bool = False,
) -> Sheet:
    """A sheet with the header in row 1 and the rows from 2 on."""
    grid = {1: [cell(title) for title in titles]}
    grid.update({n: [cell(v) for v in row] for n, row in enumerate(rows, start=2)})
    return Sheet(
        name="made",
        header=find_header(grid),
        rows=grid,
        typed=typed,
        date1904=date1904,
        digest="0" * 64,
    )


def good_row(**changes: object) -> list[object]:
    """A row without fault, but for the changes; keys are the fields of a row."""
    values: dict[str, object] = {
        "sku": "85123A",
        "name": "WHITE HANGING HEART T-LIGHT HOLDER",
        "warehouse": "MAIN",
        "bin": "A-03-12",
        "on_hand": 54,
        "unit_cost": 2.55,
        "barcode": "2921162373642",
        "supplier": "ALDER",
        "lead_time_days": 14,
        "counted_on": datetime(2010, 11, 29),
    }
    assert set(changes) <= set(values)
    return list({**values, **changes}.values())


def cleaned(*rows: Sequence[object], **more: Any) -> CleanResult:
    """The rows cleaned, with MAIN and EAST known."""
    options: Mapping[str, Any] = {"warehouses": KNOWN, **more}
    return clean(sheet=sheet_of(rows), **options)


def only(**changes: object) -> CleanedRow:
    """One good row with changes, cleaned beside nothing else."""
    return cleaned(good_row(**changes)).rows[0]


def codes(row: CleanedRow) -> set[str]:
    """The codes of the findings about a row."""
    return {finding.code for finding in row.findings}
