"""Every row lock on documents.

The order, everywhere: stock first (warehouse.locks: items, then reservations), then papers (orders, then
pick lists, then purchase orders, returns and transfers, each by primary key). A service that moves stock
calls the engine before it locks or updates a document, and looks at the document again under its lock:
docs/adr/0010-stock-first-then-papers.md.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from inventory_site.core.sql import compiled, rows
from orders.models import PickList, PurchaseOrder, ReturnOrder, SalesOrder, TransferOrder

_ORDERS = compiled(
    lambda: (
        SalesOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__any_of=[0])
        .order_by("id")
        .values_list("id", "reference", "status")
    )
)


def _pick_lists() -> "QuerySet[PickList, Any]":
    return (
        PickList.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__any_of=[0])
        .order_by("id")
        .values_list("id", "reference", "status", "claimed_by_id")
    )


_PICK_LISTS = compiled(_pick_lists)


def lock_orders(*, ids: Collection[int]) -> list[tuple[int, str, str]]:
    """Lock orders: id, reference, status."""
    return [(row[0], row[1], row[2]) for row in rows(_ORDERS(), [list(ids)])]


def lock_pick_lists(*, ids: Collection[int]) -> list[tuple[int, str, str, int | None]]:
    """Lock pick lists, after their orders: id, reference, status, who claimed it."""
    return [(row[0], row[1], row[2], row[3]) for row in rows(_PICK_LISTS(), [list(ids)])]


def lock_planning(*, warehouse_id: int) -> None:
    """One at a time plans pick lists in a warehouse: two would speak for the same goods in a bin."""
    rows("SELECT pg_advisory_xact_lock(hashtext('orders.planning'), %s::int)", [warehouse_id])


_PURCHASES = compiled(
    lambda: (
        PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__any_of=[0])
        .order_by("id")
        .values_list("id", "reference", "status")
    )
)
_RETURNS = compiled(
    lambda: (
        ReturnOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__any_of=[0])
        .order_by("id")
        .values_list("id", "reference", "status")
    )
)
_TRANSFERS = compiled(
    lambda: (
        TransferOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__any_of=[0])
        .order_by("id")
        .values_list("id", "reference", "status")
    )
)


def lock_purchases(*, ids: Collection[int]) -> list[tuple[int, str, str]]:
    """Lock purchase orders: id, reference, status."""
    return [(row[0], row[1], row[2]) for row in rows(_PURCHASES(), [list(ids)])]


def lock_returns(*, ids: Collection[int]) -> list[tuple[int, str, str]]:
    """Lock returns, after the orders they are against: id, reference, status."""
    return [(row[0], row[1], row[2]) for row in rows(_RETURNS(), [list(ids)])]


def lock_transfers(*, ids: Collection[int]) -> list[tuple[int, str, str]]:
    """Lock transfer orders: id, reference, status."""
    return [(row[0], row[1], row[2]) for row in rows(_TRANSFERS(), [list(ids)])]


def lock_buying() -> None:
    """One at a time turns reorder suggestions into drafts: two would order the same goods twice."""
    rows("SELECT pg_advisory_xact_lock(hashtext('orders.buying'))", [])


def lock_count_schedule() -> None:
    """One at a time opens the counts that are due: two would give the crew twice its day's work."""
    rows("SELECT pg_advisory_xact_lock(hashtext('orders.counting'), 0)", [])
