"""What is expected of the real sheets."""

import csv
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def clean_answers(year: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """The clean sheet by SKU, warehouse and bin, read with nothing but the csv module."""
    with (year / "opening_stock.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    for row in rows:
        row["on_hand"] = int(row["on_hand"])
        row["unit_cost"] = float(row["unit_cost"])
        row["lead_time_days"] = int(row["lead_time_days"])
    return {(row["sku"], row["warehouse"], row["bin"]): row for row in rows}
