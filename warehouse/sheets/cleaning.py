"""From a sheet to rows that can be imported, and what a person has to decide about the others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from warehouse.sheets import comparing, structure
from warehouse.sheets.barcodes import read_barcodes
from warehouse.sheets.cells import Cell, Kind
from warehouse.sheets.columns import FIELDS
from warehouse.sheets.costs import CostColumn, currency_of, read_cost
from warehouse.sheets.dates import read_day
from warehouse.sheets.drafts import Draft
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.limits import Deadline, Limits
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.numbers import read_typed
from warehouse.sheets.places import propose_warehouses, read_bin, read_warehouse
from warehouse.sheets.quantities import read_lead_time, read_quantity
from warehouse.sheets.reading import Sheet
from warehouse.sheets.rows import OpeningStockRow
from warehouse.sheets.suppliers import SupplierColumn, read_supplier, survey_suppliers
from warehouse.sheets.words import SkuColumn, read_name, read_sku, survey_skus, turned

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_COSTS: Mapping[str, Decimal | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CleanedRow:
    """One row of the spreadsheet and what becomes of it. `values` is set for clean and fix only."""

    number: int
    outcome: Outcome
    values: OpeningStockRow | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CleanResult:
    """Every row below the header, in the order of the sheet."""

    rows: tuple[CleanedRow, ...]
    proposed_warehouses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def importable(self) -> tuple[OpeningStockRow, ...]:
        """The rows that need no person."""
        return tuple(row.values for row in self.rows if row.values is not None)

    def by_outcome(self) -> Mapping[Outcome, int]:
        """How many rows have each outcome."""
        return Counter(row.outcome for row in self.rows)

    def by_code(self) -> Mapping[str, int]:
        """How many findings there are of each code."""
        return Counter(finding.code for row in self.rows for finding in row.findings)


@dataclass(frozen=True, slots=True)
class Survey:
    """What the columns say as a whole; each cell is read in its light."""

    warehouses: Mapping[str, str]
    skus: SkuColumn
    suppliers: SupplierColumn
    costs: CostColumn
    weeks: bool
    today: date | None


def clean(
    *,
    sheet: Sheet,
    warehouses: Mapping[str, str],
    known_barcodes: Mapping[str, str] = NOTHING,
    known_skus: Mapping[str, str] = NOTHING,
    known_suppliers: Iterable[str] = (),
    known_costs: Mapping[str, Decimal | None] = NO_COSTS,
    today: date | None = None,
    deadline: Deadline | None = None,
) -> CleanResult:
    """Decide about every row: clean, fix, ask, skip or reject.

    `warehouses` maps the codes that exist to their names; where none exists, the sheet's own are
    proposed (see `places.propose_warehouses`). `known_barcodes`, `known_skus` and `known_costs`
    are what is stored: the SKU of a barcode, the name and the cost of a SKU. `today` bounds the
    dates of counts. Pure: nothing is written. Raises `SheetRefused("too_slow")` at the deadline.
    """
    deadline = deadline or Deadline.after(Limits().seconds)
    found = {
        row: structure.structural(sheet=sheet, row=row)
        for row in deadline.each(sheet.rows)
        if row > sheet.header.row
    }
    stock = [row for row, finding in found.items() if finding is None]
    proposed = () if warehouses else propose_warehouses(_column(sheet, stock, "warehouse"))
    survey = _survey(
        sheet=sheet,
        rows=stock,
        warehouses=warehouses or dict.fromkeys(proposed, ""),
        suppliers=known_suppliers,
        today=today,
    )
    drafts = [_read_row(sheet=sheet, row=row, survey=survey) for row in deadline.each(stock)]
    _need_names(drafts, sheet=sheet, known_skus=known_skus)
    comparing.compare(
        sheet=sheet,
        drafts=drafts,
        known_barcodes=known_barcodes,
        known_costs=known_costs,
        deadline=deadline,
    )
    rows = [finish(draft) for draft in deadline.each(drafts)]
    rows += [_skipped(row, finding) for row, finding in found.items() if finding is not None]
    rows += [_skipped(row, structure.blank_row()) for row in structure.blank_rows(sheet)]
    return CleanResult(
        rows=tuple(sorted(rows, key=lambda row: row.number)),
        proposed_warehouses=proposed,
        notes=(*sheet.notes, *_notes(sheet, proposed)),
    )


def _column(sheet: Sheet, rows: Iterable[int], name: str) -> list[Cell]:
    return [sheet.cell(row=row, field=name) for row in rows]


def _survey(
    *,
    sheet: Sheet,
    rows: list[int],
    warehouses: Mapping[str, str],
    suppliers: Iterable[str],
    today: date | None,
) -> Survey:
    lead = sheet.header.columns.get("lead_time_days")
    return Survey(
        warehouses=warehouses,
        skus=survey_skus(_column(sheet, rows, "sku")),
        suppliers=survey_suppliers(_column(sheet, rows, "supplier"), suppliers),
        costs=_survey_costs(sheet, _column(sheet, rows, "unit_cost")),
        weeks=lead is not None and lead.weeks,
        today=today,
    )


def _survey_costs(sheet: Sheet, cells: list[Cell]) -> CostColumn:
    column = sheet.header.columns.get("unit_cost")
    named = {currency for cell in cells if (currency := currency_of(cell))}
    only = named.pop() if len(named) == 1 else ""
    currency = (column.currency if column else "") or only
    if sheet.typed:
        return CostColumn(currency=currency)
    typed = [read_typed(cell.text.strip()) for cell in cells if cell.kind is Kind.TEXT]
    settled = [t for t in typed if t is not None and t.value is not None and not t.unsure]
    points = sum(t.value != t.value.to_integral_value() for t in settled if t.value is not None)
    commas = any(cell.kind is Kind.TEXT and "," in cell.text for cell in cells)
    return CostColumn(currency=currency, decimal_point=points > 0 and not commas)


def _read_row(*, sheet: Sheet, row: int, survey: Survey) -> Draft:
    draft = Draft(number=row)
    typed = sheet.typed
    cells = {name: sheet.cell(row=row, field=name) for name in FIELDS}
    draft.take("sku", read_sku(cell=cells["sku"], column=survey.skus))
    draft.take("warehouse", read_warehouse(cell=cells["warehouse"], known=survey.warehouses))
    draft.take("on_hand", read_quantity(cell=cells["on_hand"], typed=typed))
    if sheet.has("name"):
        draft.take("name", read_name(cell=cells["name"]))
    draft.bin, draft.barcodes = "", ()
    if sheet.has("bin"):
        draft.take("bin", read_bin(cell=cells["bin"]))
    if sheet.has("unit_cost"):
        cost = read_cost(cell=cells["unit_cost"], typed=typed, column=survey.costs)
        draft.take("unit_cost", cost)
    if sheet.has("barcode"):
        draft.take("barcodes", read_barcodes(cell=cells["barcode"]))
    if sheet.has("supplier"):
        supplier = read_supplier(cell=cells["supplier"], column=survey.suppliers)
        draft.take("supplier", supplier)
    if sheet.has("lead_time_days"):
        lead = read_lead_time(cell=cells["lead_time_days"], typed=typed, weeks=survey.weeks)
        draft.take("lead_time_days", lead)
    if sheet.has("counted_on"):
        day = read_day(
            cell=cells["counted_on"], typed=typed, date1904=sheet.date1904, today=survey.today
        )
        draft.take("counted_on", day)
    draft.findings.extend(_formulas(cells))
    draft.findings.extend(turned(cell, name) for name, cell in cells.items() if cell.turned)
    draft.findings.extend(_beyond(sheet, row))
    return draft


def _formulas(cells: Mapping[str, Cell]) -> list[Finding]:
    """Formulas: the stored result is what the person sees; without one, a person decides."""
    findings = []
    for name, cell in cells.items():
        if cell.formula:
            message = _("The cell is a formula; its stored result %(raw)s was taken.") % {
                "raw": cell.raw
            }
            findings.append(Finding("formula_value", Outcome.FIX, name, cell.raw, message))
        elif cell.kind is Kind.FORMULA and name != "on_hand":
            message = _("The cell is a formula without a stored result. Type its value.")
            findings.append(Finding("formula_without_value", Outcome.ASK, name, cell.raw, message))
    return findings


def _beyond(sheet: Sheet, row: int) -> list[Finding]:
    """In a text file a cell too many means that a separator inside a value moved the rest."""
    width = len(sheet.header.titles)
    extra = [] if sheet.typed else [c for c in sheet.rows[row][width:] if not c.blank]
    if not extra:
        return []
    message = _(
        "The row has more cells than the header's %(width)s: put the value in quotation marks."
    ) % {"width": width}
    return [Finding("row_too_long", Outcome.ASK, "", extra[0].raw, message)]


def _need_names(drafts: list[Draft], *, sheet: Sheet, known_skus: Mapping[str, str]) -> None:
    """Without a column of names, only products that exist already can be stocked."""
    for draft in drafts:
        if draft.name is None and draft.sku and draft.sku in known_skus:
            draft.name = known_skus[draft.sku]
            draft.findings = [f for f in draft.findings if f.code != "name_blank"]
        elif draft.name is None and not sheet.has("name"):
            message = _("The sheet has no column of names, and the SKU is new. Add the name.")
            draft.findings.append(Finding("name_blank", Outcome.ASK, "name", None, message))


def finish(draft: Draft) -> CleanedRow:
    """The verdict on a row; its values only where nothing is left to decide."""
    values = None
    if draft.outcome <= Outcome.FIX:
        assert draft.sku is not None
        assert draft.name is not None
        assert draft.warehouse is not None
        assert draft.on_hand is not None
        assert draft.bin is not None
        assert draft.barcodes is not None
        values = OpeningStockRow(
            row=draft.number,
            sku=draft.sku,
            name=draft.name,
            barcodes=draft.barcodes,
            supplier=draft.supplier,
            unit_cost=draft.unit_cost,
            lead_time_days=draft.lead_time_days,
            warehouse=draft.warehouse,
            bin=draft.bin,
            on_hand=draft.on_hand,
            counted_on=draft.counted_on,
        )
    return CleanedRow(
        number=draft.number,
        outcome=draft.outcome,
        values=values,
        findings=tuple(draft.findings),
    )


def _skipped(row: int, finding: Finding) -> CleanedRow:
    return CleanedRow(number=row, outcome=Outcome.SKIP, values=None, findings=(finding,))


def _notes(sheet: Sheet, proposed: tuple[str, ...]) -> list[str]:
    notes = []
    if sheet.header.unused:
        unread = ", ".join(f'"{title}"' for title in sheet.header.unused)
        notes.append(_("Columns not read: %(titles)s.") % {"titles": unread})
    absent = [name for name in FIELDS if not sheet.has(name)]
    if absent:
        notes.append(_("The sheet has no column for: %(names)s.") % {"names": ", ".join(absent)})
    if proposed:
        words = _("No warehouse exists yet; the sheet names: %(names)s.")
        notes.append(words % {"names": ", ".join(proposed)})
    return notes
