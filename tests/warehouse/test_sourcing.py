"""From which warehouse a line is promised."""

import pytest

from tests.factories import do, stock, warehouse
from warehouse.errors import InvalidLines
from warehouse.lines import ReserveLine
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves():
    warehouse("MAIN", priority=1)
    warehouse("EAST", priority=2)
    stock({("A", "MAIN"): 5, ("A", "EAST"): 9, ("B", "MAIN"): 4, ("B", "EAST"): 2})


def sourced(strategy, **lines):
    wanted = [ReserveLine(sku, units) for sku, units in lines.items()]
    held = do(reserve, reference=f"{strategy}-{lines}", lines=wanted, strategy=strategy)
    return {(line.sku, line.warehouse): line.quantity for line in held.lines}


def test_most_available_takes_the_fullest_and_splits_the_rest(shelves):
    assert sourced("most_available", A=3) == {("A", "EAST"): 3}
    assert sourced("most_available", A=8, B=1) == {
        ("A", "EAST"): 6, ("A", "MAIN"): 2, ("B", "MAIN"): 1,
    }  # fmt: skip


def test_priority_takes_the_first_warehouse_first(shelves):
    assert sourced("priority", A=6, B=1) == {
        ("A", "MAIN"): 5, ("A", "EAST"): 1, ("B", "MAIN"): 1,
    }  # fmt: skip


def test_single_warehouse_first_makes_one_parcel_where_one_can(shelves):
    assert set(sourced("single_warehouse_first", A=2, B=2)) == {("A", "MAIN"), ("B", "MAIN")}
    assert sourced("single_warehouse_first", A=9) == {("A", "EAST"): 9}


def test_safety_stock_is_not_promised(shelves):
    for code in ("MAIN", "EAST"):
        do(
            set_reorder,
            sku="B",
            warehouse=code,
            reorder_point=0,
            reorder_quantity=0,
            safety_stock=2,
        )
    held = do(reserve, reference="O", lines=[ReserveLine("B", 6)], allow_partial=True)
    assert {line.warehouse: line.quantity for line in held.lines} == {"MAIN": 2}


def test_an_unknown_strategy_is_refused(shelves):
    with pytest.raises(InvalidLines, match="most_available"):
        sourced("psychic", A=1)
