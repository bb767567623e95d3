"""An import into a house that was empty when this connection planned its statements."""

from decimal import Decimal

import pytest
from django.db import connection

from inventory_site.core import sql
from inventory_site.core.db import unit_of_work
from tests.factories import TESTER
from warehouse.locks import lock_items_of_skus
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


def rows_read_whole():
    """Rows of the stock's tables that an import of 1,000 products read without an index."""
    sheet = [
        OpeningStockRow(n, f"S{n}", "A", (), None, Decimal(1), None, "MAIN", "A-01-01", 5)
        for n in range(PRODUCTS)
    ]
    plan_while_empty()
    with unit_of_work():
        importing.import_opening_stock(
            rows=sheet, reference="OPENING", actor=TESTER, create_warehouses=["MAIN"]
        )
        return sql.rows(READ_WHOLE, [])[0][0]


def test_no_table_is_read_whole_for_each_row():
    assert rows_read_whole() < 20 * PRODUCTS


def test_with_the_plans_of_the_empty_house_it_would_be(monkeypatch):
    monkeypatch.setattr(importing, "plan_for_each", lambda: None)
    assert rows_read_whole() > 100 * PRODUCTS
