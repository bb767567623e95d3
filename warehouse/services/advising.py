"""Reorder settings that each item's own history calls for. Advice is made here; a person accepts it.

What an item is advised follows from the whole weeks before `now` alone (demand.py), the real lead times
(lead_times.py), its class by value (turnover.py), the forecasts and the policy that the back-test lives by.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory_site.core.db import require_unit_of_work
from inventory_site.core.sql import rows, rows_planned
from warehouse.demand import History, Span, histories, span
from warehouse.forecasting import Forecast, of_weeks
from warehouse.lead_times import lead_times
from warehouse.locks import lock_night_work
from warehouse.policy import (
    COVER_WEEKS,
    DAYS,
    FIRST_WEEKS,
    SERVICE,
    LeadTime,
    settings,
    windows_of,
    worth_changing,
)
from warehouse.statements import int_array
from warehouse.turnover import CLASSES

# Every item, with its present settings, its class, the advice that is open, and the last one
# that was declined. `until` excludes what the running week shipped.
ITEMS = f"""
    SELECT i.id, i.product_id, p.active, p.pack_size, i.safety_stock, i.reorder_point, i.reorder_quantity,
           c.class, a.id, a.old_point, a.old_quantity, a.safety_stock, a.point, a.quantity,
           d.old_point, d.old_quantity, d.safety_stock, d.point, d.quantity
      FROM warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN ({CLASSES}) c ON c.item_id = i.id
      LEFT JOIN warehouse_reorderadvice a ON a.item_id = i.id AND a.decided_at IS NULL
      LEFT JOIN (SELECT DISTINCT ON (item_id) * FROM warehouse_reorderadvice
                  WHERE decision = 'declined' ORDER BY item_id, id DESC) d ON d.item_id = i.id
     ORDER BY i.id
"""

# The old row leaves the unique index of open advice before the new one enters it: `made` reads `gone`.
# Settings that were changed since they were read get no advice before they are read again.
WRITE = """
    WITH gone AS (
        UPDATE warehouse_reorderadvice SET decided_at = %(now)s, decision = 'superseded'
         WHERE id = ANY(%(gone)s::bigint[]) AND decided_at IS NULL
        RETURNING id
    ), made AS (
        INSERT INTO warehouse_reorderadvice
               (item_id, point, quantity, old_point, old_quantity, safety_stock, abc, pattern, method,
                weekly_mean, weekly_deviation, lead_days, lead_deviation, deliveries, service, weeks,
                lost_units, made_at)
        SELECT n.item_id, n.point, n.quantity, i.reorder_point, i.reorder_quantity, i.safety_stock,
               n.abc, n.pattern, n.method, n.weekly_mean, n.weekly_deviation, n.lead_days,
               n.lead_deviation, n.deliveries, n.service, n.weeks, n.lost_units, %(now)s
          FROM unnest(%(items)s::bigint[], %(points)s::int[], %(quantities)s::int[],
                      %(old_points)s::int[], %(old_quantities)s::int[], %(safety)s::int[],
                      %(classes)s::text[], %(patterns)s::text[], %(methods)s::text[],
                      %(means)s::float8[], %(deviations)s::float8[], %(lead_days)s::float8[],
                      %(lead_deviations)s::float8[], %(deliveries)s::int[], %(services)s::float8[],
                      %(weeks)s::int[], %(lost)s::int[])
               AS n(item_id, point, quantity, old_point, old_quantity, safety_stock, abc, pattern,
                    method, weekly_mean, weekly_deviation, lead_days, lead_deviation, deliveries,
                    service, weeks, lost_units)
          JOIN warehouse_inventoryitem i ON i.id = n.item_id AND i.reorder_point = n.old_point
               AND i.reorder_quantity = n.old_quantity AND i.safety_stock = n.safety_stock
         WHERE (SELECT count(*) FROM gone) >= 0
            ON CONFLICT (item_id) WHERE decided_at IS NULL DO NOTHING
        RETURNING id
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM made)
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """Reorder point and quantity, in units, and the safety stock that they are for."""

    point: int
    quantity: int
    safety_stock: int


@dataclass(frozen=True, slots=True)
class Watched:
    """An item as it is set now; `open` is the advice that waits (its id), each with what it was made for."""

    id: int
    product_id: int
    active: bool
    pack: int
    now: Settings
    abc: str
    open: int | None
    open_for: Settings | None
    open_says: Settings | None
    declined_for: Settings | None
    declined: Settings | None


@dataclass(frozen=True, slots=True)
class Advised:
    """What an item is advised, and from what that follows."""

    item: Watched
    point: int
    quantity: int
    forecast: Forecast
    lead: LeadTime
    lost_units: int

    @property
    def service(self) -> float:
        return SERVICE[self.item.abc]


@dataclass(frozen=True, slots=True)
class Review:
    """How many items were looked at, and what came of it."""

    items: int
    made: int  # new advice
    superseded: int  # open advice that no longer holds
    kept: int  # open advice that still holds
    as_set: int  # whose settings will do
    declined: int  # for which the same was declined before
    too_new: int  # with fewer weeks of history than a forecast takes
    never_moved: int  # that nobody ever stocked or asked for
    inactive: int  # of products that are not sold any more


