"""Charts of the back office: what Unfold's own script draws, in colours that are read in light and dark."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TICKS = "#8a94a6"  # read on white and on black
GRID = "rgba(138, 148, 166, .25)"
COLOURS = ("#0d9488", "#f59e0b", "#6366f1", "#e11d48")


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars. Values in the order of the chart's labels; None where there is none."""

    label: str
    values: Sequence[float | int | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template needs to have it drawn, and the words for whoever does not see it."""

    type: str
    data: str
    options: str
    words: str
    height: int = 240


def chart(
    *,
    type: str,
    labels: Sequence[str],
    series: Sequence[Series],
    words: str,
    stacked: bool = False,
    height: int = 240,
) -> Chart:
    """A line or bar chart. `words` say in a sentence what is to be seen."""
    sets = [
        {
            "label": one.label,
            "data": list(one.values),
            "borderColor": colour,
            "backgroundColor": colour,
            "borderRadius": 3,
            "borderWidth": 2 if type == "line" else 0,
            "maxBarThickness": 28,
            "pointRadius": 0,
            "tension": 0.2,
            "displayYAxis": True,
        }
        for one, colour in zip(series, COLOURS, strict=False)
    ]
    return Chart(
        type=type,
        data=json.dumps({"labels": list(labels), "datasets": sets}),
        options=json.dumps(_options(stacked=stacked, legend=len(series) > 1)),
        words=words,
        height=height,
    )


def _options(*, stacked: bool, legend: bool) -> dict[str, Any]:
    ticks = {"color": TICKS, "display": True}
    return {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "interaction": {"mode": "index", "intersect": False},
        "plugins": {
            "legend": {
                "display": legend,
                "align": "end",
                "labels": {"color": TICKS, "boxWidth": 10},
            },
            "tooltip": {"enabled": True},
        },
        "scales": {
            "x": {
                "stacked": stacked,
                "border": {"display": False},
                "grid": {"display": False},
                "ticks": {**ticks, "maxRotation": 0, "autoSkip": True, "maxTicksLimit": 10},
            },
            "y": {
                "stacked": stacked,
                "beginAtZero": True,
                "border": {"display": False},
                "grid": {"color": GRID},
                "ticks": {**ticks, "precision": 0, "maxTicksLimit": 6},
            },
        },
    }
