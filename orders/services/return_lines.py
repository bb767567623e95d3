"""The lines of a return: what is announced, came and was made of it, and what of an order may come back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.sql import rows
from orders.errors import NotReceived, TooMuchReturned
from orders.locks import lock_orders
from orders.queries.returns import ReturnView, returnable
from orders.services.documents import check_on
from orders.states import R_RECEIVED, check_state
from warehouse.errors import ReferenceConflict

MOST_REASON = 200

ANNOUNCE = """
    INSERT INTO orders_returnorder (reference, order_id, warehouse_id, status, reason, actor, created_at)
    SELECT %s, %s::bigint, w.id, 'expected', %s, %s,
           coalesce(%s::timestamptz, statement_timestamp())
      FROM warehouse_warehouse w WHERE w.code = %s
        ON CONFLICT (reference) DO NOTHING
    RETURNING id
"""

# No upsert: a check constraint is tried on the row proposed before a conflict is seen, and what is added
# to a line need not be true by itself.
LINES = """
    WITH told AS (
        SELECT p.id AS product_id, d.*
          FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
               WITH ORDINALITY AS d(sku, expected, received, restocked, quarantined, scrapped, place)
          JOIN warehouse_product p ON p.sku = d.sku
    ), known AS (
        UPDATE orders_returnline l
           SET received = l.received + d.received, restocked = l.restocked + d.restocked,
               quarantined = l.quarantined + d.quarantined, scrapped = l.scrapped + d.scrapped
          FROM told d
         WHERE l.return_order_id = %s AND l.product_id = d.product_id
        RETURNING l.product_id
    )
    INSERT INTO orders_returnline
           (return_order_id, product_id, expected, received, restocked, quarantined, scrapped)
    SELECT %s, d.product_id, d.expected, d.received, d.restocked, d.quarantined, d.scrapped
      FROM told d
     WHERE d.product_id NOT IN (SELECT product_id FROM known)
     ORDER BY d.place
"""


@dataclass(slots=True)
class Delta:
    """By how much a line of a return changes."""

    expected: int = 0
    received: int = 0
    restock: int = 0
    quarantine: int = 0
    scrap: int = 0

    @property
    def graded(self) -> int:
        return self.restock + self.quarantine + self.scrap


Deltas = dict[str, Delta]


def check_order(
    *, order_id: int | None, reference: str | None, total: Deltas, beside: int | None = None
) -> None:
    """Raise NotOnDocument or TooMuchReturned unless so much may come back; locks the order."""
    if order_id is None or reference is None:
        return
    lock_orders(ids=[order_id])
    may = {one.sku: one for one in returnable(order_id=order_id, beside=beside)}
    check_on(reference=reference, skus=list(total), known=may)
    wrong = [
        {
            "sku": sku,
            "requested": units,
            "shipped": may[sku].shipped,
            "returned": may[sku].returned,
        }
        for sku, delta in total.items()
        if (units := max(delta.expected, delta.received)) > may[sku].left
    ]
    if wrong:
        told = ", ".join(
            _("%(sku)s: %(requested)s, shipped %(shipped)s, back %(returned)s")
            % {
                "sku": x["sku"],
                "requested": x["requested"],
                "shipped": x["shipped"],
                "returned": x["returned"],
            }
            for x in wrong
        )
        raise TooMuchReturned(
            _("That is more than left on %(reference)s (%(told)s).")
            % {"reference": reference, "told": told},
            items=wrong,
        )


def with_present(*, paper: ReturnView, deltas: Deltas) -> Deltas:
    """What a return says in total once `deltas` are added."""
    total = {line.sku: Delta(line.expected, line.received) for line in paper.lines}
    for sku, delta in deltas.items():
        total.setdefault(sku, Delta()).received += delta.received
    return total


def check_bench(*, paper: ReturnView, deltas: Deltas) -> None:
    """Raise WrongState, NotOnDocument or NotReceived unless so much lies on the bench."""
    check_state(reference=paper.reference, now=paper.status, allowed={R_RECEIVED}, to="graded")
    bench = {line.sku: line.ungraded for line in paper.lines}
    check_on(reference=paper.reference, skus=list(deltas), known=bench)
    wrong = [
        {"sku": sku, "requested": delta.graded, "received": bench[sku]}
        for sku, delta in deltas.items()
        if delta.graded > bench[sku]
    ]
    if wrong:
        told = ", ".join(
            _("%(sku)s: %(requested)s of %(received)s")
            % {"sku": x["sku"], "requested": x["requested"], "received": x["received"]}
            for x in wrong
        )
        raise NotReceived(
            _("Less of %(reference)s lies there (%(told)s).")
            % {"reference": paper.reference, "told": told},
            items=wrong,
        )


def announce(
    *,
    reference: str,
    order_id: int | None,
    warehouse: str,
    reason: str,
    actor: Actor,
    now: datetime | None,
) -> int:
    """Write the head of a return; its id. Raises ReferenceConflict."""
    reason = reason.strip()[:MOST_REASON]
    found = rows(ANNOUNCE, [reference, order_id, reason, actor.name, now, warehouse])
    if not found:
        raise ReferenceConflict(
            _("There is a return %(reference)s already.") % {"reference": reference}
        )
    return int(found[0][0])


def write_lines(*, return_id: int, deltas: Deltas) -> None:
    """Add these to the lines of a return, by set; products it did not have get lines of their own."""
    told = deltas.values()
    rows(
        LINES,
        [
            list(deltas),
            [delta.expected for delta in told],
            [delta.received for delta in told],
            [delta.restock for delta in told],
            [delta.quarantine for delta in told],
            [delta.scrap for delta in told],
            return_id,
            return_id,
        ],
    )
