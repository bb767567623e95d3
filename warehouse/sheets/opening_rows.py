"""The opening stock as one kind of sheet among others; columns.py and cleaning.py know all about it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from warehouse.sheets.cleaning import CleanedRow
from warehouse.sheets.columns import REQUIRED
from warehouse.sheets.fields import EXAMPLE, Field, OpeningStockKind
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.marking import gettext_noop as _
from warehouse.sheets.place_rows import Known, not_yours

HELP: dict[str, tuple[str, str | float]] = {
    "sku": (_("The code by which it is known."), f"{EXAMPLE}-1"),
    "name": (
        _("What it is called. Needed for a product that is not there yet."),
        "Enamel mug, blue",
    ),
    "warehouse": (_("Code of the warehouse."), "MAIN"),
    "bin": (_("Aisle, rack, shelf. Without one it waits in RECEIVING."), "A-03-12"),
    "on_hand": (_("Single units that were counted. Empty is not zero."), 54),
    "unit_cost": (_("Of one single unit."), 2.55),
    "barcode": (_("EAN, UPC or GTIN."), "4006381333931"),
    "supplier": (_("Code or name; an unknown one is made."), "ACME"),
    "lead_time_days": (_("Days from order to arrival."), 14),
    "counted_on": (_("Day of the count, such as 2026-11-24."), "2026-11-24"),
}

LABELS = {
    "sku": _("Item code (SKU)"),
    "name": _("Description"),
    "warehouse": _("Warehouse"),
    "bin": _("Bin"),
    "on_hand": _("Quantity on hand"),
    "unit_cost": _("Unit cost"),
    "barcode": _("Barcode"),
    "supplier": _("Supplier"),
    "lead_time_days": _("Lead time"),
    "counted_on": _("Count date"),
}

OPENING_STOCK = OpeningStockKind(
    code="opening_stock",
    label=_("Opening stock"),
    about=_(
        "Takes over what was counted, with the products, suppliers and bins it names. Once per product "
        "and warehouse; later, stock is counted or adjusted."
    ),
    fields=tuple(
        Field(name, label, *HELP[name], required=name in REQUIRED) for name, label in LABELS.items()
    ),
)


def judged(
    rows: Iterable[CleanedRow], *, used: Collection[tuple[str, ...]], known: Known
) -> list[CleanedRow]:
    """The rows, of which those are for a person that would open an item twice, or one elsewhere.

    `used`: SKU and warehouse of items with stock or a history.
    """
    return [_judged(row, used, known) for row in rows]


def _judged(row: CleanedRow, used: Collection[tuple[str, ...]], known: Known) -> CleanedRow:
    if known.limited:
        findings = tuple(not_yours(one, known.warehouses) for one in row.findings)
        row = replace(row, findings=findings)
    if row.values is None or (row.values.sku, row.values.warehouse) not in used:
        return row
    message = (
        f"{row.values.sku} in {row.values.warehouse} has stock or a history already. "
        "Correct it with a count or an adjustment."
    )
    found = Finding("stock_there", Outcome.ASK, "sku", row.values.sku, message)
    return replace(row, outcome=Outcome.ASK, values=None, findings=(*row.findings, found))
