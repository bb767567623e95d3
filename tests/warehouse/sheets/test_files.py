"""Whole files: text in its encodings and separators, workbooks with several sheets and formulas."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.warehouse.sheets.building import TITLES, codes, good_row
from warehouse.sheets.cleaning import CleanResult, clean
from warehouse.sheets.limits import SheetRefused
from warehouse.sheets.reading import read_sheet
from warehouse.sheets.remainder import write_remainder
from warehouse.sheets.report import as_data, as_text

KNOWN = {"MAIN": "", "EAST": ""}
FIELDS = ("SKU", "Name", "Warehouse", "Qty", "Unit cost", "Counted on")


def text_file(path: Path, *rows: str, separator: str = ",", encoding: str = "utf-8") -> Path:
    lines = [separator.join(FIELDS), *rows]
    file = path / "stock.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    return file


def cleaned(path: Path) -> CleanResult:
    return clean(sheet=read_sheet(path=path), warehouses=KNOWN)


def book_of(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path / "stock.xlsx")
    return path / "stock.xlsx"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_any_usual_form(tmp_path: Path, separator: str, encoding: str) -> None:
    row = separator.join(["A1", "CAF\u00c9 MUG", "MAIN", "5", "2.50", "2010-11-29"])
    (found,) = cleaned(text_file(tmp_path, row, separator=separator, encoding=encoding)).rows
    assert (found.outcome.word, found.values and found.values.name) == ("clean", "CAF\u00c9 MUG")


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = text_file(tmp_path, 'A1,"RED\nMUG",MAIN,5,2.5,', "", "A2,MUG,MAIN,-1,2.5,")
    assert {row.number: row.outcome.word for row in cleaned(path).rows} == {
        2: "fix", 3: "skip", 4: "ask",
    }  # fmt: skip


def test_short_rows_are_blank_at_the_end_and_long_ones_are_asked_about(tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "A1,MUG,MAIN,5", "A2,MUG,MAIN,1,819,2.5,2010-11-29", "A3,MUG,MAIN,5,2.5,,,"
    )
    short, long, blanks = cleaned(path).rows
    assert codes(short) == {"cost_blank", "date_blank"}
    assert "row_too_long" in codes(long)
    assert codes(blanks) == {"date_blank"}


@pytest.mark.parametrize(
    ("others", "cost"),
    [(["0.38", "2.5"], Decimal("1.234")), (["0,38", "2,5"], None), (["3", "4"], None)],
)
def test_three_decimals_in_text_need_proof_that_a_point_begins_them(
    tmp_path: Path, others: list[str], cost: Decimal | None
) -> None:
    rows = [f"A{n};MUG;MAIN;5;{value};" for n, value in enumerate(["1.234", *others])]
    first = cleaned(text_file(tmp_path, *rows, separator=";")).rows[0]
    assert (first.values and first.values.unit_cost) == cost


def test_formulas_in_text_are_text_or_asked_about(tmp_path: Path) -> None:
    path = text_file(
        tmp_path, "A1,=1+1,MAIN,5,1,", "A2,MUG,MAIN,=5+1,1,", '"=""001""",MUG,MAIN,5,1,'
    )
    name, quantity, sku = cleaned(path).rows
    assert (name.values and name.values.name) == "=1+1"
    assert "qty_formula" in codes(quantity)
    assert (sku.values and sku.values.sku) == "001"


def test_the_sheet_that_maps_is_chosen_among_others(tmp_path: Path) -> None:
    stock: list[list[object]] = [list(TITLES), good_row()]
    path = book_of(tmp_path, ("Notes", [["Hello"]]), ("Stock", stock), ("More", [["x", 1]]))
    sheet = read_sheet(path=path)
    assert sheet.name == "Stock"
    assert "Notes" in sheet.notes[0]


