"""What of the documents somebody should be told: orders that wait, returns that lie, suppliers that are late.

Each rule reads how things stand (notifications.alerting); events only say of which documents.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inventory_site.core.sql import rows
from notifications.alerting import Condition, Found, Watch, register
from notifications.feed import FeedEvent

MOMENT = "coalesce(%(now)s::timestamptz, statement_timestamp())"

# An order is known by its own reference, a promise without one by the reservation's.
_WAITING = """
    SELECT coalesce(o.reference, r.reference), min(w.code), count(DISTINCT w.code),
           sum(l.backordered)::int,
           (array_agg(l.backordered ORDER BY l.id))[1:5], (array_agg(p.sku ORDER BY l.id))[1:5]
      FROM warehouse_reservation r
      JOIN warehouse_reservationline l ON l.reservation_id = r.id AND l.backordered > 0
      JOIN warehouse_inventoryitem i ON i.id = l.item_id
      JOIN warehouse_product p ON p.id = i.product_id
      JOIN warehouse_warehouse w ON w.id = i.warehouse_id
      LEFT JOIN orders_salesorder o ON o.reservation_id = r.id
     WHERE r.status = 'active' {there}
     GROUP BY r.id, o.reference
     ORDER BY 1
"""
WAITING = _WAITING.format(there="")
WAITING_THERE = _WAITING.format(there="AND r.id = ANY(%(ids)s::bigint[])")
RESERVATIONS = """
    SELECT r.id, coalesce(o.reference, r.reference)
      FROM (SELECT id FROM warehouse_reservation WHERE reference = ANY(%(references)s::text[])
             UNION
            SELECT reservation_id FROM orders_salesorder
             WHERE reference = ANY(%(references)s::text[])) s
      JOIN warehouse_reservation r USING (id)
      LEFT JOIN orders_salesorder o ON o.reservation_id = r.id
"""

LYING = f"""
    SELECT t.reference, w.code, o.reference, (t.received_at AT TIME ZONE w.time_zone)::date,
           (SELECT coalesce(sum(l.received - l.restocked - l.quarantined - l.scrapped), 0)::int
              FROM orders_returnline l WHERE l.return_order_id = t.id)
      FROM orders_returnorder t
      JOIN warehouse_warehouse w ON w.id = t.warehouse_id
      LEFT JOIN orders_salesorder o ON o.id = t.order_id
     WHERE t.status = 'received' AND t.received_at <= {MOMENT} - %(hours)s * interval '1 hour'
       AND (%(references)s::text[] IS NULL OR t.reference = ANY(%(references)s::text[]))
     ORDER BY t.reference
"""

# By the day, not by the minute: whoever comes that evening is not late.
LATE = f"""
    SELECT b.reference, w.code, s.code, (b.expected_at AT TIME ZONE w.time_zone)::date,
           (SELECT coalesce(sum(greatest(l.quantity - l.received, 0)), 0)::int
              FROM orders_purchaseline l WHERE l.order_id = b.id)
      FROM orders_purchaseorder b
      JOIN warehouse_warehouse w ON w.id = b.warehouse_id
      JOIN warehouse_supplier s ON s.id = b.supplier_id
     WHERE b.status IN ('sent', 'partly_received') AND b.expected_at < {MOMENT}
       AND (b.expected_at AT TIME ZONE w.time_zone)::date < ({MOMENT} AT TIME ZONE w.time_zone)::date
       AND (%(references)s::text[] IS NULL OR b.reference = ANY(%(references)s::text[]))
     ORDER BY b.reference
"""


def register_watches() -> None:
    """Have the documents watched. Called once, when the apps are ready."""
    register(
        Watch("order_backordered", gettext_noop("Order waits for stock"), _look_for_waiting_orders)
    )
    register(
        Watch(
            "return_waiting",
            gettext_noop("Return waits too long"),
            _looker("return.", LYING, _lying),
        )
    )
    register(
        Watch("purchase_late", gettext_noop("Supplier is late"), _looker("purchase.", LATE, _late))
    )


def _look_for_waiting_orders(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
    if events is None:
        return Found([_waiting(row) for row in rows(WAITING, {})])
    named = list(dict.fromkeys(name for event in events for name in _promises(event)))
    if not named:
        return Found([], [])
    known = rows(RESERVATIONS, {"references": named})
    found = rows(WAITING_THERE, {"ids": [id_ for id_, _ in known]}) if known else []
    # A cart that became an order's is known by the order's name from then on.
    return Found([_waiting(row) for row in found], {*named, *(name for _, name in known)})


def _promises(event: FeedEvent) -> list[str]:
    """Reservations and orders whose promise an event is about."""
    own = [event.reference] if event.type.startswith(("order.", "reservation.")) else []
    touched = [*event.details.get("affected", ()), *event.details.get("filled", ())]
    return own + [order["reference"] for order in touched]


def _waiting(row: tuple[Any, ...]) -> Condition:
    reference, code, codes, units, waiting, skus = row
    lines = [
        _("%(n)s of %(sku)s") % {"n": n, "sku": sku} for n, sku in zip(waiting, skus, strict=True)
    ]
    return Condition(
        reference,
        _("%(reference)s waits for stock: %(lines)s")
        % {"reference": reference, "lines": ", ".join(lines)},
        warehouse=code if codes == 1 else "",
        details={"order": reference, "units": units, "lines": lines},
    )


def _looker(
    prefix: str, sql: str, condition: Callable[[tuple[Any, ...]], Condition]
) -> Callable[[Sequence[FeedEvent] | None, datetime | None], Found]:
    """A watch over documents whose events begin with `prefix`: one statement, whatever their number."""

    def look(events: Sequence[FeedEvent] | None, now: datetime | None) -> Found:
        named = None
        if events is not None:
            named = list({event.reference for event in events if event.type.startswith(prefix)})
            if not named:
                return Found([], [])
        given = {"references": named, "now": now, "hours": settings.RETURN_WAITING_HOURS}
        return Found([condition(row) for row in rows(sql, given)], named)

    return look


def _lying(row: tuple[Any, ...]) -> Condition:
    reference, code, order, since, units = row
    words = (
        _("Return %(return)s of %(order)s lies ungraded in %(code)s since %(day)s: %(units)s units")
        if order
        else _("Return %(return)s lies ungraded in %(code)s since %(day)s: %(units)s units")
    )
    details = {"return": reference, "order": order, "since": since, "units": units}
    told = details | {"code": code, "day": date_format(since, "j F")}
    return Condition(reference, words % told, warehouse=code, details=details)


def _late(row: tuple[Any, ...]) -> Condition:
    reference, code, supplier, expected, units = row
    words = _(
        "%(supplier)s is late with %(reference)s for %(code)s: %(units)s units, "
        "expected on %(expected)s"
    )
    details = {
        "purchase": reference, "supplier": supplier, "expected": expected, "units": units,
    }  # fmt: skip
    told = details | {
        "reference": reference,
        "code": code,
        "expected": date_format(expected, "j F"),
    }
    return Condition(reference, words % told, warehouse=code, details=details)
