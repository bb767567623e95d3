"""What `verify_ledger` proves beyond the stock model's own sums: rows that belong to nothing, and papers.

The engine knows no orders. Whoever keeps papers about stock registers here what has to agree with them;
a check has the columns of those in proof.py: item, detail, what should be, what is.
"""

from collections.abc import Mapping

STRAYS = {
    "what moved, lies or is promised or expected is of an item that is there": """
        SELECT x.item_id, NULL::bigint, 1, 0
          FROM (SELECT item_id FROM warehouse_stockmovement
                 UNION SELECT item_id FROM warehouse_binstock
                 UNION SELECT item_id FROM warehouse_reservationline
                 UNION SELECT item_id FROM warehouse_inboundline) x
         WHERE x.item_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM warehouse_inventoryitem i WHERE i.id = x.item_id)""",
    # One that has run out may have been emptied by whoever was short, until the sweep ends it.
    "an active reservation still has something to ship": """
        SELECT min(l.item_id), r.id, 1, 0
          FROM warehouse_reservation r
          LEFT JOIN warehouse_reservationline l ON l.reservation_id = r.id
         WHERE r.status = 'active' AND (r.expires_at IS NULL OR r.expires_at > statement_timestamp())
         GROUP BY r.id
        HAVING coalesce(sum(l.quantity - l.shipped - l.released), 0) = 0""",
}

_papers: dict[str, Mapping[str, str]] = {}


def prove_papers(*, owner: str, checks: Mapping[str, str]) -> None:
    """Prove these too, by the name of the invariant. A second registration replaces the first."""
    _papers[owner] = checks


def further_checks() -> dict[str, str]:
    """The checks of rows that belong to nothing, and everything that was registered."""
    return STRAYS | {name: sql for checks in _papers.values() for name, sql in checks.items()}
