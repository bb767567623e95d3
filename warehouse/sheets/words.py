"""SKUs, names and suppliers: text, and what spreadsheets turn it into."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warehouse.sheets.cells import Cell, Kind, plain, spaced
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.numbers import is_scientific
from warehouse.sheets.places import one_slip_apart

LONGEST_SKU, LONGEST_NAME, LONGEST_SUPPLIER = 64, 255, 40
EXACT_DIGITS = 15  # a number cell keeps no more
DATE_LIKE = re.compile(
    r"[0-9]{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
    r"(?:[-/ ][0-9]{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*[-/ ][0-9]{2,4}"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?",
    re.IGNORECASE,
)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
COMPANY_WORDS = frozenset({"ltd", "limited", "plc", "llc", "inc", "gmbh", "co", "company", "corp"})


@dataclass(frozen=True, slots=True)
class SkuColumn:
    """What the column as a whole says: whether SKUs there begin with a zero, and their length."""

    zero_led_length: int = 0  # the longest of digits only that begins with 0; 0 where there is none


def survey_skus(cells: Iterable[Cell]) -> SkuColumn:
    """Look at all SKUs once, for what a number cell among them may have lost."""
    longest = 0
    for cell in cells:
        text = plain(cell.text) if cell.kind is Kind.TEXT else ""
        if text.startswith("0") and re.fullmatch("[0-9]+", text):
            longest = max(longest, len(text))
    return SkuColumn(zero_led_length=longest)


def _sku(cell: Cell, code: str, outcome: Outcome, message: str) -> Finding:
    return Finding(code=code, outcome=outcome, column="sku", raw=cell.raw, message=message)


def read_sku(*, cell: Cell, column: SkuColumn) -> Read[str]:
    """The SKU, trimmed and in capitals; never completed and never guessed from other cells."""
    if cell.blank:
        return Read(None, (_sku(cell, "sku_blank", Outcome.ASK, "The SKU is empty. Fill it in."),))
    if cell.number is not None:
        return _sku_number(cell, column)
    text = plain(cell.text)
    if cell.kind is Kind.DATE or DATE_LIKE.fullmatch(text):
        return _unsure(
            cell, "sku_as_date", "looks like a date, as when a spreadsheet turns a code into one"
        )
    if cell.kind is not Kind.TEXT or (is_scientific(text) and re.search("[.,]|[+-]", text)):
        return _unsure(cell, "sku_unclear", "is no item code")
    if found := re.fullmatch(r"([0-9]+)\.0+", text):
        fixed = _sku(cell, "sku_as_number", Outcome.FIX, f"{cell.raw} is the SKU {found[1]}.")
        return Read(found[1], (fixed,))
    return _sku_text(cell, text)


def _unsure(cell: Cell, code: str, why: str) -> Read[str]:
    message = f'The SKU "{cell.raw}" {why}. Type it again, as text.'
    return Read(None, (_sku(cell, code, Outcome.ASK, message),))


def _sku_number(cell: Cell, column: SkuColumn) -> Read[str]:
    number = cell.number
    if number is None or number != number.to_integral_value() or number < 0:
        return _unsure(cell, "sku_unclear", "is a number with a sign or decimals")
    digits = f"{int(number):0{cell.pad}d}"
    if len(digits) > EXACT_DIGITS or cell.shown_scientific:
        return _unsure(cell, "sku_unclear", "is a number so long that digits may be lost")
    if len(digits) < column.zero_led_length:
        return _unsure(cell, "sku_unclear", "is a number cell, so leading zeros may be lost")
    message = f"The SKU {digits} was a number cell; kept as text."
    return Read(digits, (_sku(cell, "sku_as_number", Outcome.FIX, message),))


def _sku_text(cell: Cell, text: str) -> Read[str]:
    if found := re.fullmatch(r'(?:="|\')(.+?)"?', text):  # how people keep Excel from numbers
        text = found[1]
    sku = text.upper()
    if not sku.isprintable() or not sku.isascii() or re.search("[\"=',;<>]", sku):
        return _unsure(cell, "sku_unclear", "holds characters that item codes do not have")
    if len(sku) > LONGEST_SKU:
        return _unsure(cell, "too_long", f"is longer than {LONGEST_SKU} characters")
    findings = []
    if text != cell.text:
        inner = re.search(r"[^\S ]| {2}", cell.text.strip("\ufeff\u200b \t\r\n\u00a0"))
        if inner:
            return _unsure(cell, "sku_whitespace", "has odd spaces inside")
        message = f'"{cell.raw}" is the SKU {sku}, without spaces around it.'
        findings.append(_sku(cell, "sku_whitespace", Outcome.FIX, message))
    if text != sku:
        message = f'"{cell.raw}" is the SKU {sku}, in capitals.'
        findings.append(_sku(cell, "sku_case", Outcome.FIX, message))
    return Read(sku, tuple(findings))


def read_name(*, cell: Cell) -> Read[str]:
    """The name as it is written, with single spaces. A name is text, whatever it begins with."""

    def say(code: str, outcome: Outcome, message: str) -> Finding:
        return Finding(code, outcome, "name", cell.raw, message)

    if cell.blank:
        return Read(None, (say("name_blank", Outcome.ASK, "The name is empty. Fill it in."),))
    if cell.kind is not Kind.TEXT:
        message = f'The name "{cell.raw}" is not stored as text. Type it again, as text.'
        return Read(None, (say("name_unclear", Outcome.ASK, message),))
    name = spaced(cell.text)
    if len(name) > LONGEST_NAME:
        message = f"The name is longer than {LONGEST_NAME} characters. Shorten it."
        return Read(None, (say("too_long", Outcome.ASK, message),))
    if not name.isprintable():
        message = "The name holds control characters. Type it again."
        return Read(None, (say("name_unclear", Outcome.ASK, message),))
    findings = []
    if name != cell.text:
        message = f'Spaces and line breaks put right: "{name}".'
        findings.append(say("name_whitespace", Outcome.FIX, message))
    if name.startswith(FORMULA_SIGNS):
        message = "The name begins like a formula. It is kept as text and never run."
        findings.append(say("name_looks_like_formula", Outcome.FIX, message))
    return Read(name, tuple(findings))


@dataclass(frozen=True, slots=True)
class SupplierColumn:
    """The spelling of each supplier that most rows use, by its spelling without case."""

    usual: Mapping[str, str]
    counts: Mapping[str, int]


def survey_suppliers(cells: Iterable[Cell], known: Iterable[str] = ()) -> SupplierColumn:
    """How each supplier is usually spelled. A known supplier's own spelling wins."""
    spellings: dict[str, Counter[str]] = {}
    for cell in cells:
        if cell.kind is Kind.TEXT and not cell.blank:
            text = spaced(cell.text)
            spellings.setdefault(text.casefold(), Counter())[text] += 1
    usual = {}
    for key, counter in spellings.items():
        ranked = counter.most_common(2)
        if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
            usual[key] = ranked[0][0]
    usual.update({spaced(code).casefold(): code for code in known})
    counts = {key: sum(counter.values()) for key, counter in spellings.items()}
    counts.update({spaced(code).casefold(): 10**9 for code in known})
    return SupplierColumn(usual=usual, counts=counts)


