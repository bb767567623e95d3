"""Sheets of reorder settings and of bins: what concerns one warehouse."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

from warehouse.sheets.cells import plain
from warehouse.sheets.fields import Field, SheetKind
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.limits import Deadline
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.marking import gettext_noop
from warehouse.sheets.places import read_warehouse
from warehouse.sheets.product_rows import read_known_sku
from warehouse.sheets.reading import Sheet
from warehouse.sheets.records import CheckedRow, Planned, RowReader, check_records, label_of
from warehouse.sheets.words import survey_skus

MOST_UNITS = 1_000_000
LAST_IN_WALK = 1_000_000_000
BIN_CODE = re.compile("[A-Z0-9][A-Z0-9_-]{0,19}")
BIN_KINDS = ("pick", "bulk", "receiving", "returns", "packing", "quarantine")

WAREHOUSE = Field(
    "warehouse",
    gettext_noop("Warehouse"),
    gettext_noop("Code of the warehouse, such as MAIN."),
    "MAIN",
    True,
    "warehouse code|whse|wh|whs|site|depot|branch|lager",
)

REORDER_SETTINGS = SheetKind(
    code="reorder_settings",
    label=gettext_noop("Reorder settings"),
    about=gettext_noop("Sets when and how much to order of a product in a warehouse."),
    fields=(
        Field(
            "sku",
            gettext_noop("SKU"),
            gettext_noop("Of a product that is there."),
            "EXAMPLE-1",
            True,
            "item code|item no|stock code|stockcode|product code|part no|article no|code|item",
        ),
        WAREHOUSE,
        Field(
            "reorder_point",
            gettext_noop("Reorder point"),
            gettext_noop("Order at or under it; 0: not watched."),
            20,
            True,
            "reorder level|min|minimum|min stock|minimum stock|rop|order point|min qty",
        ),
        Field(
            "reorder_quantity",
            gettext_noop("Reorder quantity"),
            gettext_noop("Units to order."),
            60,
            names="order quantity|reorder qty|order qty|lot size|roq",
        ),
        Field(
            "safety_stock",
            gettext_noop("Safety stock"),
            gettext_noop("Units that are not sold."),
            5,
            names="safety|buffer|buffer stock|reserve stock",
        ),
        Field(
            "version",
            gettext_noop("Version"),
            gettext_noop("Of an exported row; leave it as it is."),
        ),
    ),
)

BINS = SheetKind(
    code="bins",
    label=gettext_noop("Bins"),
    about=gettext_noop("Adds bins, and says in which order a picker walks past them."),
    fields=(
        replace(WAREHOUSE, example="EXAMPLE-1"),
        Field(
            "bin",
            gettext_noop("Bin"),
            gettext_noop("Aisle, rack, shelf, such as A-03-12."),
            "A-03-12",
            True,
            "bin code|bin location|location|location code|shelf|slot|lagerplatz",
        ),
        Field(
            "kind",
            gettext_noop("Kind"),
            gettext_noop(f"{', '.join(BIN_KINDS)}; pick where none is said."),
            "pick",
            names="type|bin type|bin kind|zone type",
        ),
        Field(
            "pick_sequence",
            gettext_noop("Pick sequence"),
            gettext_noop("Place in the walk, the lowest first; by its code where none is said."),
            "",
            names="sequence|walk sequence|pick order|walk order|sort",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class SettingNow:
    """Reorder settings of an item, in units, as a sheet shows them."""

    LABELS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {field.name: field.label for field in REORDER_SETTINGS.fields}
    )
    sku: str
    warehouse: str
    reorder_point: int = 0
    reorder_quantity: int = 0
    safety_stock: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        return (self.sku, self.warehouse)

    def shown(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in self.numbers()}

    @staticmethod
    def numbers() -> tuple[str, str, str]:
        return ("reorder_point", "reorder_quantity", "safety_stock")


@dataclass(frozen=True, slots=True)
class BinNow:
    """A bin as a sheet shows it. Without a `pick_sequence` its code says where it stands."""

    LABELS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {field.name: field.label for field in BINS.fields}
    )
    bin: str
    warehouse: str
    kind: str = "pick"
    pick_sequence: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.bin, self.warehouse)

    def shown(self) -> dict[str, str]:
        sequence = "" if self.pick_sequence is None else str(self.pick_sequence)
        return {"kind": self.kind, "pick_sequence": sequence}


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the warehouses that a person may change. `limited`: not of all there are."""

    warehouses: Mapping[str, str]
    limited: bool


