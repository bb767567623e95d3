"""What is on its way: purchase orders that were sent, transfers that were dispatched.

`inbound` of an item is the sum of what its open inbound lines still expect. An arrival draws down only
the lines of its own reference.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from warehouse.changes import Change, ItemState
from warehouse.checks import (
    check_quantities,
    check_reference,
    check_some,
    check_theirs,
    check_within,
    normal_sku,
)
from warehouse.errors import NothingExpected, OverReceipt, ReferenceConflict
from warehouse.lines import ExpectedLine, Moved
from warehouse.locks import lock_items
from warehouse.services.places import Place, Places, check_room, complete, open_places
from warehouse.statements import int_array

OPEN_LINES = """
    SELECT id, item_id, kind, quantity - received - cancelled
      FROM warehouse_inboundline
     WHERE reference = %s AND item_id = ANY(%s::bigint[])
"""

EXPECT = """
    INSERT INTO warehouse_inboundline
           (reference, kind, item_id, source_id, quantity, received, cancelled, expected_at)
    SELECT %(reference)s, %(kind)s, x.item_id, %(source)s::bigint, x.quantity, 0, 0,
           %(expected_at)s::timestamptz
      FROM unnest(%(items)s::bigint[], %(quantities)s::int[]) AS x(item_id, quantity)
        ON CONFLICT (reference, item_id) DO NOTHING
    RETURNING item_id
"""


def expect(
    *,
    reference: str,
    lines: Sequence[ExpectedLine],
    expected_at: datetime | None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """A purchase order was sent: inbound rises until it is received or cancelled.

    Raises ReferenceConflict when the reference expects one of these items already, UnknownSku,
    UnknownWarehouse, TooLarge, WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    asked = [Place(n, line.sku, line.warehouse) for n, line in enumerate(lines)]
    places = open_places(places=asked, create=True, within=within)
    change = Change()
    add_inbound(
        change=change,
        reference=reference,
        kind="purchase",
        arrivals=[
            (places.item(line.sku, line.warehouse), line.quantity, n)
            for n, line in enumerate(lines)
        ],
        source_id=None,
        expected_at=expected_at,
    )
    return complete(
        change=change,
        places=places,
        type="inbound.expected",
        reference=reference,
        actor=actor,
        now=now,
    )


def add_inbound(
    *,
    change: Change,
    reference: str,
    kind: str,
    arrivals: Sequence[tuple[ItemState, int, int]],
    source_id: int | None,
    expected_at: datetime | None,
) -> None:
    """Write inbound lines and raise `inbound` of the (locked) items: item, quantity, line of the request.

    Raises ReferenceConflict, TooLarge.
    """
    merged: dict[int, int] = {}
    for item, quantity, line in arrivals:
        merged[item.id] = merged.get(item.id, 0) + quantity
        item.inbound += quantity
        check_room(item=item, line=line)
        change.touch(item)
    written = rows(
        EXPECT,
        {
            "reference": reference,
            "kind": kind,
            "source": source_id,
            "expected_at": expected_at,
            "items": int_array(merged),
            "quantities": int_array(merged.values()),
        },
    )
    if len(written) < len(merged):
        raise ReferenceConflict(f"{reference} is expected already; use a new reference.")


def cancel_expected(
    *,
    reference: str,
    lines: Sequence[ExpectedLine] | None = None,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """What is still expected under this reference, or the `lines` of it, will not come.

    Of a dispatched transfer: it was lost on the road. Raises NothingExpected, also where less than a
    line names is still expected; WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    item_ids = [
        row[0]
        for row in rows(
            "SELECT item_id FROM warehouse_inboundline WHERE reference = %s", [reference]
        )
    ]
    places = Places(lock_items(ids=item_ids), {})
    change = Change()
    wanted = None if lines is None else _wanted(lines)
    if wanted is None:
        concerned = [item.warehouse for item in places.items.values()]
        check_theirs(what=reference, warehouses=concerned, within=within)
    else:
        check_within(warehouses=[warehouse for _, warehouse in wanted], within=within)
    for line_id, item_id, _, left in rows(OPEN_LINES, [reference, int_array(item_ids)]):
        item = places.items[item_id]
        part = left if wanted is None else wanted.pop((item.sku, item.warehouse), 0)
        if part > left:
            raise NothingExpected(f"{left} of {item.sku} are still expected, not {part}.")
        if part:
            item.inbound -= part
            change.inbound_cancelled[line_id] = part
            change.touch(item)
    if wanted:
        told = ", ".join(sku for sku, _ in wanted)
        raise NothingExpected(f"Nothing of {told} is expected under {reference}.")
    if not change.touched:
        raise NothingExpected(f"Nothing is expected under {reference}.")
    return complete(
        change=change,
        places=places,
        type="inbound.cancelled",
        reference=reference,
        actor=actor,
        now=now,
    )


def _wanted(lines: Sequence[ExpectedLine]) -> dict[tuple[str, str], int]:
    check_some(lines)
    check_quantities(line.quantity for line in lines)
    wanted: dict[tuple[str, str], int] = {}
    for line in lines:
        place = (normal_sku(line.sku), line.warehouse)
        wanted[place] = wanted.get(place, 0) + line.quantity
    return wanted


def draw_on_inbound(
    *, change: Change, reference: str, arrivals: Sequence[tuple[ItemState, int, int]]
) -> dict[int, str]:
    """Lower inbound by what `reference` expected of each arrival (item, quantity, line of the request).

    Returns the movement type by item id: `transfer` where a dispatched transfer arrives, else
    `receive`. Raises OverReceipt when more of a transfer arrives than is under way.
    """
    expected = {
        item_id: (line_id, kind, left)
        for line_id, item_id, kind, left in rows(
            OPEN_LINES, [reference, int_array(item.id for item, _, _ in arrivals)]
        )
    }
    left_over = {item_id: left for item_id, (_, _, left) in expected.items()}
    types = {}
    for item, quantity, place in arrivals:
        line_id, kind, _ = expected.get(item.id, (0, "purchase", 0))
        left = left_over.get(item.id, 0)
        types[item.id] = "transfer" if kind == "transfer" else "receive"
        if kind == "transfer" and quantity > left:
            raise OverReceipt(
                f"{left} of {item.sku} are under way to {item.warehouse}, not {quantity}.",
                items=[{"line": place, "sku": item.sku, "requested": quantity, "expected": left}],
            )
        part = min(quantity, left)
        if part:
            left_over[item.id] -= part
            item.inbound -= part
            received = change.inbound_received
            received[line_id] = received.get(line_id, 0) + part
    return types
