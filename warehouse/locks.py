"""Every row lock of the stock engine.

The order, everywhere: inventory items by primary key, in one statement; then reservations by primary
key. Whoever changes a reservation line, a bin's stock or an inbound line holds the lock of its item, and
whoever changes a reservation's status those of all its items, so lines need no locks of their own.
`FOR NO KEY UPDATE` does not stand in the way of foreign key checks.

What is made anew (an item of a product that never was in that warehouse) comes after: products by primary
key, then the new rows. Items that others made meanwhile would break the order, so those are not waited for.

Each statement is a `select_for_update` queryset that the ORM compiles once per process.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory_site.core.db import LOCK_NOT_AVAILABLE, Raced, sqlstate
from inventory_site.core.sql import compiled, rows, rows_together
from warehouse.changes import ItemState
from warehouse.models import InventoryItem, Product, Reservation, ReservationLine

ITEM_COLUMNS = (
    "id",
    "product_id",
    "warehouse_id",
    "product__sku",
    "warehouse__code",
    "warehouse__priority",
    "product__active",
    "on_hand",
    "reserved",
    "unsellable",
    "inbound",
    "safety_stock",
    "reorder_point",
    "reorder_quantity",
    "version",
    "primary_bin_id",
    "primary_bin__code",
    "product__pack_size",
)


LINE_COLUMNS = (
    "lines__id",
    "id",
    "lines__item_id",
    "lines__item__product__sku",
    "lines__item__warehouse__code",
    "lines__quantity",
    "lines__shipped",
    "lines__released",
    "lines__backordered",
)


class ClockTime(Func):
    """What PostgreSQL's clock says at this very moment, wherever the statement has come to."""

    function = "clock_timestamp"
    output_field = DateTimeField()


@dataclass(frozen=True, slots=True)
class LockedReservation:
    """A reservation whose row is locked. One that has `run_out` is expired, though no sweep has come yet."""

    id: int
    reference: str
    status: str
    expires_at: datetime | None
    owner: str
    run_out: bool


def _reservation(
    id: int, reference: str, status: str, expires_at: datetime | None, owner: str, late: bool | None
) -> LockedReservation:
    run_out = status == "active" and bool(late)
    told = "expired" if run_out else status
    return LockedReservation(id, reference, told, expires_at, owner, run_out)


def _items(*, wait: bool = True) -> QuerySet[InventoryItem, Any]:
    return (
        InventoryItem.objects.select_for_update(of=("self",), no_key=True, nowait=not wait)
        .order_by("id")
        .values_list(*ITEM_COLUMNS)
    )


_BY_SKU = compiled(lambda: _items().filter(product__sku__any_of=["sku"]))
_BY_SKU_AT_ONCE = compiled(lambda: _items(wait=False).filter(product__sku__any_of=["sku"]))
_BY_SKU_IN = compiled(
    lambda: _items().filter(product__sku__any_of=["sku"], warehouse__code__any_of=["code"])
)
_BY_ID = compiled(lambda: _items().filter(pk__any_of=[0]))
_BY_REFERENCE = compiled(
    lambda: _items().filter(
        pk__in=ReservationLine.objects.filter(reservation__reference__any_of=["x"]).values("item")
    )
)
_PRODUCTS_BY_REFERENCE = compiled(
    lambda: _items().filter(
        product__in=ReservationLine.objects.filter(reservation__reference__any_of=["x"]).values(
            "item__product"
        )
    )
)
# Whether it has run out is asked as its row is locked: whoever waited for an extension sees that.
_RESERVATIONS = compiled(
    lambda: (
        Reservation.objects.select_for_update(of=("self",), no_key=True)
        .filter(reference__any_of=["x"])
        .order_by("id")
        .annotate(late=ExpressionWrapper(Q(expires_at__lte=ClockTime()), BooleanField()))
        .values_list("id", "reference", "status", "expires_at", "owner", "late")
    )
)
_RUN_OUT = compiled(
    lambda: (
        Reservation.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            lines__item__id__any_of=[0],
            lines__quantity__gt=F("lines__shipped")
            + F("lines__released")
            + F("lines__backordered"),
            status=RawSQL("'active'", []),  # a literal: the index of what is due is of active ones
            expires_at__lte=Now(),
        )
        .order_by("id", "lines__id")
        .values_list("reference", *LINE_COLUMNS)
    )
)


