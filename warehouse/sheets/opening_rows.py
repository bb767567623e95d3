"""The opening stock as one kind of sheet among others; columns.py and cleaning.py know all about it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from warehouse.sheets.cleaning import CleanedRow
from warehouse.sheets.columns import REQUIRED
from warehouse.sheets.fields import EXAMPLE, Field, OpeningStockKind
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.place_rows import Known, not_yours

HELP: dict[str, tuple[str, str | float]] = {
    "sku": (gettext_noop("The code by which it is known."), f"{EXAMPLE}-1"),
    "name": (
        gettext_noop("What it is called. Needed for a product that is not there yet."),
        "Enamel mug, blue",
    ),
    "warehouse": (gettext_noop("Code of the warehouse."), "MAIN"),
    "bin": (gettext_noop("Aisle, rack, shelf. Without one it waits in RECEIVING."), "A-03-12"),
    "on_hand": (gettext_noop("Single units that were counted. Empty is not zero."), 54),
    "unit_cost": (gettext_noop("Of one single unit."), 2.55),
    "barcode": (gettext_noop("EAN, UPC or GTIN."), "4006381333931"),
    "supplier": (gettext_noop("Code or name; an unknown one is made."), "ACME"),
    "lead_time_days": (gettext_noop("Days from order to arrival."), 14),
    "counted_on": (gettext_noop("Day of the count, such as 2026-11-24."), "2026-11-24"),
}

LABELS = {
    "sku": gettext_noop("Item code (SKU)"),
    "name": gettext_noop("Description"),
    "warehouse": gettext_noop("Warehouse"),
    "bin": gettext_noop("Bin"),
    "on_hand": gettext_noop("Quantity on hand"),
    "unit_cost": gettext_noop("Unit cost"),
    "barcode": gettext_noop("Barcode"),
    "supplier": gettext_noop("Supplier"),
    "lead_time_days": gettext_noop("Lead time"),
    "counted_on": gettext_noop("Count date"),
}

OPENING_STOCK = OpeningStockKind(
    code="opening_stock",
    label=gettext_noop("Opening stock"),
    about=gettext_noop(
        "Takes over what was counted, with the products, suppliers and bins it names. Once per product "
        "and warehouse; later, stock is counted or adjusted."
    ),
    fields=tuple(
        Field(name, label, *HELP[name], required=name in REQUIRED) for name, label in LABELS.items()
    ),
)


def judged(
    rows: Iterable[CleanedRow],
    *,
    used: Collection[tuple[str, ...]],
    inactive: Collection[str],
    known: Known,
) -> list[CleanedRow]:
    """The rows, of which those are for a person that would open an item twice, or one elsewhere.

    `used`: SKU and warehouse of items with stock or a history; `inactive`: SKUs whose stock is not sold.
    """
    return [_judged(row, used, inactive, known) for row in rows]


def _judged(
    row: CleanedRow, used: Collection[tuple[str, ...]], inactive: Collection[str], known: Known
) -> CleanedRow:
    if known.limited:
        findings = tuple(not_yours(one, known.warehouses) for one in row.findings)
        row = replace(row, findings=findings)
    if row.values is None:
        return row
    sku, warehouse = row.values.sku, row.values.warehouse
    if (sku, warehouse) in used:
        message = _(
            "%(sku)s in %(warehouse)s has stock or a history already. Correct it with a "
            "count or an adjustment."
        ) % {"sku": sku, "warehouse": warehouse}
        found = Finding("stock_there", Outcome.ASK, "sku", sku, message)
        return replace(row, outcome=Outcome.ASK, values=None, findings=(*row.findings, found))
    if sku in inactive:
        message = _(
            "%(sku)s is not active: its stock is taken over, and not sold until it is made active."
        ) % {"sku": sku}
        found = Finding("product_inactive", Outcome.FIX, "sku", sku, message)
        return replace(row, outcome=Outcome.FIX, findings=(*row.findings, found))
    return row
