"""Placing orders: stock is promised (or a promise made at checkout taken over), then the paper written."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.actors import Actor
from inventory_site.core.db import Raced, require_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.locks import lock_orders
from orders.queries.sales import (
    OrderView,
    known_orders,
    order_view,
    order_views,
    orders_of_reservations,
)
from orders.services.ordering import NewLine, NewOrder, Ordered
from orders.services.progress import OWNER
from orders.states import ALLOCATED, BACKORDERED, DRAFT, WrongState, in_words
from warehouse import queries
from warehouse.errors import ReferenceConflict, ReservationOwned
from warehouse.lines import Held, ReserveLine, ReserveRequest
from warehouse.services.owning import Adoption, adopt_batch
from warehouse.services.reservations import reserve_batch

__all__ = ["NewLine", "NewOrder", "confirm", "place", "place_batch"]

MOMENT = "coalesce(%(now)s::timestamptz, statement_timestamp())"

PLACE = f"""
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(orders)s::jsonb)
           AS o(place int, reference text, status text, priority int, ship_by timestamptz,
                carrier text, ship_to_name text, ship_to_address text, notes text,
                warehouse text, strategy text, reservation text, fingerprint text)
), header AS (
    INSERT INTO orders_salesorder
           (reference, status, priority, ship_by, carrier, ship_to_name, ship_to_address, notes,
            warehouse_id, strategy, reservation_id, fingerprint, actor, placed_at, updated_at)
    SELECT o.reference, o.status, o.priority, o.ship_by, o.carrier, o.ship_to_name,
           o.ship_to_address, o.notes, w.id, o.strategy, r.id, o.fingerprint, %(actor)s,
           {MOMENT}, {MOMENT}
      FROM wanted o
      LEFT JOIN warehouse_warehouse w ON w.code = o.warehouse
      LEFT JOIN warehouse_reservation r ON r.reference = o.reservation
     ORDER BY o.place
        ON CONFLICT (reference) DO NOTHING
    RETURNING id, reference
), line AS (
    INSERT INTO orders_orderline (order_id, product_id, quantity, cancelled, shipped)
    SELECT h.id, p.id, l.quantity, 0, 0
      FROM unnest(%(line_orders)s::int[], %(line_skus)s::text[], %(line_quantities)s::int[])
           WITH ORDINALITY AS l(place, sku, quantity, n)
      JOIN wanted o USING (place)
      JOIN header h USING (reference)
      JOIN warehouse_product p ON p.sku = l.sku
     ORDER BY l.n
), event AS ({outbox.INSERT})
SELECT count(*) FROM header
"""

CONFIRM = """
    UPDATE orders_salesorder o
       SET status = %s, reservation_id = r.id, updated_at = coalesce(%s::timestamptz, statement_timestamp())
      FROM warehouse_reservation r
     WHERE o.id = %s AND o.status = 'draft' AND r.reference = o.reference
