"""What a test committed is taken away again, past the ledger's triggers; numbers begin at 1 again.

Hundreds of tests ask for it. So it has a connection that stays, since to open one takes longer than the work,
and statements that are planned once.
"""

import psycopg
from psycopg import sql

KEPT = ["django_migrations", "django_content_type", "auth_permission"]
SMALL = 128 * 1024  # bytes

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)"
USED_NUMBERS = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL
       AND sequencename NOT IN ('django_migrations_id_seq', 'django_content_type_id_seq',
                                'auth_permission_id_seq')
"""


class Sweeper:
    """Empties the test database."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None

    def empty(self) -> None:
        """Row by row while all tables are small: to truncate them takes new files for all of them and their
        indexes, and so several times as long."""
        try:
            self._empty()
        except psycopg.OperationalError:  # a test has stopped the server, or sent everybody away
            self.close()
            self._empty()

    def close(self) -> None:
        """Before the database goes, which nobody may be connected to."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _empty(self) -> None:
        if self._connection is None:
            self._connect()
        found = self._run(self._found)
        if any(size > SMALL for _, size, _ in found):
            names = sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in found)
            self._connection.execute(sql.SQL("TRUNCATE {}").format(names))
        else:
            rows = [sql.Identifier(name) for name, _, filled in found if filled]
            taken = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in rows)
            self._connection.execute(taken)
        self._run(USED_NUMBERS)

    def _connect(self) -> None:
        from django.db import connection

        self._connection = connection.get_new_connection(connection.get_connection_params())
        self._connection.autocommit = True
        self._connection.execute("SET session_replication_role = replica")
        names = [name for (name,) in self._connection.execute(TABLES, [KEPT])]
        one = "SELECT {0}, pg_relation_size({0}::regclass), EXISTS (SELECT FROM {1})"
        each = [sql.SQL(one).format(sql.Literal(n), sql.Identifier(n)) for n in names]
        self._found = sql.SQL(" UNION ALL ").join(each)

    def _run(self, statement: str | sql.Composed) -> list[tuple]:
        return psycopg.Cursor(self._connection).execute(statement, prepare=True).fetchall()


sweeper = Sweeper()


def empty() -> None:
    """Empty the test database. The test's own connection ends, with all that was set in it."""
    from django.db import connection

    connection.close()
    sweeper.empty()
