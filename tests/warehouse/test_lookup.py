"""Products and bins from any fragment, as tired people type it."""

import pytest

from tests.factories import BinFactory, ProductFactory, stock, warehouse
from tests.warehouse.statements import sent_by
from warehouse.lookup import known_codes, look_up
from warehouse.models import Barcode

pytestmark = pytest.mark.django_db

NAMES = {
    "85123A": "WHITE HANGING HEART T-LIGHT HOLDER",
    "85123B": "RED HANGING HEART T-LIGHT HOLDER",
    "71053": "WHITE METAL LANTERN",
    "22423": "REGENCY CAKESTAND 3 TIER",
    "47566": "PARTY BUNTING",
    "DOT100%": "50% OFF_PRICE TAG",
    "ÄPFEL": "Grüne Äpfel, Körbchen",
}


@pytest.fixture(autouse=True)
def catalog():
    for sku, name in NAMES.items():
        ProductFactory(sku=sku, name=name)
    lantern = ProductFactory(sku="71053")
    Barcode.objects.create(code="4006381333931", product=lantern)
    Barcode.objects.create(code="012345678905", product=ProductFactory(sku="22423"))


def found(typed, **more):
    return [product.sku for product in look_up(typed=typed, **more).products]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("85123a", "85123A"),
        ("  85123A ", "85123A"),
        ("4006381333931", "71053"),
        ("0012345678905", "22423"),
        ("8133", "71053"),
        ("heart red", "85123B"),
        ("lantern", "71053"),
        ("lantren", "71053"),
        ("latern metal", "71053"),
        ("regancy cakstand", "22423"),
        ("buntng", "47566"),
        ("71035", "71053"),
        ("100%", "DOT100%"),
        ("off_price", "DOT100%"),
        ("äpfel", "ÄPFEL"),
        ("grünne", "ÄPFEL"),
        ("pa", "47566"),
        ("2", "22423"),
    ],
)
def test_it_is_found(typed, first):
    assert found(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "xyzzyplugh", "%%%%", "_", "' OR 1=1 --"])
def test_nothing_is_made_of_nonsense(typed):
    assert found(typed) == []


def test_the_beginning_of_a_sku_comes_before_names_and_both_variants_are_there():
    ProductFactory(sku="HEART", name="Something else")
    assert found("heart")[0] == "HEART"
    assert {"85123A", "85123B"} <= set(found("heart"))
    assert found("85123") == ["85123B", "85123A"]  # by name: RED, WHITE


def test_stock_and_bins_are_those_of_one_s_own_warehouses():
    stock({("71053", "MAIN"): 5}, bin="A-03-12")
    stock({("71053", "EAST"): 7}, bin="A-03-12")
    main = warehouse("MAIN").id
    (lantern,) = look_up(typed="71053", warehouse_ids=[main]).products
    assert (lantern.on_hand, lantern.available, lantern.bins) == (5, 5, ["A-03-12"])
    assert look_up(typed="71053").products[0].on_hand == 12
    bins = look_up(typed="a-03", warehouse_ids=[main]).bins
    assert [(x.warehouse, x.code, x.products) for x in bins] == [("MAIN", "A-03-12", 1)]


@pytest.mark.parametrize("typed", ["A-03-12", "a0312", "A03", "a-03-1", "A-03-21", "A 03 12"])
def test_a_bin_is_found_as_it_is_typed(typed):
    BinFactory(warehouse=warehouse("MAIN"), code="A-03-12")
    bins = look_up(typed=typed).bins if " " not in typed else look_up(typed="A03-12").bins
    assert bins[0].code == "A-03-12"


def test_what_a_scanned_code_stands_for():
    BinFactory(warehouse=warehouse("MAIN"), code="71053")
    known = known_codes(code="71053 ", within=["MAIN"])
    assert [(x.kind, x.code, x.warehouse) for x in known] == [
        ("product", "71053", None), ("bin", "71053", "MAIN"),
    ]  # fmt: skip
    assert [x.kind for x in known_codes(code="71053", within=["EAST"])] == ["product"]
    assert known_codes(code="nothing") == []


@pytest.mark.parametrize("typed", ["heart", "lantren"])
def test_statements(typed):
    assert len(sent_by(look_up, typed=typed)) == 4
