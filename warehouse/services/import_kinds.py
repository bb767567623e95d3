"""The kinds of sheets that can be imported: how each is checked against what is stored, and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from inventory_site.core.roles import Staff
from warehouse.checks import normal_sku
from warehouse.services.cataloguing import write_products
from warehouse.services.importing import (
    clean_opening_stock,
    import_opening_stock,
    judge_openings,
    opened_before,
    opening_reference,
)
from warehouse.services.place_sheets import write_bins, write_settings
from warehouse.services.unchanged import in_words
from warehouse.sheet_records import (
    bins_now,
    catalog_of,
    known_places,
    known_products,
    settings_now,
)
from warehouse.sheets.fields import SheetKind
from warehouse.sheets.limits import Deadline
from warehouse.sheets.opening_rows import OPENING_STOCK
from warehouse.sheets.place_rows import BINS, REORDER_SETTINGS, check_bins, check_settings
from warehouse.sheets.product_rows import PRODUCTS, check_products
from warehouse.sheets.reading import Sheet
from warehouse.sheets.records import CheckedRow, Planned, differences
from warehouse.sheets.remainder import Judged

TOLD = 200  # changes that are told one by one


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sheet would do. `good` is what the kind's writer takes; `plan` says it in numbers."""

    sheet: Sheet
    rows: Sequence[Judged]
    good: Sequence[Any]
    plan: Mapping[str, int]
    changes: Sequence[tuple[int, str]] = ()
    notes: Sequence[str] = ()
    create_warehouses: Sequence[str] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of sheet. `write` makes one domain call, inside the caller's unit of work."""

    sheet: SheetKind
    check: Callable[[Sheet, Staff, date, Deadline], Checked]
    write: Callable[[Checked, Staff], dict[str, int]]


def _check_opening(sheet: Sheet, who: Staff, today: date, deadline: Deadline) -> Checked:
    known = known_places(within=who.within)
    # Who is limited to warehouses does not open others: those named are as good as known.
    places = dict(known.warehouses) or dict.fromkeys(who.within or (), "")
    result = clean_opening_stock(sheet=sheet, warehouses=places, today=today, deadline=deadline)
    skus = {normal_sku(row.sku) for row in result.importable}
    rows = judge_openings(rows=result.rows, known=known)
    good = [row.values for row in rows if row.values is not None]
    plan = {
        "new products": len(skus) - len(known_products(skus=skus)),
        "products and warehouses": len({(row.sku, row.warehouse) for row in good}),
        "units": sum(row.on_hand for row in good),
    }
    return Checked(
        sheet=sheet,
        rows=rows,
        good=good,
        plan=plan,
        notes=result.notes,
        create_warehouses=result.proposed_warehouses,
        already=opened_before(reference=opening_reference(digest=sheet.digest)),
    )


def _write_opening(checked: Checked, who: Staff) -> dict[str, int]:
    imported = import_opening_stock(
        rows=checked.good,
        reference=opening_reference(digest=checked.sheet.digest),
        actor=who.actor,
        create_warehouses=checked.create_warehouses,
        within=who.within,
    )
    return {name: int(value) for name, value in asdict(imported).items()}


def _check_products(sheet: Sheet, who: Staff, today: date, deadline: Deadline) -> Checked:
    catalog = catalog_of(skus=_column(sheet, "sku"))
    return _checked(sheet, check_products(sheet=sheet, catalog=catalog, deadline=deadline))


def _check_settings(sheet: Sheet, who: Staff, today: date, deadline: Deadline) -> Checked:
    skus = known_products(skus=_column(sheet, "sku"))
    rows = check_settings(
        sheet=sheet,
        known=known_places(within=who.within),
        skus=skus,
        settings=settings_now(skus=skus),
        deadline=deadline,
    )
    return _checked(sheet, rows)


def _check_bins(sheet: Sheet, who: Staff, today: date, deadline: Deadline) -> Checked:
    known = known_places(within=who.within)
    bins = bins_now(warehouses=known.warehouses)
    return _checked(sheet, check_bins(sheet=sheet, known=known, bins=bins, deadline=deadline))


def _column(sheet: Sheet, name: str) -> set[str]:
    """Every text that the column could mean as a SKU, led by an apostrophe or not."""
    below = (sheet.cell(row=row, field=name) for row in sheet.rows if row > sheet.header.row)
    texts = {normal_sku(_digits(cell.text, cell.pad)) for cell in below if not cell.blank}
    return texts | {text[1:] for text in texts if text.startswith("'")}


def _digits(text: str, pad: int) -> str:
    return text.zfill(pad) if pad and text.isdigit() else text


def _checked(sheet: Sheet, rows: Sequence[CheckedRow[Any]]) -> Checked:
    good: list[Planned[Any]] = [row.planned for row in rows if row.planned is not None]
    words = [one.word for one in good]
    moving = [one for one in good if one.word != "unchanged"]
    return Checked(
        sheet=sheet,
        rows=rows,
        good=good,
        plan={word: words.count(word) for word in ("new", "changed", "unchanged")},
        changes=[(one.row, _told(one)) for one in moving[:TOLD]],
        notes=_notes(sheet),
    )


def _told(one: Planned[Any]) -> str:
    told = [differences(one.before, one.after)]
    if one.before is None:
        told.insert(0, _("new"))
    return f"{in_words(one.after.key)}: {', '.join(filter(None, told))}"


def _notes(sheet: Sheet) -> list[str]:
    unread = ", ".join(f'"{title}"' for title in sheet.header.unused)
    told = [_("Columns not read: %(titles)s.") % {"titles": unread}] if unread else []
    return [*sheet.notes, *told]


IMPORTERS: Mapping[str, Importer] = MappingProxyType(
    {
        importer.sheet.code: importer
        for importer in (
            Importer(OPENING_STOCK, _check_opening, _write_opening),
            Importer(
                PRODUCTS,
                _check_products,
                lambda checked, who: write_products(planned=checked.good),
            ),
            Importer(
                REORDER_SETTINGS,
                _check_settings,
                lambda checked, who: write_settings(
                    planned=checked.good, actor=who.actor, within=who.within
                ),
            ),
            Importer(
                BINS,
                _check_bins,
                lambda checked, who: write_bins(planned=checked.good, within=who.within),
            ),
        )
    }
)


def importer(*, kind: str) -> Importer:
    """The kind of sheet of this code. Raises KeyError."""
    return IMPORTERS[kind]
