"""Pick lists are planned: which orders walk together, from which bins, in which order.

What is decided is decided in `walking`, on plain values. One planner at a time works in a warehouse, so
that what one list speaks for is not planned again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from inventory_site.core.actors import Actor
from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows
from notifications import outbox
from notifications.outbox import Event
from orders.errors import NothingToPick, OrderNotFound
from orders.locks import lock_orders, lock_planning
from orders.queries import shelves as read
from orders.queries.shelves import Filter, Wanted
from orders.services.numbering import PICK, next_numbers
from orders.services.walking import Stop, Unplanned, Walk, walks
from orders.states import in_words
from warehouse.errors import InvalidLines, UnknownWarehouse, WarehouseNotAllowed

Kind = Literal["single", "batch", "wave"]
KINDS = ("single", "batch", "wave")
MOST_IN_A_WAVE = 1000  # orders planned by one call
MOST_LABEL = 80

WRITE = """
    WITH list AS (
        INSERT INTO orders_picklist (reference, warehouse_id, kind, status, label, created_at)
        SELECT reference, warehouse_id, %(kind)s, 'open', %(label)s,
               coalesce(%(now)s::timestamptz, statement_timestamp())
          FROM unnest(%(references)s::text[], %(warehouses)s::bigint[])
               WITH ORDINALITY AS t(reference, warehouse_id, place)
         ORDER BY place
        RETURNING id, reference),
    tote AS (
        INSERT INTO orders_picklistorder (pick_list_id, order_id, tote)
        SELECT list.id, t.order_id, t.tote
          FROM unnest(%(tote_lists)s::text[], %(tote_orders)s::bigint[], %(totes)s::int[])
               AS t(reference, order_id, tote)
          JOIN list ON list.reference = t.reference)
    INSERT INTO orders_pickline (pick_list_id, order_line_id, item_id, bin_id, sequence, quantity)
    SELECT list.id, t.order_line_id, t.item_id, t.bin_id, t.sequence, t.quantity
      FROM unnest(%(line_lists)s::text[], %(order_lines)s::bigint[], %(items)s::bigint[],
                  %(bins)s::bigint[], %(sequences)s::int[], %(quantities)s::int[])
           WITH ORDINALITY
           AS t(reference, order_line_id, item_id, bin_id, sequence, quantity, place)
      JOIN list ON list.reference = t.reference
     ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a plan would make now: lists, and on them orders, lines (stops of the walks) and units."""

    lists: int
    orders: int
    lines: int
    units: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A list as it will be written. Its orders stand in the order of their totes."""

    reference: str
    warehouse_id: int
    orders: Sequence[int]
    stops: Sequence[Stop]
    unplanned: Sequence[Unplanned]


def plan(
    *,
    warehouse: str | None,
    kind: Kind,
    orders: Sequence[str] | None = None,
    most_orders: int = 20,
    most_lines: int = 500,
    carrier: str | None = None,
    zone: str | None = None,
    ship_before: datetime | None = None,
    label: str = "",
    actor: Actor,
    now: datetime | None = None,
    within: Collection[str] | None = None,
) -> list[str]:
    """Plan pick lists for what waits; their numbers, the most urgent first, none when nothing waits.

    `single`: a list for each of at most `most_orders` orders. `batch`: one walk for so many orders (and
    `most_lines` lines), a tote for each. `wave`: all that match, in walks of that size. `zone` names
    aisles ("A" or "A,B"): only what lies there is walked to. Without a warehouse, every warehouse where
    the orders are promised stock gets its own lists. Only what is promised and on no list is planned.

    Raises OrderNotFound and NothingToPick (for `orders` named, saying why for each), UnknownWarehouse,
    WarehouseNotAllowed, InvalidLines.
    """
    require_unit_of_work()
    _check(kind, most_orders, most_lines, label)
    places = _places(warehouse, within)
    for warehouse_id in places.values():
        lock_planning(warehouse_id=warehouse_id)
    named = None if orders is None else list(dict.fromkeys(x.strip() for x in orders))
    facts = {} if named is None else _known(named)
    wanted = _filter(named, carrier, zone, ship_before)
    most = len(named) if named is not None else MOST_IN_A_WAVE if kind == "wave" else most_orders
    ids = read.waiting_orders(warehouses=places.values(), wanted=wanted, most=most)
    if ids:
        lock_orders(ids=ids)
    walked = _walked(ids, places, kind, most_orders, most_lines, wanted)
    if not walked and named is not None:
        raise _nothing(facts)
    return _write(walked, kind, label.strip() or _label(wanted), actor, now)


