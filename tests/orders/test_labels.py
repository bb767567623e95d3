"""Labels: which symbol, how many, where on the paper, and what is refused."""

import pytest

from orders.errors import LabelsRefused
from orders.services.labels import (
    MOST_LABELS,
    PAPERS,
    bin_labels,
    bin_labels_by_id,
    delivery_labels,
    parts_of,
    product_labels,
)
from orders.services.symbols import CODE128, EAN13, QR, ean13, symbol_for
from tests.factories import BinFactory, ProductFactory, warehouse
from tests.orders.drawn import rectangles
from tests.orders.printed import letters, pages
from tests.warehouse.statements import sent_by
from warehouse.errors import UnknownBin, UnknownSku
from warehouse.models import Barcode, Bin

pytestmark = pytest.mark.django_db
WIDE = 130.0  # points: a label of the roll


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("4006381333931", EAN13),
        ("036000291452", EAN13),  # a UPC-A is an EAN-13 with a leading 0
        ("4006381333932", CODE128),  # wrong check digit
        ("85123A", CODE128),
        ("a-03-12", CODE128),
        ("ÄPFEL", QR),
        ("X" * 60, QR),
        ("", CODE128),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", QR),  # digits, but not those of a barcode
    ],
)
def test_the_symbol_follows_the_code(code, symbol):
    assert symbol_for(code=code, width=WIDE) == symbol


def test_a_upc_is_widened_and_nonsense_is_none():
    assert ean13("036000291452") == "0036000291452"
    assert [ean13(x) for x in ("", "4006381333932", "400638133393", "40063813339310")] == [None] * 4


def test_a_product_s_label_says_its_name_and_its_codes():
    product = ProductFactory(sku="85123A", name="White hanging heart")
    Barcode.objects.create(code="4006381333931", product=product)
    (page,) = pages(product_labels(skus=[" 85123a "], paper="roll"))
    assert page == "White hanging heart 85123A 4006381333931"
    assert (
        len(rectangles(product_labels(skus=["85123A"], paper="roll"))[0]) == 30
    )  # bars of an EAN-13


def test_names_are_cut_to_fit_and_other_alphabets_do_no_harm():
    ProductFactory(sku="LONG", name="A name that is far too long for any label " * 6)
    ProductFactory(sku="ÄPF", name="Grüne Äpfel 日本 🍏 \u202e")
    (page,) = pages(product_labels(skus=["LONG"], paper="roll"))
    assert len(page) < 90
    assert "ü" in letters(product_labels(skus=["ÄPF"]))


def test_a_delivery_has_as_many_labels_of_each_as_it_says_in_parts_of_a_thousand():
    for sku in ("S0", "S1"):
        ProductFactory(sku=sku, name="n")
    copies = {"S1": 2, "S0": 1}
    assert pages(delivery_labels(copies=copies, paper="roll")) == ["n S1", "n S1", "n S0"]
    many = {"S0": MOST_LABELS - 1, "S1": 3}
    assert (parts_of(copies=copies), parts_of(copies=many)) == (1, 2)
    assert pages(delivery_labels(copies=many, paper="roll", part=2)) == ["n S1", "n S1"]
    with pytest.raises(LabelsRefused):
        delivery_labels(copies=many, part=3)
    with pytest.raises(UnknownSku):
        delivery_labels(copies={"NOPE": 1})


def test_copies_and_the_first_place_on_a_sheet():
    for n in range(3):
        ProductFactory(sku=f"S{n}", name="n")
    first, second = rectangles(product_labels(skus=["S0", "S1", "S2"], copies=3, start=24))
    sheet = PAPERS["sheet"]
    place = sheet.place(23)
    assert min(x for x, *_ in first) >= place.x
    assert max(y + height for _, y, _, height in first) <= place.y + place.height
    assert max(y for _, y, *_ in second) > sheet.page[1] - sheet.height
    assert len(pages(product_labels(skus=["S0"], paper="roll", copies=5))) == 5


@pytest.mark.parametrize("paper", PAPERS)
def test_everything_stays_on_its_label(paper):
    place = warehouse("MAIN")
    codes = ["A-03-12", "Z", "QUARANTINE", "ABCDEFGHIJKLMNOPQRST"]
    for code in codes:
        BinFactory(warehouse=place, code=code)
    layout = PAPERS[paper]
    drawn = rectangles(bin_labels(warehouse="MAIN", bins=codes, paper=paper))
    for page in drawn:
        assert min(x for x, *_ in page) >= 0
        assert max(x + width for x, _, width, _ in page) <= layout.page[0]
    assert len(drawn) == (4 if paper == "roll" else 1)
    assert "A-03-12" in pages(bin_labels(warehouse="MAIN", bins=codes, paper=paper))[0]


def test_bins_of_several_warehouses_by_their_ids():
    for code in ("MAIN", "EAST"):
        BinFactory(warehouse=warehouse(code), code="A-01-01")
    found = Bin.objects.filter(code="A-01-01").values_list("id", flat=True)
    assert [page[-4:] for page in pages(bin_labels_by_id(ids=found, paper="roll"))] == [
        "EAST", "MAIN",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        {"paper": "toilet"},
        {"copies": 0},
        {"copies": 101},
        {"start": 0},
        {"start": 25},
        {"paper": "roll", "start": 2},
        {"skus": []},
        {"skus": [f"S{n}" for n in range(11)], "copies": 100},
    ],
)
def test_what_cannot_be_printed(options):
    for n in range(11):
        ProductFactory(sku=f"S{n}")
    with pytest.raises(LabelsRefused):
        product_labels(**{"skus": ["S1"]} | options)


def test_what_does_not_exist_has_no_label():
    warehouse("MAIN")
    with pytest.raises(UnknownSku):
        product_labels(skus=["NO"])
    with pytest.raises(UnknownBin):
        bin_labels(warehouse="MAIN", bins=["NO"])


@pytest.mark.parametrize("n", [1, 50])
def test_statements(n):
    wanted = [ProductFactory(sku=f"S{place}").sku for place in range(n)]
    assert len(sent_by(product_labels, skus=wanted)) == 1
