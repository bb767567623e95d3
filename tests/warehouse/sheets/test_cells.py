"""Each column's cell by itself: taken, repaired, asked about or rejected."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.warehouse.sheets.building import cell, cleaned, codes, good_row, only, sheet_of
from warehouse.sheets.cells import Cell, Kind
from warehouse.sheets.cleaning import clean
from warehouse.sheets.findings import CODES, Outcome

NBSP, NARROW, ZERO_WIDTH = "\u00a0", "\u202f", "\u200b"


def check(column: str, raw: object, code: str, expected: object) -> None:
    """`expected` is a value for a repair, "ask", "reject", or the value itself when code is ""."""
    row = only(**{column: raw})
    assert codes(row) == ({code} if code else set())
    if expected in ("ask", "reject"):
        assert (row.outcome.word, row.values) == (expected, None)
    else:
        assert row.values is not None
        attribute = "barcodes" if column == "barcode" else column
        assert getattr(row.values, attribute) == expected
        assert row.outcome is (Outcome.FIX if code else Outcome.CLEAN)
    assert all(finding.code in CODES and finding.message for finding in row.findings)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        (0, "", 0), (54.0, "", 54), (1.5, "qty_fraction", "ask"), (-3, "qty_negative", "ask"),
        (None, "qty_blank", "ask"), ("  ", "qty_blank", "ask"), (ZERO_WIDTH, "qty_blank", "ask"),
        ("54", "qty_text_unit", 54), (" 54 ", "qty_text_unit", 54), ("9.0", "qty_text_unit", 9),
        ("403 pcs", "qty_text_unit", 403), ("36EA", "qty_text_unit", 36),
        ("12 units.", "qty_text_unit", 12), ("\uff11\uff12", "qty_text_unit", 12),
        ("1,819", "qty_thousands", 1819), ("2 478", "qty_thousands", 2478),
        (f"2{NBSP}568", "qty_thousands", 2568), (f"2{NARROW}568", "qty_thousands", 2568),
        ("1'234", "qty_thousands", 1234), ("1\u2019234", "qty_thousands", 1234),
        ("1.234.567", "qty_implausible", "ask"), ("1,234.00", "qty_thousands", 1234),
        ("1.234,00", "qty_thousands", 1234), ("12,345 pcs", "qty_thousands", 12345),
        ("1.234", "qty_unclear", "ask"), ("9.000", "qty_unclear", "ask"),
        ("1e3", "qty_unclear", "ask"), ("1.2E+03", "qty_unclear", "ask"),
        ("12 34", "qty_unclear", "ask"), ("1,00,000", "qty_unclear", "ask"),
        ("1.234.56", "qty_unclear", "ask"), ("+5", "qty_unclear", "ask"),
        ("12,", "qty_unclear", "ask"), (2921162373642, "qty_implausible", "ask"),
        ("12,5", "qty_fraction", "ask"), ("0,819", "qty_fraction", "ask"),
        ("(4)", "qty_negative", "ask"), ("-4", "qty_negative", "ask"),
        ("\u22124", "qty_negative", "ask"), ("4-", "qty_negative", "ask"),
        ("=48+6", "qty_formula", "ask"), (datetime(2010, 1, 5), "qty_unclear", "ask"),
        ("2 boxes", "qty_not_a_number", "reject"), ("3 dozen", "qty_not_a_number", "reject"),
        ("approx 40", "qty_not_a_number", "reject"), ("~40", "qty_not_a_number", "reject"),
        ("40+", "qty_not_a_number", "reject"), ("10-12", "qty_not_a_number", "reject"),
        ("n/a", "qty_not_a_number", "reject"), ("-", "qty_not_a_number", "reject"),
        ("#REF!", "qty_not_a_number", "reject"), ("5\u00b2", "qty_not_a_number", "reject"),
        ("\u0665", "qty_not_a_number", "reject"), ("1\u00bd", "qty_not_a_number", "reject"),
        (True, "qty_not_a_number", "reject"), ("l0", "qty_not_a_number", "reject"),
        (Cell(kind=Kind.ERROR, text="#N/A"), "qty_not_a_number", "reject"),
        (Cell(kind=Kind.FORMULA, text="=A1"), "qty_formula", "ask"),
        (cell(60, formula=True), "formula_value", 60),
    ],
)  # fmt: skip
def test_quantity(raw: object, code: str, expected: object) -> None:
    check("on_hand", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("85123A", "", "85123A"), ("85123a", "sku_case", "85123A"), (85123, "sku_as_number", "85123"),
        (" 85123A", "sku_whitespace", "85123A"), ("85123A\t", "sku_whitespace", "85123A"),
        (f"85123A{NBSP}", "sku_whitespace", "85123A"), (f"85{ZERO_WIDTH}123", "sku_whitespace", "85123"),
        ("85123.0", "sku_as_number", "85123"), (85123.5, "sku_unclear", "ask"),
        (cell(85, pad=5), "sku_as_number", "00085"), (None, "sku_blank", "ask"),
        (1234567890123456, "sku_unclear", "ask"), (cell(10**5, shown_scientific=True), "sku_unclear", "ask"),
        (datetime(2010, 12, 1), "sku_as_date", "ask"), ("1-Dec", "sku_as_date", "ask"),
        ("Dec-01", "sku_as_date", "ask"), ("8.5E+04", "sku_unclear", "ask"),
        ("21,351", "sku_unclear", "ask"), ("85\n123", "sku_whitespace", "ask"),
        ("85123\u0410", "sku_unclear", "ask"), ("\u00df-30", "sku_unclear", "ask"),
        ("\u0131-29", "sku_unclear", "ask"), ("1" * 70 + ".0", "too_long", "ask"),
        ('="00123"', "sku_whitespace", "00123"),
        ("X" * 65, "too_long", "ask"), (Cell(kind=Kind.FORMULA, text="=A1"), "sku_unclear", "ask"),
    ],
)  # fmt: skip
def test_sku(raw: object, code: str, expected: object) -> None:
    row = only(sku=raw)
    if isinstance(raw, Cell) and raw.kind is Kind.FORMULA:
        assert codes(row) == {"sku_unclear", "formula_without_value"}
    else:
        check("sku", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("MAIN", "", "MAIN"), ("main", "wh_spelling", "MAIN"), ("MAIN ", "wh_spelling", "MAIN"),
        (f"Ma{ZERO_WIDTH}in", "wh_spelling", "MAIN"), ("Main WH", "wh_spelling", "ask"),
        ("WH Main", "wh_spelling", "ask"), ("Main warehouse", "wh_spelling", "ask"),
        ("M A I N", "wh_spelling", "ask"), ("MIAN", "wh_spelling", "ask"),
        ("MAN", "wh_spelling", "ask"), ("MAIN2", "wh_spelling", "ask"),
        ("WEST", "wh_unknown", "reject"), ("NORTH", "wh_unknown", "reject"),
        ("Garage", "wh_unknown", "reject"), (1, "wh_unknown", "reject"),
        (None, "wh_blank", "reject"), (NBSP, "wh_blank", "reject"),
    ],
)  # fmt: skip
def test_warehouse(raw: object, code: str, expected: object) -> None:
    check("warehouse", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("A-03-12", "", "A-03-12"), ("a-3-12", "bin_format", "A-03-12"),
        ("a 3 12", "bin_format", "A-03-12"), ("A/3/2", "bin_format", "A-03-02"),
        ("A0312", "bin_format", "A-03-12"), ("d17-06", "bin_format", "D-17-06"),
        (" m-09-08", "bin_format", "M-09-08"), ("A\u201303\u201312", "bin_format", "A-03-12"),
        ("\uff21-03-12", "bin_format", "A-03-12"), ("A.03.12", "bin_format", "A-03-12"),
        (None, "bin_blank", ""), ("floor", "bin_invalid", "ask"), ("03-12", "bin_invalid", "ask"),
        ("A312", "bin_invalid", "ask"), ("Z-99-99-1", "bin_invalid", "ask"),
        ("A-??-03", "bin_invalid", "ask"), ("A-O3-12", "bin_invalid", "ask"),
        ("A-00-12", "bin_invalid", "ask"), ("AA-03-12", "bin_invalid", "ask"),
        (312, "bin_invalid", "ask"), (datetime(2010, 3, 12), "bin_invalid", "ask"),
    ],
)  # fmt: skip
def test_bin(raw: object, code: str, expected: object) -> None:
    check("bin", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        (2.55, "", Decimal("2.55")), ("\u00a30.88", "cost_text", Decimal("0.88")),
        ("GBP 0.95", "cost_text", Decimal("0.95")), ("0.95 GBP", "cost_text", Decimal("0.95")),
        ("0,37", "cost_text", Decimal("0.37")), ("1,234.56", "cost_text", Decimal("1234.56")),
        ("1.234,56", "cost_text", Decimal("1234.56")), ("0.385", "cost_text", Decimal("0.385")),
        ("\uffe10.88", "cost_unclear", "ask"), ("1,234", "cost_unclear", "ask"),
        ("1.234", "cost_unclear", "ask"), ("38p", "cost_unclear", "ask"),
        ("\u20ac0.95", "cost_currency", "ask"), ("USD 0.95", "cost_currency", "ask"),
        ("tbc", "cost_unclear", "ask"), ("1E1", "cost_unclear", "ask"), (None, "cost_blank", "ask"),
        (0, "cost_zero", "ask"), (-1, "cost_negative", "ask"), (0.123456, "cost_unclear", "ask"),
        (datetime(2010, 1, 5), "cost_unclear", "ask"),
    ],
)  # fmt: skip
def test_unit_cost(raw: object, code: str, expected: object) -> None:
    check("unit_cost", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("2921162373642", "", ("2921162373642",)), (None, "barcode_blank", ()),
        (2921162373642, "barcode_as_number", ("2921162373642",)),
        ("036000291452", "", ("036000291452",)), ("96385074", "", ("96385074",)),
        ("10614141000415", "", ("10614141000415",)),
        ("5 012345 678900", "barcode_format", ("5012345678900",)),
        ("29-21162-373642", "barcode_format", ("2921162373642",)),
        ("2921162373642.0", "barcode_format", ("2921162373642",)),
        ('="2921162373642"', "barcode_format", ("2921162373642",)),
        ("2921162373642; 96385074", "barcode_format", ("2921162373642", "96385074")),
        (36000291452, "barcode_as_number", "ask"), (96385074, "barcode_as_number", "ask"),
        ("2921162373643", "barcode_check_digit", "ask"), ("29211623736", "barcode_invalid", "ask"),
        ("2.96630E+12", "barcode_scientific", "ask"), (2966300000000, "barcode_scientific", "ask"),
        ("2966300000000", "barcode_scientific", "ask"), ("ABC-123", "barcode_invalid", "ask"),
        ("n/a", "barcode_invalid", "ask"), ("0000000000000", "barcode_scientific", "ask"),
        (1.5, "barcode_invalid", "ask"), (datetime(2010, 1, 5), "barcode_invalid", "ask"),
        ("\u0662921162373642", "barcode_invalid", "ask"),
    ],
)  # fmt: skip
def test_barcode(raw: object, code: str, expected: object) -> None:
    check("barcode", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        (14, "", 14), ("14", "lead_time_text", 14), ("21 days", "lead_time_text", 21),
        ("5 weeks", "lead_time_text", 35), ("2w", "lead_time_text", 14), ("1 Week", "lead_time_text", 7),
        (None, "lead_time_blank", None), ("2-3 weeks", "lead_time_unclear", "ask"),
        ("1 month", "lead_time_unclear", "ask"), ("10 working days", "lead_time_unclear", "ask"),
        (1.5, "lead_time_unclear", "ask"), (-1, "lead_time_unclear", "ask"),
        (4000, "lead_time_unclear", "ask"), ("1.5 weeks", "lead_time_unclear", "ask"),
    ],
)  # fmt: skip
def test_lead_time(raw: object, code: str, expected: object) -> None:
    check("lead_time_days", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        (datetime(2010, 11, 29, 17, 30), "", date(2010, 11, 29)),
        (40511, "date_serial", date(2010, 11, 29)), (54, "date_unclear", "ask"),
        ("29-Nov-10", "date_as_text", date(2010, 11, 29)),
        ("29 November 2010", "date_as_text", date(2010, 11, 29)),
        ("29th Nov, 2010", "date_as_text", date(2010, 11, 29)),
        ("Mon 29 Nov 2010", "date_as_text", date(2010, 11, 29)),
        ("November 29, 2010", "date_as_text", date(2010, 11, 29)),
        ("29/11/2010", "date_as_text", date(2010, 11, 29)),
        ("11/29/2010", "date_as_text", date(2010, 11, 29)),
        ("11/11/2010", "date_as_text", date(2010, 11, 11)),
        ("2010.11.29", "date_as_text", date(2010, 11, 29)),
        ("20101129", "date_as_text", date(2010, 11, 29)),
        ("2010-11-29 10:30:00", "date_as_text", date(2010, 11, 29)),
        ("12/11/2010", "date_ambiguous", "ask"), ("10/11/10", "date_ambiguous", "ask"),
        ("10-11-29", "date_ambiguous", "ask"), ("31/02/2010", "date_unclear", "ask"),
        ("29 Nov", "date_unclear", "ask"), ("last week", "date_unclear", "ask"),
        ("29/11/1910", "date_unclear", "ask"), ("40511", "date_unclear", "ask"),
        (None, "date_blank", None), (True, "date_unclear", "ask"),
    ],
)  # fmt: skip
def test_day_of_the_count(raw: object, code: str, expected: object) -> None:
    check("counted_on", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("MUG", "", "MUG"), ("RED  MUG", "name_whitespace", "RED MUG"),
        ("RED\nMUG ", "name_whitespace", "RED MUG"), ("@HOME", "name_looks_like_formula", "@HOME"),
        ("=1+1", "name_looks_like_formula", "=1+1"), ("+A", "name_looks_like_formula", "+A"),
        (None, "name_blank", "ask"), (12, "name_unclear", "ask"), ("X" * 256, "too_long", "ask"),
        ("A\x07B", "name_unclear", "ask"),
    ],
)  # fmt: skip
def test_name(raw: object, code: str, expected: object) -> None:
    check("name", raw, code, expected)


@pytest.mark.parametrize(
    ("raw", "outcome", "expected"),
    [
        ("alder", "fix", "ALDER"), ("Alder ", "fix", "ALDER"), ("ALDER", "clean", "ALDER"),
        ("BRIAR", "clean", "BRIAR"), ("ALDR", "ask", None), ("Alder Ltd", "ask", None),
        ("Alder Imports", "ask", None), (7, "ask", None), (None, "fix", None),
    ],
)  # fmt: skip
def test_supplier_beside_many_rows(raw: object, outcome: str, expected: str | None) -> None:
    many = [good_row(sku=f"A{n}", barcode=None) for n in range(40)]
    row = cleaned(*many, good_row(supplier=raw)).rows[-1]
    assert row.outcome.word == outcome
    assert (row.values.supplier if row.values else None) == expected


@pytest.mark.parametrize(
    ("column", "shown_otherwise"),
    [
        ("sku", "A\u202e27"), ("name", "MUG \u202eDER"), ("on_hand", "\u202e12"),
        ("barcode", "\u200f2921162373642"), ("supplier", "\u2067ALDER"), ("bin", "A-\u202e03-12"),
    ],
)  # fmt: skip
def test_what_may_say_something_else_than_it_shows_is_asked_about(
    column: str, shown_otherwise: str
) -> None:
    row = only(**{column: shown_otherwise})
    assert (row.outcome, row.values) == (Outcome.ASK, None)
    assert "text_turned" in codes(row)


def test_no_message_repeats_more_than_the_beginning_of_a_cell() -> None:
    for raw in ("4" * 32_000, "4006381333931 " * 2_000):
        row = only(barcode=raw)
        assert all(len(finding.message) < 500 for finding in row.findings)


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    sheet = sheet_of([good_row(counted_on=39049)], date1904=True)
    (row,) = clean(sheet=sheet, warehouses={"MAIN": ""}).importable
    assert row.counted_on == date(2010, 11, 29)


def test_a_count_in_the_future_is_for_a_person() -> None:
    result = cleaned(good_row(), today=date(2010, 11, 27))
    assert codes(result.rows[0]) == {"date_unclear"}