def foresee(
    *,
    warehouse: str,
    kind: Kind,
    most_orders: int = 20,
    most_lines: int = 500,
    carrier: str | None = None,
    zone: str | None = None,
    ship_before: datetime | None = None,
    within: Collection[str] | None = None,
) -> Foreseen:
    """What `plan` would make of the same wishes now. Locks and writes nothing.

    Raises UnknownWarehouse, WarehouseNotAllowed, InvalidLines.
    """
    _check(kind, most_orders, most_lines, "")
    places = _places(warehouse, within)
    wanted = _filter(None, carrier, zone, ship_before)
    most = MOST_IN_A_WAVE if kind == "wave" else most_orders
    ids = read.waiting_orders(warehouses=places.values(), wanted=wanted, most=most)
    walked = _walked(ids, places, kind, most_orders, most_lines, wanted)
    return Foreseen(
        lists=len(walked),
        orders=len({order for _, _, totes in walked for order in totes}),
        lines=sum(len(walk.stops) for _, walk, _ in walked),
        units=sum(stop.quantity for _, walk, _ in walked for stop in walk.stops),
    )


def _filter(
    named: Sequence[str] | None,
    carrier: str | None,
    zone: str | None,
    ship_before: datetime | None,
) -> Filter:
    aisles = frozenset(x.strip().upper() for x in (zone or "").split(",") if x.strip())
    return Filter(named, carrier or None, ship_before, aisles or None)


def _check(kind: str, most_orders: int, most_lines: int, label: str) -> None:
    if kind not in KINDS:
        raise InvalidLines(_("A pick list is single, batch or wave."))
    if most_orders < 1 or most_lines < 1:
        raise InvalidLines(_("A pick list has room for at least one order and one line."))
    if len(label.strip()) > MOST_LABEL:
        raise InvalidLines(_("A label has at most %(most)s characters.") % {"most": MOST_LABEL})


def _places(warehouse: str | None, within: Collection[str] | None) -> dict[str, int]:
    """Ids of the warehouses to plan in, by code and in the order of their locks."""
    code = None if warehouse is None else warehouse.strip().upper()
    if code is not None and within is not None and code not in within:
        raise WarehouseNotAllowed(
            _("Not allowed in warehouse %(code)s.") % {"code": code}, items=[{"warehouse": code}]
        )
    found = read.warehouse_ids(codes=within if code is None else [code])
    if code is not None and not found:
        raise UnknownWarehouse(
            _("There is no warehouse %(code)s.") % {"code": code}, items=[{"warehouse": code}]
        )
    return found


def _walked(
    ids: Sequence[int],
    places: dict[str, int],
    kind: Kind,
    most_orders: int,
    most_lines: int,
    wanted: Filter,
) -> list[tuple[int, Walk, list[int]]]:
    """Walks with their warehouse and their orders; to be written, decided under the orders' locks."""
    if not ids:
        return []
    aisles = frozenset(wanted.aisles or ())
    demand = read.demand(order_ids=ids, warehouses=places.values())
    items = {line.item_id for lines in demand.values() for line in lines}
    shelves = read.shelves(item_ids=items)
    result = []
    for warehouse_id, lines in sorted(demand.items()):
        batches = list(batched(lines=lines, kind=kind, orders=most_orders, most=most_lines))
        for batch, walk in zip(
            batches, walks(batches=batches, shelves=shelves, aisles=aisles), strict=True
        ):
            walking = {stop.order_id for stop in walk.stops}
            totes = [x for x in dict.fromkeys(w.order_id for w in batch) if x in walking]
            if totes:
                result.append((warehouse_id, walk, totes))
    return result


def batched(
    *, lines: Sequence[Wanted], kind: Kind, orders: int, most: int
) -> Iterable[list[Wanted]]:
    """Whole orders that walk together, at most `orders` of them with `most` lines.

    An order with more lines than that walks alone. A batch is one walk; singles and waves are as many
    as it takes. Pure.
    """
    room = 1 if kind == "single" else orders
    batch: list[Wanted] = []
    for order in _by_order(lines):
        full = len({line.order_id for line in batch}) >= room
        if batch and (full or len(batch) + len(order) > most):
            yield batch
            if kind == "batch":
                return
            batch = []
        batch.extend(order)
    if batch:
        yield batch


