"""Rows held against each other: copies, contradictions, one barcode on two articles."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from warehouse.sheets.columns import FIELDS
from warehouse.sheets.drafts import Draft
from warehouse.sheets.findings import Finding, Outcome
from warehouse.sheets.limits import Deadline
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.reading import Sheet

CENT = Decimal("0.01")
LEAST_SLIP = 8  # times as high, so that costs of a cent or two are not taken for slips


def compare(
    *,
    sheet: Sheet,
    drafts: list[Draft],
    known_barcodes: Mapping[str, str],
    known_costs: Mapping[str, Decimal | None],
    deadline: Deadline,
) -> None:
    """Add to each row what only shows beside the others. Raises `SheetRefused` at the deadline."""
    judged = [draft for draft in deadline.each(drafts) if draft.outcome is not Outcome.REJECT]
    _find_copies(sheet=sheet, drafts=judged, deadline=deadline)
    alive = [draft for draft in judged if draft.outcome is not Outcome.SKIP]
    _compare_merged(sheet=sheet, drafts=alive)
    _compare_spaced(sheet=sheet, drafts=alive)
    _compare_costs(sheet=sheet, drafts=alive, known=known_costs, deadline=deadline)
    _compare_barcodes(sheet=sheet, drafts=alive, known=known_barcodes, deadline=deadline)
    _suggest_skus(drafts=alive, known=known_barcodes)


def _add(
    draft: Draft, sheet: Sheet, code: str, column: str, message: str, of_row: int | None = None
) -> None:
    raw = sheet.cell(row=draft.number, field=column).raw if column else None
    draft.findings.append(Finding(code, Outcome.ASK, column, raw, message, of_row))


def _group(
    drafts: Iterable[Draft], key: Callable[[Draft], Hashable | None]
) -> dict[Hashable, list[Draft]]:
    groups: dict[Hashable, list[Draft]] = defaultdict(list)
    for draft in drafts:
        at = key(draft)
        if at is not None:
            groups[at].append(draft)
    return {at: group for at, group in groups.items() if len(group) > 1}


def _place(draft: Draft) -> tuple[str, str, str] | None:
    if draft.sku is None or draft.warehouse is None or draft.bin is None:
        return None
    return (draft.sku, draft.warehouse, draft.bin)


def _find_copies(*, sheet: Sheet, drafts: list[Draft], deadline: Deadline) -> None:
    """A copy of a row is left out; rows that contradict each other all go to a person."""
    by_content: dict[Hashable, Draft] = {}
    for draft in deadline.each(drafts):
        content = tuple(
            (cell.kind, cell.text)
            for cell in (sheet.cell(row=draft.number, field=name) for name in FIELDS)
        )
        first = by_content.setdefault(content, draft)
        if first is not draft and _place(draft) is not None:
            _skip_copy(draft, first)
    alive = [draft for draft in drafts if draft.outcome is not Outcome.SKIP]
    for group in _group(alive, _place).values():
        _compare_place(sheet=sheet, group=group)


def _skip_copy(draft: Draft, first: Draft) -> None:
    message = _("An exact copy of row %(number)s; left out.") % {"number": first.number}
    draft.findings.append(Finding("duplicate_exact", Outcome.SKIP, "", None, message, first.number))


def _values(draft: Draft) -> tuple[object, ...]:
    return (
        draft.name, draft.on_hand, draft.unit_cost, draft.barcodes, draft.supplier,
        draft.lead_time_days, draft.counted_on,
    )  # fmt: skip


def _compare_place(*, sheet: Sheet, group: list[Draft]) -> None:
    first, *others = group
    conflicts = []
    for draft in others:
        settled = max(draft.outcome, first.outcome) <= Outcome.FIX
        if settled and _values(draft) == _values(first):
            _skip_copy(draft, first)
        else:
            conflicts.append(draft)
    for draft in conflicts:
        _say_conflict(sheet, draft, first)
    if conflicts:
        _say_conflict(sheet, first, conflicts[0])


def _say_conflict(sheet: Sheet, draft: Draft, other: Draft) -> None:
    mine = sheet.cell(row=draft.number, field="on_hand").raw
    its = sheet.cell(row=other.number, field="on_hand").raw
    message = (
        _(
            "Row %(number)s has the same SKU, warehouse and bin with %(its)s on hand; "
            "here it is %(mine)s. Count again, keep one row."
        )
        % {"number": other.number, "its": its, "mine": mine}
        if mine != its
        else _("Row %(number)s has the same SKU, warehouse and bin with other details. Keep one.")
        % {"number": other.number}
    )
    _add(draft, sheet, "duplicate_conflict", "on_hand", message, other.number)


def _compare_merged(*, sheet: Sheet, drafts: list[Draft]) -> None:
    """A repaired SKU that lands on an article of another name may have been another article."""
    for group in _group(drafts, lambda draft: draft.sku).values():
        as_written = {draft.name for draft in group if not _repaired(draft)} - {None}
        for draft in group:
            if _repaired(draft) and draft.name and as_written and draft.name not in as_written:
                message = _(
                    "Read as %(sku)s, the SKU is that of another article in the sheet. Is it the "
                    "same?"
                ) % {"sku": draft.sku}
                _add(draft, sheet, "sku_merged", "sku", message)


def _compare_spaced(*, sheet: Sheet, drafts: list[Draft]) -> None:
    """85123 A beside 85123A: a space too many, or two articles; only a person knows."""
    tight = {draft.sku for draft in drafts if draft.sku and " " not in draft.sku}
    for draft in drafts:
        if draft.sku and " " in draft.sku and draft.sku.replace(" ", "") in tight:
            message = _("Without its space, %(sku)s is another SKU of the sheet. Which is it?") % {
                "sku": draft.sku
            }
            _add(draft, sheet, "sku_unclear", "sku", message)


def _repaired(draft: Draft) -> bool:
    return any(finding.column == "sku" for finding in draft.findings)


def _compare_costs(
    *,
    sheet: Sheet,
    drafts: list[Draft],
    known: Mapping[str, Decimal | None],
    deadline: Deadline,
) -> None:
    """One SKU has one cost: the stored one, else that of most rows; without one, all are asked."""
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.sku is not None and draft.unit_cost is not None:
            groups[draft.sku].append(draft)
    for sku, group in groups.items():
        costs = [draft.unit_cost for draft in group if draft.unit_cost is not None]
        stored = known.get(sku)
        if len({*costs, stored} - {None}) == 1:
            continue
        trusted = stored if stored is not None else _trusted(costs)
        for draft in deadline.each(group):
            if draft.unit_cost != trusted:
                _say_cost(sheet, draft, group, stored)


def _say_cost(sheet: Sheet, draft: Draft, group: list[Draft], stored: Decimal | None) -> None:
    other = next((d for d in group if d.unit_cost != draft.unit_cost), None)
    if stored is not None or other is None:
        beside, of_row = _("%(stored)s is stored") % {"stored": stored}, None
    else:
        beside, of_row = (
            _("%(unit_cost)s in row %(number)s")
            % {"unit_cost": other.unit_cost, "number": other.number},
            other.number,
        )
    message = _("The unit cost of %(sku)s is %(unit_cost)s here, and %(beside)s. Correct it.") % {
        "sku": draft.sku,
        "unit_cost": draft.unit_cost,
        "beside": beside,
    }
    _add(draft, sheet, "cost_conflict", "unit_cost", message, of_row)


def _trusted(costs: list[Decimal]) -> Decimal | None:
    """The cost of more than half of the rows; of two, the one whose decimal point did not slip.

    A slip to the right makes a cost ten or a hundred times too high, to a cent, and leaves it one
    decimal at most. Whatever else two rows disagree about, nobody can tell which is right.
    """
    ((most, rows),) = Counter(costs).most_common(1)
    if 2 * rows > len(costs):
        return most
    low, high = min(costs), max(costs)
    slipped = any(abs(high / times - low) <= CENT for times in (10, 100))
    lost_decimals = _decimals(high) <= max(_decimals(low), 1)
    if len(set(costs)) > 2 or high < LEAST_SLIP * low or not slipped or not lost_decimals:
        return None
    return low


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _compare_barcodes(
    *, sheet: Sheet, drafts: list[Draft], known: Mapping[str, str], deadline: Deadline
) -> None:
    """A barcode leads to one SKU: the stored one, else the one that more rows give it to."""
    claims: dict[str, dict[str, list[Draft]]] = defaultdict(lambda: defaultdict(list))
    for draft in drafts:
        for code in draft.barcodes or ():
            if draft.sku is not None:
                claims[_gtin(code)][draft.sku].append(draft)
    stored = {_gtin(code): sku for code, sku in known.items()}
    for code, by_sku in claims.items():
        if len(by_sku) == 1 and stored.get(code) in {None, *by_sku}:
            continue
        owner = stored.get(code) or _owner(by_sku)
        for sku, claimants in by_sku.items():
            if sku != owner:
                others = owner or " and ".join(s for s in islice(by_sku, 4) if s != sku)
                for draft in deadline.each(claimants):
                    message = _("The barcode belongs to %(others)s. Scan the article again.") % {
                        "others": others
                    }
                    _add(draft, sheet, "barcode_other_sku", "barcode", message)


def _gtin(code: str) -> str:
    """The 14 digits that EAN-8, UPC-A and EAN-13 are short forms of."""
    return code.zfill(14)


def _owner(by_sku: Mapping[str, list[Draft]]) -> str | None:
    ranked = sorted(by_sku, key=lambda sku: len(by_sku[sku]), reverse=True)
    if len(by_sku[ranked[0]]) > len(by_sku[ranked[1]]):
        return ranked[0]
    return None


def _suggest_skus(*, drafts: list[Draft], known: Mapping[str, str]) -> None:
    """Tell the person whose barcode stands in a row without a SKU; never fill it in."""
    owners = {_gtin(code): sku for code, sku in known.items()}
    for draft in drafts:
        for code in draft.barcodes or ():
            if draft.sku:
                owners.setdefault(_gtin(code), draft.sku)
    for draft in drafts:
        skus = {owners[_gtin(code)] for code in draft.barcodes or () if _gtin(code) in owners}
        if draft.sku is None and len(skus) == 1:
            hint = _(" Its barcode is that of %(pop)s.") % {"pop": skus.pop()}
            draft.findings = [
                replace(f, message=f.message + hint) if f.code == "sku_blank" else f
                for f in draft.findings
            ]
