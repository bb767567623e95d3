"""SKUs and names: text, and what spreadsheets turn it into."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from warehouse.sheets.cells import Cell, Kind, plain, spaced
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.numbers import is_scientific

LONGEST_SKU, LONGEST_NAME = 64, 255
EXACT_DIGITS = 15  # a number cell keeps no more
DATE_LIKE = re.compile(
    r"[0-9]{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
    r"(?:[-/ ][0-9]{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*[-/ ][0-9]{2,4}"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?",
    re.IGNORECASE,
)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


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
        return Read(
            None, (_sku(cell, "sku_blank", Outcome.ASK, _("The SKU is empty. Fill it in.")),)
        )
    if cell.number is not None:
        return _sku_number(cell, column)
    text = plain(cell.text)
    if cell.kind is Kind.DATE or DATE_LIKE.fullmatch(text):
        return _unsure(
            cell, "sku_as_date", _("looks like a date, as when a spreadsheet turns a code into one")
        )
    if cell.kind is not Kind.TEXT or (is_scientific(text) and re.search("[.,]|[+-]", text)):
        return _unsure(cell, "sku_unclear", _("is no item code"))
    if (found := re.fullmatch(r"([0-9]+)\.0+", text)) and len(found[1]) <= LONGEST_SKU:
        fixed = _sku(
            cell,
            "sku_as_number",
            Outcome.FIX,
            _("%(raw)s is the SKU %(name)s.") % {"raw": cell.raw, "name": found[1]},
        )
        return Read(found[1], (fixed,))
    return _sku_text(cell, text)


def _unsure(cell: Cell, code: str, why: str) -> Read[str]:
    message = _('The SKU "%(raw)s" %(why)s. Type it again, as text.') % {
        "raw": cell.raw,
        "why": why,
    }
    return Read(None, (_sku(cell, code, Outcome.ASK, message),))


def _sku_number(cell: Cell, column: SkuColumn) -> Read[str]:
    number = cell.number
    if number is None or number != number.to_integral_value() or number < 0:
        return _unsure(cell, "sku_unclear", _("is a number with a sign or decimals"))
    digits = f"{int(number):0{cell.pad}d}"
    if len(digits) > EXACT_DIGITS or cell.shown_scientific:
        return _unsure(cell, "sku_unclear", _("is a number so long that digits may be lost"))
    if len(digits) < column.zero_led_length:
        return _unsure(cell, "sku_unclear", _("is a number cell, so leading zeros may be lost"))
    message = _("The SKU %(digits)s was a number cell; kept as text.") % {"digits": digits}
    return Read(digits, (_sku(cell, "sku_as_number", Outcome.FIX, message),))


def _sku_text(cell: Cell, text: str) -> Read[str]:
    if found := re.fullmatch(r'(?:="|\')(.+?)"?', text):  # how people keep Excel from numbers
        text = found[1]
    sku = text.upper()
    # Before capitals: of letters that are none here, some have capitals that are.
    if not sku.isprintable() or not text.isascii() or re.search("[\"=',;<>]", sku):
        return _unsure(cell, "sku_unclear", _("holds characters that item codes do not have"))
    if len(sku) > LONGEST_SKU:
        return _unsure(
            cell,
            "too_long",
            _("is longer than %(longest_sku)s characters") % {"longest_sku": LONGEST_SKU},
        )
    findings = []
    if text != cell.text:
        inner = re.search(r"[^\S ]| {2}", cell.text.strip("\ufeff\u200b \t\r\n\u00a0"))
        if inner:
            return _unsure(cell, "sku_whitespace", _("has odd spaces inside"))
        message = _('"%(raw)s" is the SKU %(sku)s, without spaces around it.') % {
            "raw": cell.raw,
            "sku": sku,
        }
        findings.append(_sku(cell, "sku_whitespace", Outcome.FIX, message))
    if text != sku:
        message = _('"%(raw)s" is the SKU %(sku)s, in capitals.') % {"raw": cell.raw, "sku": sku}
        findings.append(_sku(cell, "sku_case", Outcome.FIX, message))
    return Read(sku, tuple(findings))


def turned(cell: Cell, column: str) -> Finding:
    """What to say of a cell that may show something else than it says."""
    message = _(
        "The cell holds signs that turn the direction of writing, so it may say something else than it "
        "shows. Type it again."
    )
    return Finding("text_turned", Outcome.ASK, column, cell.raw, message)


def read_name(*, cell: Cell) -> Read[str]:
    """The name as it is written, with single spaces. A name is text, whatever it begins with."""

    def say(code: str, outcome: Outcome, message: str) -> Finding:
        return Finding(code, outcome, "name", cell.raw, message)

    if cell.blank:
        return Read(None, (say("name_blank", Outcome.ASK, _("The name is empty. Fill it in.")),))
    if cell.kind is not Kind.TEXT:
        message = _('The name "%(raw)s" is not stored as text. Type it again, as text.') % {
            "raw": cell.raw
        }
        return Read(None, (say("name_unclear", Outcome.ASK, message),))
    name = spaced(cell.text)
    if len(name) > LONGEST_NAME:
        message = _("The name is longer than %(longest_name)s characters. Shorten it.") % {
            "longest_name": LONGEST_NAME
        }
        return Read(None, (say("too_long", Outcome.ASK, message),))
    if not name.isprintable():
        message = _("The name holds control characters. Type it again.")
        return Read(None, (say("name_unclear", Outcome.ASK, message),))
    findings = []
    if name != cell.text:
        message = _('Spaces and line breaks put right: "%(name)s".') % {"name": name}
        findings.append(say("name_whitespace", Outcome.FIX, message))
    if name.startswith(FORMULA_SIGNS):
        message = _("The name begins like a formula. It is kept as text and never run.")
        findings.append(say("name_looks_like_formula", Outcome.FIX, message))
    return Read(name, tuple(findings))
