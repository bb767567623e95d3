"""How long suppliers really take: from the day an order was sent to the first receipt under its reference.

What a product itself took counts from three deliveries on; else what its supplier took, from three on,
for goods of which the same lead time is stated (what is made to order tells nothing of what lies ready);
else what is stated. What is still on the road says nothing yet.
"""

from datetime import datetime, timedelta

from inventory_site.core.sql import rows_planned
from warehouse.policy import LeadTime

FEWEST_DELIVERIES = 3
LOOKED_BACK = timedelta(days=365)
STATED_DAYS = 14  # of a product without a supplier and without a lead time of its own

LEAD_TIMES = """
    WITH goods AS (
        SELECT p.id, p.supplier_id,
               coalesce(p.lead_time_days, s.lead_time_days, %(stated)s) AS stated
          FROM warehouse_product p
          LEFT JOIN warehouse_supplier s ON s.id = p.supplier_id
    ), line AS (
        SELECT i.product_id, l.reference, min(m.at - l.created_at) AS took
          FROM warehouse_inboundline l
          JOIN warehouse_inventoryitem i ON i.id = l.item_id
         CROSS JOIN LATERAL (
               SELECT min(occurred_at) AS at FROM warehouse_stockmovement
                WHERE reference = l.reference AND item_id = l.item_id AND type = 'receive'
                  AND occurred_at >= l.created_at AND occurred_at < %(now)s::timestamptz) m
         WHERE l.kind = 'purchase' AND l.received > 0 AND m.at IS NOT NULL
           AND l.created_at >= %(since)s::timestamptz AND l.created_at < %(now)s::timestamptz
         GROUP BY i.product_id, l.reference
    ), delivery AS (
        SELECT g.supplier_id, g.stated, l.reference, min(l.took) AS took
          FROM line l
          JOIN goods g ON g.id = l.product_id AND g.supplier_id IS NOT NULL
         GROUP BY g.supplier_id, g.stated, l.reference
    ), of_product AS (
        SELECT product_id AS id, avg(extract(epoch FROM took)) / 86400 AS days,
               stddev_samp(extract(epoch FROM took)) / 86400 AS deviation, count(*) AS deliveries
          FROM line GROUP BY product_id HAVING count(*) >= %(fewest)s
    ), of_supplier AS (
        SELECT supplier_id, stated, avg(extract(epoch FROM took)) / 86400 AS days,
               stddev_samp(extract(epoch FROM took)) / 86400 AS deviation, count(*) AS deliveries
          FROM delivery GROUP BY supplier_id, stated HAVING count(*) >= %(fewest)s
    )
    SELECT g.id,
           coalesce(o.days, f.days, g.stated)::float8,
           coalesce(o.deviation, f.deviation, 0)::float8,
           coalesce(o.deliveries, f.deliveries, 0)
      FROM goods g
      LEFT JOIN of_product o ON o.id = g.id
      LEFT JOIN of_supplier f USING (supplier_id, stated)
"""


def lead_times(*, now: datetime) -> dict[int, LeadTime]:
    """The lead time of every product, by its id, as it was known then. One statement."""
    given = {
        "now": now,
        "since": now - LOOKED_BACK,
        "fewest": FEWEST_DELIVERIES,
        "stated": STATED_DAYS,
    }
    return {id_: LeadTime(*figures) for id_, *figures in rows_planned(LEAD_TIMES, given)}
