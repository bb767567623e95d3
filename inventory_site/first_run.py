"""The way from an empty house to the first order, step by step, until each step is done."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory_site.core.sql import rows

# Whether there is any, in one statement that looks at one row of each. Nothing remembers what was printed:
# whoever has scanned on the floor has labels.
DONE = """
    SELECT EXISTS (SELECT 1 FROM warehouse_warehouse),
           EXISTS (SELECT 1 FROM warehouse_bin WHERE kind = 'pick'),
           EXISTS (SELECT 1 FROM warehouse_product),
           EXISTS (SELECT 1 FROM warehouse_stockmovement),
           EXISTS (SELECT 1 FROM orders_pickscan),
           EXISTS (SELECT 1 FROM warehouse_inventoryitem WHERE reorder_point > 0),
           EXISTS (SELECT 1 FROM core_apikey WHERE NOT revoked),
           EXISTS (SELECT 1 FROM warehouse_reservation),
           EXISTS (SELECT 1 FROM orders_pickscan)
"""


class Step(NamedTuple):
    """One thing to do, and where."""

    title: str
    words: str
    link: str
    done: bool


def steps() -> list[Step]:
    """What is to be done first, in its order; empty once all of it is."""
    done = rows(DONE, [])[0]
    if all(done):
        return []
    told: list[tuple[str, str, str, Any]] = [
        (_("Open a warehouse"), _("Its code, name and time zone."), "admin:warehouse_warehouse_add", ""),
        (_("Add its bins"), _("Where goods lie, such as A-03-12; or let the sheet of stock bring them."),
         "admin:warehouse_bin_changelist", ""),
        (_("Add products"), _("By hand, or from a sheet."), "admin:warehouse_product_changelist", ""),
        (_("Import the opening stock"), _("The sheet that you have, messy as it is."),
         "admin:warehouse_importrun_add", ""),
        (_("Print the labels of the bins"), _("Choose bins, then a sheet or a roll; a scan finds them."),
         "admin:warehouse_bin_changelist", ""),
        (_("Say when to reorder"), _("A reorder point for what must not run out."),
         "admin:warehouse_inventoryitem_changelist", "?stock=unwatched"),
        (_("Make an API key"), _("For your shop, with what it may do."), "admin:core_apikey_changelist", ""),
        (_("Reserve for the first time"), _("POST /api/v1/reservations, or an order made by hand."),
         "docs", ""),
        (_("Pick for the first time"), _("On a phone, at /floor/."), "floor:home", ""),
    ]  # fmt: skip
    return [
        Step(title, words, reverse(name) + ask, bool(there))
        for (title, words, name, ask), there in zip(told, done, strict=True)
    ]
