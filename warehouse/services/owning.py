"""A reservation that becomes part of a document: it no longer runs out, and its owner is told of it."""

from collections.abc import Collection
from dataclasses import replace

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from warehouse import queries
from warehouse.checks import check_reference, check_theirs
from warehouse.errors import ReservationClosed, ReservationNotFound
from warehouse.lines import Held
from warehouse.locks import lock_reservations

ADOPT = """
    UPDATE warehouse_reservation
       SET owner = %s, expires_at = NULL, updated_at = statement_timestamp()
     WHERE id = %s
"""


def adopt(
    *, reference: str, owner: str, actor: Actor, within: Collection[str] | None = None
) -> Held:
    """Take an active reservation over (a cart that became an order). Repeating it is harmless.

    Raises ReservationNotFound, ReservationClosed (also where it belongs to another owner),
    WarehouseNotAllowed.
    """
    require_unit_of_work()
    reference = check_reference(reference)
    locked = lock_reservations(references=[reference])
    if not locked:
        raise ReservationNotFound(f"There is no reservation {reference}.")
    held = queries.reservation(reference=reference)
    assert held is not None
    check_theirs(what=reference, warehouses=[x.warehouse for x in held.lines], within=within)
    id_, _, status, _, present = locked[0]
    if status != "active":
        raise ReservationClosed(f"The reservation {reference} is {status}; reserve anew.")
    if present not in ("", owner):
        raise ReservationClosed(f"The reservation {reference} belongs to another document.")
    if not present:
        rows(ADOPT, [owner, id_])
        event = Event(
            type="reservation.adopted",
            reference=reference,
            actor=actor.name,
            levels=[],
            details={"owner": owner},
        )
        outbox.record(events=[event])
    return held if present else replace(held, expires_at=None)
