"""Sheets of products: the catalog, never the stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from warehouse.sheets.barcodes import read_barcodes
from warehouse.sheets.cells import Cell, plain
from warehouse.sheets.costs import CostColumn, read_cost
from warehouse.sheets.fields import Field, SheetKind
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.limits import Deadline
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.quantities import read_lead_time
from warehouse.sheets.reading import Sheet
from warehouse.sheets.records import CheckedRow, Planned, RowReader, asked, check_records
from warehouse.sheets.safety import number_text
from warehouse.sheets.suppliers import SupplierColumn, read_supplier, survey_suppliers
from warehouse.sheets.words import SkuColumn, read_name, read_sku, survey_skus, turned

LARGEST_PACK = 100_000
YES = frozenset({"yes", "y", "true", "1", "active", "x", "on", "ja"})
NO = frozenset({"no", "n", "false", "0", "inactive", "discontinued", "off", "nein"})

PRODUCTS = SheetKind(
    code="products",
    label=gettext_noop("Products"),
    about=gettext_noop("Creates and changes products of the catalog. Stock is never touched."),
    fields=(
        Field(
            "sku",
            gettext_noop("SKU"),
            gettext_noop("The code by which it is known; never changes."),
            "EXAMPLE-1",
            True,
            "item code|item no|item number|stock code|stockcode|product code|product no"
            "|product id|part no|part number|article no|article number|artikelnummer|code|item",
        ),
        Field(
            "name",
            gettext_noop("Name"),
            gettext_noop("What it is called. Needed for a new product."),
            "Enamel mug, blue",
            names="product name|item name|title|description|item description|product description"
            "|bezeichnung|product",
        ),
        Field(
            "barcodes",
            gettext_noop("Barcodes"),
            gettext_noop("EAN, UPC or GTIN; several with a comma between them."),
            "4006381333931",
            names="barcode|bar code|ean|ean code|ean13|gtin|upc|ean upc|upc code",
        ),
        Field(
            "supplier",
            gettext_noop("Supplier"),
            gettext_noop("Code of the supplier; an unknown one is made."),
            "ACME",
            names="supplier code|supplier name|vendor|vendor code|vendor name|lieferant",
        ),
        Field(
            "unit_cost",
            gettext_noop("Unit cost"),
            gettext_noop("Of one single unit."),
            2.55,
            names="cost|cost price|cost each|purchase price|buy price|einkaufspreis",
        ),
        Field(
            "lead_time_days",
            gettext_noop("Lead time (days)"),
            gettext_noop("Where it differs from the supplier's."),
            14,
            names="lead time|leadtime|lead time days|supplier lead time|delivery time|lieferzeit",
        ),
        Field(
            "pack_size",
            gettext_noop("Pack size"),
            gettext_noop("Units in which it is bought; 1 where none is said."),
            12,
            names="pack|case size|case qty|units per case|pack qty|order multiple|pack quantity",
        ),
        Field(
            "active",
            gettext_noop("Active"),
            gettext_noop("yes or no; no: not ordered any more."),
            "yes",
            names="status|enabled|live",
        ),
        Field(
            "version",
            gettext_noop("Version"),
            gettext_noop("Of an exported row; leave it as it is."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ProductNow:
    """A product as a sheet shows it. Cost in the house's currency per unit."""

    LABELS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {field.name: field.label for field in PRODUCTS.fields}
    )
    sku: str
    name: str = ""
    barcodes: tuple[str, ...] = ()
    supplier: str = ""
    unit_cost: Decimal | None = None
    lead_time_days: int | None = None
    pack_size: int = 1
    active: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        return (self.sku,)

    def shown(self) -> dict[str, str]:
        """In the order of an exported sheet, after the SKU."""
        return {
            "name": self.name,
            "barcodes": ", ".join(self.barcodes),
            "supplier": self.supplier,
            "unit_cost": number_text(self.unit_cost),
            "lead_time_days": number_text(self.lead_time_days),
            "pack_size": str(self.pack_size),
            "active": "yes" if self.active else "no",
        }


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is stored: products by SKU, whose each barcode is, codes of suppliers."""

    products: Mapping[str, ProductNow]
    barcodes: Mapping[str, str]
    suppliers: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Columns:
    skus: SkuColumn
    suppliers: SupplierColumn
    currency: str
    weeks: bool


def check_products(
    *, sheet: Sheet, catalog: Catalog, deadline: Deadline
) -> list[CheckedRow[ProductNow]]:
    """What each row makes of which product, and what is wrong with the others. Pure."""
    columns = _survey(sheet, catalog)

    def read(reader: RowReader) -> Planned[ProductNow] | None:
        sku = read_known_sku(reader, catalog.products, columns.skus)
        return None if sku is None else _plan(reader, sku, catalog, columns)

    return _one_owner(check_records(sheet=sheet, read=read, deadline=deadline))


def _survey(sheet: Sheet, catalog: Catalog) -> _Columns:
    def column(name: str) -> list[Cell]:
        below = (row for row in sheet.rows if row > sheet.header.row)
        return [sheet.cell(row=row, field=name) for row in below]

    titles = sheet.header.columns
    return _Columns(
        skus=survey_skus(column("sku")),
        suppliers=survey_suppliers(column("supplier"), catalog.suppliers),
        currency=titles["unit_cost"].currency if "unit_cost" in titles else "",
        weeks="lead_time_days" in titles and titles["lead_time_days"].weeks,
    )


def read_known_sku(reader: RowReader, known: Mapping[str, object], column: SkuColumn) -> str | None:
    """The SKU; one that is stored is taken as it is, whatever signs it has."""
    cell = reader.cell("sku")
    text = cell.text.strip()
    one_reading = text.upper().lower() == text.lower()  # a sharp s would become SS
    if one_reading and text.upper() in known and not cell.formula:
        return text.upper()
    if cell.turned:
        reader.findings.append(turned(cell, "sku"))
    return reader.take(read_sku(cell=cell, column=column))


def _plan(
    reader: RowReader, sku: str, catalog: Catalog, columns: _Columns
) -> Planned[ProductNow] | None:
    before = catalog.products.get(sku)
    now = before or ProductNow(sku)
    shown = now.shown()
    typed, exported = reader.sheet.typed, bool(reader.version)
    cost = CostColumn(currency=columns.currency, decimal_point=exported)
    after = replace(
        now,
        name=reader.value("name", now.name, shown["name"], lambda c: read_name(cell=c), ""),
        barcodes=_barcodes(reader, now, shown["barcodes"], catalog),
        supplier=reader.value(
            "supplier", now.supplier, shown["supplier"],
            lambda c: read_supplier(cell=c, column=columns.suppliers), "",
        ),
        unit_cost=reader.value(
            "unit_cost", now.unit_cost, shown["unit_cost"],
            lambda c: read_cost(cell=c, typed=typed, column=cost), None,
        ),
        lead_time_days=reader.value(
            "lead_time_days", now.lead_time_days, shown["lead_time_days"],
            lambda c: read_lead_time(cell=c, typed=typed, weeks=columns.weeks), None,
        ),
        pack_size=reader.whole(
            "pack_size", "pack size", now.pack_size, least=1, most=LARGEST_PACK
        ),
        active=reader.value("active", now.active, shown["active"], _read_active, now.active),
    )  # fmt: skip
    if not after.name:
        reader.ask("name_blank", "name", _("The name is empty. Fill it in."))
    return Planned(row=reader.row, before=before, after=after)


def _barcodes(reader: RowReader, now: ProductNow, shown: str, catalog: Catalog) -> tuple[str, ...]:
    """Those of the row; where it is of no export, beside those that there are."""
    codes = reader.value("barcodes", now.barcodes, shown, lambda cell: read_barcodes(cell=cell), ())
    for code in codes:
        owner = catalog.barcodes.get(code, now.sku)
        if owner != now.sku:
            message = _("The barcode %(code)s belongs to %(owner)s. Take it away there first.") % {
                "code": code,
                "owner": owner,
            }
            reader.ask("barcode_other_sku", "barcodes", message)
    if reader.version or not now.barcodes:
        return tuple(sorted(codes))
    return tuple(sorted({*now.barcodes, *codes}))


def _read_active(cell: Cell) -> Read[bool]:
    word = plain(str(cell.raw)).casefold()
    if word in YES or word in NO:
        return Read(word in YES)
    message = _('Active is "%(raw)s"; type yes or no.') % {"raw": cell.raw}
    return Read(None, (Finding("active_unclear", Outcome.ASK, "active", cell.raw, message),))


def _one_owner(rows: list[CheckedRow[ProductNow]]) -> list[CheckedRow[ProductNow]]:
    """Two rows that give one barcode to two products are both asked about."""
    owners: dict[str, set[str]] = {}
    for row in rows:
        for code in row.planned.after.barcodes if row.planned else ():
            owners.setdefault(code, set()).add(row.planned.after.sku if row.planned else "")
    shared = {code: skus for code, skus in owners.items() if len(skus) > 1}
    return [_judge_owner(row, shared) for row in rows] if shared else rows


def _judge_owner(
    row: CheckedRow[ProductNow], shared: Mapping[str, set[str]]
) -> CheckedRow[ProductNow]:
    codes = row.planned.after.barcodes if row.planned else ()
    for code in codes:
        if code in shared:
            told = _("The barcode %(code)s is given to %(names)s. Keep one.") % {
                "code": code,
                "names": " and ".join(sorted(shared[code])),
            }
            return asked(row, code="barcode_other_sku", column="barcodes", message=told)
    return row
