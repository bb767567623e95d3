"""The answer to a report: a page of it with its figures and its chart, or all of it, row by row.

A page is one statement, whatever the report: what is counted above the table is what stands in it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from inventory_site.core.reporting.definition import Column, Given, Kind, Report
from inventory_site.core.sql import rows_planned

AT_ONCE = 2000  # rows that an export fetches in one go


@dataclass(frozen=True, slots=True)
class Answer:
    """One page: rows by column, how many there are in all, figures in order, and rows of the chart."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    figures: Sequence[Any]
    chart: Sequence[Sequence[Any]]


def answer(*, report: Report, given: Given, limit: int, skip: int = 0, sort: str = "") -> Answer:
    """So many rows after those skipped, with what is said of all. `sort`: a column's key, `-` before it
    for the largest first; another one is as good as none. One statement."""
    params = {**_params(report, given), "limit": limit, "skip": skip}
    ((told, figures, chart),) = rows_planned(_page_sql(report, _order(report, sort)), params)
    numbers = list(_read(figures)[0].values())
    return Answer(
        rows=[_typed(report.columns, row) for row in _read(told)],
        total=numbers[0],
        figures=numbers[1:],
        chart=[list(row.values()) for row in _read(chart)],
    )


def stream(*, report: Report, given: Given, sort: str = "") -> Iterator[list[Sequence[Any]]]:
    """All rows, in the order of the columns, some thousand at a time. Opens a transaction of its own for the
    cursor, so that memory stays as small as one portion however long the report is."""
    columns = ", ".join(f'"{one.key}"' for one in report.columns)
    order = _order(report, sort)
    sql = (
        f"WITH found AS ({report.found}) SELECT {columns} FROM ({_shown(report, 'found', order)}) s"
    )
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, _params(report, given))
        while portion := cursor.fetchmany(AT_ONCE):
            yield portion


def count_of(*, report: Report, given: Given) -> int:
    """How many rows there are. One statement."""
    sql = f"WITH found AS ({report.found}) SELECT count(*) FROM found"
    return int(rows_planned(sql, _params(report, given))[0][0])


def _params(report: Report, given: Given) -> dict[str, Any]:
    return {**given.params(), **report.prepare(given)}


def _page_sql(report: Report, order: str) -> str:
    figures = "".join(f", {one.sql} AS f{n}" for n, one in enumerate(report.figures))
    chart = report.chart.sql if report.chart else "SELECT 1 WHERE false"
    return f"""
        WITH found AS MATERIALIZED ({report.found}),
             page AS MATERIALIZED (SELECT r.* FROM found r ORDER BY {order}
                                    LIMIT %(limit)s OFFSET %(skip)s)
        SELECT (SELECT json_agg(s) FROM ({_shown(report, "page", order)}) s)::text,
               (SELECT json_agg(t) FROM (SELECT count(*) AS n{figures} FROM found r) t)::text,
               (SELECT json_agg(c) FROM ({chart}) c)::text
    """


def _shown(report: Report, rows: str, order: str) -> str:
    more = f", {report.more}" if report.more else ""
    return f"SELECT r.*{more} FROM {rows} r {report.joins} ORDER BY {order}"


def _order(report: Report, sort: str) -> str:
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if any(one.key == key and one.sorts for one in report.columns):
        return f'r."{key}" {"DESC" if down else "ASC"} NULLS LAST, {report.order}'
    return report.order


def _read(told: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told, parse_float=Decimal) if told else []
    return found


def _typed(columns: Sequence[Column], row: dict[str, Any]) -> dict[str, Any]:
    """Days and moments as such: JSON has only words for them."""
    for one in columns:
        value = row.get(one.key)
        if value is not None and one.kind is Kind.DAY:
            row[one.key] = date.fromisoformat(value[:10])
        elif value is not None and one.kind is Kind.MOMENT:
            row[one.key] = datetime.fromisoformat(value)
    return row