def read_supplier(*, cell: Cell, column: SupplierColumn) -> Read[str]:
    """The supplier in its usual spelling. A rare name near a frequent one is for a person."""

    def say(code: str, outcome: Outcome, message: str) -> tuple[Finding, ...]:
        return (Finding(code, outcome, "supplier", cell.raw, message),)

    if cell.blank:
        return Read(None, say("supplier_blank", Outcome.FIX, "No supplier; left empty."))
    text = spaced(cell.text)
    if cell.kind is not Kind.TEXT or not text.isprintable() or len(text) > LONGEST_SUPPLIER:
        message = f'The supplier "{cell.raw}" is not a name or code as text. Type it again.'
        return Read(None, say("supplier_unclear", Outcome.ASK, message))
    key = text.casefold()
    if key not in column.usual:
        message = f'"{text}" is spelled in several ways, none more often. Choose one.'
        return Read(None, say("supplier_spelling", Outcome.ASK, message))
    near = _near(key, column)
    if near:
        message = f'"{text}" may mean {near}, which many rows name. Correct it if so.'
        return Read(None, say("supplier_spelling", Outcome.ASK, message))
    usual = column.usual[key]
    if usual == cell.text:
        return Read(usual)
    return Read(usual, say("supplier_spelling", Outcome.FIX, f'"{cell.raw}" is {usual}.'))


def _near(key: str, column: SupplierColumn) -> str:
    """A supplier at least twenty times as frequent that differs by a slip or a company word."""
    rows = column.counts.get(key, 0)
    stem = _stem(key)
    for other, count in column.counts.items():
        if other == key or count < 20 * rows or other not in column.usual:
            continue
        stem_of_other = _stem(other)
        slip = min(len(stem), len(stem_of_other)) >= 4 and one_slip_apart(stem, stem_of_other)
        within = min(len(stem), len(stem_of_other)) >= 4 and (
            stem.startswith(stem_of_other) or stem_of_other.startswith(stem)
        )
        if stem == stem_of_other or slip or within:
            return column.usual[other]
    return ""


def _stem(key: str) -> str:
    words = [word for word in re.findall(r"[^\W_]+", key) if word not in COMPANY_WORDS]
    return "".join(words)