def _by_order(lines: Sequence[Wanted]) -> list[list[Wanted]]:
    grouped: dict[int, list[Wanted]] = {}
    for line in lines:
        grouped.setdefault(line.order_id, []).append(line)
    return list(grouped.values())


def _label(wanted: Filter) -> str:
    """What a wave has in common, where nobody gave it a name; kept, so in the language of the site."""
    with override(settings.LANGUAGE_CODE):
        moment = wanted.ship_before and date_format(wanted.ship_before, "d M H:i")
        zones = ", ".join(sorted(wanted.aisles or ()))
        parts = [
            wanted.carrier or "",
            _("until %(moment)s") % {"moment": moment} if moment else "",
            _("zone %(zones)s") % {"zones": zones} if zones else "",
        ]
    return " · ".join(part for part in parts if part)[:MOST_LABEL]


def _write(
    walked: Sequence[tuple[int, Walk, list[int]]],
    kind: Kind,
    label: str,
    actor: Actor,
    now: datetime | None,
) -> list[str]:
    """Lists, totes and lines in one statement, with an event for each list."""
    if not walked:
        return []
    numbers = next_numbers(prefix=PICK, count=len(walked))
    lists = [
        Planned(number, warehouse_id, totes, walk.stops, walk.unplanned)
        for number, (warehouse_id, walk, totes) in zip(numbers, walked, strict=True)
    ]
    totes = [(x.reference, order, n) for x in lists for n, order in enumerate(x.orders, start=1)]
    stops = [(x.reference, stop) for x in lists for stop in x.stops]
    rows(
        WRITE,
        {
            "kind": kind,
            "label": label,
            "now": now,
            "references": numbers,
            "warehouses": [x.warehouse_id for x in lists],
            "tote_lists": [x[0] for x in totes],
            "tote_orders": [x[1] for x in totes],
            "totes": [x[2] for x in totes],
            "line_lists": [reference for reference, _ in stops],
            "order_lines": [stop.order_line_id for _, stop in stops],
            "items": [stop.item_id for _, stop in stops],
            "bins": [stop.bin_id for _, stop in stops],
            "sequences": [stop.sequence for _, stop in stops],
            "quantities": [stop.quantity for _, stop in stops],
        },
    )
    outbox.record(events=[_event(x, kind, label, actor) for x in lists], now=now)
    return numbers


def _event(planned: Planned, kind: Kind, label: str, actor: Actor) -> Event:
    return Event(
        type="picking.planned",
        reference=planned.reference,
        actor=actor.name,
        levels=[],
        details={
            "kind": kind,
            "label": label,
            "orders": len(planned.orders),
            "lines": len(planned.stops),
            "units": sum(stop.quantity for stop in planned.stops),
            "unplanned": _units_by_reason(planned.unplanned),
        },
    )


def _units_by_reason(unplanned: Sequence[Unplanned]) -> dict[str, int]:
    units: dict[str, int] = {}
    for part in unplanned:
        units[part.reason] = units.get(part.reason, 0) + part.quantity
    return units


def _known(named: Sequence[str]) -> dict[str, tuple[str, int, int]]:
    """Facts of the orders named. Raises OrderNotFound."""
    known = read.order_facts(references=named)
    lost = [reference for reference in named if reference not in known]
    if lost:
        raise OrderNotFound(
            _("There is no order %(lost)s.") % {"lost": ", ".join(lost)},
            items=[{"order": x} for x in lost],
        )
    return known


def _nothing(facts: Mapping[str, tuple[str, int, int]]) -> NothingToPick:
    """Why none of the orders named can be planned."""
    told = [{"order": order, "why": _why(*known)} for order, known in facts.items()]
    words = "; ".join(f"{x['order']}: {x['why']}" for x in told[:5])
    return NothingToPick(_("Nothing to pick. %(words)s.") % {"words": words}, items=told)


def _why(status: str, waiting: int, on_lists: int) -> str:
    if status in ("draft", "shipped", "closed", "cancelled"):
        return _("it is %(status)s") % {"status": in_words(status)}
    if on_lists:
        return _("what can be picked of it is on a list already")
    if waiting:
        return _("it waits for stock")
    return _("other lists take what is in the bins, or the rest lies in totes or is not sellable")