def check_settings(
    *,
    sheet: Sheet,
    known: Known,
    skus: Collection[str],
    settings: Mapping[tuple[str, ...], SettingNow],
    deadline: Deadline,
) -> list[CheckedRow[SettingNow]]:
    """What each row sets, and what is wrong with the others. Pure."""
    below = (row for row in sheet.rows if row > sheet.header.row)
    column = survey_skus(sheet.cell(row=row, field="sku") for row in below)
    there = dict.fromkeys(skus)

    def read(reader: RowReader) -> Planned[SettingNow] | None:
        sku = read_known_sku(reader, there, column)
        if sku is not None and sku not in there:
            reader.ask(
                "sku_unknown",
                "sku",
                _("There is no product %(sku)s. Import products first.") % {"sku": sku},
            )
        warehouse = _warehouse(reader, known)
        if sku not in there or warehouse is None:
            return None
        before = settings.get((sku, warehouse))
        now = before or SettingNow(sku, warehouse)
        if before is None and reader.cell("reorder_point").blank:
            message = _("The reorder point is empty. Type 0 for a product that is not watched.")
            reader.ask("number_unclear", "reorder_point", message)
        numbers: dict[str, Any] = {
            name: reader.whole(
                name, label_of(now, name), getattr(now, name), least=0, most=MOST_UNITS
            )
            for name in now.numbers()
        }
        return Planned(row=reader.row, before=before, after=replace(now, **numbers))

    return check_records(sheet=sheet, read=read, deadline=deadline)


def check_bins(
    *, sheet: Sheet, known: Known, bins: Mapping[tuple[str, ...], BinNow], deadline: Deadline
) -> list[CheckedRow[BinNow]]:
    """What each row makes of which bin, and what is wrong with the others. Pure."""

    def read(reader: RowReader) -> Planned[BinNow] | None:
        warehouse = _warehouse(reader, known)
        code = plain(reader.cell("bin").text).upper()
        if not BIN_CODE.fullmatch(code):
            message = _('"%(value)s" is no code of a bin, such as A-03-12.') % {
                "value": reader.cell("bin").raw or ""
            }
            reader.ask("bin_invalid", "bin", message)
            return None
        if warehouse is None:
            return None
        before = bins.get((code, warehouse))
        return _plan_bin(reader, before, before or BinNow(code, warehouse))

    return check_records(sheet=sheet, read=read, deadline=deadline)


def _plan_bin(reader: RowReader, before: BinNow | None, now: BinNow) -> Planned[BinNow]:
    kind = plain(reader.cell("kind").text).casefold() or now.kind
    if kind not in BIN_KINDS:
        reader.ask(
            "bin_kind",
            "kind",
            _('"%(kind)s" is none of %(bin_kinds)s.')
            % {"kind": kind, "bin_kinds": ", ".join(BIN_KINDS)},
        )
    elif before is not None and kind != before.kind:
        told = _("The bin is of kind %(kind)s, and a bin never changes its kind.") % {
            "kind": before.kind
        }
        reader.ask("bin_kind", "kind", _("%(told)s Make another.") % {"told": told})
    sequence = now.pick_sequence
    if not reader.cell("pick_sequence").blank:
        sequence = reader.whole(
            "pick_sequence", "pick sequence", sequence or 0, least=0, most=LAST_IN_WALK
        )
    after = replace(now, kind=kind, pick_sequence=sequence)
    return Planned(row=reader.row, before=before, after=after)


def _warehouse(reader: RowReader, known: Known) -> str | None:
    read = read_warehouse(cell=reader.cell("warehouse"), known=known.warehouses)
    if known.limited:
        reader.findings.extend(not_yours(one, known.warehouses) for one in read.findings)
        return read.value
    return reader.take(read)


def not_yours(finding: Finding, warehouses: Collection[str]) -> Finding:
    """What is said of an unknown warehouse to somebody who does not know of all there are."""
    if finding.code != "wh_unknown":
        return finding
    message = _('"%(raw)s" is none of your warehouses (%(warehouses)s).') % {
        "raw": finding.raw,
        "warehouses": ", ".join(sorted(warehouses)),
    }
    return Finding("wh_not_yours", Outcome.REJECT, finding.column, finding.raw, message)
