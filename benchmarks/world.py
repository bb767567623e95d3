"""The database that everything is measured on: 8,000 SKUs in two warehouses, with room for every order."""

import os
import subprocess
import sys
import time
from typing import Any, LiteralString

SKUS = 8_000
WAREHOUSES = ("MAIN", "EAST")
UNITS = 900_000  # of each item: no order of a benchmark is ever refused
LINES = 3  # of an order
DATABASE = "holdfast_bench"


def use_database(name: str = DATABASE) -> None:
    """Point this process, and those it starts, at the benchmark's own database."""
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(os.environ["DATABASE_URL"])
    host = str(given.get("host", "")).replace("/", "%2F")
    password = f":{given['password']}" if given.get("password") else ""
    port = f"&port={given['port']}" if given.get("port") else ""
    os.environ["DATABASE_URL"] = f"postgresql://{given['user']}{password}@/{name}?host={host}{port}"


def create(*, skus: int = SKUS) -> None:
    """A fresh database with the world in it, made through the services."""
    make_database(DATABASE)
    use_database()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill(skus)


def make_database(name: str) -> None:
    """A new database in place of one of that name."""
    drop_database(name)
    _on_server("CREATE DATABASE {}", name)


def drop_database(name: str) -> None:
    _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def told_by(module: str, argument: int) -> str:
    """What a program of the benchmark prints that works in an empty database of its own."""
    name = f"{DATABASE}_{module.rpartition('.')[2]}"
    before = os.environ["DATABASE_URL"]
    make_database(name)
    use_database(name)
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        told = subprocess.run(
            [sys.executable, "-m", module, str(argument)],
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        os.environ["DATABASE_URL"] = before
    drop_database(name)
    return told.stdout


def _on_server(statement: LiteralString, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _fill(skus: int) -> None:
    from inventory_site.core.actors import SYSTEM
    from inventory_site.core.db import unit_of_work
    from warehouse.services.importing import import_opening_stock
    from warehouse.sheets.rows import OpeningStockRow

    rows: list[OpeningStockRow] = []
    for n in range(skus):
        for warehouse in WAREHOUSES:
            rows.append(
                OpeningStockRow(
                    row=len(rows) + 2,
                    sku=sku(n),
                    name=f"Product {n}",
                    barcodes=(),
                    supplier=None,
                    unit_cost=None,
                    lead_time_days=None,
                    warehouse=warehouse,
                    bin=f"A-{n // 80 % 99:02d}-{n % 80:02d}",
                    on_hand=UNITS,
                )
            )
    with unit_of_work():
        import_opening_stock(
            rows=rows, reference="bench", actor=SYSTEM, create_warehouses=WAREHOUSES
        )
    analyse()


def analyse() -> None:
    """Statistics of what is there. An empty table is left as a new installation has it: once vacuumed while
    empty it is planned as if it stayed so, and every check of a foreign key would read it from end to end."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")


def sku(n: int) -> str:
    return f"B{n:05d}"


def say(*words: Any) -> None:
    print(f"{time.strftime('%H:%M:%S')}", *words, file=sys.stderr, flush=True)