def lock_items_of_skus(
    *, skus: Collection[str], warehouses: Collection[str] | None = None
) -> list[ItemState]:
    """Lock every item of these products, in all warehouses or in those named."""
    if warehouses is None:
        found = rows(_BY_SKU(), [list(skus)])
    else:
        found = rows(_BY_SKU_IN(), [list(skus), list(warehouses)])
    return [ItemState(*row) for row in found]


def lock_items_at_once(*, skus: Collection[str]) -> list[ItemState]:
    """Lock every item of these products, after rows that come later in the order: nobody is waited for.

    Raises Raced where somebody holds one, which can only be an item that was made a moment ago.
    """
    try:
        found = rows(_BY_SKU_AT_ONCE(), [list(skus)])
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise Raced(_("Somebody else has just stocked the same products there.")) from error
    return [ItemState(*row) for row in found]


def lock_items(*, ids: Collection[int]) -> list[ItemState]:
    """Lock items by primary key."""
    return [ItemState(*row) for row in rows(_BY_ID(), [list(ids)])]


def lock_reservations_with_items(
    *, references: Collection[str], whole_products: bool, then: Sequence[str]
) -> tuple[list[ItemState], list[LockedReservation], list[list[tuple[Any, ...]]]]:
    """Lock the items that these reservations hold, then the reservations, in one round trip.

    With `whole_products`, their products' items everywhere. `then` are statements to read once all is
    locked, each with the references as its parameter; their rows come third.
    """
    statement = _PRODUCTS_BY_REFERENCE if whole_products else _BY_REFERENCE
    wanted = [list(references)]
    items, reservations, *read = rows_together(
        (statement(), wanted), (_RESERVATIONS(), wanted), *((sql, wanted) for sql in then)
    )
    return [ItemState(*row) for row in items], [_reservation(*row) for row in reservations], read


def lock_reservations(*, references: Collection[str]) -> list[LockedReservation]:
    """Lock reservations, after their items."""
    return [_reservation(*row) for row in rows(_RESERVATIONS(), [list(references)])]


def lock_run_out(*, item_ids: Collection[int]) -> list[tuple[Any, ...]]:
    """Lock the reservations that have run out and still hold some of these (locked) items; their lines
    there, each with its reference: rows of that and `LINE_COLUMNS`."""
    return rows(_RUN_OUT(), [list(item_ids)])


def lock_night_work() -> None:
    """One at a time looks at the history of all items: two would do, and write, the same work twice.

    It reads all there ever was, which may take longer than a request ever should.
    """
    rows(
        "SELECT pg_advisory_xact_lock(hashtext('warehouse.night_work')),"
        " set_config('statement_timeout', '0', true)",
        [],
    )


_PRODUCTS = compiled(
    lambda: (
        Product.objects.select_for_update(no_key=True)
        .filter(sku__any_of=["sku"])
        .order_by("id")
        .values_list("id", "sku")
    )
)


def lock_products(*, skus: Collection[str]) -> dict[str, int]:
    """Lock products, by primary key, where no item is waited for after them; their ids by SKU."""
    return {sku: product_id for product_id, sku in rows(_PRODUCTS(), [list(skus)])}


# What an import fills.
FILLED = (
    "warehouse_product, warehouse_barcode, warehouse_supplier, warehouse_bin,"
    " warehouse_inventoryitem, warehouse_binstock, warehouse_stockmovement"
)
MANY = 1000


def lock_imports() -> None:
    """One import at a time: two would see each other's products half made. It may take its time.

    The tables' mode of lock stands in nobody's way but that of statistics gathered meanwhile: those would
    count none of the rows that are not committed, and plans made by them would read whole tables per row.
    """
    rows(
        "SELECT pg_advisory_xact_lock(hashtext('import_opening_stock')),"
        " set_config('statement_timeout', '0', true)",
        [],
    )
    rows(f"LOCK TABLE {FILLED} IN SHARE UPDATE EXCLUSIVE MODE", [])


def count_what_was_imported(*, written: int) -> None:
    """After an import of many rows, tell the planner of them now; autovacuum would in a minute or so."""
    if written >= MANY:
        rows(f"ANALYZE {FILLED}", [])
