"""How many documents there are: for a report, not for a page (it reads every row)."""

from typing import Any

from inventory_site.core.sql import rows

COUNTS = """
    SELECT (SELECT count(*) FROM orders_picklist),
           (SELECT count(*) FROM orders_pickline),
           (SELECT count(*) FROM orders_shipment),
           (SELECT count(*) FROM orders_returnorder),
           (SELECT count(order_id) FROM orders_returnorder),
           (SELECT count(*) FROM orders_purchaseorder),
           (SELECT coalesce(sum(l.backordered), 0)::bigint
              FROM orders_salesorder o
              JOIN warehouse_reservationline l ON l.reservation_id = o.reservation_id)
"""


def totals() -> dict[str, Any]:
    """Documents by kind, orders by status, and units that wait for stock."""
    (found,) = rows(COUNTS, [])
    names = (
        "pick_lists",
        "pick_lines",
        "shipments",
        "returns",
        "returns_of_orders",
        "purchase_orders",
        "units_waiting",
    )
    by_status = rows("SELECT status, count(*) FROM orders_salesorder GROUP BY 1 ORDER BY 1", [])
    return {"orders": dict(by_status), **dict(zip(names, found, strict=True))}