def test_of_two_sheets_that_map_the_person_names_one(tmp_path: Path) -> None:
    stock: list[list[object]] = [list(TITLES), good_row()]
    path = book_of(tmp_path, ("2009", stock), ("2010", stock))
    with pytest.raises(SheetRefused) as refused:
        read_sheet(path=path)
    assert refused.value.code == "several_sheets"
    assert read_sheet(path=path, sheet_name="2010").name == "2010"
    with pytest.raises(SheetRefused, match='"2009", "2010"'):
        read_sheet(path=path, sheet_name="2011")


def test_hidden_sheets_are_not_read_and_hidden_rows_are(tmp_path: Path) -> None:
    stock: list[list[object]] = [list(TITLES), good_row(), good_row(warehouse="EAST")]
    path = book_of(tmp_path, ("Old", stock), ("New", stock))
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book["New"].row_dimensions[3].hidden = True
    book.save(path)
    sheet = read_sheet(path=path)
    assert (sheet.name, len(sheet.rows)) == ("New", 3)
    assert any("1 rows are hidden" in note for note in sheet.notes)


def test_number_formats_tell_dates_and_leading_zeros(tmp_path: Path) -> None:
    path = book_of(tmp_path, ("Stock", [list(TITLES), good_row(sku=85, counted_on=40511)]))
    book = openpyxl.load_workbook(path)
    book.active["A2"].number_format = "00000"
    book.active["J2"].number_format = "[$-809]dd mmmm yyyy;@"
    book.active["E2"].number_format = '#,##0 "days"'
    book.save(path)
    (row,) = cleaned(path).importable
    assert (row.sku, row.counted_on, row.on_hand) == ("00085", date(2010, 11, 29), 54)


def test_a_formula_without_a_stored_result_is_never_a_number(tmp_path: Path) -> None:
    path = book_of(tmp_path, ("Stock", [list(TITLES), good_row(on_hand="=48+6")]))
    (row,) = cleaned(path).rows
    assert (row.outcome.word, row.findings[0].raw) == ("ask", "=48+6")


def test_what_is_left_can_be_put_right_in_a_new_workbook(tmp_path: Path) -> None:
    rows = [
        good_row(),
        good_row(sku="B", on_hand=-1, barcode=None, name="=1+1"),
        good_row(warehouse="X"),
    ]
    sheet = read_sheet(path=book_of(tmp_path, ("Stock", [list(TITLES), *rows])))
    result = clean(sheet=sheet, warehouses=KNOWN)
    path = tmp_path / "rest.xlsx"
    assert write_remainder(path=path, sheet=sheet, result=result) == 2
    again = cleaned(path)
    assert [row.outcome.word for row in again.rows] == ["ask", "reject"]
    page = openpyxl.load_workbook(path).active
    page["E2"], page["C3"], page["F3"] = 4, "MAIN", 9.5
    page["J2"] = datetime(2010, 11, 30)
    page.parent.save(path)
    assert [(row.sku, row.name, row.on_hand) for row in cleaned(path).importable] == [
        ("B", "=1+1", 4),
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 54),
    ]


def test_the_report_counts_and_explains(tmp_path: Path) -> None:
    rows = [good_row(), good_row(sku="b", barcode=None), good_row(warehouse="X")]
    rows[1][4] = "-1\u202e"
    sheet = read_sheet(path=book_of(tmp_path, ("Stock", [list(TITLES), *rows])))
    result = clean(sheet=sheet, warehouses=KNOWN)
    text, program = as_text(sheet=sheet, result=result), as_data(sheet=sheet, result=result)
    assert "row 3: The quantity" in text
    assert 'row 4: There is no warehouse "X"' in text
    assert text.replace("\n", "").isprintable()
    assert program["counts"] == {"clean": 1, "fix": 0, "ask": 1, "reject": 1, "skip": 0}
    assert [row["row"] for row in program["rows"]] == [2, 3, 4]
    assert program["rows"][0]["values"]["unit_cost"] == "2.55"
