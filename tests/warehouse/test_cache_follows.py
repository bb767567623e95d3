"""After each service the cache tells what PostgreSQL has; by the write itself, before any sweep."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from inventory_site.core.db import in_unit_of_work
from tests.factories import TESTER, BinFactory, do, stock, warehouse
from tests.warehouse.statements import sent_by
from warehouse import queries
from warehouse.lines import (
    AdjustLine,
    CountLine,
    Disposition,
    ExpectedLine,
    PlacedLine,
    ReservedLine,
    ReserveLine,
    ReserveRequest,
    ReturnLine,
    TransferLine,
)
from warehouse.models import Product
from warehouse.services.counting import count
from warehouse.services.importing import import_opening_stock
from warehouse.services.inbound import cancel_expected, expect
from warehouse.services.levels import stock_level
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.primary_bins import PrimaryBin, set_primary_bins
from warehouse.services.releasing import expire_due, release
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship, ship_batch, ship_lines_batch
from warehouse.services.transfers import transfer
from warehouse.sheets.rows import OpeningStockRow

PLACED = [PlacedLine("A", "MAIN", 2, "A-01-01")]
HERE = {"reference": "T", "from_warehouse": "MAIN", "to_warehouse": "MAIN"}
THERE = {"reference": "T", "from_warehouse": "MAIN", "to_warehouse": "EAST"}
OPENED = OpeningStockRow(2, "A", "Renamed", (), None, None, None, "WEST", "W-01-01", 0)

WORK = {
    "reserve": (reserve, {"reference": "R", "lines": [ReserveLine("A", 2)]}),
    "reserve_batch": (reserve_batch, {"requests": [ReserveRequest("R", [ReserveLine("A", 2)])]}),
    "ship": (ship, {"reference": "O"}),
    "ship_batch": (ship_batch, {"references": ["O"]}),
    "ship_lines_batch": (ship_lines_batch, {"lines": {"O": [ReservedLine("A", 1)]}}),
    "release": (release, {"reference": "O"}),
    "expire_due": (expire_due, {}),
    "receive": (receive, {"reference": "R", "lines": PLACED}),
    "return_stock": (
        return_stock,
        {"reference": "B", "lines": [ReturnLine("A", "MAIN", 1, Disposition.QUARANTINE)]},
    ),
    "damage": (damage, {"reference": "D", "reason": "wet", "lines": PLACED}),
    "adjust": (
        adjust,
        {"reference": "J", "reason": "found", "lines": [AdjustLine("A", "MAIN", delta=1)]},
    ),
    "count": (count, {"reference": "C", "lines": [CountLine("A", "MAIN", 9, "A-01-01")]}),
    "move": (transfer, {**HERE, "lines": [TransferLine("A", 1, "A-01-01", "QUARANTINE")]}),
    "transfer": (transfer, {**THERE, "lines": [TransferLine("A", 1)]}),
    "dispatch": (transfer, {**THERE, "lines": [TransferLine("A", 1)], "mode": "dispatch"}),
    "expect": (
        expect,
        {"reference": "P", "lines": [ExpectedLine("A", "MAIN", 3)], "expected_at": None},
    ),
    "cancel_expected": (cancel_expected, {"reference": "PO"}),
    "set_reorder": (
        set_reorder,
        {
            "sku": "A",
            "warehouse": "MAIN",
            "reorder_point": 1,
            "reorder_quantity": 1,
            "safety_stock": 3,
        },
    ),
    "set_primary_bins": (
        set_primary_bins,
        {"settings": [PrimaryBin("A", "EAST", "E-01-01")]},
    ),
    # Nothing of the item is new but its name: none of it is there.
    "import_opening_stock": (import_opening_stock, {"rows": [OPENED], "reference": "OPENED"}),
}


@pytest.fixture(autouse=True)
def shelf(committed_db, valkey, monkeypatch):
    monkeypatch.setattr("warehouse.level_cache.GENERATION_SECONDS", 3600)
    stock({("A", "MAIN"): 20, ("A", "EAST"): 5})
    warehouse("WEST")
    BinFactory(warehouse=warehouse("EAST"), code="E-01-01")
    do(reserve, reference="O", lines=[ReserveLine("A", 4)], expires_in=900)
    lines = [ExpectedLine("A", "MAIN", 5), ExpectedLine("A", "WEST", 5)]
    do(expect, reference="PO", lines=lines, expected_at=None)


def it_runs_out():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_reservation SET expires_at = now() - interval '1 minute'")


def cached():
    """What the cache has, which asks PostgreSQL nothing."""
    told = []
    assert sent_by(lambda: told.append(stock_level(sku="A"))) == []
    return told[0]


def stored():
    return queries.levels_of(skus=["A"])["A"]


@pytest.mark.parametrize("name", WORK)
def test_the_cache_has_what_a_service_wrote(name):
    service, arguments = WORK[name]
    if service is expire_due:
        it_runs_out()
    before = stock_level(sku="A")
    assert cached() == before
    do(service, **arguments)
    assert stored() != before, "the service changed nothing that is cached"
    assert cached() == stored()


def test_what_is_read_in_a_unit_of_work_is_kept_once_it_is_true():
    cache.clear()
    with transaction.atomic():
        receive(reference="R", lines=PLACED, actor=TESTER)
        assert stock_level(sku="A").total("on_hand") == 27
        transaction.set_rollback(True)
    assert stock_level(sku="A") == stored()
    assert stored().total("on_hand") == 25


def test_what_is_read_in_a_unit_of_work_that_ends_well_is_kept():
    cache.clear()
    in_unit_of_work(lambda: stock_level(sku="A"))
    assert cached() == stored()
    assert Product.objects.get().name == cached().name
