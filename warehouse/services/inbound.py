"""What is on its way: purchase orders that were sent, transfers that were dispatched.

`inbound` of an item is the sum of what its open inbound lines still expect. An arrival draws down only
the lines of its own reference.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

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
from warehouse.errors import NothingExpected, NotOnTransfer, OverReceipt, ReferenceConflict
from warehouse.lines import ExpectedDelivery, ExpectedLine, Moved
from warehouse.locks import lock_items
from warehouse.services.places import Place, Places, check_room, complete, open_places
from warehouse.statements import MOMENT, int_array

LINES_OF = """
    SELECT n.id, n.reference, n.item_id, n.kind, n.quantity - n.received - n.cancelled,
           p.sku, w.code, n.quantity
      FROM warehouse_inboundline n
      JOIN warehouse_inventoryitem i ON i.id = n.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
     WHERE n.reference = ANY(%s)
     ORDER BY n.id
"""

OPEN_LINES = """
    SELECT id, reference, item_id, kind, quantity - received - cancelled
      FROM warehouse_inboundline
     WHERE reference = ANY(%s) AND item_id = ANY(%s::bigint[])
"""

NAMED = 5  # lines of a transfer that a message names

EXPECT = f"""
    INSERT INTO warehouse_inboundline
           (reference, kind, item_id, source_id, quantity, received, cancelled, expected_at,
            created_at)
    SELECT x.reference, %(kind)s, x.item_id, %(source)s::bigint, x.quantity, 0, 0, x.expected_at,
           {MOMENT}
      FROM unnest(%(references)s::text[], %(items)s::bigint[], %(quantities)s::int[],
                  %(expected_at)s::timestamptz[]) AS x(reference, item_id, quantity, expected_at)
        ON CONFLICT (reference, item_id) DO NOTHING
    RETURNING reference, item_id
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
    delivery = ExpectedDelivery(reference, lines, expected_at)
    return expect_batch(deliveries=[delivery], actor=actor, now=now, within=within)


