"""Barcodes: the GTIN family, its check digit, and what spreadsheets do to it."""

import re

from warehouse.sheets.cells import Cell, Kind, cut, plain
from warehouse.sheets.findings import Finding, Outcome, Read
from warehouse.sheets.marking import gettext as _
from warehouse.sheets.numbers import is_scientific

LENGTHS = frozenset({8, 12, 13, 14})
FULL_LENGTHS = frozenset({13, 14})  # of a number cell, which would have lost leading zeros
ZEROS_LOST = "00000"  # this many at the end are a rounded number, not a code
Codes = tuple[str, ...]


def check_digit_fits(code: str) -> bool:
    """Whether the last digit is the GS1 check digit of those before it."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(code)))
    return total % 10 == 0


def read_barcodes(*, cell: Cell) -> Read[Codes]:
    """The barcodes in a cell: none, one, or several with a separator between them.

    Nothing is ever completed: a wrong check digit, lost zeros and lost digits are for a person.
    """
    if cell.blank:
        blank = _say(cell, "barcode_blank", Outcome.FIX, _("No barcode, which is allowed."))
        return Read((), (blank,))
    if cell.number is not None:
        return _read_number(cell)
    if cell.kind is not Kind.TEXT:
        return _ask(
            cell, "barcode_invalid", _("The cell holds no barcode. Scan the article again.")
        )
    return _read_text(cell)


def _say(cell: Cell, code: str, outcome: Outcome, message: str) -> Finding:
    return Finding(code=code, outcome=outcome, column="barcode", raw=cell.raw, message=message)


def _ask(cell: Cell, code: str, message: str) -> Read[Codes]:
    return Read(None, (_say(cell, code, Outcome.ASK, message),))


def _scientific(cell: Cell) -> Read[Codes]:
    return _ask(
        cell,
        "barcode_scientific",
        _(
            "The barcode %(raw)s was saved in scientific notation, its last digits are "
            "lost. Scan the article again."
        )
        % {"raw": cell.raw},
    )


def _read_number(cell: Cell) -> Read[Codes]:
    number = cell.number
    if number is None or number != number.to_integral_value() or number <= 0:
        return _ask(
            cell,
            "barcode_invalid",
            _("%(raw)s is no barcode. Scan the article again.") % {"raw": cell.raw},
        )
    digits = f"{int(number):0{cell.pad}d}"
    if digits.endswith(ZEROS_LOST):
        return _scientific(cell)
    if len(digits) not in FULL_LENGTHS:
        return _ask(
            cell,
            "barcode_as_number",
            _(
                "The barcode %(digits)s is a number cell, so leading zeros may be lost. Scan "
                "the article again."
            )
            % {"digits": digits},
        )
    message = _("The barcode %(digits)s was a number cell; kept as text.") % {"digits": digits}
    return _judge([digits], cell, (_say(cell, "barcode_as_number", Outcome.FIX, message),))


def _read_text(cell: Cell) -> Read[Codes]:
    text = plain(cell.text)
    if is_scientific(text):
        return _scientific(cell)
    codes = _split(_bare(text))
    if not all(re.fullmatch("[0-9]+", code) for code in codes):
        return _ask(
            cell,
            "barcode_invalid",
            _('"%(raw)s" is no EAN, UPC or GTIN. Scan the article again.') % {"raw": cell.raw},
        )
    if any(code.endswith(ZEROS_LOST) for code in codes):
        return _scientific(cell)
    tidy = len(codes) == 1 and codes[0] == cell.text
    message = _('"%(raw)s" is read as %(codes)s.') % {
        "raw": cell.raw,
        "codes": cut(" and ".join(codes)),
    }
    fixed = _say(cell, "barcode_format", Outcome.FIX, message)
    return _judge(codes, cell, () if tidy else (fixed,))


def _bare(text: str) -> str:
    """Without what spreadsheets and people put around digits: ="29..", '29.., 29...0."""
    for form in (r'(?:="|\')([0-9]+)"?', r"([0-9]{13,14})[.,]0+"):
        if found := re.fullmatch(form, text):
            return found[1]
    return text


def _split(text: str) -> list[str]:
    """One code with spaces or hyphens inside, or several with any separator between."""
    joined = re.sub("[ -]", "", text)
    if len(joined) <= max(LENGTHS):
        return [joined]
    return [re.sub("-", "", part) for part in re.split("[ ,;/|]+", text) if part]


def _judge(codes: list[str], cell: Cell, findings: tuple[Finding, ...]) -> Read[Codes]:
    for code in codes:
        if len(code) not in LENGTHS:
            return _ask(
                cell,
                "barcode_invalid",
                _("The barcode %(code)s has %(count)s digits; an EAN-13 has 13. Scan it again.")
                % {"code": cut(code), "count": len(code)},
            )
        if not check_digit_fits(code):
            return _ask(
                cell,
                "barcode_check_digit",
                _(
                    "The check digit of the barcode %(code)s is wrong: a digit was mistyped. "
                    "Scan the article again."
                )
                % {"code": code},
            )
    return Read(tuple(dict.fromkeys(codes)), findings)
