"""Whatever noise is laid over a good row, what is imported is the row, or a person is asked."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.sheets.building import cleaned, only
from warehouse.sheets.barcodes import check_digit_fits
from warehouse.sheets.cells import plain
from warehouse.sheets.places import one_slip_apart

Noise = st.sampled_from(["", " ", "  ", "\t", "\n", "\u00a0", "\u202f", "\u200b", "\ufeff"])
FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
Spelled = st.sampled_from([str, str.lower, str.upper, str.title, lambda s: s.translate(FULL_WIDTH)])


def same_or_asked(column: str, raw: object, meant: object) -> None:
    values = only(**{column: raw}).values
    if values is not None:
        assert getattr(values, column) == meant


@given(number=st.integers(0, 999_999), before=Noise, after=Noise, form=st.integers(0, 8))
def test_quantities(number: int, before: str, after: str, form: int) -> None:
    forms = [
        str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "'"),
        f"{number:,}".replace(",", "\u202f"), f"{number}.0", f"{number:,}.00", f"{number} pcs",
        f"{number:,}".replace(",", ".") + ",00",
    ]  # fmt: skip
    same_or_asked("on_hand", before + forms[form] + after, number)


@given(text=st.text("0123456789.,' ()+-eE", max_size=12) | st.text(max_size=12))
def test_text_is_a_quantity_only_where_its_digits_say_so(text: str) -> None:
    values = only(on_hand=text).values
    if values is not None:
        digits = "".join(sign for sign in plain(text) if sign in "0123456789").lstrip("0") or "0"
        assert digits.startswith(str(values.on_hand))
        assert set(digits.removeprefix(str(values.on_hand))) <= {"0"}


@given(pence=st.integers(1, 10**7), form=st.integers(0, 7), before=Noise, after=Noise)
def test_costs(pence: int, form: int, before: str, after: str) -> None:
    meant = Decimal(pence) / 100
    forms = [
        f"{meant:.2f}", f"{meant:,.2f}", f"\u00a3{meant:.2f}", f"GBP {meant:,.2f}", f"{meant:.2f} gbp",
        f"{meant:.2f}".replace(".", ","), f"{meant:,.2f}".translate(str.maketrans(",.", ".,")),
        f"\u00a3 {meant:,.2f}".replace(",", "\u00a0"),
    ]  # fmt: skip
    same_or_asked("unit_cost", before + forms[form] + after, meant)


@given(
    aisle=st.sampled_from("ABCDKMZ"), rack=st.integers(1, 99), shelf=st.integers(1, 99),
    marks=st.sampled_from(["-", "/", " ", ".", "_", "", "\u2013", " - "]),
    wide=st.booleans(), before=Noise, spelled=Spelled,
)  # fmt: skip
def test_bins(
    aisle: str,
    rack: int,
    shelf: int,
    marks: str,
    wide: bool,
    before: str,
    spelled: Callable[[str], str],
) -> None:
    numbers = [f"{rack:02d}", f"{shelf:02d}"] if wide else [str(rack), str(shelf)]
    same_or_asked(
        "bin", before + spelled(marks.join([aisle, *numbers])), f"{aisle}-{rack:02d}-{shelf:02d}"
    )


@given(day=st.dates(date(2000, 1, 1), date(2026, 12, 31)), form=st.integers(0, 11))
def test_days(day: date, form: int) -> None:
    forms: list[object] = [
        day.isoformat(), f"{day:%Y.%m.%d}", f"{day:%Y/%m/%d}", f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}",
        f"{day:%d.%m.%Y}", f"{day:%d-%b-%y}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%Y%m%d}",
        (day - date(1899, 12, 30)).days, datetime(day.year, day.month, day.day, 23, 59),
    ]  # fmt: skip
    same_or_asked("counted_on", forms[form], day)


@given(
    digits=st.text("0123456789", min_size=12, max_size=12),
    wrong=st.integers(0, 12),
    form=st.integers(0, 6),
)
def test_barcodes(digits: str, wrong: int, form: int) -> None:
    code = next(digits + str(last) for last in range(10) if check_digit_fits(digits + str(last)))
    swapped = code[:wrong] + str((int(code[wrong]) + 1) % 10) + code[wrong + 1 :]
    forms: list[object] = [
        code, f" {code[0]} {code[1:7]} {code[7:]}", int(code), f"{int(code):.5E}", f"{code}.0",
        float(f"{int(code):.5E}"), f"'{code}",
    ]  # fmt: skip
    for raw in (forms[form], swapped):
        values = only(barcode=raw).values
        assert values is None or values.barcodes in ((code,), ())
    assert only(barcode=swapped).values is None


@given(
    sku=st.from_regex(r"[0-9]{5}[A-Z]{0,2}", fullmatch=True),
    before=Noise,
    after=Noise,
    spelled=Spelled,
)
def test_skus(sku: str, before: str, after: str, spelled: Callable[[str], str]) -> None:
    same_or_asked("sku", before + spelled(sku) + after, sku)
    if sku.isdigit() and not sku.startswith("0"):
        same_or_asked("sku", int(sku), sku)


@given(code=st.sampled_from(["MAIN", "EAST"]), spelled=Spelled, before=Noise, after=Noise)
def test_warehouses(code: str, spelled: Callable[[str], str], before: str, after: str) -> None:
    same_or_asked("warehouse", before + spelled(code) + after, code)


@given(name=st.text(min_size=1, max_size=60))
def test_names_lose_nothing_but_spaces(name: str) -> None:
    values = only(name=name).values
    if values is not None:
        assert values.name == " ".join(values.name.split())
        assert [sign for sign in name if sign.isprintable() and not sign.isspace()] == [
            sign for sign in values.name if not sign.isspace()
        ]


@settings(max_examples=300)
@given(
    cells=st.lists(
        st.one_of(
            st.none(),
            st.text(max_size=20),
            st.integers(),
            st.floats(-1e9, 1e9),
            st.booleans(),
            st.dates().map(lambda d: datetime(d.year, d.month, d.day)),
        ),
        max_size=12,
    )
)
def test_any_row_gets_a_verdict(cells: list[object]) -> None:
    for row in cleaned(cells, cells).rows:
        assert (row.values is not None) == (row.outcome.word in {"clean", "fix"})
        assert row.findings or row.values


@given(one=st.text("abcd", max_size=6), other=st.text("abcd", max_size=6))
def test_one_slip_is_symmetric(one: str, other: str) -> None:
    assert one_slip_apart(one, other) == one_slip_apart(other, one)
