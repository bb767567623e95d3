"""What only shows beside other rows: copies, contradictions, sums, headers, warehouses to create."""

import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.warehouse.sheets.building import TITLES, cleaned, codes, good_row, sheet_of
from warehouse.sheets.cleaning import CleanResult, clean
from warehouse.sheets.findings import Outcome

OTHER = "2948138492770"
LAST = "2914157190149"


def outcomes(result: CleanResult) -> str:
    """One letter per row: clean, fix, ask, reject, skip."""
    return "".join(row.outcome.word[0] for row in result.rows)


def test_an_exact_copy_is_left_out_wherever_it_stands() -> None:
    result = cleaned(good_row(), good_row(sku="B", barcode=OTHER), good_row())
    assert outcomes(result) == "ccs"
    assert result.rows[2].findings[0].of_row == 2


def test_a_copy_in_another_spelling_is_a_copy() -> None:
    assert outcomes(cleaned(good_row(), good_row(sku="85123a ", on_hand="54"))) == "cs"


def test_a_copy_of_a_row_for_a_person_is_still_a_copy() -> None:
    assert outcomes(cleaned(good_row(on_hand=-1), good_row(on_hand=-1))) == "as"


@pytest.mark.parametrize("changes", [{"on_hand": 61}, {"supplier": "BRIAR"}, {"name": "MUG"}])
def test_rows_that_contradict_each_other_all_go_to_a_person(changes: dict[str, object]) -> None:
    result = cleaned(good_row(), good_row(**changes))
    assert outcomes(result) == "aa"
    assert codes(result.rows[1]) == {"duplicate_conflict"}
    assert [row.findings[0].of_row for row in result.rows] == [3, 2]


def test_another_bin_or_warehouse_is_no_duplicate() -> None:
    rows = [good_row(), good_row(bin="A-03-13"), good_row(warehouse="EAST")]
    assert outcomes(cleaned(*rows)) == "ccc"


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([2.55, 2.55, 2.65], "cca"), ([0.74, 7.5], "ca"), ([48.7, 4.86], "ac"), ([3, 0.29], "ac"),
        ([2.55, 2.65], "aa"), ([2.55, 2.65, 2.75], "aaa"), ([0.5, 5.25], "aa"),
        ([0.48, 0.5], "aa"), ([9, 90.1], "ca"), ([0.03, 0.4], "ca"), ([0.01, 0.05], "aa"), ([2, 2.0], "cc"),
    ],
)  # fmt: skip
def test_costs_of_one_sku(costs: list[float], expected: str) -> None:
    rows = [good_row(unit_cost=c, bin=f"A-01-0{n}") for n, c in enumerate(costs, start=1)]
    result = cleaned(*rows)
    assert outcomes(result) == expected
    assert all(codes(row) <= {"cost_conflict"} for row in result.rows)


def test_a_stored_cost_settles_which_is_wrong() -> None:
    rows = [good_row(), good_row(unit_cost=3, bin="A-01-01")]
    assert outcomes(cleaned(*rows, known_costs={"85123A": Decimal(3)})) == "ac"
    assert outcomes(cleaned(*rows[:1], known_costs={"85123A": None})) == "c"


def test_the_sku_with_more_rows_owns_a_barcode() -> None:
    rows = [good_row(), good_row(warehouse="EAST"), good_row(sku="B")]
    result = cleaned(*rows)
    assert outcomes(result) == "cca"
    assert "85123A" in result.rows[2].findings[0].message


def test_a_barcode_that_two_skus_claim_alike_is_asked_of_both() -> None:
    assert outcomes(cleaned(good_row(), good_row(sku="B"))) == "aa"


def test_a_stored_barcode_belongs_to_its_sku() -> None:
    stored = {"2921162373642": "B"}
    result = cleaned(good_row(), good_row(sku="B"), known_barcodes=stored)
    assert outcomes(result) == "ac"
    assert outcomes(cleaned(good_row(), known_barcodes=stored)) == "a"


def test_upc_and_ean_of_one_number_are_one_barcode() -> None:
    stored = {"0036000291452": "B"}
    assert outcomes(cleaned(good_row(barcode="036000291452"), known_barcodes=stored)) == "a"


def test_an_empty_sku_is_suggested_by_its_barcode_and_never_filled_in() -> None:
    result = cleaned(good_row(), good_row(sku=None, warehouse="EAST"))
    assert outcomes(result) == "ca"
    assert "85123A" in result.rows[1].findings[0].message


def test_a_repaired_sku_that_meets_another_article_is_for_a_person() -> None:
    result = cleaned(good_row(), good_row(sku="85123a", name="BLUE MUG", warehouse="EAST"))
    assert outcomes(result) == "ca"
    assert "sku_merged" in codes(result.rows[1])


