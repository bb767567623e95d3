"""An import into a house that was empty when this connection planned its statements."""

import threading
from decimal import Decimal

import pytest
from django.db import Error, connection

from inventory_site.core import sql
from inventory_site.core.db import sqlstate, unit_of_work
from tests.factories import TESTER
from warehouse.locks import lock_items_at_once, lock_items_of_skus
from warehouse.services import importing
from warehouse.sheets.rows import OpeningStockRow

pytestmark = pytest.mark.usefixtures("committed_db")

PRODUCTS = 1000
READ_WHOLE = """
    SELECT coalesce(sum(seq_tup_read), 0)::int FROM pg_stat_xact_user_tables
    WHERE relname IN ('warehouse_product', 'warehouse_inventoryitem', 'warehouse_binstock')
"""


def plan_while_empty():
    """As autovacuum leaves tables of which an import was rolled back: known to be empty."""
    connection.close()
    with connection.cursor() as cursor:
        for table in ("product", "inventoryitem", "binstock", "warehouse", "bin"):
            cursor.execute(f"VACUUM ANALYZE warehouse_{table}")
    with unit_of_work():
        for _ in range(6):  # the sixth is prepared
            lock_items_of_skus(skus=["A"])
            lock_items_at_once(skus=["A"])


def take_over():
    sheet = [
        OpeningStockRow(n, f"S{n}", "A", (), None, Decimal(1), None, "MAIN", "A-01-01", 5)
        for n in range(PRODUCTS)
    ]
    importing.import_opening_stock(
        rows=sheet, reference="OPENING", actor=TESTER, create_warehouses=["MAIN"]
    )


def rows_read_whole():
    """Rows of the stock's tables that an import of 1,000 products read without an index."""
    plan_while_empty()
    with unit_of_work():
        take_over()
        return sql.rows(READ_WHOLE, [])[0][0]


def test_no_table_is_read_whole_for_each_row():
    assert rows_read_whole() < 20 * PRODUCTS


def test_with_the_plans_of_the_empty_house_it_would_be(monkeypatch):
    monkeypatch.setattr(importing, "plan_for_each", lambda: None)
    assert rows_read_whole() > 100 * PRODUCTS


def known_rows():
    """Of how many products the planner knows."""
    return sql.rows("SELECT reltuples FROM pg_class WHERE relname = 'warehouse_product'", [])[0][0]


def test_the_planner_knows_of_the_rows_as_soon_as_they_are_there():
    plan_while_empty()
    with unit_of_work():
        take_over()
    assert known_rows() == PRODUCTS


def test_no_statistics_are_gathered_while_rows_are_half_written(monkeypatch):
    """Those would count none of them, and statements after the import took seconds for it."""
    real, refused = importing._write_bins, []

    def meanwhile(rows):
        thread = threading.Thread(target=gather, args=(refused,))
        thread.start()
        thread.join()
        return real(rows)

    monkeypatch.setattr(importing, "_write_bins", meanwhile)
    with unit_of_work():
        take_over()
    assert refused == ["55P03"]


def gather(refused):
    """As autovacuum would, which waits for nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 50")
            cursor.execute("ANALYZE warehouse_product")
    except Error as error:
        refused.append(sqlstate(error))
    finally:
        connection.close()
