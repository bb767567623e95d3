"""Messy sheets nobody has seen before: every verdict and every value against what was meant."""

from datetime import datetime
from random import Random
from typing import Any

import pytest

from tests.warehouse.sheets.building import KNOWN, sheet_of
from tests.warehouse.sheets.spoiling import as_cells, spoil
from warehouse.sheets.cleaning import CleanedRow, clean


def differs(row: CleanedRow, meant: dict[str, Any]) -> list[str]:
    """The columns in which a row's values are not what was meant."""
    values = row.values
    assert values is not None
    found: dict[str, Any] = {
        **{name: getattr(values, name) for name in meant if hasattr(values, name)},
        "barcode": values.barcodes[0] if values.barcodes else "",
        "unit_cost": float(values.unit_cost or 0),
        "counted_on": values.counted_on
        and datetime.combine(values.counted_on, datetime.min.time()),
    }
    return [name for name in meant if found[name] != meant[name]]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("warehouses", [KNOWN, {}], ids=["known", "proposed"])
def test_a_sheet_spoiled_by_the_dice(seed: int, warehouses: dict[str, str]) -> None:
    spoiled = spoil(Random(seed), products=300, share=0.15)
    sheet = sheet_of([as_cells(row) for row in spoiled.rows])
    result = clean(sheet=sheet, warehouses=warehouses)
    verdicts, wrong = [], []
    for place, row in enumerate(result.rows):
        expected = spoiled.actions.get(place, "clean")
        if row.outcome.word != expected:
            verdicts.append((row.number, row.outcome.word, expected, row.findings))
        if row.values is not None:
            wrong += [(row.number, name) for name in differs(row, spoiled.meant[place])]
    assert wrong == []
    assert verdicts == []
    assert len(result.rows) == len(spoiled.rows)
    assert {"clean", "fix", "ask", "reject"} <= {row.outcome.word for row in result.rows}