def expect_batch(
    *,
    deliveries: Sequence[ExpectedDelivery],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """`expect` for many purchase orders, in one transaction and by set, with one event for each.

    All or nothing; raises what `expect` raises.
    """
    require_unit_of_work()
    check_some(deliveries)
    coming = [
        Coming(check_reference(delivery.reference), delivery.expected_at, n, line)
        for delivery in deliveries
        for n, line in enumerate(delivery.lines)
    ]
    check_some(coming)
    check_quantities(one.line.quantity for one in coming)
    asked = [Place(one.place, one.line.sku, one.line.warehouse) for one in coming]
    places = open_places(places=asked, create=True, within=within)
    change = Change()
    arrivals = [
        Arrival(
            reference=one.reference,
            item=places.item(one.line.sku, one.line.warehouse),
            quantity=one.line.quantity,
            line=one.place,
            expected_at=one.expected_at,
        )
        for one in coming
    ]
    add_inbound(change=change, kind="purchase", arrivals=arrivals, source_id=None, now=now)
    return complete(
        change=change,
        places=places,
        type="inbound.expected",
        reference=coming[0].reference,
        actor=actor,
        now=now,
        parts=by_reference(arrivals),
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of one expected delivery, and its place in that."""

    reference: str
    expected_at: datetime | None
    place: int
    line: ExpectedLine


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units of an item that come, or will come, under a reference; `line` of the request."""

    reference: str
    item: ItemState
    quantity: int
    line: int = 0
    expected_at: datetime | None = None


def by_reference(arrivals: Iterable[Arrival]) -> dict[str, list[int]]:
    """The ids of the items that arrive under each reference."""
    parts: dict[str, list[int]] = {}
    for arrival in arrivals:
        parts.setdefault(arrival.reference, []).append(arrival.item.id)
    return parts


def add_inbound(
    *,
    change: Change,
    kind: str,
    arrivals: Sequence[Arrival],
    source_id: int | None,
    now: datetime | None,
) -> None:
    """Write inbound lines and raise `inbound` of the (locked) items. Raises ReferenceConflict, TooLarge."""
    merged: dict[tuple[str, int], int] = {}
    expected: dict[str, datetime | None] = {}
    for arrival in arrivals:
        key = (arrival.reference, arrival.item.id)
        merged[key] = merged.get(key, 0) + arrival.quantity
        expected[arrival.reference] = arrival.expected_at
        arrival.item.inbound += arrival.quantity
        check_room(item=arrival.item, line=arrival.line)
        change.touch(arrival.item)
    written = rows(
        EXPECT,
        {
            "kind": kind,
            "source": source_id,
            "references": [reference for reference, _ in merged],
            "items": int_array(item_id for _, item_id in merged),
            "quantities": int_array(merged.values()),
            "expected_at": [expected[reference] for reference, _ in merged],
            "now": now,
        },
    )
    if len(written) < len(merged):
        known = {reference for reference, _ in written}
        taken = next((x.reference for x in arrivals if x.reference not in known), None)
        told = taken or arrivals[0].reference
        raise ReferenceConflict(
            _("%(told)s is expected already; use a new reference.") % {"told": told}
        )


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
    for line_id, _kind, item_id, _place, left in rows(
        OPEN_LINES, [[reference], int_array(item_ids)]
    ):
        item = places.items[item_id]
        part = left if wanted is None else wanted.pop((item.sku, item.warehouse), 0)
        if part > left:
            raise NothingExpected(
                _("%(left)s of %(sku)s are still expected, not %(part)s.")
                % {"left": left, "sku": item.sku, "part": part}
            )
        if part:
            item.inbound -= part
            change.inbound_cancelled[line_id] = part
            change.touch(item)
    if wanted:
        told = ", ".join(sku for sku, _ in wanted)
        raise NothingExpected(
            _("Nothing of %(told)s is expected under %(reference)s.")
            % {"told": told, "reference": reference}
        )
    if not change.touched:
        raise NothingExpected(
            _("Nothing is expected under %(reference)s.") % {"reference": reference}
        )
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


def draw_on_inbound(*, change: Change, arrivals: Sequence[Arrival]) -> list[str]:
    """Lower inbound by what the reference of each arrival expected.

    Returns the movement type of each: `transfer` where a dispatched transfer arrives, else `receive`.
    Raises OverReceipt when more of a transfer arrives than is under way, NotOnTransfer when something else
    does, or elsewhere.
    """
    references = list(dict.fromkeys(arrival.reference for arrival in arrivals))
    expected = {}
    sent: dict[str, list[str]] = {}
    for line_id, reference, item_id, kind, left, sku, warehouse, quantity in rows(
        LINES_OF, [references]
    ):
        expected[reference, item_id] = (line_id, kind, left)
        if kind == "transfer":
            told = {"quantity": quantity, "sku": sku, "warehouse": warehouse}
            words = _("%(quantity)s of %(sku)s to %(warehouse)s") % told
            sent.setdefault(reference, []).append(words)
    _check_sent(arrivals, expected, sent)
    left_over = {key: left for key, (_, _, left) in expected.items()}
    types = []
    for arrival in arrivals:
        item, key = arrival.item, (arrival.reference, arrival.item.id)
        line_id, kind, _left = expected.get(key, (0, "purchase", 0))
        left = left_over.get(key, 0)
        types.append("transfer" if kind == "transfer" else "receive")
        if kind == "transfer" and arrival.quantity > left:
            raise _over_receipt(arrival, left)
        part = min(arrival.quantity, left)
        if part:
            left_over[key] -= part
            item.inbound -= part
            received = change.inbound_received
            received[line_id] = received.get(line_id, 0) + part
    return types


def _check_sent(
    arrivals: Sequence[Arrival], expected: Container[object], sent: Mapping[str, Sequence[str]]
) -> None:
    """Raise NotOnTransfer naming every arrival that its transfer does not bring there."""
    foreign = [
        arrival
        for arrival in arrivals
        if arrival.reference in sent and (arrival.reference, arrival.item.id) not in expected
    ]
    if foreign:
        reference = foreign[0].reference
        told = ", ".join(dict.fromkeys(f"{x.item.sku} ({x.item.warehouse})" for x in foreign))
        named = ", ".join(sent[reference][:NAMED]) + (" …" if len(sent[reference]) > NAMED else "")
        raise NotOnTransfer(
            _("%(reference)s does not bring %(told)s; it was sent with %(sent)s.")
            % {"reference": reference, "told": told, "sent": named},
            items=[
                {"line": x.line, "sku": x.item.sku, "warehouse": x.item.warehouse} for x in foreign
            ],
        )


def _over_receipt(arrival: Arrival, left: int) -> OverReceipt:
    item = arrival.item
    told = {"sku": item.sku, "requested": arrival.quantity, "expected": left}
    return OverReceipt(
        _("%(left)s of %(sku)s are under way to %(warehouse)s, not %(quantity)s.")
        % {
            "left": left,
            "sku": item.sku,
            "warehouse": item.warehouse,
            "quantity": arrival.quantity,
        },
        items=[{"line": arrival.line, **told}],
    )
