"""What an order that cannot be served is told, and what is kept of it: lost demand."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory_site.core.errors import DomainError
from warehouse import queries
from warehouse.errors import InsufficientStock, ProductInactive, UnknownSku, UnknownWarehouse
from warehouse.services.requested import Requested
from warehouse.services.sourcing import Shortfall
from warehouse.statements import Lost


def refuse(*, orders: Sequence[Requested]) -> None:
    """Give each order its error: unknown SKUs and warehouses first, then what is not sold any more, else
    every short line."""
    skus = {sku for order in orders for sku in order.wanted or ()}
    facts = queries.refusal_facts(
        skus=skus, warehouses={o.request.warehouse for o in orders if o.request.warehouse}
    )
    for order in orders:
        if order.request.warehouse and order.request.warehouse not in facts.warehouses:
            order.answer = UnknownWarehouse(
                _("There is no warehouse %(warehouse)s.") % {"warehouse": order.request.warehouse},
                items=[{"warehouse": order.request.warehouse, "pointer": "/warehouse"}],
            )
            continue
        unknown = [sku for sku in order.wanted or () if sku not in facts.skus]
        if unknown:
            order.answer = UnknownSku(
                _("Unknown SKU %(unknown)s.") % {"unknown": ", ".join(unknown)},
                items=[{"line": order.place_of(sku), "sku": sku} for sku in unknown],
            )
            continue
        inactive = [sku for sku in order.wanted or () if sku in facts.inactive]
        if inactive:
            order.answer = ProductInactive(
                _("%(skus)s is not sold any more.") % {"skus": ", ".join(inactive)},
                items=[{"line": order.place_of(sku), "sku": sku} for sku in inactive],
            )
            continue
        short = order.sourced.short if order.sourced else ()
        order.answer = _insufficient(order, short, facts)


def _insufficient(
    order: Requested, short: Sequence[Shortfall], facts: queries.RefusalFacts
) -> InsufficientStock:
    told = ", ".join(
        _("%(sku)s: %(requested)s asked, %(available)s available")
        % {"sku": s.sku, "requested": s.requested, "available": s.available}
        for s in short[:5]
    )
    more = _(" and %(number)s more") % {"number": len(short) - 5} if len(short) > 5 else ""
    return InsufficientStock(
        _("Not enough stock for %(reference)s (%(told)s%(more)s).")
        % {"reference": order.reference, "told": told, "more": more},
        items=[
            {
                "line": order.place_of(s.sku),
                "sku": s.sku,
                "requested": s.requested,
                "available": s.available,
                "held": [x for x in facts.held.get(s.sku, []) if _seen(order, x["warehouse"])],
                "next_inbound": _next_inbound(order, facts.next_inbound.get(s.sku, {})),
            }
            for s in short
        ],
    )


def _seen(order: Requested, warehouse: str) -> bool:
    """Whether whoever asked may know what is in this warehouse."""
    return order.within is None or warehouse in order.within


def _next_inbound(order: Requested, expected: Mapping[str, datetime]) -> str | None:
    known = [when for warehouse, when in expected.items() if _seen(order, warehouse)]
    return queries.moment(min(known)) if known else None


def lost_demand(order: Requested) -> list[Lost]:
    """What of this order was refused for want of stock; nothing where it may wait, or was at fault itself."""
    if isinstance(order.answer, DomainError) and not isinstance(order.answer, InsufficientStock):
        return []
    if order.request.backorder and order.granted:
        return []  # it waits, so it is not lost
    return [
        Lost(
            reference=order.reference,
            sku=s.sku,
            warehouse=order.request.warehouse,
            requested=s.requested,
            available=s.available,
            actor=order.actor.name,
        )
        for s in (order.sourced.short if order.sourced else ())
    ]
