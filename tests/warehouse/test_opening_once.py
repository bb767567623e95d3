"""Opening stock is imported once under a reference: whatever else has that reference, and be it none."""

import pytest

from notifications.models import OutboxEvent
from tests.factories import counters, do, stock
from warehouse.models import Product
from warehouse.services.importing import import_opening_stock
from warehouse.sheets.rows import OpeningStockRow

pytestmark = pytest.mark.django_db


def opening(units, name="New"):
    return [OpeningStockRow(2, "NEW", name, (), None, None, None, "MAIN", "", units)]


def test_a_receipt_of_the_same_reference_is_no_import():
    stock({("A", "MAIN"): 5})
    result = do(import_opening_stock, rows=opening(7), reference="OPENING")
    assert (result.already_imported, result.units) == (False, 7)
    assert counters("NEW") == (7, 0, 0, 0)


def test_a_sheet_of_zeros_is_imported_once():
    stock({("A", "MAIN"): 5})
    first = do(import_opening_stock, rows=opening(0), reference="ZEROS")
    again = do(import_opening_stock, rows=opening(0, name="Other"), reference="ZEROS")
    assert (first.already_imported, again.already_imported) == (False, True)
    assert OutboxEvent.objects.filter(type="stock.opened").count() == 1
    assert Product.objects.get(sku="NEW").name == "New"
