"""Where a product is, and what is in a bin."""

import pytest

from tests.factories import stock
from tests.orders.counted import move
from tests.warehouse.statements import sent_by, shelves
from warehouse.whereabouts import bin_view, product_view

pytestmark = pytest.mark.django_db


def test_a_product_with_bins_and_movements_of_one_s_own_warehouses():
    stock({("A", "MAIN"): 5}, bin="A-01-01")
    stock({("A", "EAST"): 7}, bin="B-01-01")
    move("A", 2, "A-01-01", "PACKING")
    view = product_view(sku="a", within={"MAIN"})
    assert sorted((x.code, x.quantity) for x in view.bins) == [("A-01-01", 3), ("PACKING", 2)]
    assert [x.warehouse for x in view.items] == ["MAIN"]
    assert [(x.type, x.quantity) for x in view.movements][-1] == ("receive", 5)
    assert {x.warehouse for x in view.movements} == {"MAIN"}
    assert product_view(sku="NO") is None


def test_a_bin_with_what_is_in_it_and_what_moved():
    stock({("A", "MAIN"): 5, ("B", "MAIN"): 1}, bin="A-01-01")
    move("A", 5, "A-01-01", "PACKING")
    view = bin_view(warehouse="MAIN", code="a-01-01 ")
    assert [(x.sku, x.quantity) for x in view.contents] == [("B", 1)]
    assert (view.movements[0].sku, view.movements[0].quantity) == ("A", -5)
    assert len(view.movements) == 3
    assert bin_view(warehouse="EAST", code="A-01-01") is None
    assert bin_view(warehouse="MAIN", code="A-01-01", most=0).more


@pytest.mark.parametrize("n", [1, 50])
def test_statements(n):
    shelves(n)
    assert len(sent_by(product_view, sku="S000")) == 4
    assert len(sent_by(bin_view, warehouse="MAIN", code="A-01-01")) == 3
