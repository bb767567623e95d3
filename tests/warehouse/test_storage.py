"""Room is kept on the pages of those tables alone whose updates stay in place (HOT)."""

from collections import Counter

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
    before = updates()
    stock({(f"S{n}", "MAIN"): 50 for n in range(5)})
    lines = [ReserveLine(f"S{n}", 2) for n in range(5)]
    for n in range(6):
        do(reserve, reference=f"O{n}", lines=lines)
        do(ship, reference=f"O{n}")
    do(damage, reference="D", reason="wet", lines=[PlacedLine("S0", "MAIN", 1)])
    updated = updates() - before
    room = rows("SELECT relname FROM pg_class WHERE reloptions::text LIKE %s", ["%fillfactor%"])
    assert {name for name in HOT if updated[name, "all"] > 4} == HOT
    in_place = {name for name in HOT if updated[name, "in place"] * 2 > updated[name, "all"]}
    assert in_place == {name for (name,) in room}


def updates():
    """What this connection has counted and not handed in yet. That may be ten seconds' worth: the updates of
    earlier tests are in it too, of many rows at once among them, which found no room on their pages."""
    counted = rows(
        "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables"
        " WHERE relname = ANY(%s)",
        [list(HOT)],
    )
    return Counter(
        {(name, "all"): n for name, n, _ in counted}
        | {(name, "in place"): n for name, _, n in counted}
    )
