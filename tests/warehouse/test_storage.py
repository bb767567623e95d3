"""Room is kept on the pages of those tables alone whose updates stay in place (HOT)."""

import pytest

from inventory_site.core.sql import rows
from tests.factories import do, stock
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.services.movements import damage
from warehouse.services.reservations import reserve
from warehouse.services.shipping import ship

HOT = {
    "warehouse_inventoryitem",
    "warehouse_binstock",
    "warehouse_reservation",
    "warehouse_reservationline",
}

pytestmark = pytest.mark.django_db


def test_tables_with_room_are_those_that_are_updated_in_place():
    stock({(f"S{n}", "MAIN"): 50 for n in range(5)})
    lines = [ReserveLine(f"S{n}", 2) for n in range(5)]
    for n in range(6):
        do(reserve, reference=f"O{n}", lines=lines)
        do(ship, reference=f"O{n}")
    do(damage, reference="D", reason="wet", lines=[PlacedLine("S0", "MAIN", 1)])
    updated = rows(
        "SELECT relname, n_tup_upd > 4, n_tup_hot_upd * 2 > n_tup_upd FROM pg_stat_xact_user_tables"
        " WHERE relname = ANY(%s)",
        [list(HOT)],
    )
    room = rows("SELECT relname FROM pg_class WHERE reloptions::text LIKE %s", ["%fillfactor%"])
    assert {name for name, often, _ in updated if often} == HOT
    assert {name for name, _, in_place in updated if in_place} == {name for (name,) in room}
