"""From the dock to the shelf: what waits, where it belongs, and what must stay in its tote."""

import pytest

from orders.errors import BinHoldsLess, OtherWarehouse, UnknownCode, WrongBin
from orders.queries.put_away import LINES_OF_A_PAGE, lying, lying_page, suggested_bins
from orders.services.purchasing import ArrivedLine, receive_without_order
from orders.services.putting_away import put_away
from tests.factories import BinFactory, do, item, stock, warehouse
from tests.orders.pages import act, signed_in
from tests.orders.picking_world import claimed, order, person, scan
from tests.orders.test_floor_pages import person as staff
from tests.warehouse.statements import sent_by, skus
from warehouse.errors import NotEnoughInBin, WarehouseNotAllowed
from warehouse.lines import TransferLine
from warehouse.models import BinStock
from warehouse.services.proof import verify_ledger
from warehouse.services.transfers import transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dock(db):
    """A has its bin A-01-01, B is new; both lie in RECEIVING. A-01-03 is empty, B-01-01 in EAST."""
    stock({("A", "MAIN"): 5})
    stock({("B", "MAIN"): 0}, bin="A-01-03")
    BinFactory(warehouse=warehouse("EAST"), code="E-01-01")
    arrive(A=4, B=2)


def arrive(**units):
    lines = [ArrivedLine(sku, quantity, "RECEIVING") for sku, quantity in units.items()]
    do(receive_without_order, warehouse="MAIN", lines=lines)


def bins(sku):
    held = BinStock.objects.filter(item__product__sku=sku, quantity__gt=0)
    return dict(held.values_list("bin__code", "quantity"))


def carry(sku, to_bin, quantity, *, from_bin="RECEIVING", **more):
    ways = {"warehouse": "MAIN", "from_bin": from_bin, "to_bin": to_bin}
    return do(put_away, sku=sku, quantity=quantity, **ways, **more)


def test_what_waits_is_shown_with_the_bin_that_it_belongs_to(dock):
    assert [(x.bin, x.sku, x.units, x.to) for x in lying_page(warehouse="MAIN").lines] == [
        ("RECEIVING", "A", 4, "A-01-01"),
        ("RECEIVING", "B", 2, "A-01-03"),
    ]
    assert lying_page(warehouse="EAST").lines == []
    stock({("C", "MAIN"): 0}, bin=None)
    assert suggested_bins(warehouse="MAIN", skus=["B", "C"]) == {"B": "A-01-03", "C": None}


def test_a_bin_with_the_same_product_comes_before_an_empty_one(dock):
    BinFactory(warehouse=warehouse(), code="Z-09-09", kind="bulk")
    carry("B", "Z-09-09", 1)
    assert suggested_bins(warehouse="MAIN", skus=["B"]) == {"B": "Z-09-09"}
    carry("B", "a-01-03 ", 1)
    assert suggested_bins(warehouse="MAIN", skus=["B"]) == {"B": "A-01-03"}
    assert item("B").primary_bin.code == "A-01-03"
    assert verify_ledger() == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("NOPE", UnknownCode),
        ("", UnknownCode),
        ("A", WrongBin),
        ("QUARANTINE", WrongBin),
        ("RETURNS", WrongBin),
        ("E-01-01", OtherWarehouse),
    ],
)
def test_a_label_that_is_no_shelf_here_is_refused(dock, code, error):
    with pytest.raises(error):
        carry("A", code, 1)
    assert bins("A") == {"A-01-01": 5, "RECEIVING": 4}


def test_no_more_is_carried_than_lies_there_and_only_where_one_may(dock):
    with pytest.raises(NotEnoughInBin):
        carry("A", "A-01-01", 5)
    with pytest.raises(WarehouseNotAllowed):
        carry("A", "A-01-01", 1, within=["EAST"])


def test_what_is_in_a_tote_stays_there_and_the_rest_of_packing_is_put_away(dock):
    order("O", A=2)
    picker = person()
    scan(claimed(picker), picker, quantity=2)
    ways = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
    do(transfer, reference="T", lines=[TransferLine("A", 1, "A-01-01", "PACKING")], **ways)
    assert [(x.bin, x.units) for x in lying(warehouse="MAIN", sku="A")] == [
        ("RECEIVING", 4),
        ("PACKING", 1),
    ]
    with pytest.raises(BinHoldsLess, match="1 of A in PACKING belong to no order"):
        carry("A", "A-01-01", 2, from_bin="packing")
    carry("A", "A-01-01", 1, from_bin="PACKING")
    assert bins("A") == {"A-01-01": 3, "RECEIVING": 4, "PACKING": 2}


@pytest.fixture
def rita():
    return signed_in(staff("rita", "receiver"), warehouses=["MAIN"])


@pytest.mark.parametrize("n", [1, 300])
def test_the_page_is_as_long_and_asks_as_often_however_much_lies_there(rita, n):
    stock({(sku, "MAIN"): 1 for sku in skus(n)})
    arrive(**dict.fromkeys(skus(n), 2))
    rita.get("/floor/put-away/")
    assert len(sent_by(rita.get, "/floor/put-away/")) == PAGE
    page = rita.get("/floor/put-away/")
    assert page.context["waiting"].total == n
    assert len(page.context["waiting"].lines) == min(n, LINES_OF_A_PAGE)
    assert len(page.content) < 25_000
    first = skus(n)[0]
    act(rita, "/floor/put-away/", code=first)
    assert len(sent_by(rita.get, "/floor/put-away/")) == PAGE
    assert rita.get("/floor/put-away/").context["one"].sku == first


def test_each_line_is_on_one_page_and_a_page_that_is_gone_is_the_first(rita):
    n = 2 * LINES_OF_A_PAGE + 5
    stock({(sku, "MAIN"): 1 for sku in skus(n)})
    arrive(**dict.fromkeys(skus(n), 2))
    pages = [rita.get("/floor/put-away/", {"page": page}).context["waiting"] for page in (1, 2, 3)]
    assert sorted(x.sku for page in pages for x in page.lines) == sorted(skus(n))
    assert [page.pages for page in pages] == [3, 3, 3]
    assert rita.get("/floor/put-away/", {"page": 4}).context["waiting"] == pages[0]
    assert rita.get("/floor/put-away/", {"page": "x"}).status_code == 422


PAGE = 7
