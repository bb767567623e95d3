"""What has to agree between purchase orders and the stock: ordered, come, and still to come."""

# Of each line of a purchase order that was sent: what the stock should know of it.
ORDERED = """(
    SELECT o.reference, i.id AS item_id, l.id AS line_id, l.quantity, l.received,
           CASE WHEN o.status IN ('sent', 'partly_received')
                THEN greatest(l.quantity - l.received, 0) ELSE 0 END AS open
      FROM orders_purchaseline l
      JOIN orders_purchaseorder o ON o.id = l.order_id
      LEFT JOIN warehouse_inventoryitem i
        ON i.product_id = l.product_id AND i.warehouse_id = o.warehouse_id
     WHERE o.status NOT IN ('draft', 'cancelled')
        OR (o.status = 'cancelled' AND o.sent_at IS NOT NULL))"""

EXPECTED = """(
    SELECT n.reference, n.item_id, n.quantity, n.quantity - n.received - n.cancelled AS open
      FROM warehouse_inboundline n JOIN orders_purchaseorder USING (reference)
     WHERE n.kind = 'purchase')"""

CAME = """(
    SELECT m.reference, m.item_id, sum(m.quantity) AS received
      FROM warehouse_stockmovement m JOIN orders_purchaseorder USING (reference)
     WHERE m.type = 'receive'
     GROUP BY 1, 2)"""


def _agrees(number: str, stock: str) -> str:
    return f"""
        SELECT item_id, p.line_id, coalesce(p.{number}, 0), coalesce(s.{number}, 0)
          FROM {ORDERED} p FULL JOIN {stock} s USING (reference, item_id)
         WHERE coalesce(p.{number}, 0) <> coalesce(s.{number}, 0)"""


CHECKS = {
    "what a purchase order ordered is what was expected": _agrees("quantity", EXPECTED),
    "what a purchase order is still to bring is expected": _agrees("open", EXPECTED),
    "what a purchase order received came into the house": _agrees("received", CAME),
}
