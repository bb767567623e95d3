"""In the SQL that was really sent: rows are locked, in primary-key order, before anything is written."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from inventory_site.core.errors import OutsideUnitOfWork
from tests.factories import TESTER, BinFactory, ProductFactory, do, warehouse
from tests.warehouse.statements import sent_by, shelves
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
from warehouse.models import Reservation
from warehouse.services.counting import count
from warehouse.services.inbound import cancel_expected, expect
from warehouse.services.movements import adjust, damage, receive, return_stock
from warehouse.services.releasing import expire_due, extend, release
from warehouse.services.replenishment import set_reorder
from warehouse.services.reservations import reserve, reserve_batch
from warehouse.services.shipping import ship, ship_batch
from warehouse.services.transfers import transfer

SKUS = ["S002", "S000", "S001"]  # never in the order of their keys
ONE = [PlacedLine(sku, "MAIN", 1, "A-01-01") for sku in SKUS]
WAYS = {"from_warehouse": "MAIN", "to_warehouse": "EAST"}

SERVICES: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "reserve": (reserve, {"reference": "N", "lines": [ReserveLine(sku, 1) for sku in SKUS]}),
    "reserve_batch": (
        reserve_batch,
        {"requests": [ReserveRequest(f"N-{sku}", [ReserveLine(sku, 1)]) for sku in SKUS]},
    ),
    "ship": (ship, {"reference": "O"}),
    "ship a part": (ship, {"reference": "O", "lines": [ReservedLine("S002", 1)]}),
    "ship_batch": (ship_batch, {"references": ["P", "O"]}),
    "release": (release, {"reference": "O"}),
    "expire_due": (expire_due, {"references": ["P", "O"]}),
    "receive": (receive, {"reference": "R", "lines": ONE}),
    "return_stock": (
        return_stock,
        {
            "reference": "R",
            "lines": [ReturnLine(s, "MAIN", 1, Disposition.RESTOCK) for s in SKUS],
        },
    ),
    "damage": (damage, {"reference": "D", "reason": "wet", "lines": ONE}),
    "adjust": (
        adjust,
        {
            "reference": "A",
            "reason": "x",
            "lines": [AdjustLine(s, "MAIN", delta=-1) for s in SKUS],
        },
    ),
    "count": (count, {"reference": "C", "lines": [CountLine(s, "MAIN", 0) for s in SKUS]}),
    "transfer": (
        transfer,
        WAYS | {"reference": "T", "lines": [TransferLine(sku, 1) for sku in SKUS]},
    ),
    "dispatch": (
        transfer,
        WAYS | {"reference": "T", "lines": [TransferLine("S001", 1)], "mode": "dispatch"},
    ),
    "expect": (
        expect,
        {
            "reference": "PO",
            "lines": [ExpectedLine(s, "MAIN", 1) for s in SKUS],
            "expected_at": None,
        },
    ),
    "cancel_expected": (cancel_expected, {"reference": "PO-0"}),
    "set_reorder": (
        set_reorder,
        {"sku": "S000", "warehouse": "MAIN", "reorder_point": 500, "reorder_quantity": 5},
    ),
}
EVERY = pytest.mark.parametrize("name", SERVICES)

WRITES = re.compile(r'\b(INSERT INTO|UPDATE "?[a-z]+_|DELETE FROM)')
ITEMS = re.compile(
    r'FROM "warehouse_inventoryitem" .* ORDER BY 1 ASC FOR NO KEY UPDATE OF "warehouse_inventoryitem"$'
)
PRODUCTS = re.compile(r'FROM "warehouse_product" .* ORDER BY 1 ASC FOR NO KEY UPDATE$')
RESERVATIONS = re.compile(
    r'FROM "warehouse_reservation" .* ORDER BY 1 ASC FOR NO KEY UPDATE OF "warehouse_reservation"$'
)


def prepare() -> None:
    shelves(3)
    for reference in ("O", "P"):
        lines = [ReserveLine(sku, 2) for sku in SKUS]
        do(reserve, reference=reference, lines=lines, expires_in=60)
    lines = [ExpectedLine(sku, "MAIN", 7) for sku in SKUS]
    do(expect, reference="PO-0", lines=lines, expected_at=None)


def sent(name: str) -> list[str]:
    prepare()
    if name == "expire_due":
        Reservation.objects.update(expires_at=Now() - timedelta(seconds=1))
    service, arguments = SERVICES[name]
    return sent_by(do, service, **arguments)


@pytest.mark.django_db
@EVERY
def test_items_are_locked_in_one_statement_before_anything_is_written(name):
    statements = sent(name)
    locks = [n for n, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql]
    items = [n for n in locks if ITEMS.search(statements[n])]
    writes = [n for n, sql in enumerate(statements) if WRITES.search(sql)]
    assert len(items) == 1
    assert writes
    assert locks[-1] < writes[0]


@pytest.mark.django_db
@EVERY
def test_reservations_are_locked_after_their_items_and_in_one_statement(name):
    statements = [sql for sql in sent(name) if "FOR NO KEY UPDATE" in sql]
    assert ITEMS.search(statements[0])
    assert [sql for sql in statements[1:] if not RESERVATIONS.search(sql)] == []
    assert len(statements) <= 2


@pytest.mark.django_db
def test_extending_locks_the_reservation_before_it_is_written():
    prepare()
    statements = sent_by(do, extend, reference="O", expires_in=900)
    locks = [n for n, sql in enumerate(statements) if RESERVATIONS.search(sql)]
    writes = [n for n, sql in enumerate(statements) if WRITES.search(sql)]
    assert len(locks) == len(writes) == 1
    assert locks[0] < writes[0]


@pytest.mark.django_db
def test_of_products_new_to_a_warehouse_the_products_are_locked_by_key_before_their_items_are_made():
    for sku in SKUS:
        ProductFactory(sku=sku)
    BinFactory(warehouse=warehouse("MAIN"), code="A-01-01")
    statements = sent_by(do, receive, reference="R", lines=ONE)
    locks = [n for n, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql]
    writes = [n for n, sql in enumerate(statements) if WRITES.search(sql)]
    items, products, again = (statements[n] for n in locks)
    assert ITEMS.search(items)
    assert PRODUCTS.search(products)
    assert ITEMS.search(again.removesuffix(" NOWAIT"))
    assert again.endswith(" NOWAIT")
    made = next(n for n in writes if "INTO warehouse_inventoryitem" in statements[n])
    assert (locks[1] < writes[0], made < locks[2] < writes[writes.index(made) + 1]) == (True, True)


@EVERY
def test_outside_of_a_unit_of_work_nothing_is_done(name, committed_db):
    service, arguments = SERVICES[name]
    with pytest.raises(OutsideUnitOfWork):
        service(**({"actor": TESTER} if "actor" in service.__annotations__ else {}), **arguments)