def test_a_space_inside_a_sku_is_for_a_person_when_it_hides_another() -> None:
    spaced = good_row(sku="85123 A", barcode=OTHER)
    assert outcomes(cleaned(good_row(), spaced)) == "ca"
    assert outcomes(cleaned(spaced)) == "c"


@pytest.mark.parametrize(
    ("label", "code"),
    [("TOTAL", "totals_row"), ("Grand total:", "totals_row"), ("Subtotal MAIN", "subtotal_row"),
     ("Sub-total", "subtotal_row"), ("Totals", "totals_row"), ("Page total", "subtotal_row")],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, 3])
def test_sums_are_left_out(label: str, code: str, place: int) -> None:
    row: list[object] = [None, None, None, None, 833_425]
    row[place] = label
    result = cleaned(good_row(), row)
    if place == 3:  # a bin makes it an article, which then has no warehouse
        assert outcomes(result) == "cr"
    else:
        assert (outcomes(result), codes(result.rows[1])) == ("cs", {code})


def test_an_article_may_be_called_total() -> None:
    assert outcomes(cleaned(good_row(name="TOTAL ECLIPSE POSTER"))) == "c"
    assert outcomes(cleaned(good_row(sku="TOTAL"))) == "c"
    assert outcomes(cleaned(good_row(sku=None, name="TOTAL ECLIPSE"))) == "a"


def test_blank_rows_and_headers_within_the_data_are_left_out() -> None:
    sheet = sheet_of([good_row(), [], list(TITLES), good_row(warehouse="EAST")])
    rows = {number: cells for number, cells in sheet.rows.items() if cells}
    assert outcomes(cleaned(*list(rows.values())[1:])) == "csc"
    with_gap = type(sheet)(sheet.name, sheet.header, rows, True, False, "")
    result = clean(sheet=with_gap, warehouses={"MAIN": "", "EAST": ""})
    assert (outcomes(result), [row.number for row in result.rows]) == ("cssc", [2, 3, 4, 5])


def test_a_stray_cell_far_below_does_not_fill_the_report() -> None:
    sheet = sheet_of([good_row()])
    rows = {**sheet.rows, 1_048_576: [*sheet.rows[2]]}
    far = type(sheet)(sheet.name, sheet.header, rows, True, False, "")
    assert len(clean(sheet=far, warehouses={"MAIN": ""}).rows) <= 1002


def test_warehouses_are_proposed_only_where_none_exists_and_many_rows_agree() -> None:
    def row(n: int, warehouse: str) -> list[object]:
        return good_row(sku=f"A{n}", barcode=None, warehouse=warehouse)

    names = ["MAIN"] * 60 + ["EAST"] * 34 + ["NORTH"] * 3 + ["Garage"] * 3
    sheet = sheet_of([row(n, name) for n, name in enumerate(names)])
    result = clean(sheet=sheet, warehouses={})
    assert result.proposed_warehouses == ("EAST", "MAIN")
    assert result.by_outcome()[Outcome.REJECT] == 6
    assert clean(sheet=sheet, warehouses={"MAIN": ""}).proposed_warehouses == ()


def test_the_name_of_a_warehouse_means_it() -> None:
    result = cleaned(good_row(warehouse="east depot"), warehouses={"E1": "East Depot", "M": ""})
    assert [row.warehouse for row in result.importable] == ["E1"]


@pytest.mark.parametrize(
    "spread",
    [
        lambda n: {"sku": f"A{n}", "barcode": None, "supplier": f"FIRM {n:06d} {'x' * (n % 9)}"},
        lambda n: {"sku": f"A{n}"},
        lambda n: {"bin": f"A-{n // 99 % 99 + 1}-{n % 99 + 1}", "unit_cost": n + 1},
        lambda n: {"on_hand": n},
    ],
    ids=["all suppliers differ", "one barcode", "all costs differ", "one place"],
)
def test_no_sheet_takes_long_to_compare(spread: Callable[[int], dict[str, object]]) -> None:
    rows = [good_row(**spread(n)) for n in range(4_000)]
    started = time.process_time()
    cleaned(*rows)
    assert time.process_time() - started < 8  # what grows with the square takes half a minute


def test_a_known_supplier_keeps_its_spelling() -> None:
    rows = [good_row(supplier="ALDER"), good_row(sku="B", supplier="Aldr", barcode=OTHER)]
    result = cleaned(*rows, known_suppliers=["Alder"])
    assert outcomes(result) == "fa"
    assert result.importable[0].supplier == "Alder"
