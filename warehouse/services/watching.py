"""What of the stock somebody should be told: low, out, promised but not found, books that do not add up.

Each rule reads how things stand (notifications.alerting); events only say of which items.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.sql import rows
from notifications.alerting import (
    GRADE,
    Condition,
    Found,
    SeverityName,
    Watch,
    in_the_site_s_language,
    register,
    settle,
)
from notifications.feed import FeedEvent
from warehouse.dead_stock import PERIODS, DeadInWarehouse, dead_stock_summary
from warehouse.services.proof import Drift

Row = tuple[Any, ...]

DEAD_DAYS, LONG_DEAD_DAYS = PERIODS  # a notice, a warning
MOST_NAMED = 20  # orders, drifts: the title says how many, the details name the first

# All items, or those of events. No index has the counters (each order changes them), so a look everywhere
# reads the whole narrow table once.
EVERYWHERE = """warehouse_inventoryitem i
      JOIN warehouse_product p ON p.id = i.product_id AND p.active
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id"""
THERE = """(SELECT DISTINCT sku, code FROM unnest(%(skus)s::text[], %(codes)s::text[]) AS u(sku, code)) u
      JOIN warehouse_product p ON p.sku = u.sku AND p.active
      JOIN warehouse_warehouse w ON w.code = u.code
      JOIN warehouse_inventoryitem i ON i.product_id = p.id AND i.warehouse_id = w.id"""

AVAILABLE = "(i.on_hand - i.unsellable - i.reserved)"
# A level that wavers around the point is still low until it is a tenth above.
MARGIN = "greatest(1, ceil(i.reorder_point * 0.1)::int)"

LOW = f"""
    SELECT p.sku, w.code, p.name, {AVAILABLE}, i.inbound, i.reorder_point, c.abc || c.xyz,
           {AVAILABLE} + i.inbound <= i.reorder_point
      FROM {{source}}
      LEFT JOIN warehouse_itemclass c ON c.item_id = i.id
     WHERE i.reorder_point > 0 AND {AVAILABLE} + i.inbound <= i.reorder_point + {MARGIN}
     ORDER BY p.sku, w.code
"""

# What never was here cannot run out here. The class is last night's; there is none before the first.
OUT = f"""
    SELECT p.sku, w.code, p.name, {AVAILABLE}, i.safety_stock, i.inbound, i.reorder_point, c.abc || c.xyz,
           {AVAILABLE} - i.safety_stock <= 0
      FROM {{source}}
      LEFT JOIN warehouse_itemclass c ON c.item_id = i.id
     WHERE {AVAILABLE} - i.safety_stock <= CASE WHEN i.reorder_point > 0 THEN {MARGIN} ELSE 0 END
       AND EXISTS (SELECT 1 FROM warehouse_stockmovement m WHERE m.item_id = i.id)
     ORDER BY p.sku, w.code
"""

SHORT = """
    SELECT p.sku, w.code, p.name, sum(l.backordered)::int,
           (array_agg(r.reference ORDER BY r.id))[1:%(most)s::int]
      FROM {source}
      JOIN warehouse_reservationline l ON l.item_id = i.id AND l.backordered > 0
      JOIN warehouse_reservation r ON r.id = l.reservation_id AND r.status = 'active'
     GROUP BY p.sku, w.code, p.name
     ORDER BY p.sku, w.code
"""

# The sweep comes by every ten seconds.
OVERDUE = """
    SELECT reference FROM warehouse_reservation
     WHERE status = 'active'
       AND expires_at <= coalesce(%(now)s::timestamptz, statement_timestamp()) - interval '5 minutes'
     ORDER BY expires_at