def advise(*, now: datetime) -> Review:
    """Advise every item whose settings differ from what its history calls for. Nothing is applied.

    Open advice that still holds stays as it is; other open advice is superseded. What was declined is not
    advised again until it would be worth a change of what was declined, or the item is set anew.
    Repeating it is harmless; two at once wait for each other. Five statements, whatever the number of items.
    """
    require_unit_of_work()
    lock_night_work()
    over = span(now=now)
    items = list(_items(over))
    past = histories(over=over)
    leads = lead_times(now=now)
    came: Counter[str] = Counter()
    gone: list[int] = []
    new: list[Advised] = []
    for item in items:
        advice = _advice_for(item, past.get(item.id), leads[item.product_id])
        outcome = advice if isinstance(advice, str) else _standing(advice)
        came[outcome] += 1
        if item.open is not None and outcome != "kept":
            gone.append(item.open)
        if outcome == "made" and isinstance(advice, Advised):
            new.append(advice)
    superseded, made = _write(gone=gone, new=new, now=now)
    return Review(
        items=came.total(), made=made, superseded=superseded,
        **{k: came[k] for k in ("kept", "as_set", "declined", "too_new", "never_moved", "inactive")},
    )  # fmt: skip


def called_for(*, item: Watched, history: History, lead: LeadTime) -> Advised | None:
    """What an item's history calls for; None where it is too short. The point counts its safety stock in."""
    forecast = None
    if len(history.weeks) >= FIRST_WEEKS:
        demand = of_weeks(history.weeks)
        forecast = demand.forecast()
    if forecast is None:
        return None
    point, quantity = settings(
        forecast=forecast,
        windows=windows_of(demand=demand, lead=lead),
        lead_weeks=lead.weeks,
        lead_deviation_weeks=lead.deviation / DAYS,
        service=SERVICE[item.abc],
        cover_weeks=COVER_WEEKS[item.abc],
        pack=item.pack,
    )
    if point:
        point += item.now.safety_stock
    return Advised(item, point, quantity, forecast, lead, history.lost)


def _advice_for(item: Watched, history: History | None, lead: LeadTime) -> Advised | str:
    if not item.active:
        return "inactive"
    if history is None:
        return "never_moved"
    return called_for(item=item, history=history, lead=lead) or "too_new"


def _standing(advice: Advised) -> str:
    """What is to become of advice, beside how the item is set and what it was advised before."""
    item = advice.item
    if not _differs(advice, item.now):
        return "as_set"
    if item.open_says and item.open_for == item.now and not _differs(advice, item.open_says):
        return "kept"
    if item.declined and item.declined_for == item.now and not _differs(advice, item.declined):
        return "declined"
    return "made"


def _differs(advice: Advised, other: Settings) -> bool:
    return worth_changing(
        old_point=other.point,
        old_quantity=other.quantity,
        point=advice.point,
        quantity=advice.quantity,
        pack=advice.item.pack,
    )


def _items(over: Span) -> Iterator[Watched]:
    for row in rows_planned(ITEMS, {"since": over.since, "until": over.until}):
        id_, product_id, active, pack, safety, point, quantity, abc, open_id, *advice = row
        for_open, open_says = _advice(advice[:5])
        for_declined, declined = _advice(advice[5:])
        yield Watched(
            id_, product_id, active, pack, Settings(point, quantity, safety), abc, open_id,
            for_open, open_says, for_declined, declined,
        )  # fmt: skip


def _advice(figures: Sequence[Any]) -> tuple[Settings | None, Settings | None]:
    """What advice was made for, and what it says; nothing where there is none."""
    old_point, old_quantity, safety, point, quantity = figures
    if point is None:
        return None, None
    return Settings(old_point, old_quantity, safety), Settings(point, quantity, safety)


def _write(*, gone: Sequence[int], new: Sequence[Advised], now: datetime) -> tuple[int, int]:
    """Supersede and insert; how many of each."""
    ((superseded, made),) = rows(
        WRITE, {"gone": int_array(gone), "now": now, **_numbers(new), **_reasons(new)}
    )
    return superseded, made


def _numbers(new: Iterable[Advised]) -> Mapping[str, str]:
    columns = {
        "items": [x.item.id for x in new],
        "points": [x.point for x in new],
        "quantities": [x.quantity for x in new],
        "old_points": [x.item.now.point for x in new],
        "old_quantities": [x.item.now.quantity for x in new],
        "safety": [x.item.now.safety_stock for x in new],
        "deliveries": [x.lead.deliveries for x in new],
        "weeks": [x.forecast.weeks for x in new],
        "lost": [x.lost_units for x in new],
    }
    return {name: int_array(values) for name, values in columns.items()}


def _reasons(new: Sequence[Advised]) -> Mapping[str, list[Any]]:
    return {
        "classes": [x.item.abc for x in new],
        "patterns": [x.forecast.pattern for x in new],
        "methods": [x.forecast.method for x in new],
        "means": [x.forecast.mean for x in new],
        "deviations": [x.forecast.deviation for x in new],
        "lead_days": [x.lead.days for x in new],
        "lead_deviations": [x.lead.deviation for x in new],
        "services": [x.service for x in new],
    }
