"""The few database idioms that the hot paths share: prepared statements, `= ANY(array)`, compiled locks."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Lookup, QuerySet


@Field.register_lookup
class AnyOf(Lookup):
    """`column = ANY(array)`: one parameter however many values, so the statement stays prepared.

    Measured half the cost of Django's `IN (…, …)` for lists of differing length.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (list(value),)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_params, *right_params)


def prepared_cursor() -> CursorWrapper:
    """A cursor that binds on the server, so that psycopg prepares statements it sees often.

    It goes through Django's wrappers: queries are counted, logged and measured as any other.
    """
    _ensure_healthy()
    raw: Any = psycopg.Cursor(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(raw)
    return connection.make_cursor(raw)


def _ensure_healthy() -> None:
    """As Django does for each cursor: once per request, and never inside a transaction, look whether the
    connection still lives, and make a new one if not."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()


def rows(sql: str, params: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement on a prepared cursor and return all of its rows."""
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def rows_planned(sql: str, params: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement, planned for the values it carries; its rows.

    For what reads much and is sent seldom: prepared statements are planned for any values (settings.py),
    which for a stretch of time or a list of warehouses is several times slower.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def rows_together(*statements: tuple[str, Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
    """Run statements one after the other in one round trip, a pending BEGIN among them; their rows.

    Each sees what the one before it locked or changed, as if they had been sent one by one.
    """
    _ensure_healthy()
    if (
        connection.queries_logged
    ):  # a logged statement's answer is looked at before the next is sent
        return [rows(sql, params) for sql, params in statements]
    raw: Any = connection.connection
    with raw.pipeline():
        cursors = []
        for sql, params in statements:
            cursor = prepared_cursor()
            cursor.execute(sql, params)
            cursors.append(cursor)
        return [cursor.fetchall() for cursor in cursors]


def compiled(build: Callable[[], QuerySet[Any, Any]]) -> Callable[[], str]:
    """The SQL of a queryset, compiled by the ORM once per process instead of once per call.

    The queryset's parameters must be placeholders given in the same order at each execution.
    """

    @cache
    def statement() -> str:
        sql, _ = build().query.sql_with_params()
        return sql

    return statement


def plan_for_each() -> None:
    """Until this transaction ends, plan each statement for the tables as they are when it is sent.

    For work that fills tables: a plan that a connection made while they were empty would read them whole,
    once per row, after thousands of rows were written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
