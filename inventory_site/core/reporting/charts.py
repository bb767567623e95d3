"""Charts without a script: bars of HTML, columns of SVG, a matrix as the table that it is.

They take their colours from the page, so that they are right in light and dark, on paper and in a mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inventory_site.core.reporting.definition import Chart, Kind, Shape
from inventory_site.core.reporting.wording import told

WIDTH, HEIGHT = 720, 180  # of the columns, in the units of their picture
MOST_LABELS, LABEL = 8, 70  # how many, and how wide one is


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar or column. Its place and size: per cent of the longest for bars, units of the picture else."""

    label: str
    words: str
    size: float
    x: float = 0
    y: float = 0
    width: float = 0
    named: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    words: str
    more: str
    strength: float  # per cent of the largest


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as a template draws it."""

    title: str
    shape: str
    marks: Sequence[Mark] = ()
    top: str = ""
    heads: Sequence[str] = ()
    lines: Sequence[tuple[str, Sequence[Cell]]] = ()


def draw(
    *, chart: Chart | None, rows: Sequence[Sequence[Any]], steps: Sequence[str]
) -> Drawing | None:
    """The chart of these rows; None where there is nothing to be seen. Columns have a place for each of the
    steps, also for one in which nothing was."""
    if chart is None or not rows:
        return None
    if chart.shape is Shape.MATRIX:
        return _matrix(str(chart.title), chart.kind, rows)
    largest = max((abs(Decimal(value or 0)) for _, value in rows), default=Decimal(0))
    if not largest:
        return None
    if chart.shape is Shape.BARS:
        return Drawing(str(chart.title), "bars", [_bar(row, chart.kind, largest) for row in rows])
    return _columns(
        str(chart.title), chart.kind, {str(row[0]): row[1] for row in rows}, steps, largest
    )


def _bar(row: Sequence[Any], kind: Kind, largest: Decimal) -> Mark:
    label, value = row
    share = max(Decimal(value or 0), Decimal(0)) / largest
    return Mark(str(label), told(value, kind), float(100 * share))


def _columns(
    title: str, kind: Kind, values: dict[str, Any], steps: Sequence[str], largest: Decimal
) -> Drawing:
    step = WIDTH / max(len(steps), 1)
    every = -(-len(steps) // MOST_LABELS)
    marks = []
    for n, label in enumerate(steps):
        size = float(max(Decimal(values.get(label) or 0), Decimal(0)) / largest) * HEIGHT
        marks.append(
            Mark(
                label,
                told(values.get(label), kind),
                size,
                x=n * step + step * 0.1,
                y=HEIGHT - size,
                width=step * 0.8,
                named=n % every == 0 and n * step <= WIDTH - LABEL,
            )
        )
    return Drawing(title, "columns", marks, top=told(largest, kind))


def _matrix(title: str, kind: Kind, rows: Sequence[Sequence[Any]]) -> Drawing:
    """Rows: name of the line, of the column, value, and more words."""
    found = {(line, column): (Decimal(value or 0), words) for line, column, value, words in rows}
    lines = sorted({line for line, _ in found})
    heads = sorted({column for _, column in found})
    largest = max((value for value, _ in found.values()), default=Decimal(0)) or Decimal(1)

    def cell(line: str, column: str) -> Cell:
        value, words = found.get((line, column), (Decimal(0), ""))
        return Cell(told(value, kind), words, float(max(value, Decimal(0)) / largest * 100))

    return Drawing(
        title,
        "matrix",
        heads=heads,
        lines=[(line, [cell(line, column) for column in heads]) for line in lines],
    )