"""

PROVEN = "INSERT INTO warehouse_proofrun (took_ms, drifts) VALUES (%s, %s)"


def _subject(sku: str, warehouse: str) -> str:
    """How alerts name an item."""
    return f"{sku} in {warehouse}"


def tell_of_drifts(
    *, drifts: Sequence[Drift], took_ms: int = 0, now: datetime | None = None
) -> None:
    """Put a proof that has just been made on record, and open the alert that the books do not add up, or
    resolve it."""
    rows(PROVEN, [took_ms, len(drifts)])
    conditions = []
    if drifts:
        first = [drift.message for drift in drifts[:MOST_NAMED]]
        with in_the_site_s_language():
            title = ngettext(
                "The books do not add up: %(n)s rows drift",
                "The books do not add up: %(n)s rows drift",
                len(drifts),
            ) % {"n": len(drifts)}
        told = {"rows": len(drifts), "first": first}
        conditions = [Condition("ledger", title, severity="urgent", details=told)]
    settle(rule="ledger_drift", found=Found(conditions), now=now)


def tell_of_dead_stock(*, now: datetime) -> None:
    """Open or renew one alert for each warehouse in which goods lie unsold for 90 days, or resolve it; it is
    more severe, and says so, where some lie for 180.

    One for each product would be hundreds; the page behind it has them.
    """
    longer = {one.warehouse: one for one in dead_stock_summary(days=LONG_DEAD_DAYS, now=now)}
    found = dead_stock_summary(days=DEAD_DAYS, now=now)
    with in_the_site_s_language():
        conditions = [_dead(lying, longer.get(lying.warehouse)) for lying in found]
    settle(rule="dead_stock", found=Found(conditions), now=now)


def _dead(lying: DeadInWarehouse, longer: DeadInWarehouse | None) -> Condition:
    title = ngettext(
        "%(n)s products lie unsold for %(days)s days in %(code)s: %(units)s units, %(value)s at cost",
        "%(n)s products lie unsold for %(days)s days in %(code)s: %(units)s units, %(value)s at cost",
        lying.items,
    ) % {
        "n": lying.items, "days": DEAD_DAYS, "code": lying.warehouse, "units": lying.units,
        "value": f"{lying.value:,.0f}",
    }  # fmt: skip
    details: dict[str, Any] = {
        "products": lying.items, "units": lying.units, "value": round(lying.value, 2),
    }  # fmt: skip
    title += _unvalued(lying)
    if lying.unvalued:
        details["unvalued"] = lying.unvalued
    if longer:
        title += "; " + ngettext(
            "%(items)s of them for %(days)s days, %(value)s at cost",
            "%(items)s of them for %(days)s days, %(value)s at cost",
            longer.items,
        ) % {"items": longer.items, "days": LONG_DEAD_DAYS, "value": f"{longer.value:,.0f}"}
        details |= {"products_longer": longer.items, "value_longer": round(longer.value, 2)}
    return Condition(
        lying.warehouse,
        title,
        severity="warning" if longer else "info",
        warehouse=lying.warehouse,
        details=details,
    )


def _unvalued(lying: DeadInWarehouse) -> str:
    """What the sum leaves out, where it leaves out anything."""
    if not lying.unvalued:
        return ""
    words = ngettext(
        "(%(n)s without a cost is not in the sum)",
        "(%(n)s without a cost are not in the sum)",
        lying.unvalued,
    )
    return " " + words % {"n": lying.unvalued}


def register_watches() -> None:
    """Have the stock watched. Called once, when the apps are ready."""
    register(Watch("low_stock", _("Low stock"), _looker(LOW, _low)))
    register(Watch("out_of_stock", _("Out of stock"), _looker(OUT, _out)))
    register(Watch("shortage_found", _("Promised, but not found"), _look_for_shortages))
    register(Watch("not_expired", _("Reservations that do not run out"), _look_for_overdue))
    register(Watch("ledger_drift", _("Books that do not add up")))
    register(Watch("dead_stock", _("Dead stock")))


def _looker(
    sql: str, condition: Callable[[Row], Condition]
) -> Callable[[Sequence[FeedEvent] | None, datetime | None], Found]:
    """A watch over items: one statement, whatever their number."""

    def look(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
        found, looked = _read(sql, events)
        return Found([condition(row) for row in found], looked)

    return look


def _read(sql: str, events: Sequence[FeedEvent] | None) -> tuple[list[Row], list[str] | None]:
    """The statement's rows for the items of these events (None: for all), and their subjects."""
    given: dict[str, Any] = {"most": MOST_NAMED}
    if events is None:
        return rows(sql.format(source=EVERYWHERE), given), None
    items = _items(events)
    if not items:
        return [], []
    given |= {"skus": [sku for sku, _ in items], "codes": [code for _, code in items]}
    return rows(sql.format(source=THERE), given), [_subject(*item) for item in items]


def _items(events: Iterable[FeedEvent]) -> list[tuple[str, str]]:
    return list(
        dict.fromkeys(
            (level["sku"], level["warehouse"]) for event in events for level in event.levels
        )
    )


