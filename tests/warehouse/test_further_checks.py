"""verify_ledger finds rows that belong to nothing, which no sum over items can show."""

import pytest
from django.db import connection

from tests.factories import do, stock
from warehouse.lines import ReserveLine
from warehouse.services.further_checks import STRAYS
from warehouse.services.proof import every_check, verify_ledger
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship

pytestmark = pytest.mark.django_db

GONE, HOLLOW = STRAYS
LIES = {
    "DELETE FROM warehouse_inventoryitem": (GONE, ", which is gone"),
    "UPDATE warehouse_reservation SET status = 'active'": (HOLLOW, "A in MAIN (row "),
    "DELETE FROM warehouse_reservationline": (HOLLOW, "no item (row "),
}


@pytest.mark.parametrize(("sql", "told"), LIES.items())
def test_a_row_that_belongs_to_nothing_is_found(sql, told):
    stock({("A", "MAIN"): 5})
    do(reserve, reference="SENT", lines=[ReserveLine("A", 2)])
    do(ship, reference="SENT")
    do(reserve, reference="OPEN", lines=[ReserveLine("A", 1)])
    assert verify_ledger() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")
    invariant, subject = told
    assert invariant in every_check()
    assert any(x.invariant == invariant and subject in x.subject for x in verify_ledger())
