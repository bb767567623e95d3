"""Transfer orders as they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from inventory_site.core.sql import rows
from orders.queries.filtering import array, conditions

VIEW = """
    SELECT t.id, t.reference, f.code, d.code, t.status, t.notes, t.created_at, t.dispatched_at,
           t.expected_at, t.closed_at,
           p.sku, p.name, l.quantity, l.dispatched, l.received, l.damaged, l.lost
      FROM orders_transferorder t
      JOIN warehouse_warehouse f ON f.id = t.source_id
      JOIN warehouse_warehouse d ON d.id = t.destination_id
      JOIN orders_transferline l ON l.transfer_id = t.id
      JOIN warehouse_product p ON p.id = l.product_id
"""


@dataclass(frozen=True, slots=True)
class TransferLineView:
    """Units. dispatched = received + lost + what is on the road; `damaged` are of those received."""

    sku: str
    name: str
    quantity: int
    dispatched: int
    received: int
    damaged: int
    lost: int

    @property
    def left(self) -> int:
        """On the road."""
        return self.dispatched - self.received - self.lost


@dataclass(frozen=True, slots=True)
class TransferView:
    id: int
    reference: str
    source: str
    destination: str
    status: str
    notes: str
    created_at: datetime
    dispatched_at: datetime | None
    expected_at: datetime | None
    closed_at: datetime | None
    lines: tuple[TransferLineView, ...]

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)


def transfer_views(*, references: Collection[str]) -> list[TransferView]:
    """These transfer orders with their lines, in the order in which they were made."""
    return _views(
        rows(VIEW + "WHERE t.reference = ANY(%s) ORDER BY t.id, l.id", [list(references)])
    )


def transfer_page(
    *,
    status: str | None = None,
    warehouse: str | None = None,
    before: int | None = None,
    limit: int,
    within: Collection[str] | None = None,
) -> list[TransferView]:
    """Transfer orders from or to the warehouse, the newest first."""
    where, params = conditions(
        [
            ("t.status = %s", status),
            ("%s IN (f.code, d.code)", warehouse),
            ("t.id < %s", before),
            ("ARRAY[f.code, d.code]::text[] && %s::text[]", array(within)),
        ]
    )
    sql = f"""{VIEW} WHERE t.id IN (
           SELECT t.id FROM orders_transferorder t
             JOIN warehouse_warehouse f ON f.id = t.source_id
             JOIN warehouse_warehouse d ON d.id = t.destination_id
           {where} ORDER BY t.id DESC LIMIT %s)
     ORDER BY t.id DESC, l.id"""
    return _views(rows(sql, [*params, limit]))


def on_the_road_to(*, warehouse: str) -> list[TransferView]:
    """What was dispatched to this warehouse and has not all come, the earliest expected first."""
    return _views(
        rows(
            VIEW
            + """WHERE d.code = %s AND t.status IN ('in_transit', 'partly_received')
                 ORDER BY t.expected_at NULLS LAST, t.id, l.id""",
            [warehouse],
        )
    )


def _views(found: Sequence[tuple[Any, ...]]) -> list[TransferView]:
    return [
        TransferView(*(*head, tuple(TransferLineView(*row[10:]) for row in lines)))
        for head, lines in groupby(found, key=lambda row: row[:10])
    ]