def _low(row: Row) -> Condition:
    sku, code, name, available, inbound, point, letters, holds = row
    words = (
        gettext(
            "%(sku)s is low in %(code)s: %(available)s available and %(inbound)s on the way,"
            " reorder point %(point)s"
        )
        if inbound
        else gettext("%(sku)s is low in %(code)s: %(available)s available, reorder point %(point)s")
    )
    told = {"sku": sku, "code": code, "available": available, "inbound": inbound, "point": point}
    return Condition(
        _subject(sku, code),
        words % told + _in_class(letters),
        warehouse=code,
        details={
            "sku": sku, "name": name, "available": available, "inbound": inbound, "reorder_point": point,
            **_graded(letters),
        },
        holds=holds,
    )  # fmt: skip


def _out(row: Row) -> Condition:
    sku, code, name, available, safety, inbound, point, letters, holds = row
    told = {"sku": sku, "code": code, "units": available - safety}
    if holds:
        title = gettext("%(sku)s is out of stock in %(code)s") % told
    else:
        title = gettext("%(sku)s was out of stock in %(code)s and has %(units)s again") % told
    if holds and available > 0:
        title += " " + gettext("(%(units)s kept as safety stock)") % {"units": available}
    coming = gettext("%(units)s on the way") if inbound else gettext("nothing on the way")
    return Condition(
        _subject(sku, code),
        f"{title}, {coming % {'units': inbound}}{_in_class(letters)}",
        severity=_how_bad(letters, watched=point > 0),
        warehouse=code,
        details={
            "sku": sku, "name": name, "available": available, "safety_stock": safety, "inbound": inbound,
            **_graded(letters),
        },
        holds=holds,
    )  # fmt: skip


def _in_class(letters: str | None) -> str:
    """The class in a title: by value, and by how even demand is. Before the first night there is none."""
    return " " + gettext("(class %(letters)s)") % {"letters": letters} if letters else ""


def _graded(letters: str | None) -> dict[str, str]:
    return {GRADE: letters} if letters else {}


def _how_bad(letters: str | None, *, watched: bool) -> SeverityName:
    """Urgent where the item earns its warehouse's living (class A), or where a reorder point says that it
    must not run out; of what hardly sells (class C), one step less. Without a class it is taken for a B."""
    letter = letters[0] if letters else "B"
    if letter == "A":
        return "urgent"
    if letter == "C":
        return "warning" if watched else "info"
    return "urgent" if watched else "warning"


def _look_for_shortages(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    """An event opens the alert; it stands for as long as an order waits for the item."""
    found, looked = _read(SHORT, events)
    told = {
        (hurt["sku"], hurt["warehouse"])
        for event in events or ()
        for hurt in event.details.get("affected", ())
        if hurt["backordered"]
    }
    return Found([_short(row, holds=row[:2] in told) for row in found], looked)


def _short(row: Row, *, holds: bool) -> Condition:
    sku, code, name, units, references = row
    named = ", ".join(references[:3])
    if len(references) > 3:
        named = gettext("%(orders)s and others") % {"orders": named}
    words = ngettext(
        "%(code)s holds less of %(sku)s than was promised: %(orders)s waits for %(units)s",
        "%(code)s holds less of %(sku)s than was promised: %(orders)s wait for %(units)s",
        len(references),
    )
    return Condition(
        _subject(sku, code),
        words % {"code": code, "sku": sku, "orders": named, "units": units},
        severity="urgent",
        warehouse=code,
        details={"sku": sku, "name": name, "units": units, "orders": references},
        holds=holds,
    )


def _look_for_overdue(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    """No event tells that nothing happened: it is found where everything is looked at."""
    if events is not None:
        return Found([], [])
    overdue = [reference for (reference,) in rows(OVERDUE, {"now": now})]
    if not overdue:
        return Found([])
    title = ngettext(
        "%(n)s reservation has run out and still holds its stock: %(first)s",
        "%(n)s reservations have run out and still hold their stock, first %(first)s",
        len(overdue),
    ) % {"n": len(overdue), "first": overdue[0]}
    told = {"reservations": len(overdue), "first": overdue[:MOST_NAMED]}
    return Found([Condition("reservations", title, severity="urgent", details=told)])
