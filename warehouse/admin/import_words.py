"""What the page of an import says of its numbers, and where they lead."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from warehouse.models import ImportKind, ImportRun, ImportStatus
from warehouse.services.importing import opening_reference
from warehouse.sheets.findings import CODES

RESULTS = {
    "products_created": _("products made"),
    "products_updated": _("products completed"),
    "items": _("products and warehouses opened"),
    "bins_created": _("bins made"),
    "units": _("units booked"),
    "created": _("made"),
    "changed": _("changed"),
    "unchanged": _("already as the sheet says"),
}
PLANS = {
    "new": _("new"),
    "changed": _("to be changed"),
    "unchanged": _("already as the sheet says"),
    "new products": _("new products"),
    "products and warehouses": _("products and warehouses"),
    "units": _("units"),
}
SHARES = {"": 5, "reading": 15, "checking": 40, "writing": 75}


def shares_of(run: ImportRun) -> dict[str, object]:
    """How far it is, in percent and in words."""
    words = {
        "": _("Waiting for a worker"),
        "reading": _("Reading the sheet"),
        "checking": _("Checking every row"),
        "writing": _("Writing all rows at once"),
    }
    done = run.status == ImportStatus.DONE
    percent = 100 if done else SHARES.get(run.phase, 5)
    return {"percent": percent, "words": _("Done") if done else words.get(run.phase, words[""])}


def sums_of(run: ImportRun) -> list[tuple[object, int]]:
    """What was written, or what would be, in numbers."""
    if run.status == ImportStatus.DONE:
        told = run.result
        return [(words, told[key]) for key, words in RESULTS.items() if key in told]
    plan = run.report.get("plan", {})
    return [(words, plan[key]) for key, words in PLANS.items() if key in plan]


def fixes_of(run: ImportRun) -> list[tuple[str, int]]:
    """What was put right without asking, most often first: what it was, and in how many rows."""
    found = run.report.get("fixed", {}).items()
    return sorted(((gettext(CODES[code]), count) for code, count in found), key=lambda one: -one[1])


def links_of(run: ImportRun) -> list[tuple[str, str]]:
    """Where what was made can be looked at: words and address."""
    if run.status != ImportStatus.DONE:
        return []
    lists: dict[str, list[tuple[str, dict[str, str], object]]] = {
        ImportKind.PRODUCTS: [("product", {}, _("Products"))],
        ImportKind.BINS: [("bin", {}, _("Bins"))],
        ImportKind.REORDER_SETTINGS: [
            ("inventoryitem", {}, _("Stock and its settings")),
            ("reordersuggestion", {}, _("What to order")),
        ],
        ImportKind.OPENING_STOCK: [
            (
                "stockmovement",
                {"reference__exact": opening_reference(digest=run.sha256)},
                _("Its movements"),
            ),
            ("inventoryitem", {}, _("Stock")),
            ("product", {}, _("Products")),
        ],
    }
    return [(str(words), _address(model, query)) for model, query, words in lists[run.kind]]


def _address(model: str, query: dict[str, str]) -> str:
    address = reverse(f"admin:warehouse_{model}_changelist")
    return f"{address}?{urlencode(query)}" if query else address
