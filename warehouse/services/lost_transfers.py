"""A dispatched transfer that does not arrive: its goods are back where they came from, or lost."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from warehouse.changes import Change
from warehouse.checks import check_reference, check_theirs
from warehouse.errors import InvalidLines, NothingExpected
from warehouse.lines import Moved
from warehouse.services.following import check_arrivals
from warehouse.services.movements import check_reason
from warehouse.services.places import Place, Places, check_room, complete, open_places

Outcome = Literal["returned", "lost"]

UNDER_WAY = """
    SELECT n.id, p.sku, s.code, d.code, n.quantity - n.received - n.cancelled
      FROM warehouse_inboundline n
      JOIN warehouse_inventoryitem i ON i.id = n.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse d ON d.id = i.warehouse_id
      JOIN warehouse_warehouse s ON s.id = n.source_id
     WHERE n.reference = %s AND n.kind = 'transfer' AND n.quantity > n.received + n.cancelled
     ORDER BY n.id
"""


def cancel_dispatch(
    *,
    reference: str,
    outcome: Outcome,
    reason: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> Moved:
    """What is still under way of a dispatched transfer will not arrive; inbound falls.

    It comes back into the books of the warehouse that sent it (movement type `transfer`, into the item's
    primary bin, else RECEIVING): `returned`, it is stock again; `lost`, it is written off there in the same
    breath (type `damage`), so that the ledger says where it went and why. Raises NothingExpected,
    ReasonRequired, ReceiptOwned (the transfer of a document), WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    reason = check_reason(reason)
    if outcome not in ("returned", "lost"):
        raise InvalidLines(_("outcome is returned or lost."))
    check_arrivals(references={reference}, owner="")
    places = _open(reference, within)
    change = Change()
    for n, (line_id, sku, source, destination, left) in enumerate(rows(UNDER_WAY, [reference])):
        item, other = places.item(sku, source), places.item(sku, destination)
        other.inbound -= left
        change.inbound_cancelled[line_id] = left
        change.touch(other)
        bin_ = places.destination(Place(n, sku, source), item)
        change.put(item, bin_, left, type="transfer", reference=reference, reason=reason)
        check_room(item=item, line=n)
        if outcome == "lost":
            change.take(item, bin_, left, type="damage", reference=reference, reason=reason)
    if not change.touched:
        raise _nothing(reference)
    return complete(
        change=change,
        places=places,
        type="inbound.cancelled",
        reference=reference,
        actor=actor,
        now=now,
        details={"outcome": outcome, "reason": reason},
    )


def _open(reference: str, within: Collection[str] | None) -> Places:
    """Both ends of what is under way, locked. Raises NothingExpected, WarehouseNotAllowed."""
    found: Sequence[tuple[int, str, str, str, int]] = rows(UNDER_WAY, [reference])
    if not found:
        raise _nothing(reference)
    ends = [
        (sku, code) for _, sku, source, destination, _ in found for code in (source, destination)
    ]
    check_theirs(what=reference, warehouses=[code for _, code in ends], within=within)
    asked = [Place(n, sku, code) for n, (sku, code) in enumerate(ends)]
    return open_places(places=asked, create=False, within=None)


def _nothing(reference: str) -> NothingExpected:
    return NothingExpected(
        _("Nothing is under way under %(reference)s.") % {"reference": reference}
    )
