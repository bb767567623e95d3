"""The SQL that a piece of work sends, as PostgreSQL gets it."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from tests.factories import stock

FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT", "SET LOCAL")


def sent_by(work: Callable[..., Any], *arguments: Any, **named: Any) -> list[str]:
    """Every statement but those that only frame a transaction."""
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(" ".join(sql.split()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work(*arguments, **named)
    return [sql for sql in statements if not sql.startswith(FRAME)]


def skus(n: int) -> list[str]:
    return [f"S{place:03d}" for place in range(n)]


def shelves(n: int, *, each: int = 100) -> list[str]:
    """So many SKUs, each with stock in MAIN and in EAST."""
    stock({(sku, code): each for sku in skus(n) for code in ("MAIN", "EAST")})
    return skus(n)