"""


def place(
    *,
    order: NewOrder,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> OrderView:
    """Place one order; the same order for the same reference is returned as it stands by now.

    What no warehouse has at the moment waits, the oldest order first. Raises ReferenceConflict,
    InsufficientStock (what no warehouse has ever held; recorded as lost demand), UnknownSku,
    UnknownWarehouse, WarehouseNotAllowed, InvalidOrder, InvalidLines, InvalidReference; for a reservation to
    be taken over ReservationNotFound, ReservationClosed, ReservationOwned, ReservationDiffers; Raced.
    """
    answer = place_batch(orders=[order], actor=actor, now=now, within=within)[0]
    if isinstance(answer, DomainError):
        raise answer
    return answer


def place_batch(
    *,
    orders: Sequence[NewOrder],
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[OrderView | DomainError]:
    """Place many orders by set, each by itself: its answer is the order or its own error (not raised).

    Errors as of `place`. Raises Raced when another transaction takes one of the references meanwhile;
    nothing is kept then, and the batch can be run again.
    """
    require_unit_of_work()
    batch = _Batch(orders, actor, now, within)
    batch.answer_known(batch.open())
    batch.reserve()
    batch.take_over()
    batch.check_drafts()
    batch.write()
    return batch.answers()


class _Batch:
    """The orders of one call, taken through: known already, promise, take over, write, show."""

    def __init__(
        self,
        orders: Sequence[NewOrder],
        actor: Actor,
        now: datetime | None,
        within: Collection[str] | None,
    ) -> None:
        self.actor, self.now = actor, now
        limit = None if within is None else frozenset(within)
        self.all = [Ordered(order, limit, OWNER) for order in orders]
        self.again: list[Ordered] = []  # placed before, or twice in this batch
        self.written: set[str] = set()
        self.firsts: dict[str, Ordered] = {}
        for ordered in self.all:
            try:
                ordered.read()
            except DomainError as error:
                ordered.answer = error
                continue
            first = self.firsts.setdefault(ordered.reference, ordered)
            if first is not ordered:
                self._compare(ordered, first.fingerprint)

    def open(self) -> list[Ordered]:
        """Those that are still to be placed."""
        done = {id(ordered) for ordered in self.again}
        return [x for x in self.all if x.answer is None and id(x) not in done]

    def _compare(self, ordered: Ordered, fingerprint: str) -> None:
        if ordered.fingerprint == fingerprint:
            self.again.append(ordered)
        else:
            ordered.answer = ReferenceConflict(
                _("The reference %(reference)s belongs to another order; use a new one.")
                % {"reference": ordered.reference}
            )

    def answer_known(self, orders: Iterable[Ordered]) -> None:
        """The same order again, or a conflict."""
        asked = {ordered.reference: ordered for ordered in orders}
        if asked:
            for reference, fingerprint in known_orders(references=asked).items():
                self._compare(asked[reference], fingerprint)

    def reserve(self) -> None:
        """Promise stock to all that bring no promise along, in one call of the engine."""
        asking = [x for x in self.open() if not x.order.draft and not x.adopted]
        if not asking:
            return
        requests = [ordered.request() for ordered in asking]
        answers = reserve_batch(requests=requests, actor=self.actor, now=self.now)
        doubtful = []
        for ordered, answer in zip(asking, answers, strict=True):
            if isinstance(answer, DomainError):
                ordered.answer = answer
            elif answer.created:
                ordered.held = answer
            else:
                doubtful.append(ordered)
        self.answer_known(doubtful)  # placed in between by somebody else
        still_open = {id(ordered) for ordered in self.open()}
        for ordered in doubtful:
            if id(ordered) in still_open:
                ordered.answer = ReferenceConflict(
                    _(
                        "There is a reservation %(reference)s already; to make it this order's, name "
                        "it as its reservation."
                    )
                    % {"reference": ordered.reference}
                )

    def take_over(self) -> None:
        """Adopt the reservations made at checkout: each once, and as it is."""
        asking: dict[str, Ordered] = {}
        for ordered in self.open():
            if ordered.adopted and asking.setdefault(ordered.adopted, ordered) is not ordered:
                ordered.answer = _taken(ordered.adopted, asking[ordered.adopted].reference)
        if not asking:
            return
        answers = adopt_batch(
            adoptions=[Adoption(name, x.wanted, x.within) for name, x in asking.items()],
            owner=OWNER,
            actor=self.actor,
            now=self.now,
        )
        owners = orders_of_reservations(references=asking)
        for (name, ordered), answer in zip(asking.items(), answers, strict=True):
            if owners.get(name, ordered.reference) != ordered.reference:
                ordered.answer = _taken(name, owners[name])
            elif isinstance(answer, DomainError):
                ordered.answer = answer
            else:
                ordered.held = answer
        self.answer_known(x for x in self.open() if x.adopted in owners)

    def check_drafts(self) -> None:
        drafts = [ordered for ordered in self.open() if ordered.order.draft]
        if not drafts:
            return
        skus = queries.known_skus({sku for ordered in drafts for sku in ordered.wanted})
        codes = queries.known_warehouses({x.order.warehouse for x in drafts if x.order.warehouse})
        for ordered in drafts:
            try:
                ordered.check_known(skus, codes)
            except DomainError as error:
                ordered.answer = error

    def write(self) -> None:
        """All orders, their lines and their events in one statement. Raises Raced."""
        new = self.open()
        if not new:
            return
        lines = [(n, *line) for n, x in enumerate(new) for line in x.wanted.items()]
        ((count,),) = rows(
            PLACE,
            {
                "orders": json.dumps([_row(place, ordered) for place, ordered in enumerate(new)]),
                "line_orders": [line[0] for line in lines],
                "line_skus": [line[1] for line in lines],
                "line_quantities": [line[2] for line in lines],
                "actor": self.actor.name,
                "now": self.now,
                **outbox.parameters(events=[_event(ordered, self.actor) for ordered in new]),
            },
        )
        if count < len(new):
            raise Raced(_("A reference was taken meanwhile; nothing was placed, send it again."))
        self.written = {ordered.reference for ordered in new}

    def answers(self) -> list[OrderView | DomainError]:
        """Each order as it stands, or its error; a repetition is what the first one was answered."""
        shown = order_views(references={x.reference for x in self.all if x.answer is None})
        for ordered in self.all:
            if ordered.answer is None:
                view = shown.get(ordered.reference)
                ordered.answer = view or self.firsts[ordered.reference].answer
            if isinstance(ordered.answer, OrderView):
                ordered.answer = self._seen(ordered, ordered.answer)
        return [ordered.answer for ordered in self.all]  # type: ignore[misc]

    def _seen(self, ordered: Ordered, view: OrderView) -> OrderView | DomainError:
        try:
            view.check_allowed(ordered.within)
        except DomainError as error:
            return error
        new = ordered.reference in self.written and self.firsts[ordered.reference] is ordered
        return replace(view, created=new)


def _taken(reservation: str, order: str) -> ReservationOwned:
    return ReservationOwned(
        _("The reservation %(reservation)s belongs to the order %(order)s already.")
        % {"reservation": reservation, "order": order}
    )


def _status(held: Held | None) -> str:
    if held is None:
        return DRAFT
    return BACKORDERED if any(line.backordered for line in held.lines) else ALLOCATED


def _row(place: int, ordered: Ordered) -> dict[str, Any]:
    order = ordered.order
    return {
        "place": place,
        "reference": ordered.reference,
        "status": _status(ordered.held),
        "priority": order.priority,
        "ship_by": None if order.ship_by is None else order.ship_by.isoformat(),
        "carrier": order.carrier,
        "ship_to_name": order.ship_to_name,
        "ship_to_address": order.ship_to_address,
        "notes": order.notes,
        "warehouse": order.warehouse,
        "strategy": order.strategy,
        "reservation": ordered.reservation,
        "fingerprint": ordered.fingerprint,
    }


def _event(ordered: Ordered, actor: Actor) -> Event:
    return _placed(ordered.reference, ordered.reservation, ordered.held, actor)


def _placed(reference: str, reservation: str | None, held: Held | None, actor: Actor) -> Event:
    if held is None:
        return Event("order.drafted", reference, actor.name, [])
    waiting = [
        {"sku": line.sku, "warehouse": line.warehouse, "quantity": line.backordered}
        for line in held.lines
        if line.backordered
    ]
    details = {"status": _status(held), "reservation": reservation, "backordered": waiting}
    return Event("order.placed", reference, actor.name, [], details)


def confirm(
    *,
    reference: str,
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> OrderView:
    """Place a draft: stock is promised for what is left of it.

    Raises OrderNotFound, WrongState, WarehouseNotAllowed, ReferenceConflict (there is a reservation of
    that reference), InsufficientStock, Raced.
    """
    require_unit_of_work()
    draft = order_view(reference=reference)
    draft.check_allowed(within)
    if draft.status != DRAFT:
        raise WrongState(
            _("%(reference)s is %(status)s, no draft any more.")
            % {"reference": reference, "status": in_words(draft.status)}
        )
    request = ReserveRequest(
        reference=reference,
        lines=[ReserveLine(line.sku, line.open) for line in draft.lines if line.open],
        warehouse=draft.warehouse,
        strategy=draft.strategy,
        backorder=True,
        owner=OWNER,
        within=None if within is None else frozenset(within),
    )
    (held,) = reserve_batch(requests=[request], actor=actor, now=now)
    if isinstance(held, DomainError):
        raise held
    *_id, status = lock_orders(ids=[draft.id])[0]
    if status != DRAFT or order_view(reference=reference).lines != draft.lines:
        raise Raced(
            _("%(reference)s was changed at the same moment; look again.")
            % {"reference": reference}
        )
    if not held.created:
        raise ReferenceConflict(
            _("There is a reservation %(reference)s that is not this order's.")
            % {"reference": reference}
        )
    rows(CONFIRM, [_status(held), now, draft.id])
    outbox.record(events=[_placed(reference, reference, held, actor)], now=now)
    return order_view(reference=reference)
