"""Numbers of documents that we name ourselves: one sequence, so that no two are alike."""

from inventory_site.core.sql import rows

PURCHASE, PICK, SHIPMENT, RETURN, TRANSFER, COUNT = "PO", "PICK", "SHIP", "RMA", "TR", "COUNT"
DELIVERY, PUT_AWAY = "IN", "PUT"  # goods that nobody ordered; goods carried to their shelf


def next_numbers(*, prefix: str, count: int = 1) -> list[str]:
    """The next `count` numbers, such as PICK-000123. Gaps are possible, repetitions are not."""
    found = rows("SELECT nextval('orders_number') FROM generate_series(1, %s::int)", [count])
    return [f"{prefix}-{number:06d}" for (number,) in found]


def next_number(*, prefix: str) -> str:
    """The next number of this kind."""
    return next_numbers(prefix=prefix)[0]
