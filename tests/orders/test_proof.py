"""verify_ledger holds purchase orders against the stock: what a superuser did to one side is found."""

import pytest
from django.db import connection

from orders.queries.proof import CHECKS
from orders.services.purchasing import (
    ArrivedLine,
    PurchaseLine,
    cancel_purchase,
    close_short,
    draft,
    receive_purchase,
    send,
)
from tests.factories import do, stock
from tests.orders.shipped import supplied
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db

ORDERED, COMING, CAME = CHECKS
LIES = {
    "UPDATE orders_purchaseline SET quantity = quantity + 2": {ORDERED, COMING},
    "UPDATE orders_purchaseline SET received = received + 1": {COMING, CAME},
    "UPDATE orders_purchaseorder SET status = 'closed_short'": {COMING},
    "UPDATE orders_purchaseorder SET status = 'cancelled'": {COMING},
    "UPDATE orders_purchaseorder SET status = 'draft'": {ORDERED, COMING, CAME},
    "DELETE FROM orders_purchaseline": {ORDERED, COMING, CAME},
    "DELETE FROM warehouse_inboundline": {ORDERED, COMING},
}


def sent(reference, **lines):
    wanted = [PurchaseLine(sku, n) for sku, n in lines.items()]
    do(draft, supplier="ACME", warehouse="MAIN", lines=wanted, reference=reference)
    do(send, reference=reference)


@pytest.fixture
def coming():
    """Of ten units four have come."""
    stock({("A", "MAIN"): 5})
    supplied("A")
    sent("PO-1", A=10)
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 4, damaged=1)])


def found_after(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return {drift.invariant for drift in verify_ledger() if drift.subject.startswith("A in MAIN")}


@pytest.mark.parametrize(("sql", "invariants"), LIES.items())
def test_what_a_superuser_did_to_a_purchase_order_is_found(coming, sql, invariants):
    assert verify_ledger() == []
    assert found_after(sql) >= invariants


def test_an_order_that_is_over_is_held_against_the_stock_too(coming):
    do(close_short, reference="PO-1")
    do(receive_purchase, reference="PO-1", lines=[ArrivedLine("A", 3)])  # late, all the same
    for reference, come in (("PO-2", 12), ("PO-3", 0)):
        sent(reference, A=10)
        if come:
            do(receive_purchase, reference=reference, lines=[ArrivedLine("A", come)])
    do(cancel_purchase, reference="PO-3")
    assert verify_ledger() == []
    assert found_after("UPDATE orders_purchaseline SET quantity = 8") == {ORDERED}
